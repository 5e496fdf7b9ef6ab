/* SPDX-License-Identifier: ISC */
/* Records for people: a line each, or a block with every field. */
#ifndef WRITE_TABLE_H
#define WRITE_TABLE_H

#include "base/buf.h"
#include "image/row.h"

struct table_style {
	size_t width; /* columns of the terminal; 0: as wide as it gets */
	bool colour;
};

/* The columns' widths, to be found before the first line. */
struct table_widths {
	size_t number; /* with the protocol */
	size_t name;
	size_t state;
};

/* Makes *widths wide enough for a row too. */
void table_measure(const struct image *image, const struct image_row *row,
    struct table_widths *widths);

/* port/protocol, name, state, description. */
void table_line(struct buf *b, const struct image *image,
    const struct image_row *row, const struct table_widths *widths,
    const struct table_style *style);

/* Every field that the record has at a version, the key at the top. */
void table_block(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version,
    const struct table_style *style);

/* "name", blanks and text, its further lines indented; nothing if empty. */
void table_field(struct buf *b, const char *name, struct span text,
    const struct table_style *style);

#endif
