/* SPDX-License-Identifier: ISC */
/* How many records of a version were registered in which year. */
#ifndef SEARCH_BY_YEAR_H
#define SEARCH_BY_YEAR_H

#include "image/image.h"

#define BY_YEAR_END 10000U /* years have four digits */

struct by_year {
	uint32_t of[BY_YEAR_END];

	/* Of by_year_count alone. */
	uint32_t dated;
	uint32_t undated; /* records without a date of registration */

	unsigned first; /* years that have some; if none has, */
	unsigned last;	/* first is the greater one */
};

/* By the date of registration.  version is below image->version_count. */
void by_year_count(
    const struct image *image, uint32_t version, struct by_year *ret);

/*
 * How many records the last version of each year had, up to a version; a year
 * without one has what the year before had.
 */
void by_year_kept(
    const struct image *image, uint32_t version, struct by_year *ret);

#endif
