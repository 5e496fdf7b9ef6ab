/* SPDX-License-Identifier: ISC */
/*
 * Text with markup, as the registry's elements hold it, in one span:
 *
 *	text		UTF-8, unescaped, the source's white space kept
 *	\x01		<br/>
 *	\x02 ... \x03	<paragraph>
 *	\x0e ... \x0f	<artwork>
 *	\x04 T DATA [\x05 NAME=VALUE]... \x06 BODY \x07
 *			<xref type="..." data="DATA" NAME="VALUE">BODY</xref>
 *
 * T is one letter a type, below.  These control characters cannot stand in
 * XML, and readers refuse them in CSV, so they never mean themselves.
 */
#ifndef TERMS_RICH_H
#define TERMS_RICH_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

#define RICH_BR '\x01'
#define RICH_PARAGRAPH '\x02'
#define RICH_PARAGRAPH_END '\x03'
#define RICH_XREF '\x04'
#define RICH_ATTRIBUTE '\x05'
#define RICH_BODY '\x06'
#define RICH_XREF_END '\x07'
#define RICH_ARTWORK '\x0e'
#define RICH_ARTWORK_END '\x0f'

/* The types of xref, by their letter in the text. */
enum xref_type {
	XREF_PERSON = 'p',
	XREF_RFC = 'r',
	XREF_DRAFT = 'd',
	XREF_URI = 'u',
	XREF_NOTE = 'n',
	XREF_TEXT = 't',
	XREF_RFC_ERRATA = 'e',
	XREF_REGISTRY = 'g',
	XREF_UNICODE = 'c',
	XREF_OTHER = '?', /* a type of no meaning here */
};

/* A cross reference; all spans borrowed from the text. */
struct xref {
	enum xref_type type;
	struct span data;
	struct span attributes; /* with the \x05 of each, or empty */
	struct span body;
};

enum rich_kind {
	RICH_IS_TEXT,
	RICH_IS_BR,
	RICH_IS_PARAGRAPH,
	RICH_IS_PARAGRAPH_END,
	RICH_IS_ARTWORK,
	RICH_IS_ARTWORK_END,
	RICH_IS_XREF,
};

struct rich_token {
	enum rich_kind kind;
	struct span text; /* of RICH_IS_TEXT */
	struct xref xref; /* of RICH_IS_XREF */
};

/*
 * Takes one token off the front of *rest; false at the end.  Text that breaks
 * the grammar (a damaged image) still ends and never reads outside.
 */
bool rich_next(struct span *rest, struct rich_token *ret);

/* The name of a type in the XML, "rfc" and so on, and back. */
struct span xref_type_name(enum xref_type type);
enum xref_type xref_type_parse(struct span name);

/* Attribute called name ("section") of x; false if it has none. */
bool xref_attribute(const struct xref *x, struct span name, struct span *ret);

/* Takes the next attribute off *rest (of x->attributes). */
bool xref_next_attribute(
    struct span *rest, struct span *name, struct span *value);

/* What stands between the brackets in the official columns. */
void xref_label(struct buf *b, const struct xref *x);

/*
 * Where it leads: "https://www.iana.org/go/rfc6335#section-5.1", the data of
 * a uri, "#id" for a person and "#noteN" for a note; nothing for a text.
 */
void xref_url(struct buf *b, const struct xref *x);

/* Appends one xref in the coding above. */
void xref_put(struct buf *b, const struct xref *x);

/*
 * How the official columns have made text of markup, by the files published:
 *
 *		br		paragraph	white space around a newline
 *	A	nothing		nothing		kept
 *	B	a newline	nothing		kept
 *	C	a newline	nothing		one blank
 *	D	nothing		eight blanks	one blank
 */
enum rich_era { RICH_ERA_A, RICH_ERA_B, RICH_ERA_C, RICH_ERA_D };

/*
 * The text of an official column: xrefs as [label], the rest as the era has
 * it; both ends trimmed.
 */
void rich_column_of(struct buf *b, struct span rich, enum rich_era era);

/* The same in the last era, which is today's. */
void rich_column(struct buf *b, struct span rich);

/*
 * The text for people and JSON: br is a newline, paragraphs are parted by an
 * empty line, the indentation of the file is dropped, xrefs as [label].
 */
void rich_plain(struct buf *b, struct span rich);

#endif
