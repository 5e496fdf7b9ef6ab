/* SPDX-License-Identifier: ISC */
/* What a request for a page of the map asks. */
#ifndef WEB_MAP_ASK_H
#define WEB_MAP_ASK_H

#include "base/arena.h"
#include "web/ask.h"
#include "web/pages.h"

struct map_ask {
	struct as_of as_of;
	enum protocol protocol; /* PROTOCOL_NONE: all together */
};

/*
 * Reads protocol (tcp, udp, sctp, dccp or any; tcp without it) and as-of.
 * PORTBOOK_EUSAGE and PORTBOOK_ENOVERSION as ask_parse.
 */
int map_ask_parse(const struct http_target *target, const struct image *image,
    struct map_ask *ret, struct portbook_error *err);

/* "tcp" and so on, "any": as the parameter has it. */
struct span map_ask_word(enum protocol protocol);

/* "TCP" and so on; "any transport". */
struct span map_ask_name(enum protocol protocol);

/* A link to path, a page of the map, that asks the same. */
struct link map_ask_link(const struct map_ask *ask, struct span path);

/* All transports, of the page at path. */
void map_ask_transports(const struct map_ask *ask, struct span path,
    struct page_transport ret[MAP_TRANSPORTS]);

/* prefix and a number; no pointer without memory. */
struct span map_path(struct arena *arena, const char *prefix, uint32_t number);

#endif
