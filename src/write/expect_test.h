/* SPDX-License-Identifier: ISC */
/*
 * For the tests of writers, which include cmocka before: what has to succeed,
 * and text held against the text wanted.  A failure names the line of its row.
 */
#ifndef WRITE_EXPECT_TEST_H
#define WRITE_EXPECT_TEST_H

#include "write/edition_test.h"

static inline void open_or_fail(
    int line, struct span source, struct edition *ret)
{
	struct portbook_error err = {0};

	if (edition_open(source, ret, &err) < 0)
		fail_msg("line %d: %s", line, err.text);
}

/* The newest version in a format; b is the caller's to release. */
static inline void write_or_fail(int line, struct edition *e,
    const char *format, const char *style, struct buf *b)
{
	struct portbook_error err = {0};

	buf_init(b);
	if (edition_write(e, format, style, b, &err) < 0)
		fail_msg("line %d: %s", line, err.text);
}

/* Releases b. */
static inline void expect(int line, struct buf *b, struct span wanted)
{
	size_t at = 0;

	while (at < b->len && at < wanted.len && b->ptr[at] == wanted.ptr[at])
		at++;
	if (!span_eq(buf_span(b), wanted))
		fail_msg("line %d: from byte %zu\n%.*s\nwanted\n%.*s", line, at,
		    SPAN_FMT(span_head(span_skip(buf_span(b), at), 400)),
		    SPAN_FMT(span_head(span_skip(wanted, at), 400)));
	buf_release(b);
}

#endif
