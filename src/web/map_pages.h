/* SPDX-License-Identifier: ISC */
/*
 * What the pages of the map show.  A part of web/pages.h, which is to be
 * included instead.
 */
#ifndef WEB_MAP_PAGES_H
#define WEB_MAP_PAGES_H

#include "web/map.h"

/* A transport that the map can show. */
struct page_transport {
	struct span label;
	struct link link;
	bool current;
};

#define MAP_TRANSPORTS (PROTOCOL_COUNT + 1)

/* Ports of a look, by class. */
struct page_look {
	enum map_look look;
	uint64_t of[PORT_DYNAMIC + 1];
	uint64_t all;
};

/* Years, as a picture and as a table. */
struct page_years {
	struct span what; /* the word for what is counted, in a heading */
	const char *id;	  /* of the caption */
	struct plot plot;
};

struct page_map {
	struct page_frame frame;
	struct span what; /* "TCP" */
	struct page_transport transports[MAP_TRANSPORTS];
	struct link today, json;
	struct page_look looks[MAP_LOOK_COUNT];
	const struct map *map;

	struct page_years registered;
	uint64_t dated, undated;
	uint64_t earlier;	/* registered before the first year shown */
	struct page_years kept; /* records at the end of each year */
};

#define MAP_COLUMNS 8U /* ports a row, in the table of a block */

/* A port in the table of its block. */
struct page_port {
	uint32_t port;
	enum map_look look;
	struct span name;	/* plain; empty unless it is assigned */
	uint64_t more;		/* further rows */
	struct span transports; /* "tcp, udp", where all are asked for */
	struct link link;
};

struct page_block {
	struct page_frame frame;
	struct span what;
	struct page_transport transports[MAP_TRANSPORTS];
	struct link today, map, json;
	const struct link *previous, *next; /* or NULL */
	struct port_range range;
	enum port_class class;
	uint64_t looks[MAP_LOOK_COUNT];
	struct page_port ports[SPACE_BLOCK];
};

void page_map(struct buf *out, const struct page_map *p);
void page_years(struct buf *out, const struct page_years *p);
void page_block(struct buf *out, const struct page_block *p);

#endif
