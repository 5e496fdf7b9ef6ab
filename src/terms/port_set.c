/* SPDX-License-Identifier: ISC */
#include "terms/port_set.h"

#include "base/ascii.h"
#include "base/banned.h"

static bool parts(char c)
{
	return c == ',' || ascii_is_space(c);
}

bool port_set_parse(struct span text, struct port_set *set)
{
	size_t at = 0;

	while (at < text.len) {
		size_t start = at;
		struct port_range range;

		while (at < text.len && !parts(text.ptr[at]))
			at++;
		if (at > start &&
		    !port_range_parse(
			span_of(text.ptr + start, at - start), &range))
			return false;
		if (at > start)
			port_set_add(set, range);
		at++;
	}
	return true;
}
