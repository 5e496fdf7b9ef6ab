/* SPDX-License-Identifier: ISC */
/*
 * The search for text among the current rows; for the past see text_past.c.
 * What is short and often asked for has ways of its own: where one posting is
 * the answer, only the page asked for is looked at.
 */
#include "search/text.h"

#include "search/plan.h"
#include "base/banned.h"

/* A list that is the answer: only the page asked for is looked at. */
static void take_list(const struct plan *p, struct sink *sink)
{
	struct image_posting list = p->parts[0].posting;

	sink->total = list.count;
	for (size_t i = sink->first; i < list.count; i++) {
		uint32_t row = le32(list.at[i]);

		if (sink->count == sink->cap)
			return;
		if (row < p->rows)
			sink->rows[sink->count++] = row;
	}
}

/* The rows of a page out of a bitmap. */
static void take_bits(
    const struct image_posting *bits, size_t rows, struct sink *sink)
{
	size_t word_count = bits_words(rows), skip = sink->first;

	for (size_t i = 0; i < word_count && sink->count < sink->cap; i++) {
		uint64_t w = posting_word(bits, i) & tail_mask(rows, i);
		size_t here = skip > 0 ? bits_count_word(w) : 0;

		if (skip > 0 && here <= skip) {
			skip -= here;
			continue;
		}
		for (; w != 0 && sink->count < sink->cap; w &= w - 1) {
			if (skip > 0) {
				skip--;
				continue;
			}
			sink->rows[sink->count++] =
			    (uint32_t)(i * 64 + bits_lowest(w));
		}
	}
}

/* The rows of a page out of words, of which few have any. */
static void take_words(
    const uint64_t *words, size_t word_count, struct sink *sink)
{
	size_t skip = sink->first, count = sink->count, cap = sink->cap;
	uint32_t *rows = sink->rows;

	for (size_t i = 0; i < word_count && count < cap; i++) {
		uint64_t w = words[i];
		size_t here = skip > 0 ? bits_count_word(w) : 0;

		if (skip > 0 && here <= skip) {
			skip -= here;
			continue;
		}
		for (; skip > 0; skip--)
			w &= w - 1;
		for (; w != 0 && count < cap; w &= w - 1)
			rows[count++] = (uint32_t)(i * 64 + bits_lowest(w));
	}
	sink->count = count;
}

static void walk_bits(struct plan *p, uint64_t *words, struct sink *sink)
{
	size_t word_count = bits_words(p->rows);
	bool exact = p->verify_count == 0;

	if (exact && p->part_count == 1) {
		sink->total = p->parts[0].posting.count;
		if (sink->first < sink->total)
			take_bits(&p->parts[0].posting, p->rows, sink);
		return;
	}
	plan_intersect(p, words);
	if (exact) {
		sink->total = bits_count(words, word_count);
		if (sink->first < sink->total)
			take_words(words, word_count, sink);
		return;
	}
	for (size_t i = 0; i < word_count; i++)
		for (uint64_t w = words[i]; w != 0; w &= w - 1) {
			size_t row = i * 64 + bits_lowest(w);

			if (plan_verify(p, row))
				emit(sink, row);
		}
}

/* Without grams: every row is looked at. */
static void walk_all(struct plan *p, struct sink *sink)
{
	plan_all(p);
	for (size_t row = 0; row < p->rows; row++)
		if (plan_verify(p, row))
			emit(sink, row);
}

/* All matches among the current rows. */
static void run_newest(struct plan *p, uint64_t *words, struct sink *sink)
{
	size_t base;

	if (p->image->gram_pairs == NULL) {
		walk_all(p, sink);
		return;
	}
	if (!plan_terms(p))
		return;
	base = plan_base(p);
	if (p->parts[base].posting.words > 0)
		walk_bits(p, words, sink);
	else if (p->part_count == 1 && p->verify_count == 0)
		take_list(p, sink);
	else
		plan_walk(p, base, sink);
}

/* The whole registry; no row is looked at. */
static void take_all(const struct image *image, struct sink *sink)
{
	sink->total = image->current_rows;
	for (size_t row = sink->first; row < sink->total; row++) {
		if (sink->count == sink->cap)
			return;
		sink->rows[sink->count++] = (uint32_t)row;
	}
}

size_t search_run(const struct image *image, const struct search_query *query,
    uint32_t version, size_t first, uint32_t *rows, size_t cap, size_t *total,
    void *scratch)
{
	struct sink sink = {.rows = rows, .first = first, .cap = cap};
	struct plan plan;

	if (query->hopeless) {
		sink.total = 0;
	} else if (version != image->version_count - 1) {
		text_past(image, query, version, &sink, scratch);
	} else if (query->term_count == 0) {
		take_all(image, &sink);
	} else {
		plan_begin(&plan, image, query, false);
		run_newest(&plan, scratch, &sink);
	}
	*total = sink.total;
	return sink.count;
}

size_t search_scratch_len(const struct image *image)
{
	size_t rows =
	    2 * (bits_words(image->current_rows) +
		    bits_words(image->row_count - image->current_rows));
	size_t people = bits_words(image->person_count);

	return (rows > people ? rows : people) * sizeof(uint64_t);
}
