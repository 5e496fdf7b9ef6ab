/* SPDX-License-Identifier: ISC */
/*
 * The hash of names, which the builder and the reader share.
 *
 * A name of up to fifteen bytes (RFC 6335 allows no longer ones) is read by
 * four windows of four bytes that overlap, so that nearly every lookup folds,
 * hashes and compares in registers and takes no branch by its length:
 *
 *	length 4 to 7		length 8 to 15
 *	a b c d e		a b c d e f g h i j
 *	first			first	third
 *	  second		    second  fourth
 *
 * with first = second and third = fourth where there are less than eight.
 * One to three bytes are one window, as if there were zeros behind.
 *
 *	hash -> bucket = hash >> shift -> seed -> slot, the only one there is
 *
 * A bucket also has 32 bits, of which the next five of the hash choose one:
 * it is set where the bucket has a name with these, so that most names that
 * are not there are known by it.
 */
#ifndef IMAGE_NAMEHASH_H
#define IMAGE_NAMEHASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/span.h"

#define NAMEHASH_SHORT 15   /* longest name that is whole in its key */
#define NAMEHASH_KEY_LEN 16 /* of an entry of the image */

/* The first and second window; the third and fourth. */
struct name_windows {
	uint64_t low;
	uint64_t high;
};

/* Of len bytes, at most NAMEHASH_SHORT. */
static inline struct name_windows namehash_windows(const void *name, size_t len)
{
	const uint8_t *p = name;
	size_t step = len >> 3 << 2;
	uint64_t low, high;

	if (len < 4) {
		low = len > 0 ? p[0] : 0;
		low |= len > 1 ? (uint64_t)p[1] << 8 : 0;
		low |= len > 2 ? (uint64_t)p[2] << 16 : 0;
		return (struct name_windows){low, 0};
	}
	low = le_u32(p) | (uint64_t)le_u32(p + step) << 32;
	high = le_u32(p + len - 4 - step) | (uint64_t)le_u32(p + len - 4) << 32;
	return (struct name_windows){low, high};
}

/* Eight ASCII bytes in lower case. */
static inline uint64_t namehash_lower(uint64_t bytes)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t from_a = bytes + each * (0x80 - 'A');
	uint64_t past_z = bytes + each * (0x80 - 'Z' - 1);

	return bytes | (from_a & ~past_z & each * 0x80) >> 2;
}

/* The same of a name in any case, folded; false if longer or not ASCII. */
static inline bool namehash_fold(struct span name, struct name_windows *ret)
{
	struct name_windows w;

	if (name.len > NAMEHASH_SHORT)
		return false;
	w = namehash_windows(name.ptr, name.len);
	if (((w.low | w.high) & UINT64_C(0x8080808080808080)) != 0)
		return false;
	ret->low = namehash_lower(w.low);
	ret->high = namehash_lower(w.high);
	return true;
}

/*
 * The upper bits depend on all of the name, and those alone are used.  Another
 * salt is another hash: not all of them may set two names apart.
 */
static inline uint64_t namehash_short(
    struct name_windows w, size_t len, uint32_t salt)
{
	return (w.low ^ salt) * UINT64_C(0x9e3779b97f4a7c15) +
	       (w.high ^ len) * UINT64_C(0xd1b54a32d192ed03);
}

/* Of a folded name of any length. */
static inline uint64_t namehash(struct span name, uint32_t salt)
{
	if (name.len <= NAMEHASH_SHORT)
		return namehash_short(
		    namehash_windows(name.ptr, name.len), name.len, salt);
	return hash_bytes(name.ptr, name.len, salt);
}

/* The bucket, times 32, and which of its bits. */
static inline uint64_t namehash_place(uint64_t hash, unsigned shift)
{
	return hash >> (shift - 5);
}

/* Below count, or 0. */
static inline uint32_t namehash_slot(
    uint64_t hash, uint32_t seed, uint32_t count)
{
	uint64_t mixed = (hash ^ seed) * UINT64_C(0x8bb84b93962eacc9);

	return (uint32_t)((mixed >> 32) * count >> 32);
}

/*
 * What the image holds of a folded name: its first fifteen bytes with zeros
 * behind, then its length, 255 for more.
 */
static inline void namehash_key(struct span name, uint8_t *ret)
{
	size_t len = name.len < NAMEHASH_SHORT ? name.len : NAMEHASH_SHORT;

	memset(ret, 0, NAMEHASH_KEY_LEN);
	memcpy(ret, name.ptr, len);
	ret[NAMEHASH_SHORT] = (uint8_t)(name.len < 255 ? name.len : 255);
}

/* Whether a key is that of these windows and length. */
static inline bool namehash_is(
    const uint8_t *key, struct name_windows w, size_t len)
{
	struct name_windows k = namehash_windows(key, len);

	return ((k.low ^ w.low) | (k.high ^ w.high) |
		   (key[NAMEHASH_SHORT] ^ len)) == 0;
}

#endif
