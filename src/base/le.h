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

/*
 * Numbers as they lie in a file, for structures that are laid over its bytes.
 * le32 and its sisters read one, le32_of makes one.
 */
struct le16 {
	uint16_t raw;
};

struct le32 {
	uint32_t raw;
};

struct le64 {
	uint64_t raw;
};

static inline uint16_t le16(struct le16 v)
{
	return le_u16(&v.raw);
}

static inline uint32_t le32(struct le32 v)
{
	return le_u32(&v.raw);
}

static inline uint64_t le64(struct le64 v)
{
	return le_u64(&v.raw);
}

static inline struct le16 le16_of(uint16_t v)
{
	return (struct le16){le_u16(&v)};
}

static inline struct le32 le32_of(uint32_t v)
{
	return (struct le32){le_u32(&v)};
}

static inline struct le64 le64_of(uint64_t v)
{
	return (struct le64){le_u64(&v)};
}

#endif
