/* SPDX-License-Identifier: ISC */
/* The pages of a result: 1 ... 7 8 9 10 11 [12] 13 14 15 16 17 ... 146 */
#ifndef WEB_STEPS_H
#define WEB_STEPS_H

#include "web/pages.h"

#define STEPS_AROUND 5 /* pages linked on either side of the present one */
#define STEPS_MAX (2 * STEPS_AROUND + 5)

/* It points into itself and must not be copied. */
struct steps {
	struct page_step at[STEPS_MAX];
	size_t count;
	struct link links[2];
	const struct link *previous, *next; /* or NULL */
};

/* The steps around page of pages (from 1); link is one to any of them. */
void steps_set(
    struct steps *s, const struct link *link, uint64_t page, uint64_t pages);

#endif
