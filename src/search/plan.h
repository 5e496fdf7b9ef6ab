/* SPDX-License-Identifier: ISC */
/*
 * How a search finds its rows; of this folder.
 *
 * Every term asks for some grams of the image.  A term of up to three bytes is
 * a gram itself, and its posting is exact; a longer one is in none but rows
 * that have all its grams, of which the rarest two are taken, and has to be
 * looked for in these rows.  The rarest posting of all is walked and the
 * others are asked; if all are bitmaps they are put together word by word.
 *
 * A plan is for the current rows or for those of the past, which are counted
 * from the first of them.
 */
#ifndef SEARCH_PLAN_H
#define SEARCH_PLAN_H

#include "search/bits.h"
#include "search/search.h"

#define PLAN_GRAMS 2 /* of a long term */

/* A posting, and how far its list has been walked. */
struct part {
	struct image_posting posting;
	size_t at;
};

struct plan {
	const struct image *image;
	const struct search_query *query;
	const struct image_row *first; /* row 0 of those searched */
	size_t rows;		       /* how many are searched */
	bool past;
	size_t part_count;
	size_t verify_count;
	struct part parts[SEARCH_TERM_MAX * PLAN_GRAMS + 1];
	uint8_t verify[SEARCH_TERM_MAX]; /* terms to be looked for */
};

/* Where the matches go: a page of rows, or all as bits. */
struct sink {
	uint32_t *rows;
	size_t first, cap;
	size_t count; /* rows written */
	size_t total;
	uint64_t *bits; /* or NULL */
};

/* A plan without parts; what has no meaning yet stays as it is. */
static inline void plan_begin(struct plan *p, const struct image *image,
    const struct search_query *query, bool past)
{
	size_t off = past ? image->current_rows : 0;

	p->image = image;
	p->query = query;
	p->first = image->rows + off;
	p->rows = past ? image->row_count - off : image->current_rows;
	p->past = past;
	p->part_count = 0;
	p->verify_count = 0;
}

static inline void plan_add(struct plan *p, struct image_posting posting)
{
	p->parts[p->part_count].posting = posting;
	p->parts[p->part_count].at = 0;
	p->part_count++;
}

/* Adds the parts of all terms; false if nothing can match. */
bool plan_terms(struct plan *p);

/* Without grams: all terms are looked for. */
void plan_all(struct plan *p);

/* The rarest part, a list if there is any; there is at least one part. */
size_t plan_base(const struct plan *p);

/* Whether a row that all parts have is a match. */
bool plan_verify(const struct plan *p, size_t row);

/* The matches among the rows of a list, which is the part of that number. */
void plan_walk(struct plan *p, size_t base, struct sink *sink);

/*
 * The rows that all parts have, which are bitmaps: into bits_words(p->rows)
 * words.  They are still to be verified.
 */
void plan_intersect(const struct plan *p, uint64_t *restrict words);

static inline uint64_t posting_word(const struct image_posting *p, size_t i)
{
	if (i * 2 + 1 < p->words)
		return le_u64(p->at + i * 2);
	return i * 2 < p->words ? le32(p->at[i * 2]) : 0;
}

/* What the bits beyond the last row must not be. */
static inline uint64_t tail_mask(size_t rows, size_t word)
{
	size_t left = rows - word * 64;

	return left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
}

static inline void emit(struct sink *s, size_t row)
{
	if (s->bits != NULL) {
		bits_set(s->bits, row);
		return;
	}
	if (s->total++ >= s->first && s->count < s->cap)
		s->rows[s->count++] = (uint32_t)row;
}

#endif
