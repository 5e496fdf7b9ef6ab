/* SPDX-License-Identifier: ISC */
#include "check/undated.h"

#include "base/mem.h"
#include "base/banned.h"

/*
 * Sixteen bits and eleven probes for a key: of keys that are not there one in
 * two thousand looks as if it were.
 */
#define BITS_A_KEY 16
#define PROBES 11
#define BITS_A_CHAR 6

static const char chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Six bits, or -1. */
static int value_of(char c)
{
	const char *at = c != '\0' ? strchr(chars, c) : NULL;

	return at != NULL ? (int)(at - chars) : -1;
}

bool undated_is_char(char c)
{
	return value_of(c) >= 0;
}

static uint64_t hash(struct span key)
{
	uint64_t x = 14695981039346656037U;

	for (size_t i = 0; i < key.len; i++)
		x = (x ^ (unsigned char)key.ptr[i]) * 1099511628211U;
	return x;
}

/* The next bit of a key. */
static size_t probe(uint64_t *x, size_t len)
{
	*x = *x * 6364136223846793005U + 1442695040888963407U;
	return (size_t)((*x >> 33) % (len * BITS_A_CHAR));
}

/* Its place in a character. */
static unsigned mask_of(size_t bit)
{
	return 1U << (BITS_A_CHAR - 1 - bit % BITS_A_CHAR);
}

bool undated_has(struct span bits, struct span key)
{
	uint64_t x = hash(key);

	for (size_t i = 0; i < PROBES; i++) {
		size_t bit = probe(&x, bits.len);
		int value = value_of(bits.ptr[bit / BITS_A_CHAR]);

		if (value < 0 || ((unsigned)value & mask_of(bit)) == 0)
			return false;
	}
	return true;
}

uint8_t *undated_new(size_t count, size_t *ret_len)
{
	size_t len =
	    count / BITS_A_CHAR * BITS_A_KEY +
	    (count % BITS_A_CHAR * BITS_A_KEY + BITS_A_CHAR - 1) / BITS_A_CHAR;

	*ret_len = len < UNDATED_LEAST ? UNDATED_LEAST : len;
	return mem_zalloc(*ret_len, 1);
}

void undated_add(uint8_t *bits, size_t len, struct span key)
{
	uint64_t x = hash(key);

	for (size_t i = 0; i < PROBES; i++) {
		size_t bit = probe(&x, len);

		bits[bit / BITS_A_CHAR] |= (uint8_t)mask_of(bit);
	}
}

void undated_put(struct buf *b, const uint8_t *bits, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_char(b, chars[bits[i]]);
}
