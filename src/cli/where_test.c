/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cli/where.h"
#include "search/sample_test.h"
#include "search/search.h"

static const struct {
	int line;
	const char *where;
	const char *keys; /* of the newest version; NULL: refused */
} tests[] = {
    {__LINE__, "name=HTTPS", "443/tcp/https 443/udp/https"},
    {__LINE__, "name=https,protocol=udp", "443/udp/https"},
    {__LINE__, "name=https,http,protocol=tcp", "80/tcp/http 443/tcp/https"},
    {__LINE__, "name~tps", "443/tcp/https 443/udp/https"},
    {__LINE__, "state!=assigned", "0/-/- 45-79/-/-"},
    {__LINE__, "state!=assigned,reserved", "45-79/-/-"},
    {__LINE__, "number=50", "45-79/-/-"},
    {__LINE__, "number=45-79", "45-79/-/-"},
    {__LINE__, "number=45-78", ""},
    {__LINE__, "number=", "-/-/rdp"},
    {__LINE__, "first=45", "45-79/-/-"},
    {__LINE__, "last=45", ""},
    {__LINE__, "first>=465",
	"465/tcp/urd 465/tcp/submissions "
	"6000-6063/tcp/x11"},
    {__LINE__, "last<=43", "0/-/- 43/tcp/nicname"},
    {__LINE__, "class=user", "6000-6063/tcp/x11"},
    {__LINE__, "contact=iesg", "443/udp/https"},
    {__LINE__, "contact~ies", "443/udp/https"},
    {__LINE__, "description=fort\xc3\xa9", "172/tcp/cl/1"},
    {__LINE__, "id=172/tcp/cl/1", "172/tcp/cl/1"},
    {__LINE__, "registered>=2000", ""},
    {__LINE__, "description~web,mail",
	"80/tcp/http 80/tcp/www 465/tcp/submissions"},
    {__LINE__, "", NULL},
    {__LINE__, "name", NULL},
    {__LINE__, "=x", NULL},
    {__LINE__, "nothing=1", NULL},
    {__LINE__, "protocol=udp,stat=reserved", NULL},
    {__LINE__, "protocol=udp,stat~reserved", NULL},
    {__LINE__, "first=x", NULL},
    {__LINE__, "number>=65536", NULL},
};

static void test_where(void **state)
{
	struct image image;
	uint8_t *bytes = NULL;

	(void)state;
	assert_int_equal(sample_open(true, &image, &bytes), 0);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct where where = {0};
		struct buf scratch, keys;
		int code = where_parse(span_str(tests[i].where), &where, NULL);

		if ((code < 0) != (tests[i].keys == NULL))
			fail_msg("line %d: code %d", tests[i].line, code);
		buf_init(&scratch);
		buf_init(&keys);
		for (uint32_t n = 0; code == 0 && n < image.current_rows; n++) {
			if (!where_fits(&where, &image, &image.rows[n],
				(uint32_t)image.version_count - 1, &scratch))
				continue;
			if (keys.len > 0)
				buf_char(&keys, ' ');
			image_row_key(&image, &image.rows[n], &keys);
		}
		if (code == 0 &&
		    !span_eq(buf_span(&keys), span_str(tests[i].keys)))
			fail_msg("line %d: %.*s", tests[i].line,
			    SPAN_FMT(buf_span(&keys)));
		buf_release(&scratch);
		buf_release(&keys);
	}
	image_close(&image);
	mem_release(bytes);
}

int main(void)
{
	static const struct CMUnitTest all[] = {
	    cmocka_unit_test(test_where),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
