/* SPDX-License-Identifier: ISC */
/*
 * The parts of a record and of a person, as the official XML has them, and
 * the columns that the official pages and files make of a record.
 */
#ifndef TERMS_FIELDS_H
#define TERMS_FIELDS_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Fields of a record.  All but the form and the dates are rich text (rich.h);
 * assignee, contact and reference are nothing but xrefs, contact those of
 * persons and reference all others that stand directly in the record.
 *
 * The form is the order of the record's children, a letter each:
 *	n name  p protocol  d description  m number  t note  u unauthorized
 *	s sc  a assignee on one line  A assignee on three lines
 *	c the next xref of contact  r the next xref of reference
 * It is empty for a record that does not come from XML.
 */
enum record_field {
	FIELD_FORM,
	FIELD_DATE,
	FIELD_UPDATED,
	FIELD_NAME,
	FIELD_PROTOCOL,
	FIELD_NUMBER,
	FIELD_DESCRIPTION,
	FIELD_ASSIGNEE,
	FIELD_CONTACT,
	FIELD_REFERENCE,
	FIELD_NOTE,
	FIELD_UNAUTHORIZED,
	FIELD_SERVICE_CODE,
	FIELD_COUNT,
};

struct record_text {
	struct span at[FIELD_COUNT];
};

/*
 * Fields of a person.  The uris are parted by RICH_BR.  The form has a letter
 * a child: n name, o org, u the next uri, d updated.
 */
enum person_field {
	PERSON_FORM,
	PERSON_ID,
	PERSON_NAME,
	PERSON_ORG,
	PERSON_URIS,
	PERSON_UPDATED,
	PERSON_FIELD_COUNT,
};

struct person_text {
	struct span at[PERSON_FIELD_COUNT];
};

/* The official columns, in their order. */
enum column {
	COLUMN_NAME,
	COLUMN_NUMBER,
	COLUMN_PROTOCOL,
	COLUMN_DESCRIPTION,
	COLUMN_ASSIGNEE,
	COLUMN_CONTACT,
	COLUMN_REGISTERED,
	COLUMN_MODIFIED,
	COLUMN_REFERENCE,
	COLUMN_SERVICE_CODE,
	COLUMN_UNAUTHORIZED,
	COLUMN_NOTE,
	COLUMN_COUNT,
};

/* "Service Name" and so on. */
struct span column_heading(enum column column);

/* "name", "references": what a column is called in the JSON and in sorts. */
struct span column_key(enum column column);

/* The column of such a key; false if there is none. */
bool column_key_parse(struct span key, enum column *ret);

/* Whether the registry's search looks there: everywhere but at the dates. */
static inline bool column_is_searched(enum column column)
{
	return column != COLUMN_REGISTERED && column != COLUMN_MODIFIED;
}

/*
 * The field that a column shows.  The assignee column shows the contact where
 * the record has no assignee (its form has neither a nor A, and the assignee
 * is empty).
 */
enum record_field column_field(
    enum column column, struct span form, struct span assignee);

/* Appends the text of a column, as the official CSV has it today. */
void column_text(
    struct buf *b, const struct record_text *record, enum column column);

#endif
