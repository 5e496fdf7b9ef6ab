/* SPDX-License-Identifier: ISC */
#include "search/find.h"

#include <stddef.h>
#include <string.h>

#include "base/banned.h"

/*
 * Places are tried a block at a time by the first and the last byte of the
 * term.  The count is fixed, so that compilers make vectors of the loop.
 */
#define BLOCK 32

static bool may_be_in(const char *first, const char *last, char a, char b)
{
	unsigned char hit = 0;

	for (size_t i = 0; i < BLOCK; i++)
		hit |= (unsigned char)((first[i] == a) & (last[i] == b));
	return hit != 0;
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
	char a = term.ptr[0], b = term.ptr[term.len - 1];
	size_t places;

	if (term.len > text.len)
		return false;
	places = text.len - term.len + 1;
	if (places < BLOCK)
		return is_in(text.ptr, places, term);
	for (size_t at = 0; at < places; at += BLOCK) {
		const char *p;

		if (at > places - BLOCK)
			at = places - BLOCK; /* the last block overlaps */
		p = text.ptr + at;
		if (may_be_in(p, p + term.len - 1, a, b) &&
		    is_in(p, BLOCK, term))
			return true;
	}
	return false;
}
