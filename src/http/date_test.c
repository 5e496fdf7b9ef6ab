/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/date.h"
#include "base/banned.h"

/*
 * The first three are the examples of RFC 9110 section 5.6.7, all of one
 * second; other numbers are those of date(1).
 */
static void test_parse(void **state)
{
	static const struct {
		int line;
		const char *text;
		int64_t seconds; /* -1: it is none */
	} rows[] = {
	    {__LINE__, "Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
	    {__LINE__, "Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
	    {__LINE__, "Sun Nov  6 08:49:37 1994", 784111777},
	    {__LINE__, "Wed Nov 16 08:49:37 1994", 784975777},
	    {__LINE__, "Thu, 01 Jan 1970 00:00:00 GMT", 0},
	    {__LINE__, "Thu, 29 Feb 2024 23:59:59 GMT", 1709251199},
	    {__LINE__, "Tue, 19 Jan 2038 03:14:08 GMT", 2147483648},
	    {__LINE__, "Saturday, 21-Nov-26 12:00:00 GMT", 1795262400},
	    {__LINE__, "Sun, 06 Nov 1994 08:49:37", -1},
	    {__LINE__, "Sun, 06 Nov 1994 08:49:37 GMT ", -1},
	    {__LINE__, "Sun, 06 Nov 1994 08:49:37 UTC", -1},
	    {__LINE__, "Sun, 6 Nov 1994 08:49:37 GMT", -1},
	    {__LINE__, "Sun, 06 nov 1994 08:49:37 GMT", -1},
	    {__LINE__, "Sun, 06 Nov 94 08:49:37 GMT", -1},
	    {__LINE__, "Sun, 32 Nov 1994 08:49:37 GMT", -1},
	    {__LINE__, "Sun, 00 Nov 1994 08:49:37 GMT", -1},
	    {__LINE__, "Sun, 06 Nov 1994 24:49:37 GMT", -1},
	    {__LINE__, "Sun, 06 Nov 1994 08:60:37 GMT", -1},
	    {__LINE__, "Sun, 06 Nov 1994 08:49:61 GMT", -1},
	    {__LINE__, "Sun, 06 Nov 1969 08:49:37 GMT", -1},
	    {__LINE__, "06 Nov 1994 08:49:37 GMT", -1},
	    {__LINE__, "Sun Nov 6 08:49:37 1994", -1},
	    {__LINE__, "Sun", -1},
	    {__LINE__, "0", -1},
	    {__LINE__, "", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t seconds = 7;
		bool good = http_date_parse(span_str(rows[i].text), &seconds);

		if (good != (rows[i].seconds >= 0) ||
		    (good && (int64_t)seconds != rows[i].seconds))
			fail_msg("line %d: %llu", rows[i].line,
			    (unsigned long long)seconds);
	}
}

/* What is written is read as the same, on every fifth day and a bit. */
static void test_both_ways(void **state)
{
	(void)state;
	for (uint64_t at = 0; at < UINT64_C(4102444800); at += 433333) {
		char text[40];
		uint64_t seconds;

		http_date_format(at, text, sizeof(text));
		assert_int_equal(strlen(text), HTTP_DATE_LEN);
		assert_true(http_date_parse(span_str(text), &seconds));
		assert_true(seconds == at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
