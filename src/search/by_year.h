/* SPDX-License-Identifier: ISC */
/* How many records of a version were registered in which year. */
#ifndef SEARCH_BY_YEAR_H
#define SEARCH_BY_YEAR_H

#include "image/image.h"

#define BY_YEAR_END 10000U /* years have four digits */

struct by_year {
	uint32_t of[BY_YEAR_END];
	uint32_t dated;
	uint32_t undated; /* records without a date of registration */
	unsigned first;	  /* years that have some; if none is dated, */
	unsigned last;	  /* first is the greater one */
};

/* By the date of registration.  version is below image->version_count. */
void by_year_count(
    const struct image *image, uint32_t version, struct by_year *ret);

#endif
