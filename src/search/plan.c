/* SPDX-License-Identifier: ISC */
#include "search/plan.h"

#include "search/find.h"
#include "base/banned.h"

#define GRAM_LEN 3

static inline struct span term_at(const struct search_query *q, size_t i)
{
	return span_of(q->folded + q->terms[i].off, q->terms[i].len);
}

static inline struct image_posting gram(
    const struct plan *p, const char *bytes, size_t len)
{
	return p->past ? image_past_gram(p->image, bytes, len)
		       : image_gram(p->image, bytes, len);
}

/* Takes the rarest grams of a long term; false if no row has one of them. */
static bool plan_long(struct plan *p, struct span term)
{
	struct image_posting best = {0}, second = {0};

	for (size_t i = 0; i + GRAM_LEN <= term.len; i++) {
		struct image_posting one = gram(p, term.ptr + i, GRAM_LEN);

		if (one.count == 0)
			return false;
		if (best.count == 0 || one.count < best.count) {
			second = best;
			best = one;
		} else if (one.at != best.at &&
			   (second.count == 0 || one.count < second.count)) {
			second = one;
		}
	}
	plan_add(p, best);
	if (second.count > 0)
		plan_add(p, second);
	return true;
}

bool plan_terms(struct plan *p)
{
	for (size_t i = 0; i < p->query->term_count; i++) {
		struct span term = term_at(p->query, i);
		struct image_posting one;

		if (term.len > GRAM_LEN) {
			if (!plan_long(p, term))
				return false;
			p->verify[p->verify_count++] = (uint8_t)i;
			continue;
		}
		one = gram(p, term.ptr, term.len);
		if (one.count == 0)
			return false;
		plan_add(p, one);
	}
	return true;
}

void plan_all(struct plan *p)
{
	p->verify_count = p->query->term_count;
	for (size_t i = 0; i < p->verify_count; i++)
		p->verify[i] = (uint8_t)i;
}

size_t plan_base(const struct plan *p)
{
	size_t base = 0;

	for (size_t i = 1; i < p->part_count; i++)
		if (p->parts[i].posting.count < p->parts[base].posting.count)
			base = i;
	/* Lists are rarer than bitmaps, but a damaged image may say else. */
	for (size_t i = 0; i < p->part_count; i++)
		if (p->parts[base].posting.words > 0 &&
		    p->parts[i].posting.words == 0)
			base = i;
	return base;
}

bool plan_verify(const struct plan *p, size_t row)
{
	struct span text;

	if (p->verify_count == 0)
		return true;
	text = image_search_text(p->image, &p->first[row]);
	for (size_t i = 0; i < p->verify_count; i++)
		if (!find_term(text, term_at(p->query, p->verify[i])))
			return false;
	return true;
}

/* Whether a posting has row; rows are asked for in rising order. */
static inline bool part_has(struct part *part, uint32_t row)
{
	const struct le32 *at = part->posting.at;
	size_t count = part->posting.count, i = part->at;

	if (part->posting.words > 0)
		return row / 32 < part->posting.words &&
		       (le32(at[row / 32]) >> row % 32 & 1) != 0;
	while (count - i >= 8 && le32(at[i + 7]) < row)
		i += 8;
	while (i < count && le32(at[i]) < row)
		i++;
	part->at = i;
	return i < count && le32(at[i]) == row;
}

void plan_walk(struct plan *p, size_t base, struct sink *sink)
{
	struct image_posting list = p->parts[base].posting;

	for (size_t i = 0; i < list.count; i++) {
		uint32_t row = le32(list.at[i]);
		bool all = row < p->rows;

		for (size_t j = 0; all && j < p->part_count; j++)
			all = j == base || part_has(&p->parts[j], row);
		if (all && plan_verify(p, row))
			emit(sink, row);
	}
}

void plan_intersect(const struct plan *p, uint64_t *restrict words)
{
	size_t word_count = bits_words(p->rows);
	const struct le32 *first, *second;
	size_t whole = word_count;

	for (size_t j = 0; j < p->part_count; j++)
		if (p->parts[j].posting.words / 2 < whole)
			whole = p->parts[j].posting.words / 2;
	first = p->parts[0].posting.at;
	second = p->parts[p->part_count > 1].posting.at;
	for (size_t i = 0; i < whole; i++)
		words[i] = le_u64(first + i * 2) & le_u64(second + i * 2);
	for (size_t j = 2; j < p->part_count; j++) {
		const struct le32 *at = p->parts[j].posting.at;

		for (size_t i = 0; i < whole; i++)
			words[i] &= le_u64(at + i * 2);
	}
	for (size_t i = whole; i < word_count; i++) {
		words[i] = UINT64_MAX;
		for (size_t j = 0; j < p->part_count; j++)
			words[i] &= posting_word(&p->parts[j].posting, i);
	}
	if (word_count > 0)
		words[word_count - 1] &= tail_mask(p->rows, word_count - 1);
}
