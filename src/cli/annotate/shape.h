/* SPDX-License-Identifier: ISC */
/* How an input is laid out, and where in it ports and protocol stand. */
#ifndef CLI_ANNOTATE_SHAPE_H
#define CLI_ANNOTATE_SHAPE_H

#include "base/buf.h"
#include "cli/annotate/ask.h"
#include "cli/annotate/marks.h"

enum shape_kind {
	SHAPE_CSV,
	SHAPE_TSV,
	SHAPE_BLANKS, /* fields parted by runs of blanks */
	SHAPE_PAIRS,  /* the same, and some are NAME=VALUE */
	SHAPE_JSON,   /* an object a line */
};

#define SHAPE_NO_COLUMN SIZE_MAX
#define SHAPE_PROTOCOL ANNOTATE_PORTS_MAX /* as the target of a step */

/* A column to look at; target: which port it is, or SHAPE_PROTOCOL. */
struct shape_step {
	size_t column; /* from 0 */
	size_t target;
};

struct shape {
	const struct annotate_ask *ask;
	enum shape_kind kind;
	bool zeek; /* TSV with lines of # that tell of columns */
	size_t ports[ANNOTATE_PORTS_MAX];
	size_t protocol;
	struct shape_step steps[ANNOTATE_PORTS_MAX + 1]; /* by column */
	size_t step_count;
	struct buf text;   /* owned: names of port columns, each NUL behind */
	struct buf fields; /* owned: the line by which Zeek told of columns */
};

/* Release it in any case. */
void shape_init(const struct annotate_ask *ask, struct shape *ret);
void shape_release(struct shape *shape);

/*
 * What kind the text is that begins so: as asked, else by its first line that
 * is neither blank nor a remark.  Returns false if that is not there to its end
 * and at_end does not say that there is no more.
 */
bool shape_detect(struct shape *shape, struct span text, bool at_end);

/* What parts the fields of that kind. */
struct marks_bytes shape_bytes(const struct shape *shape);

/*
 * Finds the columns by the fields of the header, or, where header is NULL,
 * by number; sets shape's steps.  PORTBOOK_EUSAGE for a name that is not
 * there or one to be appended that is.
 */
int shape_find_columns(struct shape *shape, const struct span *header,
    size_t count, struct portbook_error *err);

/* Whether these fields have all columns that are asked for by name. */
bool shape_has_columns(
    const struct shape *shape, const struct span *header, size_t count);

/* Whether all columns are asked for by number. */
bool shape_is_numbered(const struct annotate_ask *ask);

/* A column's number from 0; false if it is asked for by name. */
bool shape_column_number(struct span column, size_t *ret);

/* How many ports are told of: with --guess one of two. */
static inline size_t shape_groups(const struct shape *shape)
{
	return shape->ask->guess ? 1 : shape->ask->port_count;
}

/* Appends the name of what is appended: "dstport_service". */
void shape_key(const struct shape *shape, size_t group,
    enum annotate_field field, struct buf *ret);

/* Appends the fields that a header gets, each with what parts it before. */
void shape_put_header(const struct shape *shape, struct buf *ret);

#endif
