/* SPDX-License-Identifier: ISC */
/* Sets of numbers as bits, in words of 64; of this folder. */
#ifndef SEARCH_BITS_H
#define SEARCH_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BITS_END SIZE_MAX

static inline size_t bits_words(size_t count)
{
	return count / 64 + (count % 64 != 0);
}

static inline void bits_set(uint64_t *bits, size_t n)
{
	bits[n / 64] |= (uint64_t)1 << (n % 64);
}

static inline bool bits_has(const uint64_t *bits, size_t n)
{
	return (bits[n / 64] >> (n % 64) & 1) != 0;
}

/* How many are set in each byte, without asking for a machine that counts. */
static inline uint64_t bits_count_bytes(uint64_t w)
{
	w -= w >> 1 & UINT64_C(0x5555555555555555);
	w = (w & UINT64_C(0x3333333333333333)) +
	    (w >> 2 & UINT64_C(0x3333333333333333));
	return (w + (w >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
}

static inline unsigned bits_count_word(uint64_t w)
{
	return (
	    unsigned)(bits_count_bytes(w) * UINT64_C(0x0101010101010101) >> 56);
}

/* Bits of equal weight: three become one of it and one of twice as much. */
static inline void bits_add(
    uint64_t *twice, uint64_t *one, uint64_t a, uint64_t b)
{
	uint64_t half = *one ^ a;

	*twice = (*one & a) | (half & b);
	*one = half ^ b;
}

#define BITS_BLOCK 8

/*
 * Eight words are added bit by bit, so that only what makes eight is counted
 * in each block, and what is left of less at the end.
 */
static inline size_t bits_count(const uint64_t *bits, size_t words)
{
	uint64_t ones = 0, twos = 0, fours = 0, two[2], four[2], eight;
	size_t total = 0;

	for (; words >= BITS_BLOCK; words -= BITS_BLOCK) {
		bits_add(&two[0], &ones, bits[0], bits[1]);
		bits_add(&two[1], &ones, bits[2], bits[3]);
		bits_add(&four[0], &twos, two[0], two[1]);
		bits_add(&two[0], &ones, bits[4], bits[5]);
		bits_add(&two[1], &ones, bits[6], bits[7]);
		bits_add(&four[1], &twos, two[0], two[1]);
		bits_add(&eight, &fours, four[0], four[1]);
		total += bits_count_word(eight);
		bits += BITS_BLOCK;
	}
	total = 8 * total + 4 * bits_count_word(fours) +
		2 * bits_count_word(twos) + bits_count_word(ones);
	for (size_t i = 0; i < words; i++)
		total += bits_count_word(bits[i]);
	return total;
}

/* Number of the lowest bit of w, which is not 0. */
static inline unsigned bits_lowest(uint64_t w)
{
	return (unsigned)__builtin_ctzll(w);
}

/* The lowest one set that is not below from, or BITS_END. */
static inline size_t bits_next(const uint64_t *bits, size_t words, size_t from)
{
	size_t at = from / 64;
	uint64_t w;

	if (at >= words)
		return BITS_END;
	w = bits[at] & UINT64_MAX << (from % 64);
	while (w == 0) {
		if (++at >= words)
			return BITS_END;
		w = bits[at];
	}
	return at * 64 + bits_lowest(w);
}

#endif
