/* SPDX-License-Identifier: ISC */
/*
 * The registry's XML (https://www.iana.org/assignments/service-names-port-
 * numbers), read as a stream.  Inside src/read only.
 *
 *	xml.c		the parser, its errors, elements and where they stand
 *	xml_fault.c	what is wrong where it is no XML
 *	xml_text.c	text, rich text and xrefs
 *	xml_record.c	records
 *	xml_header.c	what stands before and behind them, and the people
 *	xml_half.c	reading from the middle at the same time
 */
#ifndef READ_XML_H
#define READ_XML_H

#include <expat.h>

#include "core/registry.h"
#include "diag/diag.h"
#include "read/how.h"
#include "read/limits.h"
#include "read/window.h"

#define XML_NAMESPACE "http://www.iana.org/assignments"

/* Elements by what they mean where they stand. */
enum element {
	ELEMENT_SKIPPED, /* of no meaning here, nor what is in it */
	ELEMENT_REGISTRY,
	ELEMENT_TITLE,
	ELEMENT_CATEGORY,
	ELEMENT_EDITION, /* the registry's <updated> */
	ELEMENT_EXPERT,
	ELEMENT_HEADER_NOTE,
	ELEMENT_HEADER_XREF,
	ELEMENT_FOOTNOTE,
	ELEMENT_PEOPLE,
	ELEMENT_PERSON,
	ELEMENT_PERSON_NAME,
	ELEMENT_PERSON_ORG,
	ELEMENT_PERSON_URI,
	ELEMENT_PERSON_UPDATED,
	ELEMENT_RECORD,
	ELEMENT_NAME,
	ELEMENT_PROTOCOL,
	ELEMENT_DESCRIPTION,
	ELEMENT_NUMBER,
	ELEMENT_NOTE,
	ELEMENT_UNAUTHORIZED,
	ELEMENT_SERVICE_CODE,
	ELEMENT_ASSIGNEE,
	ELEMENT_ASSIGNEE_XREF,
	ELEMENT_XREF,
	ELEMENT_BR, /* this and the rest within rich text */
	ELEMENT_PARAGRAPH,
	ELEMENT_ARTWORK,
	ELEMENT_TEXT_XREF,
};

/*
 * A text where it came, in the window, if it stands there as it is meant and
 * in one piece, as most do; else in struct xml's text.  Void when the record
 * or person ends.
 */
struct xml_kept {
	uint64_t off;
	size_t len;
	bool in_window;
};

#define XML_KEPT FIELD_COUNT

struct xml_place {
	uint64_t off;
	uint64_t line;
	uint64_t line_start; /* offset */
};

/* Elements with children have numbers below this, and few kinds of them. */
#define XML_PARENTS (ELEMENT_ASSIGNEE + 1)
#define XML_NAMES 32

struct xml {
	XML_Parser parser;
	struct window *window; /* borrowed */
	struct registry *registry;
	struct diag *diag;
	struct portbook_error *err;
	const char *name; /* of the source */
	int code;	  /* the first failure */
	bool is_half;	  /* of a source that another reads from the start */
	struct xml_half
	    *half;	  /* borrowed, or NULL: who reads from the middle */
	uint64_t half_at; /* offset where that begins; 0: not to be met */

	uint8_t names[XML_PARENTS][XML_NAMES]; /* hash table of elements */
	enum element stack[LIMIT_DEPTH];       /* the elements around */
	unsigned depth;
	uint64_t piece; /* offset of the piece being read: the oldest needed */
	uint64_t line;	/* of the beginning of that piece */
	struct xml_place told; /* of the last finding */

	struct buf *into;     /* where text goes, or NULL */
	size_t into_from;     /* where it begins there, if that is text */
	struct xml_kept one;  /* all of it so far, if one piece of the window */
	unsigned into_depth;  /* of the element whose text that is */
	bool rich;	      /* with markup */
	bool in_xref;	      /* within one in rich text */
	struct buf text;      /* of the element, and of those kept before */
	struct buf form;      /* of the record or person being read */
	struct buf contact;   /* of the record */
	struct buf reference; /* the same */
	struct buf assignee;  /* the same */
	struct buf references; /* of the registry: all of them */
	struct buf uris;       /* of the person */
	struct buf head;       /* of the registry, with its mark */
	struct record record;
	struct record last; /* the record before */
	struct person person;
	struct xml_kept kept[XML_KEPT]; /* by field of the record or person */
	uint64_t assignee_start;	/* offset behind its tag */
	uint32_t seen; /* single children that the parent has had */
	uint32_t header_seen;
	uint64_t edition_from; /* offset behind the tag of <updated> */
	uint64_t edition_to;   /* and of its end tag; both 0 if not usable */
	uint32_t title;	       /* of the note or footnote being read */
};

/* Reads all of the source; ret is initialised, the caller's to release. */
int xml_read(struct window *window, const struct read_how *how,
    struct registry *ret, struct diag *diag, struct portbook_error *err);

/* The parser, false when out of memory; and all that x owns freed. */
bool xml_set_up(struct xml *x);
void xml_release(struct xml *x);

/* Room for what the official registry holds in so many bytes. */
int xml_reserve(struct xml *x, size_t len);

/* Offsets of the tag at hand: its first byte, and behind its last. */
static inline uint64_t xml_from(const struct xml *x)
{
	return (uint64_t)XML_GetCurrentByteIndex(x->parser);
}

static inline uint64_t xml_to(const struct xml *x)
{
	return (uint64_t)XML_GetCurrentByteIndex(x->parser) +
	       (uint64_t)XML_GetCurrentByteCount(x->parser);
}

/* Line of the tag at hand.  Cheaper than expat's own, which counts all. */
static inline uint64_t xml_line(const struct xml *x)
{
	return x->line + window_lines(x->window, x->piece, xml_from(x));
}

/* The piece begins at an offset behind the old one. */
void xml_piece_begin(struct xml *x, uint64_t off);

/* Ends parsing with code, whose words are in x->err. */
void xml_stop(struct xml *x, int code);
void xml_stop_nomem(struct xml *x);

/* Tells what expat refuses where it stopped: the code, with x->err filled. */
int xml_fault(struct xml *x);

/* A finding at the tag at hand; its message is the rule's, or another. */
void xml_finding(struct xml *x, enum finding_code code, struct span what);
void xml_tell(struct xml *x, enum finding_code code, struct span message);

/* The value of an attribute, or the empty text. */
struct span xml_attribute(const char **attributes, const char *name);

/* The number of text in the registry; 0 after a failure. */
uint32_t xml_intern(struct xml *x, struct span text);

/* The same for many, where text i is likely to be that of number last[i]. */
void xml_intern_many(struct xml *x, const struct span *texts, size_t count,
    const uint32_t *last, uint32_t *ret);

/* Keeps text, all or part of that at hand, until the piece ends. */
void xml_keep(struct xml *x, unsigned field, struct span text);

static inline struct span xml_kept(
    const struct xml *x, const struct xml_kept *kept)
{
	if (kept->in_window)
		return window_span(x->window, kept->off, kept->off + kept->len);
	return span_head(
	    span_skip(buf_span(&x->text), (size_t)kept->off), kept->len);
}

/* Remembers in *seen that element came; false, with a finding, if it had. */
bool xml_once(struct xml *x, uint32_t *seen, enum element element);

/* From here to the end of the element at hand, text goes to into. */
void xml_text_begin(struct xml *x, struct buf *into, bool rich);
void xml_text_end(struct xml *x);

/* An element within such text: what it is, and its end. */
enum element xml_text_element(
    struct xml *x, const char *name, const char **attributes);
void xml_text_element_end(struct xml *x, enum element element);

/* Appends the beginning of an xref, up to its body, and its end. */
void xml_xref_begin(struct xml *x, struct buf *into, const char **attributes);
void xml_xref_end(struct xml *x, struct buf *into);

/* The text of the element at hand: as it came, and without space around. */
static inline struct span xml_whole(const struct xml *x)
{
	if (x->one.in_window)
		return xml_kept(x, &x->one);
	return span_skip(buf_span(&x->text), x->into_from);
}

static inline struct span xml_plain(const struct xml *x)
{
	return span_trim(xml_whole(x));
}

void xml_record_begin(struct xml *x, const char **attributes);
void xml_record_child(
    struct xml *x, enum element element, const char **attributes);
void xml_record_child_end(struct xml *x, enum element element);
void xml_record_end(struct xml *x);

void xml_header_begin(
    struct xml *x, enum element element, const char **attributes);
void xml_header_end(struct xml *x, enum element element);
void xml_person_begin(struct xml *x, const char **attributes);
void xml_person_child(struct xml *x, enum element element);
void xml_person_child_end(struct xml *x, enum element element);
void xml_person_end(struct xml *x);

/* The head before the first record; the middle before the first person. */
void xml_head_end(struct xml *x, uint64_t to);
void xml_middle_end(struct xml *x, uint64_t to);

#endif
