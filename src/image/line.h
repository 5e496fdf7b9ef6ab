/* SPDX-License-Identifier: ISC */
/*
 * The lines of services(5) that an image stands for: of each port and
 * transport with a name one line, in the order of ports and then transports,
 *
 *	name port/transport alias...
 *
 * with at most IMAGE_LINE_ALIASES_MAX aliases,
 * just as `portbook convert --to services` writes them, so that whoever goes
 * from that file to the image is told the same.  But letter case in a name
 * that is asked for does not matter (RFC 6335 section 5.1).
 *
 * Nothing is allocated.  Whatever a damaged image holds, nothing is read
 * outside of it, and the work is bounded.
 */
#ifndef IMAGE_LINE_H
#define IMAGE_LINE_H

#include "image/image.h"

struct image_line {
	uint16_t port;
	enum protocol protocol;
	/*
	 * Name and aliases, each ended by NUL, in so many bytes; there is at
	 * least the one behind the name.  Borrowed from the image.
	 */
	const char *words;
	size_t len;
	size_t name_len;
	size_t alias_count; /* a damaged image may have fewer words */
};

/* False: an image of minor version 2, or one without indexes. */
static inline bool image_has_lines(const struct image *image)
{
	return image->line_blocks != NULL;
}

/*
 * The line of a port and transport (PROTOCOL_NONE: the first transport that
 * has one); false, with *ret undefined, if there is none.
 */
bool image_line_by_port(const struct image *image, uint16_t port,
    enum protocol protocol, struct image_line *ret);

/* The line that a name leads to: the first one that has it. */
bool image_line_by_name(const struct image *image, struct span name,
    enum protocol protocol, struct image_line *ret);

/* The first line at or behind a place (image/layout.h); false behind all. */
bool image_line_from(
    const struct image *image, uint32_t place, struct image_line *ret);

static inline uint32_t image_line_place(const struct image_line *line)
{
	return (uint32_t)line->port * PROTOCOL_COUNT + (uint32_t)line->protocol;
}

#endif
