/* SPDX-License-Identifier: ISC */
/*
 * Lines of services(5) being made; of this folder.
 *
 * names.tsv and the order of a port's rows say what it is called.  Its other
 * names are aliases, and so are everyday names; but one that another port is
 * called by leads there.  A services(5) file of the user's says itself what
 * is an alias of what.
 */
#ifndef IMAGEBUILD_LINES_H
#define IMAGEBUILD_LINES_H

#include "imagebuild/build.h"

/* What is known of a name for a transport. */
struct line_name {
	uint32_t text;	/* of the first line that has it, or NONE */
	uint16_t port;	/* of that line */
	uint16_t first; /* port that is called by it; more than last: none */
	uint16_t last;	/* the same */
};

struct line_names {
	size_t count;		/* of names */
	struct line_name *uses; /* owned: PROTOCOL_COUNT a name */
};

struct lines {
	bool official;	       /* the registry, not a services(5) file */
	struct span *names;    /* owned: by current row; empty: names nothing */
	uint8_t *everyday;     /* owned: by current row: such a name leads to */
	struct line_names use; /* line_names.c */
	struct image_line_block *blocks; /* owned */
	struct buf lines;		 /* le32 */
	struct buf texts;
};

/* A row that names a port, and its name. */
struct line_row {
	uint32_t row;
	struct span name;
};

#define LINE_ROWS_MAX (IMAGE_LINE_ALIASES_MAX + 1)

/* All of a port and transport, in the registry's order. */
struct line_rows {
	uint32_t port;
	enum protocol protocol;
	size_t count;
	size_t best; /* the one that gives the port its name */
	struct line_row at[LINE_ROWS_MAX];
};

/* A line's name and aliases. */
struct line_words {
	size_t count;
	struct span at[LINE_ROWS_MAX];
};

/* line_rows.c: which rows may name a port. */
int line_rows_begin(struct build *b, struct lines *l);

/* Those that do; false if there are none. */
bool line_rows_get(const struct build *b, const struct lines *l, uint32_t port,
    enum protocol protocol, struct line_rows *ret);

/* line_names.c: what ports are called, and where names lead. */
int line_names_begin(struct build *b, struct line_names *n);

/* Notes that a port is called by a name. */
void line_names_call(const struct build *b, struct line_names *n,
    struct span name, uint32_t port, enum protocol protocol);

/* Whether another port is. */
bool line_names_elsewhere(const struct build *b, const struct line_names *n,
    struct span name, uint32_t port, enum protocol protocol);

/* Notes that a line has a name; lines come by port. */
void line_names_lead(const struct build *b, struct line_names *n,
    struct span name, uint32_t port, enum protocol protocol, uint32_t text);

int line_names_end(struct build *b, const struct line_names *n);

#endif
