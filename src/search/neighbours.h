/* SPDX-License-Identifier: ISC */
/* What lies around a port, and what a range holds. */
#ifndef SEARCH_NEIGHBOURS_H
#define SEARCH_NEIGHBOURS_H

#include "search/search.h"

/* Ports that one row speaks of, or that none does. */
struct neighbour {
	struct port_range range;
	uint32_t row; /* the first that a lookup gives; IMAGE_NONE: no row */
};

/*
 * What comes next to the ports of from: below them, the nearest first, or
 * above.  Into ret (cap); returns how many there are, up to the end of the
 * ports.  Each is told whole, but for what from has of it.
 */
size_t search_neighbours(const struct image *image, uint32_t version,
    struct port_range from, bool above, struct neighbour *ret, size_t cap);

/* How many ports are in a state, for a transport. */
struct port_counts {
	uint32_t at[PROTOCOL_COUNT][STATE_ASSIGNED + 1];
};

/* Bytes that search_port_counts needs for a range. */
size_t search_port_counts_len(struct port_range range);

/*
 * Counts the ports of a range by state: rows are those that a lookup of it
 * gave, for any transport, all of them.  scratch is the caller's.
 */
void search_port_counts(const struct image *image, struct port_range range,
    const uint32_t *rows, size_t count, struct port_counts *ret, void *scratch);

#endif
