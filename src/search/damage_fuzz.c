/* SPDX-License-Identifier: ISC */
/*
 * Questions to an image with damaged bytes: any answer will do, but nothing
 * outside of it may be read.
 *
 *	input = count of pokes, {place in 3 bytes, byte}, query
 *
 * The image is written to and put right again, so that an input costs no
 * copy.
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/events.h"
#include "search/free.h"
#include "search/history.h"
#include "search/sample_test.h"
#include "search/search.h"

#define POKE_MAX 255

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t *bytes;
static struct image image; /* as it was opened */

struct poke {
	size_t at;
	uint8_t old;
};

static void look_at(struct image_numbers numbers, size_t *sum)
{
	for (size_t i = 0; i < numbers.count; i++)
		*sum += le32(numbers.at[i]);
}

/* The past of whatever the query names. */
static size_t ask_past(struct span text, const struct query *lookup)
{
	size_t sum = 0;

	look_at(image_past_by_name(&image, text), &sum);
	look_at(image_past_by_person(&image, text), &sum);
	look_at(image_past_wide(&image), &sum);
	if (lookup->kind == QUERY_PORT)
		look_at(image_past_by_port(&image, lookup->range.first), &sum);
	for (uint32_t n = 0; n < image.row_count; n++) {
		look_at(image_row_events(&image, n), &sum);
		look_at(image_row_life(&image, n), &sum);
		sum += image_row_last(&image, n);
	}
	for (uint32_t n = 0; n < image.person_count; n++) {
		look_at(image_person_events(&image, n), &sum);
		sum += image_person_last(&image, n);
	}
	for (uint32_t v = 0; v < image.version_count; v++) {
		struct image_event_span span = image_version_events(&image, v);

		for (size_t n = span.first; n < span.end; n++)
			sum += image_event_kind(image_event(&image, n));
	}
	return sum;
}

/* Stories, as they are written, and the difference of the two versions. */
static void ask_history(struct span text)
{
	size_t cap = history_diff_room(&image) + 1, total, count;
	struct history_ask ask = {.upto = 1, .kinds = HISTORY_EVERY};
	struct image_event *events = mem_alloc(cap, sizeof(*events));
	uint32_t *numbers = mem_alloc(cap, sizeof(*numbers));
	void *scratch = mem_alloc(history_scratch_len(&image) + 8, 1);
	struct history_version v;

	if (events == NULL || numbers == NULL || scratch == NULL)
		abort();
	if (history_parse(&image, text, &ask.story, NULL) == 0) {
		count =
		    history_run(&image, &ask, 0, numbers, cap, &total, scratch);
		for (size_t i = 0; i < count; i++)
			if (image_event(&image, numbers[i]) == NULL)
				abort();
		history_rows(&image, &ask.story, 0, numbers, cap, scratch);
	}
	history_diff(&image, 0, 1, events, cap, scratch);
	history_version(&image, 1, &v);
	mem_release(events);
	mem_release(numbers);
	mem_release(scratch);
}

/* Any port may be proposed, but none out of the image's bounds. */
static void ask_free(uint16_t near)
{
	struct free_report reports[3];
	struct free_rejected rejected;
	struct free_ask ask;

	free_ask_init(&ask);
	ask.count = 3;
	ask.has_near = true;
	ask.near = near;
	for (uint32_t version = 0; version < 2; version++) {
		free_judge(&image, version, &ask, near, &reports[0]);
		if (free_suggest(&image, version, &ask, reports, &rejected) > 3)
			abort();
	}
}

static void ask(struct span text)
{
	size_t cap = image.row_count, total;
	uint32_t *rows = mem_alloc(cap + 1, sizeof(*rows));
	uint32_t *more = mem_alloc(cap + 1, sizeof(*more));
	void *scratch = mem_alloc(search_scratch_len(&image) + 8, 1);
	static const struct search_order order[] = {
	    {COLUMN_ASSIGNEE, true}, {COLUMN_NUMBER, false}};
	struct search_query q;
	struct query lookup;

	if (rows == NULL || more == NULL || scratch == NULL)
		abort();
	for (uint32_t version = 0; version < 2; version++) {
		struct match m = {.rows = rows, .cap = cap};
		size_t n;

		if (query_parse(text, &lookup, NULL) == 0) {
			search_lookup(&image, &lookup, version, &m);
			if (ask_past(text, &lookup) == SIZE_MAX)
				abort(); /* no sum is that large */
		}
		if (search_parse(text, &q, NULL) < 0)
			continue;
		n = search_run(
		    &image, &q, version, 0, rows, cap, &total, scratch);
		search_people(&image, rows, n, version, more, cap, scratch);
		search_sort(&image, rows, n, order, 2, more);
	}
	search_near_names(&image, text, rows, cap);
	mem_release(rows);
	mem_release(more);
	mem_release(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct poke pokes[POKE_MAX];
	size_t count = 0, asked = len > 0 ? data[0] : 0, at = 1;
	struct span text;

	if (bytes == NULL && sample_open(false, &image, &bytes) < 0)
		abort();
	/* What open has looked at stays as it is: the header's first part. */
	while (count < asked && len - at > 3 && len > at) {
		size_t place = (size_t)data[at] << 16 |
			       (size_t)data[at + 1] << 8 | data[at + 2];

		if (place >= 4096 && place < image.len) {
			pokes[count] = (struct poke){place, bytes[place]};
			bytes[place] = data[at + 3];
			count++;
		} else {
			asked--;
		}
		at += 4;
	}
	text =
	    len > at ? span_of((const char *)data + at, len - at) : SPAN("443");
	ask(text);
	ask_history(text);
	ask_free((uint16_t)(len * 257));
	while (count-- > 0)
		bytes[pokes[count].at] = pokes[count].old;
	return 0;
}
