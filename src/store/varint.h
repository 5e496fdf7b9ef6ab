/* SPDX-License-Identifier: ISC */
/*
 * Numbers in as few bytes as they need: seven bits a byte, the lowest first,
 * the highest bit set on all but the last.
 */
#ifndef STORE_VARINT_H
#define STORE_VARINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

static inline void varint_put(struct buf *b, uint64_t value)
{
	while (value >= 0x80) {
		buf_char(b, (char)(value | 0x80));
		value >>= 7;
	}
	buf_char(b, (char)value);
}

/*
 * Takes a number off the front of *from; false, leaving both alone, where
 * there is none of at most 64 bits.
 */
static inline bool varint_take(struct span *from, uint64_t *ret)
{
	uint64_t value = 0;

	for (size_t i = 0; i < from->len && i < 10; i++) {
		uint64_t byte = (uint8_t)from->ptr[i];

		if (i == 9 && byte > 1)
			return false;
		value |= (byte & 0x7f) << 7 * i;
		if (byte < 0x80) {
			*from = span_skip(*from, i + 1);
			*ret = value;
			return true;
		}
	}
	return false;
}

/* The same for a number of at most 32 bits. */
static inline bool varint_take_u32(struct span *from, uint32_t *ret)
{
	struct span rest = *from;
	uint64_t value;

	if (!varint_take(&rest, &value) || value > UINT32_MAX)
		return false;
	*from = rest;
	*ret = (uint32_t)value;
	return true;
}

/* Numbers of either sign, small ones first: 0, -1, 1, -2, 2, ... */
static inline void varint_put_signed(struct buf *b, int64_t value)
{
	varint_put(b, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static inline bool varint_take_signed(struct span *from, int64_t *ret)
{
	uint64_t value;

	if (!varint_take(from, &value))
		return false;
	*ret = (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
	return true;
}

#endif
