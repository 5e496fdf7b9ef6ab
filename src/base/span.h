/* SPDX-License-Identifier: ISC */
/*
 * Borrowed text: a pointer and a length, never terminated by convention.
 * ptr is never NULL; the empty span is SPAN("").  A span owns nothing and is
 * good for as long as what it points into.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *ptr; /* borrowed */
	size_t len;	 /* bytes */
};

/* A span of a string literal, as an expression and as an initialiser. */
#define SPAN(lit) ((struct span){"" lit, sizeof(lit) - 1})
#define SPAN_INIT(lit)                                                         \
	{                                                                      \
		"" lit, sizeof(lit) - 1                                        \
	}

/* For "%.*s"; texts longer than an int are cut. */
#define SPAN_FMT(s) ((s).len > 0x7fffffff ? 0x7fffffff : (int)(s).len), (s).ptr

static inline struct span span_of(const char *ptr, size_t len)
{
	return len > 0 ? (struct span){ptr, len} : SPAN("");
}

/* The whole of a terminated string; NULL counts as empty. */
static inline struct span span_str(const char *s)
{
	return s != NULL ? (struct span){s, strlen(s)} : SPAN("");
}

static inline bool span_eq(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* Order by bytes, a prefix first: <0, 0 or >0. */
static inline int span_cmp(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.ptr, b.ptr, len);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static inline bool span_starts(struct span s, struct span prefix)
{
	return s.len >= prefix.len &&
	       memcmp(s.ptr, prefix.ptr, prefix.len) == 0;
}

static inline bool span_ends(struct span s, struct span suffix)
{
	return s.len >= suffix.len && memcmp(s.ptr + (s.len - suffix.len),
					  suffix.ptr, suffix.len) == 0;
}

/* What is left of s behind its first n bytes; empty if there are fewer. */
static inline struct span span_skip(struct span s, size_t n)
{
	return n < s.len ? (struct span){s.ptr + n, s.len - n} : SPAN("");
}

/* The first n bytes of s, or all of it. */
static inline struct span span_head(struct span s, size_t n)
{
	return (struct span){s.ptr, n < s.len ? n : s.len};
}

/* Same text, taking ASCII letters without regard to case. */
bool span_eq_fold(struct span a, struct span b);

/* First place of c at or behind from; s.len if there is none. */
size_t span_find_char(struct span s, size_t from, char c);

/* First place of needle; s.len if there is none.  The empty one is at 0. */
size_t span_find(struct span s, struct span needle);

/* s without ASCII white space at both ends. */
struct span span_trim(struct span s);

/*
 * Cuts *rest at the first sep: returns what stands before it and leaves what
 * stands behind it in *rest.  Without sep returns all and leaves *rest empty.
 */
struct span span_cut(struct span *rest, char sep);

#endif
