/* SPDX-License-Identifier: ISC */
/* Sets of numbers as bits, in words of 64; of this folder. */
#ifndef SEARCH_BITS_H
#define SEARCH_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* Two words, that are counted as one. */
typedef uint64_t bits_pair __attribute__((vector_size(16)));

#define BITS_PAIRS 31 /* so many are counted in bytes that hold 255 */

static inline unsigned bits_count_word(uint64_t w)
{
	w -= w >> 1 & UINT64_C(0x5555555555555555);
	w = (w & UINT64_C(0x3333333333333333)) +
	    (w >> 2 & UINT64_C(0x3333333333333333));
	w = (w + (w >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(w * UINT64_C(0x0101010101010101) >> 56);
}

/* How many are set in each byte, without asking for a machine that counts. */
static inline bits_pair bits_count_bytes(bits_pair w)
{
	w -= w >> 1 & UINT64_C(0x5555555555555555);
	w = (w & UINT64_C(0x3333333333333333)) +
	    (w >> 2 & UINT64_C(0x3333333333333333));
	return (w + (w >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
}

static inline size_t bits_count(const uint64_t *bits, size_t words)
{
	size_t total = 0, i = 0;

	while (words - i >= 2) {
		size_t pairs = (words - i) / 2;
		bits_pair bytes = {0}, w;
		uint64_t sum;

		pairs = pairs < BITS_PAIRS ? pairs : BITS_PAIRS;
		for (; pairs > 0; pairs--, i += 2) {
			memcpy(&w, &bits[i], sizeof(w));
			bytes += bits_count_bytes(w);
		}
		w = (bytes & UINT64_C(0x00ff00ff00ff00ff)) +
		    (bytes >> 8 & UINT64_C(0x00ff00ff00ff00ff));
		sum = (w[0] + w[1]) * UINT64_C(0x0001000100010001);
		total += (size_t)(sum >> 48);
	}
	return i < words ? total + bits_count_word(bits[i]) : total;
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
