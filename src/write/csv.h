/* SPDX-License-Identifier: ISC */
/*
 * Records as CSV (RFC 4180, lines ended by LF) and as TSV, a line a record:
 * in TSV tabs and newlines within a text become blanks.  The columns bear the
 * names of the JSON; several ids or labels in one are parted by a blank.
 */
#ifndef WRITE_CSV_H
#define WRITE_CSV_H

#include "base/buf.h"
#include "image/row.h"

enum csv_kind { CSV_COMMA, CSV_TAB };

void csv_header(struct buf *b, enum csv_kind kind);

/* A record as of a version. */
void csv_record(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version, enum csv_kind kind);

/* One cell, quoted where it must be; text may be changed. */
void csv_cell(struct buf *b, struct buf *text, enum csv_kind kind);

#endif
