/* SPDX-License-Identifier: ISC */
/* Texts of a record as every format but the official ones gives them. */
#ifndef WRITE_RECORD_H
#define WRITE_RECORD_H

#include "base/buf.h"
#include "image/image.h"

/*
 * Appends a field as plain text (terms/rich.h).  For the fields that are
 * nothing but xrefs, see record_labels.
 */
void record_plain(struct buf *b, const struct image *image,
    const struct image_row *row, enum record_field field);

/* Appends the labels of a field's xrefs, sep between them. */
void record_labels(struct buf *b, const struct image *image,
    const struct image_row *row, enum record_field field, struct span sep);

/*
 * Appends text for a file of lines: bytes that are not UTF-8, and control
 * characters but the newline, as U+FFFD; a newline as newline, and several as
 * one where newline is none itself.
 */
void record_lines(struct buf *b, struct span text, struct span newline);

/*
 * The same for a terminal: characters that turn the direction of what is
 * around them are no better there than control characters.
 */
void record_clean(struct buf *b, struct span text, struct span newline);

#endif
