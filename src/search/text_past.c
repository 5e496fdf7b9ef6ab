/* SPDX-License-Identifier: ISC */
/*
 * The search at an earlier version.  Current rows and past ones are searched
 * each by their own grams, and those that stood in the version are merged.
 *
 * Which ones stood in it the image says in bits, that are one more part of
 * the plan.  Past row i stands behind as many current rows as its place is
 * larger than i, as all past rows before it have smaller ones: so the order
 * of the version is had without looking at any current row.
 *
 * An image without such bits or grams has its rows looked at, one by one.
 */
#include "search/text.h"

#include "image/row.h"
#include "base/banned.h"

/* A list of so many times fewer rows than words: each row is asked. */
#define ROWS_A_WORD 8

struct past {
	const struct image *image;
	uint32_t version;
	struct sink *sink;
	struct le32 *standing; /* bits of the rows being searched */

	/* What was found: current rows by bits or as a list, past ones. */
	uint64_t *bits;
	struct image_posting one, mask; /* or both of these; one.at or NULL */
	const uint32_t *list;		/* or NULL */
	size_t current_total;
	uint64_t *past;
	size_t skip; /* matches before the page, that are still to come */
};

/* Bits that the image has for a version, or for one before; or NULL. */
static const struct le32 *bits_of(const struct past *p, bool past)
{
	const struct image *image = p->image;
	size_t current = image_bits_len(image->current_rows), off;
	size_t len =
	    current + image_bits_len(image->row_count - image->current_rows);

	if (image->standing == NULL)
		return NULL;
	off = le32(image->standing[p->version].bits);
	if (off > image->standing_bit_count ||
	    len > image->standing_bit_count - off)
		return NULL;
	return image->standing_bits + off + (past ? current : 0);
}

static void turn(struct le32 *bits, size_t n)
{
	bits[n / 32] = le32_of(le32(bits[n / 32]) ^ 1U << n % 32);
}

/* Rows that have turned since the version that the bits were made for. */
static struct image_numbers turns_of(const struct past *p)
{
	const struct image *image = p->image;
	const struct image_standing *s = &image->standing[p->version];
	size_t off = le32(s->turns), count = le32(s->turn_count);

	if (off > image->turn_count || count > image->turn_count - off)
		return (struct image_numbers){NULL, 0};
	return (struct image_numbers){image->turns + off, count};
}

static void turn_all(
    const struct past *p, const struct plan *plan, struct le32 *bits)
{
	size_t first = plan->past ? p->image->current_rows : 0;
	struct image_numbers turns = turns_of(p);

	for (size_t i = 0; i < turns.count; i++) {
		size_t n = (size_t)le32(turns.at[i]) - first;

		if (n < plan->rows)
			turn(bits, n);
	}
}

/* Which of the rows that are searched stood in the version, into bits. */
static struct image_posting standing(
    const struct past *p, const struct plan *plan, struct le32 *bits)
{
	const struct le32 *from = bits_of(p, plan->past);
	size_t len = image_bits_len(plan->rows);

	if (from != NULL) {
		memcpy(bits, from, len * sizeof(*from));
		turn_all(p, plan, bits);
	} else {
		memset(bits, 0, len * sizeof(*bits));
		for (size_t n = 0; n < plan->rows; n++)
			if (image_row_is_in(&plan->first[n], p->version))
				turn(bits, n);
	}
	return (struct image_posting){bits, plan->rows, len};
}

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

/*
 * One posting alone, of bits: these are looked at as far as the page goes, and
 * the image knows how many stood when its bits were made.
 */
static bool take_common(struct past *p, const struct plan *plan)
{
	const struct image *image = p->image;
	const struct image_posting *one = &plan->parts[0].posting;
	size_t words = image_bits_len(plan->rows) +
		       image_bits_len(image->row_count - plan->rows);
	struct image_numbers turns;
	size_t common, set;

	if (plan->part_count != 1 || plan->verify_count > 0 ||
	    bits_of(p, false) == NULL)
		return false;
	common = find_common(image, one);
	if (common == SIZE_MAX)
		return false;
	p->one = *one;
	p->mask = standing(p, plan, (struct le32 *)p->bits);
	turns = turns_of(p);
	set = le32(image->standing[p->version].bits) / words;
	p->current_total =
	    le32(image->common_counts[set * image->common_count + common]);
	for (size_t i = 0; i < turns.count; i++) {
		size_t n = le32(turns.at[i]);

		p->current_total += n < plan->rows &&
				    (le32(one->at[n / 32]) >> n % 32 & 1) != 0;
	}
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
static size_t keep_standing(
    const struct past *p, const struct plan *plan, uint32_t *rows, size_t count)
{
	bool few = count * ROWS_A_WORD < image_bits_len(plan->rows);
	size_t kept = 0;

	if (!few)
		standing(p, plan, p->standing);
	for (size_t i = 0; i < count; i++) {
		uint32_t n = rows[i];

		rows[kept] = n;
		kept += few ? image_row_is_in(&plan->first[n], p->version)
			    : le32(p->standing[n / 32]) >> n % 32 & 1;
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

static void find_current(struct past *p, struct plan *plan)
{
	struct sink all = {.rows = (uint32_t *)p->bits, .cap = SIZE_MAX};
	size_t base;

	if (!find_parts(plan)) {
		p->list = all.rows;
		return;
	}
	base = plan->part_count > 0 ? plan_base(plan) : 0;
	if (plan->part_count > 0 && plan->parts[base].posting.words == 0) {
		plan_walk(plan, base, &all);
		p->list = all.rows;
		p->current_total = keep_standing(p, plan, all.rows, all.count);
		return;
	}
	if (take_common(p, plan))
		return;
	plan_add(plan, standing(p, plan, p->standing));
	intersect(plan, p->bits);
	p->current_total = bits_count(p->bits, bits_words(plan->rows));
}

static void find_past(struct past *p, struct plan *plan)
{
	struct sink all = {.bits = p->past};
	size_t base;

	memset(p->past, 0, bits_words(plan->rows) * sizeof(*p->past));
	if (plan->rows == 0 || !find_parts(plan))
		return;
	base = plan->part_count > 0 ? plan_base(plan) : 0;
	plan_add(plan, standing(p, plan, p->standing));
	if (plan->parts[base].posting.words == 0)
		plan_walk(plan, base, &all);
	else
		intersect(plan, p->past);
}

/* How many current rows stand before past row i. */
static size_t before(const struct past *p, size_t i)
{
	size_t current = p->image->current_rows;
	size_t n = le32(p->image->rows[current + i].place) - i;

	return n < current ? n : current;
}

static bool is_full(const struct past *p)
{
	return p->sink->count >= p->sink->cap;
}

static void put(struct past *p, size_t row)
{
	if (p->skip > 0)
		p->skip--;
	else if (!is_full(p))
		p->sink->rows[p->sink->count++] = (uint32_t)row;
}

static inline uint64_t word_at(const struct past *p, size_t i)
{
	if (p->one.at == NULL)
		return p->bits[i];
	return posting_word(&p->one, i) & posting_word(&p->mask, i);
}

/* Word i, but for the bits that are not in from .. end - 1. */
static inline uint64_t word_within(
    const struct past *p, size_t i, size_t from, size_t end)
{
	uint64_t w = word_at(p, i);

	if (i == from / 64)
		w &= UINT64_MAX << (from % 64);
	if (i == end / 64)
		w &= ((uint64_t)1 << (end % 64)) - 1;
	return w;
}

/* What there is room for of a word that is part of the page. */
static void put_word(struct sink *s, size_t first, uint64_t w)
{
	uint32_t *rows = s->rows;
	size_t count = s->count, cap = s->cap;

	for (; w != 0 && count < cap; w &= w - 1)
		rows[count++] = (uint32_t)(first + bits_lowest(w));
	s->count = count;
}

static void put_current(struct past *p, size_t from, size_t end)
{
	for (size_t i = from / 64; i * 64 < end && !is_full(p); i++) {
		uint64_t w = word_within(p, i, from, end);
		size_t here = p->skip > 0 ? bits_count_word(w) : 0;

		if (p->skip > 0 && here <= p->skip) {
			p->skip -= here;
			continue;
		}
		for (; p->skip > 0; p->skip--)
			w &= w - 1;
		put_word(p->sink, i * 64, w);
	}
}

static size_t count_current(const struct past *p, size_t from, size_t end)
{
	size_t count = 0;

	for (size_t i = from / 64; i * 64 < end; i++)
		count += bits_count_word(word_within(p, i, from, end));
	return count;
}

/*
 * Passes over whole words of past rows, and the current ones before them, as
 * long as the page is behind them.  Returns the words passed over.
 */
static size_t skip_words(struct past *p, size_t words, size_t *from)
{
	size_t i = 0;

	while (p->skip > 0 && i + 1 < words) {
		size_t end = before(p, (i + 1) * 64), here;

		end = end > *from ? end : *from;
		here =
		    count_current(p, *from, end) + bits_count_word(p->past[i]);
		if (here > p->skip)
			break;
		p->skip -= here;
		*from = end;
		i++;
	}
	return i;
}

static void merge_bits(struct past *p)
{
	size_t current = p->image->current_rows, from = 0;
	size_t words = bits_words(p->image->row_count - current);

	for (size_t i = skip_words(p, words, &from); i < words; i++)
		for (uint64_t w = p->past[i]; w != 0; w &= w - 1) {
			size_t n = i * 64 + bits_lowest(w), end = before(p, n);

			if (end > from) {
				put_current(p, from, end);
				from = end;
			}
			put(p, current + n);
			if (is_full(p))
				return;
		}
	put_current(p, from, current);
}

static void merge_list(struct past *p)
{
	size_t current = p->image->current_rows, i = 0;
	size_t words = bits_words(p->image->row_count - current);
	size_t n = bits_next(p->past, words, 0);

	for (; n != BITS_END && !is_full(p);
	     n = bits_next(p->past, words, n + 1)) {
		size_t end = before(p, n);

		while (i < p->current_total && p->list[i] < end)
			put(p, p->list[i++]);
		put(p, current + n);
	}
	if (p->skip > p->current_total - i) {
		p->skip -= p->current_total - i;
		return;
	}
	for (i += p->skip; i < p->current_total && !is_full(p); i++)
		p->sink->rows[p->sink->count++] = p->list[i];
}

void text_past(const struct image *image, const struct search_query *query,
    uint32_t version, struct sink *sink, uint64_t *scratch)
{
	size_t current = bits_words(image->current_rows);
	size_t past = bits_words(image->row_count - image->current_rows);
	struct past p = {
	    .image = image,
	    .version = version,
	    .sink = sink,
	    .bits = scratch,
	    .past = scratch + current,
	    .standing = (struct le32 *)(scratch + current + past),
	    .skip = sink->first,
	};
	struct plan plan;

	plan_begin(&plan, image, query, false);
	find_current(&p, &plan);
	plan_begin(&plan, image, query, true);
	find_past(&p, &plan);
	sink->total = p.current_total + bits_count(p.past, past);
	if (sink->first >= sink->total)
		return;
	if (p.list != NULL)
		merge_list(&p);
	else
		merge_bits(&p);
}
