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

/* As on paper, with digits of 32 bits; no sum here overflows. */
static inline uint64_t hash_mix_by_hand(uint64_t a, uint64_t b)
{
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t left = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	uint64_t right = (a & UINT32_MAX) * (b >> 32) + (left & UINT32_MAX);
	uint64_t high = (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);

	return (right << 32 | (low & UINT32_MAX)) ^ high;
}

/* Both halves of the 128 bit product, folded. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 product =
	    (__extension__(unsigned __int128) a) * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	return hash_mix_by_hand(a, b); /* where words have 32 bits */
#endif
}

/* The same on every machine for the same bytes and seed. */
uint64_t hash_bytes(const void *ptr, size_t len, uint64_t seed);

#endif
