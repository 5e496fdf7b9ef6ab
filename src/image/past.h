/* SPDX-License-Identifier: ISC */
/* Rows of a port in a version of the past, and which of them was preferred. */
#ifndef IMAGE_PAST_H
#define IMAGE_PAST_H

#include "image/events.h"
#include "image/row.h"

/* Rows of any transport that had a port in a version, in no useful order. */
struct image_port_walk {
	const struct image *image;
	uint32_t version;
	uint16_t port;
	unsigned list; /* which one is walked */
	size_t at;     /* the next of it */
	struct image_numbers lists[3];
};

void image_port_walk_begin(struct image_port_walk *ret,
    const struct image *image, uint16_t port, uint32_t version);

/* The next one; IMAGE_NONE behind the last. */
uint32_t image_port_walk_next(struct image_port_walk *walk);

/* Whether a port had just the rows that it has now. */
bool image_port_is_as_now(
    const struct image *image, uint16_t port, uint32_t version);

/*
 * Whether row n, which stood in a version, was the preferred one of its port
 * then.  *line, unless NULL, gets the line of names.tsv that decided it, or
 * IMAGE_NONE.  Of the newest version the row's flag says the same.
 */
bool image_row_is_preferred(
    const struct image *image, uint32_t n, uint32_t version, uint32_t *line);

/* The same of a row that is in the image. */
static inline bool image_is_preferred(
    const struct image *image, const struct image_row *row, uint32_t version)
{
	return image_row_is_preferred(
	    image, (uint32_t)(row - image->rows), version, NULL);
}

/* How much a row's word weighs for a transport; the builder's order. */
static inline unsigned image_row_weight(const struct image_row *row)
{
	unsigned single = le16(row->first) == le16(row->last);
	unsigned own = row->protocol != PROTOCOL_NONE;

	return single << 3 | own << 2 | ((unsigned)image_row_state(row) & 3);
}

/*
 * Whether a row speaks for a transport: its own, or any for a nameless row
 * without one, or TCP and UDP for a named one with a number.
 */
static inline bool image_row_speaks_for(
    const struct image_row *row, enum protocol protocol)
{
	if (protocol == PROTOCOL_NONE || row->protocol == protocol)
		return true;
	if (row->protocol != PROTOCOL_NONE)
		return false;
	if (le32(row->text[FIELD_NAME]) == 0)
		return true;
	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP);
}

#endif
