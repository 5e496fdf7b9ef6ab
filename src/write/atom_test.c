/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "write/atom.h"

#define BAD "\xef\xbf\xbd"

static const struct atom_entry entry = {
    .name = SPAN_INIT("change:ab:renamed, split:1/tcp/<\"a\xc3\xa9=-"),
    .title = SPAN_INIT("a<b>&\"\x01\x7f\xff\xef\xbf\xbf"),
    .updated = SPAN_INIT("2026-02"),
    .page = SPAN_INIT("/x?a=1&b=\"2\""),
    .summary = SPAN_INIT("]]>\n\tline\r"),
};

static void check(struct span host, const char *want)
{
	const struct atom_authority authority = {host};
	struct buf b;

	buf_init(&b);
	atom_entry(&b, &authority, &entry);
	buf_char(&b, '\0');
	assert_false(buf_failed(&b));
	assert_string_equal(b.ptr, want);
	buf_release(&b);
}

#define REST                                                                   \
	"<title>a&lt;b&gt;&amp;&quot;" BAD BAD BAD BAD "</title>\n"            \
	"<updated>2026-02-01T00:00:00Z</updated>\n"                            \
	"<link rel=\"alternate\" type=\"text/html\" "                          \
	"href=\"/x?a=1&amp;b=&quot;2&quot;\"/>\n"                              \
	"<summary>]]&gt;\n\tline" BAD "</summary>\n</entry>\n"

static void test_tag(void **state)
{
	(void)state;
	check(SPAN("Ports.Example"),
	    "<entry>\n<id>tag:ports.example,2026:change:ab:renamed%2C%20split:"
	    "1/tcp/%3C%22a%C3%A9=-</id>\n" REST);
}

/* The same name gives the same identifier, another one another. */
static void test_uuid(void **state)
{
	static const struct span hosts[] = {
	    SPAN_INIT(""),
	    SPAN_INIT("[::1]"),
	};
	char ids[2][128];
	struct atom_entry e = entry;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct atom_authority authority = {hosts[i]};

		buf_init_fixed(&b, ids[i], sizeof(ids[i]));
		atom_entry(&b, &authority, &entry);
		assert_memory_equal(ids[i], "<entry>\n<id>urn:uuid:", 21);
		/* Version 8 and the variant of RFC 9562. */
		assert_int_equal(ids[i][21 + 14], '8');
		assert_non_null(strchr("89ab", ids[i][21 + 19]));
	}
	assert_memory_equal(ids[0], ids[1], sizeof(ids[0]));
	e.name = SPAN("change:ab:renamed");
	buf_init_fixed(&b, ids[1], sizeof(ids[1]));
	atom_entry(&b, &(struct atom_authority){SPAN("")}, &e);
	assert_memory_not_equal(ids[0], ids[1], 21 + 36);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tag),
	    cmocka_unit_test(test_uuid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
