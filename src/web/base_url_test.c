/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/base_url.h"

struct row {
	int line;
	const char *text;
	const char *url; /* NULL: refused */
	const char *host;
};

static const struct row rows[] = {
    {__LINE__, "https://ports.example", "https://ports.example",
	"ports.example"},
    {__LINE__, "https://ports.example/", "https://ports.example",
	"ports.example"},
    {__LINE__, "http://a:8080/b/c//", "http://a:8080/b/c", "a"},
    {__LINE__, "http://[::1]:80", "http://[::1]:80", "[::1]"},
    {__LINE__, "http://192.0.2.1", "http://192.0.2.1", "192.0.2.1"},
    {__LINE__, "https://a/%7Eb;c=d,e", "https://a/%7Eb;c=d,e", "a"},
    {__LINE__, "", NULL, NULL},
    {__LINE__, "ports.example", NULL, NULL},
    {__LINE__, "ftp://a", NULL, NULL},
    {__LINE__, "javascript:alert(1)", NULL, NULL},
    {__LINE__, "https:/a", NULL, NULL},
    {__LINE__, "https://", NULL, NULL},
    {__LINE__, "https:///a", NULL, NULL},
    {__LINE__, "https://:80", NULL, NULL},
    {__LINE__, "https://a:", NULL, NULL},
    {__LINE__, "https://a:0", NULL, NULL},
    {__LINE__, "https://a:65536", NULL, NULL},
    {__LINE__, "https://a:8x", NULL, NULL},
    {__LINE__, "https://u@a", NULL, NULL},
    {__LINE__, "https://u:p@a/", NULL, NULL},
    {__LINE__, "https://a?b", NULL, NULL},
    {__LINE__, "https://a/#b", NULL, NULL},
    {__LINE__, "https://a b", NULL, NULL},
    {__LINE__, "https://a/b c", NULL, NULL},
    {__LINE__, "https://a/\"><script>", NULL, NULL},
    {__LINE__, "https://a/\xc3\xa9", NULL, NULL},
    {__LINE__, "https://-a", NULL, NULL},
    {__LINE__, "https://[::1", NULL, NULL},
    {__LINE__, "https://[::g]", NULL, NULL},
    {__LINE__, "https://[::1]a", NULL, NULL},
};

static void check_row(const struct row *row)
{
	static const struct base_url none = {SPAN_INIT("-"), SPAN_INIT("-")};
	struct base_url got = none;
	struct portbook_error err = {0};
	int code = base_url_parse(span_str(row->text), &got, &err);
	const char *url = row->url != NULL ? row->url : "-";
	const char *host = row->host != NULL ? row->host : "-";

	if ((code == 0) != (row->url != NULL) ||
	    (code < 0 && (code != PORTBOOK_EUSAGE || err.text[0] == '\0')) ||
	    !span_eq(got.url, span_str(url)) ||
	    !span_eq(got.host, span_str(host)))
		fail_msg("line %d: %s: %d, %.*s, %.*s", row->line, row->text,
		    code, SPAN_FMT(got.url), SPAN_FMT(got.host));
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

/* A name longer than DNS has, and a URL longer than a link should have. */
static void test_long(void **state)
{
	char text[1200];
	struct base_url got;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "https://", 8);
	assert_int_equal(base_url_parse(span_of(text, 8 + 253), &got, NULL), 0);
	assert_int_equal(base_url_parse(span_of(text, 8 + 254), &got, NULL),
	    PORTBOOK_EUSAGE);
	text[9] = '/';
	assert_int_equal(base_url_parse(span_of(text, 1000), &got, NULL), 0);
	assert_int_equal(
	    base_url_parse(span_of(text, 1001), &got, NULL), PORTBOOK_EUSAGE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
