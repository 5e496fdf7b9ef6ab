/* SPDX-License-Identifier: ISC */
/*
 * The hash of names, which the builder and the reader share.
 *
 * A name of up to fifteen bytes, folded, is its own key: sixteen bytes with
 * zeros behind it and its length in the last.  RFC 6335 allows no longer ones,
 * so that nearly every lookup folds, hashes and compares in registers.
 *
 *	hash -> bucket = hash >> shift -> seed -> slot, the only one there is
 */
#ifndef IMAGE_NAMEHASH_H
#define IMAGE_NAMEHASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/span.h"

#define NAMEHASH_SHORT 15 /* longest name that is its own key */

struct name_key {
	uint64_t low;  /* bytes 0 to 7, little-endian */
	uint64_t high; /* bytes 8 to 14, and the length */
};

/* Up to fifteen bytes as they are. */
static inline struct name_key namehash_key(struct span name)
{
	const char *p = name.ptr;
	size_t len = name.len;
	uint64_t low = 0, high = 0;

	/* Loads overlap, so that their number is the same for many lengths. */
	if (len >= 8) {
		low = le_u64(p);
		high = le_u64(p + len - 8) >> 8 >> 8 * (NAMEHASH_SHORT - len);
	} else if (len >= 4) {
		low = le_u32(p) |
		    (uint64_t)le_u32(p + len - 4) << 8 * (len - 4);
	} else if (len > 0) {
		low = (uint8_t)p[0] |
		    (uint64_t)(uint8_t)p[len / 2] << 8 * (len / 2) |
		    (uint64_t)(uint8_t)p[len - 1] << 8 * (len - 1);
	}
	return (struct name_key){low, high | (uint64_t)len << 56};
}

/* Eight ASCII bytes in lower case. */
static inline uint64_t namehash_lower(uint64_t bytes)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t from_a = bytes + each * (0x80 - 'A');
	uint64_t past_z = bytes + each * (0x80 - 'Z' - 1);

	return bytes | (from_a & ~past_z & each * 0x80) >> 2;
}

/* The key of a name in any case; false if it is longer or not ASCII. */
static inline bool namehash_key_fold(struct span name, struct name_key *ret)
{
	struct name_key key;

	if (name.len > NAMEHASH_SHORT)
		return false;
	key = namehash_key(name);
	if (((key.low | key.high) & UINT64_C(0x8080808080808080)) != 0)
		return false;
	ret->low = namehash_lower(key.low);
	ret->high = namehash_lower(key.high); /* the length is no letter */
	return true;
}

/* Another hash for each salt: not all of them may set two names apart. */
static inline uint64_t namehash_short(struct name_key key, uint32_t salt)
{
	return hash_mix(key.low ^ UINT64_C(0x9e3779b97f4a7c15) ^
		(uint64_t)salt << 32,
	    key.high ^ UINT64_C(0xd1b54a32d192ed03) ^ salt);
}

/* Of a folded name of any length. */
static inline uint64_t namehash(struct span name, uint32_t salt)
{
	if (name.len <= NAMEHASH_SHORT)
		return namehash_short(namehash_key(name), salt);
	return hash_bytes(name.ptr, name.len, salt);
}

/* Below count, which is not 0. */
static inline uint32_t namehash_slot(uint64_t hash, uint32_t seed,
    uint32_t count)
{
	uint64_t mixed = hash_mix(hash ^ seed, UINT64_C(0x8bb84b93962eacc9));

	return (uint32_t)((mixed >> 32) * count >> 32);
}

/* The key that an entry of the image holds, of a folded name. */
static inline struct name_key namehash_entry_key(struct span name)
{
	struct name_key key = namehash_key(span_head(name, NAMEHASH_SHORT));
	uint64_t len = name.len < 255 ? name.len : 255;

	key.high = (key.high & UINT64_MAX >> 8) | len << 56;
	return key;
}

#endif
