/* SPDX-License-Identifier: ISC */
/* UTF-8, read strictly: no overlong forms, no surrogates, nothing beyond. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* What utf8_next gives for a byte that begins no valid sequence. */
#define UTF8_BAD UINT32_MAX

/*
 * Takes one character off the front of *s, which is not empty.  A byte that
 * begins no valid sequence is taken alone and told as UTF8_BAD.
 */
uint32_t utf8_next(struct span *s);

/* Appends c, a Unicode scalar value. */
void utf8_put(struct buf *b, uint32_t c);

/* Offset of the first byte that is not valid; s.len if all is. */
size_t utf8_check(struct span s);

/* White space as Unicode has it (property White_Space). */
bool utf8_is_space(uint32_t c);

#endif
