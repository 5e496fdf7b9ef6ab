/* SPDX-License-Identifier: ISC */
/* Lines of services(5) and of nmap-services, good and bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "terms/services.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A255 A50 A50 A50 A50 A50 "aaaaa"

static const struct {
	int line;
	struct span text;
	const char *name, *protocol, *aliases, *comment;
	unsigned port;
} good[] = {
    {__LINE__, SPAN_INIT(""), "", "", "", "", 0},
    {__LINE__, SPAN_INIT(" \t "), "", "", "", "", 0},
    {__LINE__, SPAN_INIT("# a # b "), "", "", "", "a # b", 0},
    {__LINE__, SPAN_INIT("ssh 22/tcp"), "ssh", "tcp", "", "", 22},
    {__LINE__, SPAN_INIT("\tssh\t22/tcp\t"), "ssh", "tcp", "", "", 22},
    {__LINE__, SPAN_INIT("ssh 22/tcp#x"), "ssh", "tcp", "", "x", 22},
    {__LINE__, SPAN_INIT("http 80/tcp www  w3\t# The Web "), "http", "tcp",
	"www|w3|", "The Web", 80},
    {__LINE__, SPAN_INIT("a 0/udp b#"), "a", "udp", "b|", "", 0},
    {__LINE__, SPAN_INIT("cl/1 65535/TCP"), "cl/1", "TCP", "", "", 65535},
    {__LINE__, SPAN_INIT("z39.50 00210/tcp"), "z39.50", "tcp", "", "", 210},
    {__LINE__, SPAN_INIT("echo 4/ddp"), "echo", "ddp", "", "", 4},
    {__LINE__, SPAN_INIT("caf\xc3\xa9 9/udp-lite"), "caf\xc3\xa9", "udp-lite",
	"", "", 9},
    {__LINE__, SPAN_INIT("a 1/tcp 1.x 1. .1 3"), "a", "tcp", "1.x|1.|.1|3|", "",
	1},
    {__LINE__, SPAN_INIT(A255 " 1/tcp"), A255, "tcp", "", "", 1},
};

/* The aliases, each ended by a bar. */
static struct span join(struct span aliases, char *storage, size_t cap)
{
	struct span alias;
	size_t len = 0;

	while (services_next_alias(&aliases, &alias)) {
		assert_true(len + alias.len + 1 <= cap);
		memcpy(storage + len, alias.ptr, alias.len);
		len += alias.len;
		storage[len++] = '|';
	}
	return span_of(storage, len);
}

static void expect(int line, struct span is, const char *wanted)
{
	if (!span_eq(is, span_str(wanted)))
		fail_msg("line %d: \"%.*s\", not \"%s\"", line, SPAN_FMT(is),
		    wanted);
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct services_fault fault;
		struct services_line l;
		char storage[64];

		if (!services_line_parse(good[i].text, &l, &fault))
			fail_msg("line %d: column %zu: %s", good[i].line,
			    fault.column, fault.why);
		expect(good[i].line, l.name, good[i].name);
		expect(good[i].line, l.protocol, good[i].protocol);
		expect(good[i].line, l.comment, good[i].comment);
		expect(good[i].line, join(l.aliases, storage, 64),
		    good[i].aliases);
		assert_int_equal(l.port, good[i].port);
		assert_int_equal(services_line_is_likely(good[i].text),
		    good[i].name[0] != '\0');
	}
}

static const struct bad_row {
	int line;
	struct span text;
	size_t column;
	const char *why; /* a part of it */
} bad[] =
    {
	{__LINE__, SPAN_INIT("ssh"), 4, "no port"},
	{__LINE__, SPAN_INIT("ssh # 22/tcp"), 5, "no port"},
	{__LINE__, SPAN_INIT("ssh tcp/22"), 5, "0 to 65535"},
	{__LINE__, SPAN_INIT("ssh /tcp"), 5, "0 to 65535"},
	{__LINE__, SPAN_INIT("ssh +22/tcp"), 5, "0 to 65535"},
	{__LINE__, SPAN_INIT("ssh 65536/tcp"), 5, "0 to 65535"},
	{__LINE__, SPAN_INIT("ssh 18446744073709551638/tcp"), 5, "0 to 65535"},
	{__LINE__, SPAN_INIT("x11 6000-6063/tcp"), 5, "0 to 65535"},
	{__LINE__, SPAN_INIT("ssh 22"), 7, "no protocol"},
	{__LINE__, SPAN_INIT("ssh 22 /tcp"), 7, "no protocol"},
	{__LINE__, SPAN_INIT("ssh 22/"), 7, "no protocol"},
	{__LINE__, SPAN_INIT("ssh 22/tcp/udp"), 8, "one protocol"},
	{__LINE__, SPAN_INIT("ssh 22/6"), 8, "one protocol"},
	{__LINE__, SPAN_INIT("ssh 22/tcp,udp"), 8, "one protocol"},
	{__LINE__, SPAN_INIT("ssh 22/t" A50), 8, "one protocol"},
	{__LINE__, SPAN_INIT("ssh 22/tcp a\0b"), 13, "control"},
	{__LINE__, SPAN_INIT("ssh 22/tcp # \x7f"), 14, "control"},
	{__LINE__, SPAN_INIT("ssh\r"), 4, "control"},
	{__LINE__, SPAN_INIT("caf\xe9 9/tcp"), 4, "UTF-8"},
	{__LINE__, SPAN_INIT("# \xef\xbf\xbf"), 3, "UTF-8"},
	{__LINE__, SPAN_INIT("\xef\xbf\xbe 1/tcp"), 1, "UTF-8"},
	{__LINE__, SPAN_INIT(" " A255 "a 1/tcp"), 2, "255"},
	{__LINE__, SPAN_INIT("a 1/tcp " A255 "a"), 9, "255"},
	{__LINE__, SPAN_INIT("ssh 22/tcp 0.18 # nmap"), 12, "frequenc"},
},
  bad_nmap[] = {
      {__LINE__, SPAN_INIT("ssh 22/tcp"), 11, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp # 0.5"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp secsh"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 1.5"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 1.01"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 2"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 0."), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp .5"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp -0.5"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 5e-1"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 3/2"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 0/0"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 1/"), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp 0." A50), 12, "no frequency"},
      {__LINE__, SPAN_INIT("ssh 22/tcp\t0.1\xff"), 15, "UTF-8"},
      {__LINE__, SPAN_INIT("ssh 70000/tcp 0.1"), 5, "0 to 65535"},
};

static void expect_fault(
    const struct bad_row *row, const struct services_fault *fault)
{
	struct span why = span_str(fault->why);

	if (fault->column != row->column ||
	    span_find(why, span_str(row->why)) == why.len)
		fail_msg("line %d: column %zu: %s", row->line, fault->column,
		    fault->why);
}

static void test_bad(void **state)
{
	struct services_fault fault;
	struct services_line l;
	struct nmap_line n;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (services_line_parse(bad[i].text, &l, &fault))
			fail_msg("line %d: taken", bad[i].line);
		expect_fault(&bad[i], &fault);
	}
	for (size_t i = 0; i < COUNT(bad_nmap); i++) {
		if (nmap_line_parse(bad_nmap[i].text, &n, &fault))
			fail_msg("line %d: taken", bad_nmap[i].line);
		expect_fault(&bad_nmap[i], &fault);
	}
}

static void test_nmap(void **state)
{
	static const struct {
		int line;
		struct span text;
		const char *name, *frequency;
		unsigned port;
	} rows[] = {
	    {__LINE__, SPAN_INIT("# x"), "", "", 0},
	    {__LINE__, SPAN_INIT("ssh\t22/tcp\t0.182286\t# Secure Shell"),
		"ssh", "0.182286", 22},
	    {__LINE__, SPAN_INIT("unknown 9/udp 0"), "unknown", "0", 9},
	    {__LINE__, SPAN_INIT("a 9/udp 1 b c"), "a", "1", 9},
	    {__LINE__, SPAN_INIT("a 9/udp 1.000#"), "a", "1.000", 9},
	    {__LINE__, SPAN_INIT("a 9/udp 17/3000 # b"), "a", "17/3000", 9},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct services_fault fault;
		struct nmap_line l;

		if (!nmap_line_parse(rows[i].text, &l, &fault))
			fail_msg("line %d: column %zu: %s", rows[i].line,
			    fault.column, fault.why);
		expect(rows[i].line, l.name, rows[i].name);
		expect(rows[i].line, l.frequency, rows[i].frequency);
		if (l.name.len > 0)
			assert_int_equal(l.port, rows[i].port);
	}
}

static void test_likely(void **state)
{
	(void)state;
	assert_true(services_line_is_likely(SPAN("a 99999/tcp")));
	assert_true(services_line_is_likely(SPAN("a 1/tcp/udp \xff")));
	assert_false(services_line_is_likely(SPAN("# a 1/tcp")));
	assert_false(services_line_is_likely(SPAN("Service Name,Port")));
	assert_false(services_line_is_likely(SPAN("on 1/2 of it")));
	assert_false(services_line_is_likely(SPAN("a tcp/1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_nmap),
	    cmocka_unit_test(test_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
