/* SPDX-License-Identifier: ISC */
/* Grams of the current rows and of those of the past. */
#include "image/verify_past.h"

#include "base/banned.h"

struct index {
	const struct le32 *pairs;
	const struct image_gram *grams;
	size_t count;
	const struct le32 *postings;
	size_t posting_count;
	size_t alphabet, rows;
};

static unsigned bits_in(uint32_t word)
{
	unsigned count = 0;

	for (; word != 0; word &= word - 1)
		count++;
	return count;
}

/* Takes what the posting is long from what is left of the share. */
static bool check_posting(
    const struct index *g, const struct image_gram *gram, size_t *left)
{
	size_t off = le32(gram->postings), count = le32(gram->count);
	size_t len = image_posting_len(count, g->rows), bits = 0;
	const struct le32 *at;

	if (count > g->rows || off > g->posting_count ||
	    len > g->posting_count - off || len > *left)
		return false;
	*left -= len;
	at = g->postings + off;
	if (!image_posting_is_bitmap(count, g->rows)) {
		for (size_t n = 0; n < count; n++)
			if (le32(at[n]) >= g->rows ||
			    (n > 0 && le32(at[n]) <= le32(at[n - 1])))
				return false;
		return true;
	}
	for (size_t n = 0; n < len; n++)
		bits += bits_in(le32(at[n]));
	if (g->rows % 32 != 0 && le32(at[len - 1]) >> g->rows % 32 != 0)
		return false;
	return bits == count;
}

static bool check(const struct index *g)
{
	size_t pairs = g->alphabet * g->alphabet, next = 0;
	size_t left = g->posting_count;

	if (g->pairs == NULL)
		return true;
	for (size_t pair = 0; pair < pairs; pair++) {
		size_t end = le32(g->pairs[pair + 1]);

		if (le32(g->pairs[pair]) != next || end < next ||
		    end > g->count)
			return false;
		for (size_t n = next; n < end; n++) {
			uint32_t third = le32(g->grams[n].third);

			if (third >= g->alphabet ||
			    (n > next &&
				third <= le32(g->grams[n - 1].third)) ||
			    !check_posting(g, &g->grams[n], &left))
				return false;
		}
		next = end;
	}
	return next == g->count;
}

bool verify_grams(const struct image *i)
{
	const struct index g = {i->gram_pairs, i->grams, i->gram_count,
	    i->postings, i->posting_count, i->alphabet, i->current_rows};

	return check(&g);
}

bool verify_past_grams(const struct image *i)
{
	const struct index g = {i->past_gram_pairs, i->past_grams,
	    i->past_gram_count, i->past_postings, i->past_posting_count,
	    i->alphabet, i->row_count - i->current_rows};

	return check(&g);
}
