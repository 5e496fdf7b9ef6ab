/* SPDX-License-Identifier: ISC */
/*
 * The names of every port, transport by transport, as lists of names of ports
 * have them: one name first, which is what the port is called, then the other
 * registered ones.
 */
#ifndef WRITE_PORTNAMES_H
#define WRITE_PORTNAMES_H

#include "terms/port.h"
#include "write/feed.h"

/* Longer names, and those that are not plain, are left out. */
#define PORTNAMES_NAME_MAX 127

struct portnames {
	struct feed feed;		 /* owned */
	uint32_t *first[PROTOCOL_COUNT]; /* owned: by port, and one more */
	uint32_t *entries;		 /* owned: places in feed.ports */
	size_t left_out;		 /* names that were, by transport */
};

/* Of one port: places in feed.ports, the name to call it by first. */
struct portnames_list {
	const uint32_t *at;
	size_t count;
};

/*
 * Gathers the version's names.  A range of more than range_max ports stands at
 * its first port alone.  The first name is of a single port before one of a
 * range, with a protocol before one without, preferred before others, of no
 * alias, and then first in the file.  PORTBOOK_ENOMEM, and PORTBOOK_ELIMIT
 * where ranges overlap beyond measure.  Release it in any case.
 */
int portnames_init(const struct write_job *job, uint32_t range_max,
    struct portnames *ret, struct portbook_error *err);
void portnames_release(struct portnames *p);

static inline struct portnames_list portnames_at(
    const struct portnames *p, uint32_t port, size_t protocol)
{
	uint32_t first = p->first[protocol][port];

	return (struct portnames_list){
	    p->entries + first, p->first[protocol][port + 1] - first};
}

/* The first name; NULL where the port has none. */
static inline const struct feed_port *portnames_first(
    const struct portnames *p, uint32_t port, size_t protocol)
{
	struct portnames_list list = portnames_at(p, port, protocol);

	return list.count > 0 ? &p->feed.ports[list.at[0]] : NULL;
}

/*
 * Whether one of the names is that of a row, at its number: a row of the newest
 * version, of which the version that is written may have a state of its own.
 */
bool portnames_have(const struct portnames *p, struct portnames_list list,
    const struct image *image, const struct image_row *row);

/* Printable ASCII without "#", and not too long. */
bool portnames_is_plain(struct span name);

/*
 * Appends "\t# " and the description of a row, white space squeezed, in at
 * most room bytes; the number of a range before it if that is asked for.
 * Nothing if there is nothing to say, or no room.
 */
void portnames_comment(const struct image *image, const struct feed_port *port,
    bool range, size_t room, struct buf *b);

/* Appends a line on what was left out, if anything was. */
void portnames_tell_left_out(const struct portnames *p, struct buf *b);

#endif
