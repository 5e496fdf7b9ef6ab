/* SPDX-License-Identifier: ISC */
/*
 * Pictures of the registry, as SVG that stands in a page: the map of the port
 * space, and bars by year.  They have no style of their own but a colour for
 * where there is no stylesheet; classes do the rest.
 */
#ifndef WEB_MAP_H
#define WEB_MAP_H

#include "search/space.h"
#include "web/emit.h"

/* What a port looks like: its state, and dynamic ports that none lists. */
enum map_look {
	MAP_ASSIGNED,
	MAP_RESERVED,
	MAP_UNASSIGNED,
	MAP_NOT_LISTED,
	MAP_DYNAMIC,
	MAP_LOOK_COUNT
};

enum map_look map_look(enum state state, uint16_t port);

/* "Assigned" and so on, for people. */
struct span map_look_name(enum map_look look);

/* "assigned", "not listed" and so on, within a sentence. */
struct span map_look_word(enum map_look look);

/* "assigned", "unlisted" and so on: the class of HTML. */
struct span map_look_class(enum map_look look);

struct map_block {
	struct port_range range;
	struct space_count count;
	struct link link;
};

/*
 * The map: 16 rows of 16 blocks, each of them 16 rows of 16 ports.  space is
 * borrowed.
 */
struct map {
	const struct space *space;
	struct map_block blocks[SPACE_BLOCK_COUNT];
};

/*
 * Appends the picture.  label_id is the element of the page that names it.
 * Each block is a link that says what is in it.
 */
void map_draw(struct buf *out, const struct map *map, const char *label_id);

/* A square of that look.  Wants the patterns of a map or of map_patterns. */
void map_swatch(struct buf *out, enum map_look look);

/* The patterns alone, for a page without map. */
void map_patterns(struct buf *out);

struct plot_bar {
	uint64_t year;
	uint64_t count;
};

/* Bars in the order of their years. */
struct plot {
	const struct plot_bar *bars;
	size_t count;
};

/* Appends the picture; without bars nothing.  label_id as above. */
void plot_draw(struct buf *out, const struct plot *plot, const char *label_id);

#endif
