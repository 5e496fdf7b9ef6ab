/* SPDX-License-Identifier: ISC */
/*
 * Sequences of numbers, coded as what differs from another such sequence, the
 * base:
 *
 *	code = count op...		count of numbers in all
 *	op   = len * 2      from	len numbers of the base
 *	     | len * 2 + 1  first	first, first + 1, ... : len numbers
 *
 * from counts, with a sign, from the place behind what was last taken of the
 * base; first from the number behind the last one of the op before.  All are
 * varints (varint.h).
 */
#ifndef STORE_SEQUENCE_H
#define STORE_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct sequence {
	uint32_t *at; /* owned (mem_release) */
	size_t count, cap;
};

/* Zeroed is empty.  Release of an empty one is fine. */
void sequence_release(struct sequence *s);

/* Appends numbers; 0 or PORTBOOK_ENOMEM. */
int sequence_add(struct sequence *s, const uint32_t *numbers, size_t count);

/* Appends the code of now to b: 0 or PORTBOOK_ENOMEM. */
int sequence_encode(
    const struct sequence *base, const struct sequence *now, struct buf *b);

/*
 * Makes *ret, which has its storage from earlier or is zeroed, what was
 * encoded: PORTBOOK_EDAMAGED where code is none, or not one of limit numbers
 * or fewer; PORTBOOK_ENOMEM.  What *ret has after a failure means nothing.
 */
int sequence_decode(const struct sequence *base, struct span code, size_t limit,
    struct sequence *ret);

#endif
