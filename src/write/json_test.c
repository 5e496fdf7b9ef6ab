/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "write/json.h"
#include "base/banned.h"

/* RFC 8259 section 7: what must be escaped is, wherever it stands. */
static void test_text_places(void **state)
{
	char text[24];
	struct buf whole, parts, one;

	(void)state;
	buf_init(&whole);
	buf_init(&parts);
	buf_init(&one);
	for (unsigned c = 0; c < 0x80; c++) {
		bool must = c < 0x20 || c == '"' || c == '\\';

		for (size_t at = 0; at < sizeof(text); at++) {
			memset(text, 'x', sizeof(text));
			text[at] = (char)c;
			buf_clear(&whole);
			json_text(&whole, span_of(text, sizeof(text)));
			buf_clear(&one);
			json_text(&one, span_of(text + at, 1));
			buf_clear(&parts);
			buf_char(&parts, '"');
			buf_fill(&parts, 'x', at);
			buf_add(&parts, span_of(one.ptr + 1, one.len - 2));
			buf_fill(&parts, 'x', sizeof(text) - at - 1);
			buf_char(&parts, '"');
			assert_true(
			    span_eq(buf_span(&whole), buf_span(&parts)));
			assert_true(
			    !must || (one.len > 3 && one.ptr[1] == '\\'));
		}
	}
	buf_release(&whole);
	buf_release(&parts);
	buf_release(&one);
}

static void test_text(void **state)
{
	static const struct {
		int line;
		const char *text;
		const char *json;
	} rows[] = {
	    {__LINE__, "", "\"\""},
	    {__LINE__, "exactly8", "\"exactly8\""},
	    {__LINE__, "say \"no\"", "\"say \\\"no\\\"\""},
	    {__LINE__, "back\\slash", "\"back\\\\slash\""},
	    {__LINE__, "two\nlines of it", "\"two\\nlines of it\""},
	    {__LINE__, "seven..\xc3\xa9 and on", "\"seven..\xc3\xa9 and on\""},
	    {__LINE__, "1234567\xe2\x82\xac", "\"1234567\xe2\x82\xac\""},
	    {__LINE__, "bad \xff byte", "\"bad \xef\xbf\xbd byte\""},
	};
	struct buf b;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		json_text(&b, span_str(rows[i].text));
		if (!span_eq(buf_span(&b), span_str(rows[i].json)))
			fail_msg("line %d: %.*s", rows[i].line,
			    SPAN_FMT(buf_span(&b)));
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_places),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
