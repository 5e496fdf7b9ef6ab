/* SPDX-License-Identifier: ISC */
/* Drawing: numbers and paths of SVG, small enough to stand in a page. */
#ifndef WEB_SVG_H
#define WEB_SVG_H

#include <stdint.h>

#include "base/buf.h"

#define SVG_SIDE 16 /* squares a side of a grid */

/* A number in hundredths: 1250 is 12.5, -7 is -.07. */
void svg_number(struct buf *out, int hundredths);

/* Appends NAME="NUMBER", with a blank before it. */
void svg_length(struct buf *out, const char *name, int hundredths);

/* The d of a path, rectangle by rectangle. */
struct svg_path {
	struct buf *out;
	int x, y; /* where the last one began; 0, 0 at first */
};

/* A rectangle, in whole units. */
void svg_rect(struct svg_path *path, int x, int y, int w, int h);

/*
 * The squares of a grid at x, y, each of one unit, bit n of rows[m] being
 * square n of line m: as few rectangles as running down finds, none of which
 * meet another.
 */
void svg_squares(
    struct svg_path *path, const uint16_t rows[SVG_SIDE], int x, int y);

#endif
