/* SPDX-License-Identifier: ISC */
/*
 * A table as the official plain text sets it.  One blank parts the columns;
 * each is as wide as its longest word.  Where that leaves room on the page,
 * columns grow towards their longest line.  Rows are as high as their highest
 * cell, lower cells stand in the vertical middle, and no line ends in a blank.
 */
#ifndef WRITE_TXT_TABLE_H
#define WRITE_TXT_TABLE_H

#include <stdbool.h>

#include "write/format.h"

#define TXT_PAGE_WIDTH 150 /* columns */
#define TXT_COLUMN_MAX 12

struct txt_column {
	struct span heading;
	bool centred;  /* its cells; headings always are */
	bool optional; /* left out where all its cells are empty */
};

/* Columns, and the rows as who has them tells them, twice. */
struct txt_table {
	struct txt_column columns[TXT_COLUMN_MAX];
	size_t column_count;
	bool bytes; /* widths are measured in bytes, not characters */

	void (*begin)(void *ctx); /* back before the first row */
	bool (*next)(void *ctx);  /* to the next row; false behind the last */

	/* Appends the raw text (write/txt_cell.h) of a cell of the row. */
	void (*cell)(void *ctx, size_t column, struct buf *raw);
	void *ctx;
};

/*
 * Appends headings and rows.  PORTBOOK_ELIMIT where a long word would make
 * the table much larger than the version's source: of a text that is refused,
 * a part may be written.
 */
int txt_table(const struct txt_table *table, const struct write_job *job,
    struct buf *b, struct portbook_error *err);

#endif
