/* SPDX-License-Identifier: ISC */
/* Lookups, at the newest version and at earlier ones; of this folder. */
#ifndef SEARCH_LOOKUP_H
#define SEARCH_LOOKUP_H

#include "search/search.h"

/* Puts a row behind those that were found. */
static inline void lookup_add(
    struct match *m, const struct image *image, uint32_t row)
{
	if (image->rows[row].state == STATE_ASSIGNED)
		m->found = true;
	if (m->total++ < m->cap)
		m->rows[m->count++] = row;
}

/* Whether row is one of the first count rows. */
static inline bool lookup_has(const struct match *m, size_t count, uint32_t row)
{
	for (size_t i = 0; i < count; i++)
		if (m->rows[i] == row)
			return true;
	return false;
}

/* A port at the newest version. */
void lookup_port(
    const struct image *image, const struct query *q, struct match *m);

/* A name at the newest version; name is what image_by_name has for it. */
void lookup_name(const struct image *image, const struct query *q,
    const struct image_name *name, struct match *m);

/* Any query at an earlier version. */
void lookup_past(const struct image *image, const struct query *q,
    uint32_t version, struct match *m);

#endif
