/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "http/route.h"

static const struct http_route routes[] = {
    {HTTP_GET, "/", NULL, 0},
    {HTTP_GET, "/a", NULL, 0},
    {HTTP_GET | HTTP_POST, "/a/b", NULL, 0},
    {HTTP_GET, "/port/*", NULL, 0},
    {HTTP_GET, "/port/*/x", NULL, 0},
    {HTTP_POST, "/record/**", NULL, 0},
};

static const struct row {
	int line;
	const char *target;
	enum http_method method;
	int want; /* number of the route, or -1 */
	unsigned allowed;
} rows[] = {
    {__LINE__, "/", HTTP_GET, 0, 0},
    {__LINE__, "/?q", HTTP_HEAD, 0, 0},
    {__LINE__, "/", HTTP_POST, -1, HTTP_GET | HTTP_HEAD},
    {__LINE__, "/a", HTTP_GET, 1, 0},
    {__LINE__, "/%61", HTTP_GET, 1, 0},
    {__LINE__, "/a/", HTTP_GET, -1, 0},
    {__LINE__, "/A", HTTP_GET, -1, 0},
    {__LINE__, "/a/b", HTTP_POST, 2, 0},
    {__LINE__, "/a%2Fb", HTTP_POST, -1, 0},
    {__LINE__, "/a/b", HTTP_PUT, -1, HTTP_GET | HTTP_HEAD | HTTP_POST},
    {__LINE__, "/port", HTTP_GET, -1, 0},
    {__LINE__, "/port/", HTTP_GET, -1, 0},
    {__LINE__, "/port/1", HTTP_GET, 3, 0},
    {__LINE__, "/port/1/x", HTTP_GET, 4, 0},
    {__LINE__, "/port/1/y", HTTP_GET, -1, 0},
    {__LINE__, "/record/1/tcp/a", HTTP_POST, 5, 0},
    {__LINE__, "/record/", HTTP_POST, -1, 0},
    {__LINE__, "/record/a", HTTP_GET, -1, HTTP_POST},
    {__LINE__, "//", HTTP_GET, -1, 0},
};

static void test_rows(void **state)
{
	static struct http_target t;
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct http_route *route;
		unsigned allowed;
		int got;

		assert_int_equal(
		    http_target_parse(span_str(rows[i].target), &t), 0);
		route =
		    http_route_find(routes, sizeof(routes) / sizeof(routes[0]),
			&t, rows[i].method, &allowed);
		got = route != NULL ? (int)(route - routes) : -1;
		if (got == rows[i].want &&
		    (got >= 0 || allowed == rows[i].allowed))
			continue;
		print_error("%s:%d: %d, allowed %#x\n", __FILE__, rows[i].line,
		    got, allowed);
		bad++;
	}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
