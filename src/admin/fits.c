/* SPDX-License-Identifier: ISC */
#include "admin/fits.h"

#include "base/error.h"
#include "base/mem.h"
#include "core/timeline.h"
#include "imagebuild/imagebuild.h"
#include "base/banned.h"

#define PLAIN_LEN ((uint64_t)16 << 20)
#define PLAIN_ENTRIES ((uint64_t)1000000)
#define TABLES 5 /* of ports: one a transport, one of all */

/* Entries of all port tables, were each port to have a list of its own. */
static uint64_t count_entries(const struct registry *r)
{
	uint64_t count = 0;

	for (size_t i = 0; i < r->record_count; i++) {
		const struct record *record = &r->records[i];

		if (record->has_number)
			count +=
			    1U + record->number.last - record->number.first;
	}
	return count * TABLES;
}

/* Equal texts are one, so that their numbers tell. */
static int look_for_twins(
    const struct registry *r, bool *ret, struct portbook_error *err)
{
	bool *seen = mem_zalloc(r->texts.count + 1, sizeof(*seen));

	if (seen == NULL)
		return error_nomem(err);
	*ret = false;
	for (size_t i = 0; i < r->person_count; i++) {
		uint32_t id = r->people[i].text[PERSON_ID];

		*ret = *ret || seen[id];
		seen[id] = true;
	}
	mem_release(seen);
	return 0;
}

static int try_out(const struct registry *r, struct portbook_error *err)
{
	const struct imagebuild_options options = {
	    .source = SPAN(""), .rows_only = true};
	struct timeline timeline;
	uint8_t *image = NULL;
	size_t len;
	int code = timeline_init(&timeline, err);

	if (code == 0)
		code = timeline_append(&timeline, r, err);
	if (code == 0)
		code = imagebuild(&timeline, &options, &image, &len, err);
	timeline_release(&timeline);
	mem_release(image);
	return code;
}

int fits(const struct registry *r, struct portbook_error *err)
{
	bool twins = false;
	int code = look_for_twins(r, &twins, err);

	if (code < 0)
		return code;
	if (!twins && r->source_len <= PLAIN_LEN &&
	    count_entries(r) <= PLAIN_ENTRIES)
		return 0;
	return try_out(r, err);
}
