/* SPDX-License-Identifier: ISC */
#include "store/body.h"

#include <stdbool.h>

#include "portbook/error.h"
#include "base/banned.h"

/* Every step-th number is one of first to bound - 1. */
static bool all_within(
    const uint32_t *at, size_t count, size_t step, uint32_t first, size_t bound)
{
	uint32_t most = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t above = at[i * step] - first; /* below: very large */

		most = above > most ? above : most;
	}
	return bound > first && most < bound - first;
}

/* Indices rise, within 32 bits; only the first step may be none. */
static bool gaps_rise(const struct body_list *gaps)
{
	uint64_t index = 0;

	for (size_t i = 0; i < gaps->count; i++) {
		index += gaps->at[2 * i];
		if (index > UINT32_MAX || (i > 0 && gaps->at[2 * i] == 0))
			return false;
	}
	return true;
}

static bool part_is_good(enum body_part part, const struct body_list *list,
    const struct body_bounds *bounds)
{
	if (list->count == 0)
		return true;
	switch (part) {
	case BODY_NOTES:
	case BODY_FOOTNOTES:
		return all_within(
		    list->at, 2 * list->count, 1, 0, bounds->texts);
	case BODY_RECORD_GAPS:
	case BODY_PERSON_GAPS:
		return all_within(
			   list->at + 1, list->count, 2, 0, bounds->texts) &&
		       gaps_rise(list);
	case BODY_RECORDS:
		return all_within(list->at, list->count, 1, 1, bounds->records);
	case BODY_PEOPLE:
		return all_within(list->at, list->count, 1, 1, bounds->people);
	default:
		return false;
	}
}

int body_parse(const struct sequence *s, const struct body_bounds *bounds,
    struct body *ret)
{
	size_t at = REGISTRY_FIELD_COUNT + 1;

	if (s->count < at || !all_within(s->at, at, 1, 0, bounds->texts))
		return PORTBOOK_EDAMAGED;
	ret->text = s->at;
	ret->newest_row = s->at[REGISTRY_FIELD_COUNT];
	for (enum body_part part = 0; part < BODY_PART_COUNT; part++) {
		struct body_list *list = &ret->parts[part];

		if (at >= s->count ||
		    s->at[at] > (s->count - at - 1) / body_width(part))
			return PORTBOOK_EDAMAGED;
		list->count = s->at[at++];
		list->at = s->at + at;
		at += list->count * body_width(part);
		if (!part_is_good(part, list, bounds))
			return PORTBOOK_EDAMAGED;
	}
	return at == s->count ? 0 : PORTBOOK_EDAMAGED;
}
