/* SPDX-License-Identifier: ISC */
/* Rows of some kind, out of those that a search has found. */
#ifndef SEARCH_FILTER_H
#define SEARCH_FILTER_H

#include "search/search.h"

/* Bits of what is wanted of a row; 0 is for all. */
struct search_filter {
	unsigned protocols; /* 1 << enum protocol; PROTOCOL_NONE: without */
	unsigned states;    /* 1 << enum state: what the row says */
	unsigned classes;   /* 1 << enum port_class, of any of its ports */
};

static inline bool search_filter_is_any(const struct search_filter *f)
{
	return f->protocols == 0 && f->states == 0 && f->classes == 0;
}

/*
 * Reads a word for each; an empty one is for all.  "tcp" and so on, "none" for
 * rows without protocol; "assigned", "reserved", "unassigned"; "system",
 * "user", "dynamic", and "none" for rows without number.  PORTBOOK_EUSAGE with
 * plain words for any other.
 */
int search_filter_parse(struct span protocol, struct span state,
    struct span class, struct search_filter *ret, struct portbook_error *err);

/* Leaves those that are wanted, in their order; returns how many. */
size_t search_filter_rows(const struct image *image,
    const struct search_filter *filter, uint32_t *rows, size_t count);

#endif
