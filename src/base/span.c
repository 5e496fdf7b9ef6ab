/* SPDX-License-Identifier: ISC */
#include "base/span.h"

#include "base/ascii.h"
#include "base/banned.h"

bool span_eq_fold(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	return true;
}

size_t span_find_char(struct span s, size_t from, char c)
{
	const char *hit;

	if (from >= s.len)
		return s.len;
	hit = memchr(s.ptr + from, c, s.len - from);
	return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

size_t span_find(struct span s, struct span needle)
{
	const char *hit;

	if (needle.len == 0)
		return 0;
	hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
	return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

struct span span_trim(struct span s)
{
	while (s.len > 0 && ascii_is_space(s.ptr[0]))
		s = span_skip(s, 1);
	while (s.len > 0 && ascii_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct span span_cut(struct span *rest, char sep)
{
	size_t at = span_find_char(*rest, 0, sep);
	struct span head = span_head(*rest, at);

	*rest = span_skip(*rest, at + 1);
	return head;
}
