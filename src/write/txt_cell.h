/* SPDX-License-Identifier: ISC */
/*
 * Text as the official plain text sets it: words, parted by white space and
 * never broken, in lines of a given width.
 *
 * The raw text of a cell has its labels written out; it still has the white
 * space of its source, RICH_BR where a line ends, and RICH_PARAGRAPH at both
 * ends of a paragraph.
 */
#ifndef WRITE_TXT_CELL_H
#define WRITE_TXT_CELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* How long texts are, in columns. */
struct txt_extent {
	size_t word; /* the longest word */
	size_t line; /* the longest line if none were broken */
};

/* Appends rich text as raw text. */
void txt_raw(struct buf *raw, struct span rich);

/* Columns of text; bytes: each byte is taken for one. */
size_t txt_width(struct span text, bool bytes);

/* Makes *extent hold raw text too. */
void txt_extend(struct txt_extent *extent, struct span raw, bool bytes);

/*
 * Appends raw text in lines of at most width columns, where a word alone may
 * be longer.  Lines are parted by a newline and have no blank at either end;
 * the first and the last are not empty.  Returns how many there are.
 */
size_t txt_wrap(struct buf *b, struct span raw, size_t width, bool bytes);

/*
 * Appends preformatted rich text, its first line behind first blanks, the
 * others behind indent, each ended by a newline.  A newline at its very start
 * counts for nothing; blanks at the ends of lines go.
 */
void txt_preformatted(
    struct buf *b, struct span rich, size_t first, size_t indent);

#endif
