/* SPDX-License-Identifier: ISC */
/*
 * Which rows stood in a version, as the image tells it: in bits for the version
 * or for one before, those of the past rows behind those of the current ones,
 * and by the rows that have turned since.  Of this folder.
 *
 * An image may not tell it: then all rows are asked.
 */
#ifndef SEARCH_STOOD_H
#define SEARCH_STOOD_H

#include "search/plan.h"

struct stood {
	const struct image *image;
	uint32_t version;
	const struct le32 *bits; /* or NULL, where the image does not tell */
	struct image_numbers turns;
	struct le32 *room; /* of the caller, for bits of all rows of a plan */
};

void stood_begin(struct stood *s, const struct image *image, uint32_t version,
    struct le32 *room);

/* Which of a plan's rows stood, as bits in the room. */
struct image_posting stood_bits(const struct stood *s, const struct plan *plan);

/*
 * Words first .. end - 1 of the rows that a posting of bits has and that stood,
 * where the image tells it; base is the first of the rows that the posting is
 * about.  Returns how many rows, of all that the posting has, have turned.
 */
size_t stood_words(const struct stood *s, const struct image_posting *one,
    size_t base, uint64_t *restrict words, size_t first, size_t end);

#endif
