/* SPDX-License-Identifier: ISC */
/*
 * Two codes in a row, parted by the length of the first: the second is upon
 * what the first gives.  What decodes must come out the same when it is coded
 * again, and a body that parses must be one that can be walked.  The same
 * bytes are tried as a state.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/body.h"
#include "store/pieces.h"
#include "store/sequence.h"

#define LIMIT ((size_t)1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_again(const struct sequence *base, const struct sequence *now)
{
	struct sequence back = {0};
	struct buf b;

	buf_init(&b);
	if (sequence_encode(base, now, &b) < 0 ||
	    sequence_decode(base, buf_span(&b), LIMIT, &back) < 0 ||
	    back.count != now->count ||
	    (now->count > 0 &&
		memcmp(back.at, now->at, now->count * sizeof(*now->at)) != 0))
		abort();
	sequence_release(&back);
	buf_release(&b);
}

static uint64_t walk(const struct body *body)
{
	uint64_t sum = body->newest_row;

	for (enum body_part part = 0; part < BODY_PART_COUNT; part++) {
		const struct body_list *list = &body->parts[part];

		for (size_t i = 0; i < list->count * body_width(part); i++)
			sum += list->at[i];
	}
	return sum;
}

static void check_body(const struct sequence *s)
{
	const struct body_bounds bounds = {64, 64, 64};
	struct body body;

	if (body_parse(s, &bounds, &body) == 0 &&
	    walk(&body) > (uint64_t)UINT32_MAX * LIMIT)
		abort();
}

static void check_states(struct span bytes)
{
	struct record record;
	struct person person;
	bool told;

	if (state_to_record(bytes, 64, &record, &told))
		for (size_t i = 0; i < FIELD_COUNT; i++)
			if (record.text[i] >= 64)
				abort();
	if (state_to_person(bytes, 64, &person))
		for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
			if (person.text[i] >= 64)
				abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct sequence nothing;
	struct span bytes = span_of((const char *)data, len), first;
	struct sequence base = {0}, now = {0};
	size_t cut;

	if (len == 0)
		return 0;
	check_states(bytes);
	cut = data[0];
	bytes = span_skip(bytes, 1);
	first = span_head(bytes, cut);
	if (sequence_decode(&nothing, first, LIMIT, &base) == 0) {
		check_again(&nothing, &base);
		check_body(&base);
		if (sequence_decode(
			&base, span_skip(bytes, cut), LIMIT, &now) == 0) {
			check_again(&base, &now);
			check_body(&now);
		}
	}
	sequence_release(&base);
	sequence_release(&now);
	return 0;
}
