/* SPDX-License-Identifier: ISC */
/*
 * Emitters, one a context: data gets into a page through these alone.  All
 * take bytes of any kind; what is no UTF-8, and control characters that HTML
 * does not know, come out as U+FFFD.
 */
#ifndef WEB_EMIT_H
#define WEB_EMIT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "search/search.h"

/* Text between tags. */
void html_text(struct buf *out, struct span text);

/* A value between double quotes. */
void html_attr(struct buf *out, struct span text);

/* A value in the query of a URL (letters, digits, escapes); HTML-safe too. */
void url_arg(struct buf *out, struct span text);

/*
 * A part of a URL's path; HTML-safe too.  Slashes are escaped, or are what
 * they are (url_path).
 */
void url_segment(struct buf *out, struct span text);
void url_path(struct buf *out, struct span text);

/* The places of a page that links of its texts may lead to. */
struct anchors {
	const struct span *ids; /* rising by span_cmp */
	size_t count;
	bool person_pages; /* persons lead to pages of their own */
	struct span as_of; /* the date of these, or empty */
};

/*
 * Rich text (terms/rich.h): breaks, paragraphs, and xrefs as links between
 * brackets.  Only http, https, ftp and mailto addresses become links, and of
 * persons and footnotes those that are on the page.
 */
void html_rich(
    struct buf *out, struct span rich, const struct anchors *anchors);

/*
 * Addresses parted by RICH_BR, a line each: links that show themselves, or
 * text where they may be none.
 */
void html_uris(struct buf *out, struct span uris);

/* A page of results, as a query: what is searched, sorted, shown. */
struct link {
	struct span path; /* from the root; empty: of the page it is on */
	bool official;	  /* the official parameters: skey instead of sort */
	struct span search;
	const struct search_order *order;
	size_t order_count;
	struct span filter; /* the name of a parameter, or empty */
	struct span value;  /* of it */
	struct span protocol, state, class; /* rows that are shown, or empty */
	bool upkeep;	   /* what does not matter to most, too */
	uint64_t page;	   /* 1 is left out */
	struct span as_of; /* a date, or empty */
};

/* "?search=a&amp;sort=-name&amp;page=2", behind the path if there is one. */
void html_link(struct buf *out, const struct link *link);

#endif
