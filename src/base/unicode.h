/* SPDX-License-Identifier: ISC */
/*
 * Letter case and width of characters, from two tables that are generated
 * from utf8proc when the program is built (unicode_gen.c).  The locale plays
 * no part.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* "MAJOR.MINOR.PATCH" of Unicode that the tables are of. */
extern const char unicode_version[];

/* Simple case folding (CaseFolding.txt, status C and S). */
uint32_t unicode_fold(uint32_t c);

/* Columns that c takes on a terminal: 0, 1 or 2. */
int unicode_width(uint32_t c);

/* Appends text, folded; bytes that are not UTF-8 go through unchanged. */
void unicode_fold_text(struct buf *b, struct span text);

/* Columns that text takes; a byte that is not UTF-8 counts as one. */
size_t unicode_text_width(struct span text);

#endif
