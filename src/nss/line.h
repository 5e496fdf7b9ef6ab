/* SPDX-License-Identifier: ISC */
/*
 * The lines of services(5) that an image stands for: of each port and
 * transport with a name one line, in the order of ports and then transports,
 *
 *	name port/transport alias...
 *
 * just as `portbook convert --to services` writes them, so that whoever goes
 * from that file to the image is told the same.  But letter case in a name
 * that is asked for does not matter (RFC 6335 section 5.1).
 *
 * Nothing is allocated.  Whatever a damaged image holds, the work is bounded.
 */
#ifndef NSS_LINE_H
#define NSS_LINE_H

#include "image/image.h"
#include "image/row.h"

#define LINE_ALIASES_MAX 64
#define LINE_EVERYDAY_BITS 4096U

/* An image, and what is known of it beforehand. */
struct view {
	struct image image;
	bool official; /* the registry, not a user's services(5) file */
	/* A bit for row n at n modulo their number: everyday names lead there,
	   or to another row with that bit. */
	uint64_t everyday[LINE_EVERYDAY_BITS / 64];
};

struct line {
	uint16_t port;
	enum protocol protocol;
	struct span name; /* borrowed from the image, as are the aliases */
	struct span aliases[LINE_ALIASES_MAX];
	size_t alias_count;
};

/* Fills in what ret->image, which is open, tells of the rest. */
void view_init(struct view *ret);

/*
 * The line of a port and transport (PROTOCOL_NONE: the first transport that
 * has one); false, with *ret undefined, if there is none.
 */
bool line_by_port(const struct view *view, uint16_t port,
    enum protocol protocol, struct line *ret);

/*
 * The line that a name leads to: the first one that begins with it, or else
 * the first that has it as an alias.
 */
bool line_by_name(const struct view *view, struct span name,
    enum protocol protocol, struct line *ret);

/* Places of lines: the port times PROTOCOL_COUNT, and the transport. */
#define LINE_PLACES (PORT_COUNT * PROTOCOL_COUNT)

/* The first line at or behind a place; false if no more come. */
bool line_from(const struct view *view, uint32_t place, struct line *ret);

static inline uint32_t line_place(const struct line *line)
{
	return line->port * PROTOCOL_COUNT + (uint32_t)line->protocol;
}

#endif
