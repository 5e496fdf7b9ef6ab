/* SPDX-License-Identifier: ISC */
/* Conditions on records: --where of list. */
#ifndef CLI_WHERE_H
#define CLI_WHERE_H

#include "base/buf.h"
#include "image/image.h"

/*
 *	where = condition {"," condition | "," value}
 *	condition = field ("=" | "!=" | "<=" | ">=" | "~") value
 *
 * A value alone is one more of the condition before it: with = or ~ one of
 * them must fit, with != none may.
 */
#define WHERE_MAX 32

enum where_kind { WHERE_TEXT, WHERE_NUMBER, WHERE_FIRST, WHERE_LAST };

enum where_operator {
	WHERE_EQUAL,
	WHERE_NOT,
	WHERE_AT_MOST,
	WHERE_AT_LEAST,
	WHERE_HAS,
};

struct condition {
	const struct where_field *field;
	enum where_operator operator;
	struct span value; /* borrowed */
	bool more;	   /* a further value of the condition before */
};

struct where {
	struct condition conditions[WHERE_MAX];
	size_t count;
};

/* Adds the conditions of text, which is borrowed; PORTBOOK_EUSAGE. */
int where_parse(
    struct span text, struct where *where, struct portbook_error *err);

/* What field n is called, from 0; NULL behind the last one. */
const char *where_field_name(size_t n);

/* Whether row, as of a version, meets them all.  scratch is cleared and used.
 */
bool where_fits(const struct where *where, const struct image *image,
    const struct image_row *row, uint32_t version, struct buf *scratch);

#endif
