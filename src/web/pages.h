/* SPDX-License-Identifier: ISC */
/*
 * What each page shows.  templates/NAME.html becomes page_NAME, which appends
 * the page to out.  All spans are borrowed for the time of the call.
 */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "search/search.h"
#include "terms/fields.h"
#include "terms/rich.h"
#include "web/emit.h"

/* The frame around each page. */
struct page_frame {
	struct span title;
	struct span updated; /* date of the registry; empty if there is none */
	struct span newest_row; /* stands in for it in a CSV */
	struct span as_of;	/* the date asked for; empty for today */
	struct span source;	/* what it was read from */
	uint64_t records;
	bool no_index;
};

struct page_top {
	const struct page_frame *frame;
	const struct link *previous; /* pages before and behind, or NULL */
	const struct link *next;
};

struct page_bottom {
	const struct page_frame *frame;
};

/* A text of the registry's head, with its title or without. */
struct page_note {
	struct span title;
	struct span text; /* rich */
};

/* The text within a <pre>, which ends the line of the tag itself. */
static inline struct span pre_text(struct span text)
{
	return span_skip(text, span_starts(text, SPAN("\n")) ? 1 : 0);
}

struct page_format {
	struct span label;
	struct span address; /* from the root */
	uint64_t bytes;
};

struct page_heading {
	struct span title;
	struct link link; /* where a click leads */
	struct span aria; /* ascending, descending or none */
	struct span mark; /* an arrow, or nothing */
	struct span says; /* what a click does */
};

struct page_step {
	uint64_t number; /* 0 for a gap */
	bool current;
	struct link link;
};

/* Where the pages of a result are; shown above and below its table. */
struct page_steps {
	struct span label;
	const struct page_step *steps;
	size_t count;
	const struct link *previous; /* or NULL */
	const struct link *next;
};

struct page_registry {
	struct page_frame frame;
	struct span title;
	struct span reference; /* xrefs */
	struct span expert;
	const struct page_note *notes;
	size_t note_count;
	const struct page_format *formats;
	size_t format_count;

	bool official;	    /* the official address: its parameters, its cuts */
	struct span action; /* where the form leads */
	struct span search;
	const struct search_order *order;
	size_t order_count;
	uint64_t total, page, pages;
	uint64_t first, last;		    /* rows on this page, from 1 */
	struct link all;		    /* without a search */
	struct link today;		    /* the same of the newest version */
	struct link start;		    /* page 1 of the same */
	const struct link *previous, *next; /* or NULL */

	struct page_heading headings[COLUMN_COUNT];
	const struct page_step *steps;
	size_t step_count;
	const struct record_text *rows;
	size_t row_count;
	const struct person_text *people;
	size_t person_count;
	bool has_org; /* somebody on this page has an organization */
	const struct page_note *footnotes; /* title: the anchor */
	size_t footnote_count;
	struct anchors anchors; /* of the people and footnotes above */
};

/* Anything from 400 on, in plain words. */
struct page_refusal {
	struct page_frame frame;
	uint64_t status;
	struct span title;
	struct span detail;
};

void page_top(struct buf *out, const struct page_top *p);
void page_bottom(struct buf *out, const struct page_bottom *p);
void page_registry(struct buf *out, const struct page_registry *p);
void page_refusal(struct buf *out, const struct page_refusal *p);
void page_steps(struct buf *out, const struct page_steps *p);

/* Files put in as they are, each with a version for its address. */
extern const struct span asset_style;
extern const struct span asset_style_version;

#endif
