/* SPDX-License-Identifier: ISC */
/*
 * The bits of a baseline that know keys: a Bloom filter, as baseline.h has
 * it.  Inside src/check only.
 */
#ifndef CHECK_UNDATED_H
#define CHECK_UNDATED_H

#include "base/buf.h"

/* The date of a registry that has none. */
#define UNDATED_NO_EDITION "0000-00-00"

/* Characters that there are at least. */
#define UNDATED_LEAST 4

/* Whether c is one of the 64 that stand for six bits. */
bool undated_is_char(char c);

/* bits are such characters, at least one. */
bool undated_has(struct span bits, struct span key);

/* As many zeroed bits as count keys are known by; mem_release them. */
uint8_t *undated_new(size_t count, size_t *ret_len);

/* len is the number of characters, one byte each, until they are put. */
void undated_add(uint8_t *bits, size_t len, struct span key);
void undated_put(struct buf *b, const uint8_t *bits, size_t len);

#endif
