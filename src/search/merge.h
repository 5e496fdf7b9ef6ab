/* SPDX-License-Identifier: ISC */
/*
 * Puts current rows and past ones that were found into the order of their
 * version, as far as a page goes; of this folder.
 *
 * Past row i stands behind as many current rows as its place is larger than i,
 * as all past rows before it have smaller ones: so the order of the version is
 * had without looking at any current row.
 */
#ifndef SEARCH_MERGE_H
#define SEARCH_MERGE_H

#include "search/stood.h"

/* Words of current rows that are made first; then twice as many. */
#define MERGE_WORDS 4

struct found {
	struct stood stood;
	struct sink *sink;

	/* Current rows: as a list, or by bits, of which some words are made. */
	const uint32_t *list; /* or NULL */
	uint64_t *bits;
	size_t ready;		  /* words of them; all, or */
	struct image_posting one; /* they are made of this as needed */
	size_t current_total;

	uint64_t *past; /* bits of past rows */
	size_t skip;	/* matches before the page, that are still to come */
};

void merge_found(struct found *f);

#endif
