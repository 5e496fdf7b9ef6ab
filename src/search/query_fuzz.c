/* SPDX-License-Identifier: ISC */
/* A query, as a lookup and as a search, on the sample at both versions. */
#include <stdint.h>
#include <stdlib.h>

#include "search/sample_test.h"
#include "search/search.h"
#include "terms/key.h"

#define ROW_MAX 32
#define PEOPLE_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool good)
{
	if (!good)
		abort();
}

static void look_up(const struct image *image, struct span text)
{
	uint32_t rows[ROW_MAX];
	struct query q;

	if (query_parse(text, &q, NULL) < 0)
		return;
	for (uint32_t version = 0; version < image->version_count; version++) {
		struct match m = {.rows = rows, .cap = ROW_MAX};

		search_lookup(image, &q, version, &m);
		check(m.count == m.total && m.total <= image->row_count);
	}
	search_near_names(image, text, rows, ROW_MAX);
}

static void search(const struct image *image, struct span text)
{
	uint64_t scratch[64];
	uint32_t rows[ROW_MAX], people[PEOPLE_MAX];
	struct search_query q;

	if (search_parse(text, &q, NULL) < 0)
		return;
	check(search_scratch_len(image) <= sizeof(scratch));
	for (uint32_t version = 0; version < image->version_count; version++) {
		size_t total, half,
		    n = search_run(
			image, &q, version, 0, rows, ROW_MAX, &total, scratch);
		uint32_t again[ROW_MAX];

		check(n == total && total <= image->row_count);
		n = search_run(image, &q, version, total / 2, again, ROW_MAX,
		    &half, scratch);
		check(half == total && n == total - total / 2);
		for (size_t i = 0; i < n; i++)
			check(again[i] == rows[total / 2 + i]);
		search_people(
		    image, rows, total, version, people, PEOPLE_MAX, scratch);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct image images[2]; /* with grams, and without */
	static uint8_t *bytes[2];
	struct span text = span_of((const char *)data, len);
	struct record_key key;
	uint32_t version;

	for (int i = 0; i < 2; i++) {
		if (bytes[i] == NULL)
			check(sample_open(i == 1, &images[i], &bytes[i]) == 0);
		look_up(&images[i], text);
		search(&images[i], text);
		(void)search_version(&images[i], text, &version, NULL);
	}
	(void)key_parse(text, &key);
	return 0;
}
