/* SPDX-License-Identifier: ISC */
/*
 * What the formats for other programs' tables share: the comment at their
 * head, and the named ports of a version, an entry for each transport.
 */
#ifndef WRITE_FEED_H
#define WRITE_FEED_H

#include "write/format.h"

/* Longer names are left out: no lookup finds them either. */
#define FEED_NAME_MAX IMAGE_NAME_MAX

/* A named assignment of a port or a range, for one transport. */
struct feed_port {
	struct span name; /* trimmed, without NUL; borrowed from the image */
	uint32_t row;
	uint32_t place; /* in the version's file, from 0 */
	uint16_t first;
	uint16_t last;
	uint8_t protocol; /* below PROTOCOL_COUNT */
	bool generic;	  /* the row names no protocol */
	bool alias;	  /* of another name, by its note */
	bool preferred;
};

struct feed {
	struct feed_port *ports; /* owned */
	size_t count, cap;
};

/*
 * Fills *ret with every assigned row of the version that has a name and a
 * number; one without protocol makes an entry for tcp and one for udp.  They
 * stand in the order of the file.  PORTBOOK_ENOMEM.  Release it in any case.
 */
int feed_gather(
    const struct write_job *job, struct feed *ret, struct portbook_error *err);
void feed_release(struct feed *feed);

/* The name of a row as it stands in struct feed_port; empty if it has none. */
struct span feed_name(const struct image *image, const struct image_row *row);

/* Order of names by bytes, ASCII letters without regard to case. */
int feed_name_cmp(struct span a, struct span b);

/*
 * Appends lines, each begun with lead: what the file is, the registry's date,
 * source and licence, and with SOURCE_DATE_EPOCH when it was made.  None of
 * the text can end a comment, whatever the registry holds.
 */
void feed_header(const struct write_job *job, struct buf *b, const char *lead,
    const char *what);

/*
 * Appends text for a comment of one line, with an underscore for whatever is
 * not printable ASCII, is a quote, backslash or question mark, or would begin
 * or end a comment in C.
 */
void feed_comment(struct buf *b, struct span text);

#endif
