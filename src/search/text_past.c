/* SPDX-License-Identifier: ISC */
/*
 * The search at an earlier version.  Current rows and past ones are searched
 * each by their own grams, and those that stood in the version are merged.
 *
 * Which ones stood in it the image says in bits, that are one more part of
 * the plan.
 *
 * An image without such bits or grams has its rows looked at, one by one.
 */
#include "search/text.h"

#include "search/merge.h"
#include "image/row.h"
#include "base/banned.h"

/* A list of so many times fewer rows than words: each row is asked. */
#define ROWS_A_WORD 8

/* Where a posting stands among the common ones; SIZE_MAX if it does not. */
static size_t find_common(
    const struct image *image, const struct image_posting *posting)
{
	size_t low = 0, high = image->common_count, at;

	if (image->common == NULL || posting->words == 0)
		return SIZE_MAX;
	at = (size_t)(posting->at - image->postings);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (le32(image->common[mid]) < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low < image->common_count && le32(image->common[low]) == at
		   ? low
		   : SIZE_MAX;
}

/* One posting alone, of bits, where the image tells what stood. */
static bool is_common(const struct found *f, const struct plan *plan)
{
	return plan->part_count == 1 && plan->verify_count == 0 &&
	       plan->parts[0].posting.words > 0 && f->stood.bits != NULL;
}

/*
 * The words are made as far as the page goes, and the image knows how many
 * rows stood when its bits were made.
 */
static bool take_common(struct found *f, const struct plan *plan)
{
	const struct image *image = f->stood.image;
	size_t past = image_bits_len(image->row_count - plan->rows);
	size_t words = bits_words(plan->rows), common, set;

	if (!is_common(f, plan))
		return false;
	f->one = plan->parts[0].posting;
	common = find_common(image, &f->one);
	if (common == SIZE_MAX)
		return false;
	set = (size_t)(f->stood.bits - image->standing_bits) /
	      (f->one.words + past);
	f->ready = words < MERGE_WORDS ? words : MERGE_WORDS;
	f->current_total =
	    le32(image->common_counts[set * image->common_count + common]) +
	    stood_words(&f->stood, &f->one, 0, f->bits, 0, f->ready);
	return true;
}

/* Matches among the rows that all parts, which are bitmaps, have. */
static void intersect(const struct plan *plan, uint64_t *bits)
{
	size_t words = bits_words(plan->rows);

	plan_intersect(plan, bits);
	if (plan->verify_count == 0)
		return;
	for (size_t i = 0; i < words; i++)
		for (uint64_t w = bits[i]; w != 0; w &= w - 1)
			if (!plan_verify(plan, i * 64 + bits_lowest(w)))
				bits[i] ^= w & -w;
}

/* Of rows that were found those that stood in the version. */
static size_t keep_standing(const struct found *f, const struct plan *plan,
    uint32_t *rows, size_t count)
{
	bool few = count * ROWS_A_WORD < image_bits_len(plan->rows);
	size_t kept = 0;

	if (!few)
		stood_bits(&f->stood, plan);
	for (size_t i = 0; i < count; i++) {
		uint32_t n = rows[i];

		rows[kept] = n;
		kept += few ? image_row_is_in(&plan->first[n], f->stood.version)
			    : le32(f->stood.room[n / 32]) >> n % 32 & 1;
	}
	return kept;
}

/* All matches that parts have been found for; false if there are none. */
static bool find_parts(struct plan *plan)
{
	bool any = plan->past ? plan->image->past_gram_pairs != NULL
			      : plan->image->gram_pairs != NULL;

	if (any)
		return plan_terms(plan);
	plan_all(plan);
	return true;
}

static void find_current(struct found *f, struct plan *plan)
{
	struct sink all = {.rows = (uint32_t *)f->bits, .cap = SIZE_MAX};
	size_t base;

	if (!find_parts(plan)) {
		f->list = all.rows;
		return;
	}
	base = plan->part_count > 0 ? plan_base(plan) : 0;
	if (plan->part_count > 0 && plan->parts[base].posting.words == 0) {
		plan_walk(plan, base, &all);
		f->list = all.rows;
		f->current_total = keep_standing(f, plan, all.rows, all.count);
		return;
	}
	if (take_common(f, plan))
		return;
	plan_add(plan, stood_bits(&f->stood, plan));
	intersect(plan, f->bits);
	f->ready = bits_words(plan->rows);
	f->current_total = bits_count(f->bits, bits_words(plan->rows));
}

static void find_past(struct found *f, struct plan *plan)
{
	struct sink all = {.bits = f->past};
	size_t base;

	if (plan->rows == 0)
		return;
	if (!find_parts(plan)) {
		memset(f->past, 0, bits_words(plan->rows) * sizeof(*f->past));
		return;
	}
	if (is_common(f, plan)) {
		size_t words = bits_words(plan->rows);

		stood_words(&f->stood, &plan->parts[0].posting,
		    f->stood.image->current_rows, f->past, 0, words);
		f->past[words - 1] &= tail_mask(plan->rows, words - 1);
		return;
	}
	base = plan->part_count > 0 ? plan_base(plan) : 0;
	plan_add(plan, stood_bits(&f->stood, plan));
	if (plan->parts[base].posting.words > 0) {
		intersect(plan, f->past);
		return;
	}
	memset(f->past, 0, bits_words(plan->rows) * sizeof(*f->past));
	plan_walk(plan, base, &all);
}

void text_past(const struct image *image, const struct search_query *query,
    uint32_t version, struct sink *sink, uint64_t *scratch)
{
	size_t current = bits_words(image->current_rows);
	size_t past = bits_words(image->row_count - image->current_rows);
	struct found f;
	struct plan plan;

	f.sink = sink;
	f.list = NULL;
	f.bits = scratch;
	f.ready = 0;
	f.current_total = 0;
	f.past = scratch + current;
	f.skip = sink->first;
	stood_begin(&f.stood, image, version,
	    (struct le32 *)(scratch + current + past));
	plan_begin(&plan, image, query, false);
	find_current(&f, &plan);
	plan_begin(&plan, image, query, true);
	find_past(&f, &plan);
	sink->total = f.current_total + bits_count(f.past, past);
	if (sink->first < sink->total)
		merge_found(&f);
}
