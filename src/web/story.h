/* SPDX-License-Identifier: ISC */
/* Whose story a request for changes, or for a feed of them, asks for. */
#ifndef WEB_STORY_H
#define WEB_STORY_H

#include "http/http.h"
#include "search/history.h"

/* It points into itself and must not be copied. */
struct filter {
	struct span name;  /* of the parameter; empty: of all that happened */
	struct span value; /* borrowed from the request */
	struct story story;
	struct search_query words; /* of STORY_SEARCH */
};

/*
 * Reads one of
 *
 *	port=443/tcp  port=8000-8010	name=https  name=https/udp
 *	record=443/tcp/https		person=IESG
 *	search=WORDS			q= any of these but the words, or words
 *
 * An empty one counts as none.  PORTBOOK_EUSAGE with plain words for more
 * than one, or for what is not of its kind.
 */
int filter_parse(const struct http_target *target, const struct image *image,
    struct filter *ret, struct portbook_error *err);

/* A whole request for events. */
struct history_ask filter_ask(const struct filter *filter, uint32_t upto);

/* Appends what such changes are called: "Changes of port 443". */
void filter_title(struct buf *b, const struct filter *filter);

#endif
