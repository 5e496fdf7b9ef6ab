/* SPDX-License-Identifier: ISC */
/*
 * The parts of the XHTML page, for the files that write it and no others.
 * Its layout is that of libxml2's serialiser in XHTML mode: two blanks a
 * level, and nothing added within an element that has a text child, nor
 * further down; ASCII alone, other characters as decimal references.
 */
#ifndef WRITE_XHTML_H
#define WRITE_XHTML_H

#include "base/buf.h"
#include "terms/rich.h"
#include "write/format.h"

/* What changed in the official page over the years, a bit each. */
enum xhtml_feature {
	XHTML_NOTE_TITLES = 1,	/* a note has a title of its own */
	XHTML_UNAUTHORIZED = 2, /* "Unauthorized Use Reported" */
	XHTML_HTTPS = 4,	/* addresses at IANA are https */
	XHTML_CONTACTS = 8,	/* "Contact Information", before: "People" */
	XHTML_FRAME = 16,	/* a head and a foot around the page */
	XHTML_NAVIGATION = 32,	/* four links in the head */
	XHTML_PARTS = 64,	/* sections of RFCs in labels and links */
};

/* A place that links lead to: a person's row or a footnote. */
struct xhtml_anchor {
	struct span id; /* of the person, or what the footnote is called */
	bool note;	/* a footnote's */
	size_t place;	/* among the people, or the footnotes */
};

/* The id of the page's own. */
#define XHTML_TABLE_ID "table-service-names-port-numbers"

struct xhtml {
	const struct write_job *job;
	const struct image *image;
	struct buf *out;   /* borrowed */
	unsigned features; /* enum xhtml_feature */
	unsigned level;	   /* of what stands in the page's body */

	const uint32_t *people; /* that are listed, in file order */
	size_t person_count;
	bool has_org; /* one of them has an organization */

	struct xhtml_anchor *anchors; /* owned; rising, each once */
	size_t anchor_count;
	uint32_t *own_people; /* owned: people, where the job names none */
};

static inline bool xhtml_has(const struct xhtml *x, enum xhtml_feature feature)
{
	return (x->features & feature) != 0;
}

/* Finds the people and the places of the page; PORTBOOK_ENOMEM. */
int xhtml_begin(struct xhtml *x, struct portbook_error *err);
void xhtml_release(struct xhtml *x);

/*
 * Whether the page has a place of that id.  Where two would have the same one
 * the later has none: no id stands twice in a page.
 */
bool xhtml_has_note(const struct xhtml *x, struct span id);
bool xhtml_has_person(const struct xhtml *x, struct span id);

/*
 * Whether the id leads to the person, or the footnote, of that place, which
 * may share it with others.
 */
bool xhtml_is_at(
    const struct xhtml *x, bool note, size_t place, struct span id);

/* Appends the id of a person's place: an XML name, whatever the person's. */
void xhtml_person_id(struct xhtml *x, struct span id);

/* Whether a footnote is listed: on a page of a search where a row names it. */
bool xhtml_lists_note(const struct xhtml *x, struct span id);

/*
 * Emitters, one a context: data gets into the page through these alone.  What
 * is no UTF-8 or no character for a page comes out as U+FFFD.
 */

/* A new line and the blanks of a level. */
void xhtml_line(struct xhtml *x, unsigned level);

/* Text between tags. */
void xhtml_text(struct xhtml *x, struct span text);

/* A value between double quotes. */
void xhtml_attr(struct xhtml *x, struct span text);

/* A value in the query of an address: form encoding. */
void xhtml_query(struct xhtml *x, struct span text);

/* Rich text without its marks, xrefs as [label]. */
void xhtml_flat(struct xhtml *x, struct span rich);

/*
 * Rich text as all that an element at level holds, and in case of need the
 * line that its end tag stands on: br, p, and xrefs as links in brackets.
 * Only http, https, ftp, mailto and tel lead outside.
 */
void xhtml_rich(struct xhtml *x, struct span rich, unsigned level);

/* The same within pre, which may have no paragraphs. */
void xhtml_pre(struct xhtml *x, struct span rich);

/* Addresses parted by RICH_BR as all that an element at level holds. */
void xhtml_uris(struct xhtml *x, struct span uris, unsigned level);

/* <tag class="class">text</tag> on a line at level; class may be NULL. */
void xhtml_element(struct xhtml *x, unsigned level, const char *tag,
    const char *class, struct span text);

/* The tables, headings too; nothing where there is nothing to list. */
int xhtml_records(struct xhtml *x, struct portbook_error *err);
int xhtml_people(struct xhtml *x, struct portbook_error *err);
void xhtml_footnotes(struct xhtml *x);

/* "1 2 3 ... 9", where there is more than one page. */
void xhtml_steps(struct xhtml *x);

#endif
