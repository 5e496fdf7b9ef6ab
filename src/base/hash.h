/* SPDX-License-Identifier: ISC */
/*
 * One fast hash of bytes for tables in memory and in the image.  It is no
 * defence against chosen keys by itself: tables must stay correct, if slow,
 * when every key collides.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* Both halves of the 128 bit product, folded. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
	    (__extension__(unsigned __int128) a) * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The same on every machine for the same bytes and seed. */
uint64_t hash_bytes(const void *ptr, size_t len, uint64_t seed);

#endif
