/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/range.h"
#include "base/banned.h"

/* The first are the examples of RFC 9110 section 14.1.2. */
static void test_parse(void **state)
{
	static const struct {
		int line;
		const char *value;
		uint64_t len;
		bool good;
		uint64_t first, count;
	} rows[] = {
	    {__LINE__, "bytes=0-499", 10000, true, 0, 500},
	    {__LINE__, "bytes=500-999", 10000, true, 500, 500},
	    {__LINE__, "bytes=-500", 10000, true, 9500, 500},
	    {__LINE__, "bytes=9500-", 10000, true, 9500, 500},
	    {__LINE__, "bytes=0-0,-1", 10000, false, 0, 0},
	    {__LINE__, "Bytes=0-0", 10000, true, 0, 1},
	    {__LINE__, "bytes=0-", 1, true, 0, 1},
	    {__LINE__, "bytes=0-99", 10, true, 0, 10},
	    {__LINE__, "bytes=-99", 10, true, 0, 10},
	    {__LINE__, "bytes=9-9", 10, true, 9, 1},
	    {__LINE__, "bytes=10-", 10, true, 10, 0},
	    {__LINE__, "bytes=10-10", 10, true, 10, 0},
	    {__LINE__, "bytes=-0", 10, true, 10, 0},
	    {__LINE__, "bytes=0-", 0, true, 0, 0},
	    {__LINE__, "bytes=-5", 0, true, 0, 0},
	    {__LINE__, "bytes=0-18446744073709551615", 10, true, 0, 10},
	    {__LINE__, "bytes=0-18446744073709551616", 10, false, 0, 0},
	    {__LINE__, "bytes=5-4", 10, false, 0, 0},
	    {__LINE__, "bytes=", 10, false, 0, 0},
	    {__LINE__, "bytes=-", 10, false, 0, 0},
	    {__LINE__, "bytes=5", 10, false, 0, 0},
	    {__LINE__, "bytes=a-b", 10, false, 0, 0},
	    {__LINE__, "bytes=1-2-3", 10, false, 0, 0},
	    {__LINE__, "bytes=--3", 10, false, 0, 0},
	    {__LINE__, "lines=0-1", 10, false, 0, 0},
	    {__LINE__, "0-1", 10, false, 0, 0},
	    {__LINE__, "", 10, false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct range r = {0};
		bool good =
		    range_parse(span_str(rows[i].value), rows[i].len, &r);

		if (good != rows[i].good || r.count != rows[i].count ||
		    (r.count > 0 && r.first != rows[i].first))
			fail_msg("line %d: %s", rows[i].line, rows[i].value);
	}
}

static void test_format(void **state)
{
	const struct range some = {.first = 42, .count = 1192}, none = {0};
	char text[64];
	struct buf b;

	(void)state;
	buf_init_fixed(&b, text, sizeof(text));
	range_format(&b, &some, 1234);
	assert_true(span_eq(buf_span(&b), SPAN("bytes 42-1233/1234")));
	buf_clear(&b);
	range_format(&b, &none, 1234);
	assert_true(span_eq(buf_span(&b), SPAN("bytes */1234")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
