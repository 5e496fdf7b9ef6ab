/* SPDX-License-Identifier: ISC */
#include "search/find.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/le.h"
#include "base/banned.h"

/*
 * Places are tried a block at a time by the first and the last byte of the
 * term.  The count is fixed, so that compilers make vectors of the loop.
 */
#define BLOCK 32

/* Whether term is at one of the BLOCK places from text on. */
static inline bool is_in_block(const char *text, struct span term)
{
	const char *last = text + term.len - 1;
	char a = term.ptr[0], b = term.ptr[term.len - 1];
	unsigned char hits[BLOCK];

	for (size_t i = 0; i < BLOCK; i++)
		hits[i] = (unsigned char)((text[i] == a) & (last[i] == b));
	for (size_t i = 0; i < BLOCK; i += 8) {
		uint64_t word = le_u64(hits + i);

		for (; word != 0; word &= word - 1) {
			size_t at = i + (size_t)__builtin_ctzll(word) / 8;

			if (memcmp(text + at, term.ptr, term.len) == 0)
				return true;
		}
	}
	return false;
}

/* At one of the first count places of text. */
static bool is_in(const char *text, size_t count, struct span term)
{
	char a = term.ptr[0], b = term.ptr[term.len - 1];

	for (size_t i = 0; i < count; i++)
		if (text[i] == a && text[i + term.len - 1] == b &&
		    memcmp(text + i, term.ptr, term.len) == 0)
			return true;
	return false;
}

bool find_term(struct span text, struct span term)
{
	size_t places;

	if (term.len > text.len)
		return false;
	places = text.len - term.len + 1;
	if (places < BLOCK)
		return is_in(text.ptr, places, term);
	for (size_t at = 0; at < places; at += BLOCK) {
		if (at > places - BLOCK)
			at = places - BLOCK; /* the last block overlaps */
		if (is_in_block(text.ptr + at, term))
			return true;
	}
	return false;
}
