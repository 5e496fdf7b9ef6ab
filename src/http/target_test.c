/* SPDX-License-Identifier: ISC */
/* Targets by rows: what they hold, or the status that refuses them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/target.h"

#define ROW(status, raw, shown)                                                \
	{                                                                      \
		__LINE__, status, SPAN_INIT(raw), shown                        \
	}

static const struct row {
	int line;
	int status;
	struct span raw;
	const char *shown; /* segments each behind a slash, then parameters */
} rows[] = {
    ROW(0, "/", "/"),
    ROW(0, "/a", "/a"),
    ROW(0, "/a/", "/a/"),
    ROW(0, "//a", "//a"),
    ROW(0, "/a/../b", "/a/../b"),
    ROW(0, "/a%2Fb/c", "/a/b/c"),
    ROW(0, "/a+b", "/a+b"),
    ROW(0, "/%41%62", "/Ab"),
    ROW(0, "/\xc3\xa9", "/\xc3\xa9"),
    ROW(0, "/?", "/"),
    ROW(0, "/?&&", "/"),
    ROW(0, "/?a", "/ a="),
    ROW(0, "/?a=", "/ a="),
    ROW(0, "/?=b", "/ =b"),
    ROW(0, "/?a=b=c", "/ a=b=c"),
    ROW(0, "/?a=1&a=2&b", "/ a=1 a=2 b="),
    ROW(0, "/?q=a+b%2Bc%20d", "/ q=a b+c d"),
    ROW(0, "/?q=%26%3d", "/ q=&="),
    ROW(0, "/?q=%ff%C3", "/ q=\xff\xc3"),
    ROW(0, "/?q=a?b/c", "/ q=a?b/c"),
    ROW(0, "/?q=<script>\"'", "/ q=<script>\"'"),
    ROW(0, "http://example.org/a?b=c", "/a b=c"),
    ROW(0, "HTTPS://example.org:1/", "/"),
    ROW(400, "", ""),
    ROW(400, "*", ""),
    ROW(400, "a", ""),
    ROW(400, "?a", ""),
    ROW(400, "http://example.org", ""),
    ROW(400, "http:///", ""),
    ROW(400, "ftp://example.org/", ""),
    ROW(400, "example.org:443", ""),
    ROW(400, "/ a", ""),
    ROW(400, "/\ta", ""),
    ROW(400, "/a\r\nb", ""),
    ROW(400, "/a\0b", ""),
    ROW(400, "/\x7f", ""),
    ROW(400, "/#a", ""),
    ROW(400, "/?q=#a", ""),
    ROW(400, "/%", ""),
    ROW(400, "/%4", ""),
    ROW(400, "/%4/", ""),
    ROW(400, "/%g0", ""),
    ROW(400, "/%00", ""),
    ROW(400, "/?q=%00", ""),
    ROW(400, "/?%00=q", ""),
    ROW(400, "/?q=%", ""),
    ROW(400, "/?q=%2", ""),
    ROW(400, "/?q=% 2", ""),
    ROW(400, "/?q=%u0041", ""),
    ROW(400, "/?q=%-1", ""),
    ROW(404, "/////////////////", ""),
};

static void show(struct buf *b, const struct http_target *t)
{
	for (size_t i = 0; i < t->segment_count; i++) {
		buf_char(b, '/');
		buf_add(b, t->segments[i]);
	}
	for (size_t i = 0; i < t->param_count; i++) {
		buf_char(b, ' ');
		buf_add(b, t->params[i].name);
		buf_char(b, '=');
		buf_add(b, t->params[i].value);
	}
}

static void test_rows(void **state)
{
	static struct http_target t;
	struct buf b;
	int bad = 0;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = http_target_parse(rows[i].raw, &t);

		buf_clear(&b);
		if (status == 0)
			show(&b, &t);
		if (status == rows[i].status &&
		    span_eq(buf_span(&b), span_str(rows[i].shown)))
			continue;
		print_error("%s:%d: %d \"%.*s\"\n", __FILE__, rows[i].line,
		    status, SPAN_FMT(buf_span(&b)));
		bad++;
	}
	buf_release(&b);
	assert_int_equal(bad, 0);
}

static void test_limits(void **state)
{
	static struct http_target t;
	struct buf b;
	struct span value;

	(void)state;
	buf_init(&b);
	buf_char(&b, '/');
	buf_fill(&b, 'a', HTTP_TARGET_MAX - 1);
	assert_int_equal(http_target_parse(buf_span(&b), &t), 0);
	buf_char(&b, 'a');
	assert_int_equal(http_target_parse(buf_span(&b), &t), 414);
	buf_clear(&b);
	buf_str(&b, "/?");
	for (int i = 0; i < HTTP_PARAMS_MAX; i++)
		buf_printf(&b, "%d=a&", i);
	assert_int_equal(http_target_parse(buf_span(&b), &t), 0);
	assert_true(http_target_param(&t, SPAN("63"), &value));
	assert_true(span_eq(value, SPAN("a")));
	assert_false(http_target_param(&t, SPAN("64"), &value));
	buf_str(&b, "a=b");
	assert_int_equal(http_target_parse(buf_span(&b), &t), 400);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
