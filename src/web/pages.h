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
#include "terms/event.h"
#include "terms/fields.h"
#include "terms/rich.h"
#include "web/emit.h"

/* The places that the top of each page leads to. */
enum page_place {
	PLACE_NONE, /* the page is none of them */
	PLACE_REGISTRY,
	PLACE_MAP,
	PLACE_SUGGEST,
	PLACE_CHANGES,
	PLACE_VERSIONS,
	PLACE_FORMATS,
	PLACE_API,
	PLACE_COUNT
};

struct page_nav {
	struct span label;
	struct span address; /* from the root */
	bool past;	     /* it has a past: the date asked for goes along */
};

extern const struct page_nav page_navs[PLACE_COUNT]; /* but PLACE_NONE */

/* The frame around each page. */
struct page_frame {
	struct span title;
	struct span updated; /* date of the registry; empty if there is none */
	struct span newest_row; /* stands in for it in a CSV */
	struct span as_of;	/* the date asked for; empty for today */
	struct span source;	/* what it was read from */
	uint64_t records;
	bool no_index;
	enum page_place place; /* where the page is */
	bool has_search;       /* of the registry: none in the page's top */
	struct span base;      /* the site's address, or empty */
	const struct link *canonical; /* of the page, or NULL */
};

#include "web/map_pages.h"
#include "web/suggest_page.h"

struct page_top {
	const struct page_frame *frame;
	const struct link *previous; /* pages before and behind, or NULL */
	const struct link *next;
	const struct link *feed; /* of the same, or NULL */
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

/* Where the cells of a row lead. */
struct page_row {
	struct span key;
	bool named, numbered;
	bool wordy; /* the description is a text, and has no links of its own */
	struct link record, service, port;
};

struct page_option {
	struct span value, title;
	bool chosen;
};

/* A list to choose from. */
struct page_select {
	struct span name, title;
	const struct page_option *options;
	size_t option_count;
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
	const struct page_row *links; /* of each row */
	size_t row_count;
	const struct page_select *selects; /* kinds of rows, to choose from */
	size_t select_count;
	struct span kinds;	 /* those chosen: "tcp, assigned" */
	const struct link *goes; /* where the search itself reads as, or NULL */
	struct span goes_to;	 /* "443/tcp" */
	const struct link *alike; /* names like a search in vain, or NULL */
	const struct link *person_links; /* of each person */
	const struct person_text *people;
	size_t person_count;
	bool has_org; /* somebody on this page has an organization */
	const struct page_note *footnotes; /* title: the anchor */
	size_t footnote_count;
	struct anchors anchors; /* of the people and footnotes above */
};

/*
 * A field of a record, or of a person, before and after: both texts begin with
 * head and end with tail.  All of them are plain.
 */
struct page_field {
	struct span title;
	struct span head, tail;
	struct span before, after; /* between these */
	bool had, has;		   /* whether there is a before, an after */
	bool personal;		   /* it has people, or may have */
};

/* What happened to one record, or to the entry of one person. */
struct page_change {
	struct span kinds;	 /* "renamed, transferred" */
	bool upkeep;		 /* it does not matter to most */
	struct span before;	 /* key or id, or empty */
	struct span after;	 /* the same; not both are empty */
	struct span description; /* plain */
	bool personal;		 /* which names a person */
	struct link story;	 /* all that happened to it */
	bool alone;		 /* fields have one side alone */
	struct span told;	 /* instead of fields; may be empty */
	const struct page_field *fields;
	size_t field_count;
};

/* A record in a line. */
struct page_line {
	struct span key;
	struct span state;
	struct span description; /* plain */
	struct link story;
};

/* A version, and what came with it. */
struct page_version {
	struct span name; /* DATE, DATE.2 */
	uint64_t records, people;
	struct span digest; /* in hexadecimal */
	struct span counts; /* "3 assigned, 1 renamed" */
	struct span upkeep; /* "7 editorial" */
	struct link as_of;  /* the registry as of then */
	struct link diff;   /* with the version before */
	bool first;	    /* there is none before */
	bool continued;	    /* its changes began on the page before */
	const struct page_change *changes;
	size_t change_count;
};

/* The form that asks for two versions. */
struct page_compare {
	struct span before, after;
};

/* What the kinds of changes mean. */
struct page_kinds {
	bool upkeep; /* it is told here, too */
};

struct page_changes {
	struct page_frame frame;
	struct span title;
	struct span value; /* what was asked for, or empty */
	struct link feed;
	struct link all;    /* without what was asked for */
	struct link upkeep; /* the same with upkeep, or without */
	struct link today;  /* the same without a date */
	struct link start;  /* page 1 of the same */
	bool with_upkeep;
	bool person; /* the story is of a person: all of it is upkeep */
	bool has_feed;
	bool unknown; /* nothing such is or was in the registry */
	uint64_t total, page, pages;
	const struct page_version *versions;
	size_t version_count;

	struct span first_name, last_name; /* versions */
	const struct page_line *now;	   /* what it is in the last */
	size_t now_count;
	const struct page_line *once; /* what it was in the first */
	size_t once_count;
	const struct page_step *steps;
	size_t step_count;
	const struct link *previous, *next; /* or NULL */
};

struct page_diff {
	struct page_frame frame;
	struct page_compare compare;
	struct span before, after; /* versions */
	struct link before_link, after_link;
	bool same; /* one version, not two */
	struct span counts, upkeep;
	uint64_t total, page, pages;
	const struct page_change *matter; /* what matters */
	size_t matter_count;
	const struct page_change *rest; /* what is upkeep */
	size_t rest_count;
	const struct page_change *people;
	size_t person_count;
	struct link start;
	const struct page_step *steps;
	size_t step_count;
	const struct link *previous, *next;
};

struct page_versions {
	struct page_frame frame;
	struct page_compare compare;
	struct link feed;
	struct link today, start;
	uint64_t total, page, pages;
	const struct page_version *versions;
	size_t version_count;
	const struct page_step *steps;
	size_t step_count;
	const struct link *previous, *next;
};

/* The description of the API: all but its frame is made at build. */
struct page_api {
	struct page_frame frame;
};

/* Anything from 400 on, in plain words. */
struct page_refusal {
	struct page_frame frame;
	uint64_t status;
	struct span title;
	struct span detail;
	const struct page_word *meant; /* what the address reads as, or NULL */
};

void page_top(struct buf *out, const struct page_top *p);
void page_bottom(struct buf *out, const struct page_bottom *p);
void page_registry(struct buf *out, const struct page_registry *p);
void page_api(struct buf *out, const struct page_api *p);
void page_refusal(struct buf *out, const struct page_refusal *p);
void page_change(struct buf *out, const struct page_change *p);
void page_compare(struct buf *out, const struct page_compare *p);
void page_changes(struct buf *out, const struct page_changes *p);
void page_diff(struct buf *out, const struct page_diff *p);
void page_versions(struct buf *out, const struct page_versions *p);
void page_steps(struct buf *out, const struct page_steps *p);
void page_kinds(struct buf *out, const struct page_kinds *p);

#include "web/things.h"

/* Files put in as they are, each with a version for its address. */
extern const struct span asset_style;
extern const struct span asset_style_version;
extern const struct span asset_script;
extern const struct span asset_script_version;
extern const struct span asset_openapi;
extern const struct span asset_openapi_version;
extern const struct span asset_icon;
extern const struct span asset_icon_version;

#endif
