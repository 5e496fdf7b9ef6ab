/* SPDX-License-Identifier: ISC */
/* Little-endian numbers in bytes, at any alignment. */
#ifndef BASE_LE_H
#define BASE_LE_H

#include <stdint.h>
#include <string.h>

static inline uint64_t le_u64(const void *ptr)
{
	uint64_t v;

	memcpy(&v, ptr, sizeof(v));
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		v = __builtin_bswap64(v);
	return v;
}

static inline uint32_t le_u32(const void *ptr)
{
	uint32_t v;

	memcpy(&v, ptr, sizeof(v));
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		v = __builtin_bswap32(v);
	return v;
}

static inline uint16_t le_u16(const void *ptr)
{
	uint16_t v;

	memcpy(&v, ptr, sizeof(v));
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		v = __builtin_bswap16(v);
	return v;
}

#endif
