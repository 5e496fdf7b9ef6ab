/* SPDX-License-Identifier: ISC */
/* What is asked of free ports, sets of ports, ports that browsers block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "terms/blocked.h"
#include "terms/free.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct {
	int line;
	struct span name, value;
	bool good;
} options[] = {
    {__LINE__, SPAN_INIT("near"), SPAN_INIT("0"), true},
    {__LINE__, SPAN_INIT("near"), SPAN_INIT("65535"), true},
    {__LINE__, SPAN_INIT("near"), SPAN_INIT("65536"), false},
    {__LINE__, SPAN_INIT("near"), SPAN_INIT(""), false},
    {__LINE__, SPAN_INIT("near"), SPAN_INIT("+1"), false},
    {__LINE__, SPAN_INIT("range"), SPAN_INIT("1-1"), true},
    {__LINE__, SPAN_INIT("range"), SPAN_INIT("7"), true},
    {__LINE__, SPAN_INIT("range"), SPAN_INIT("2-1"), false},
    {__LINE__, SPAN_INIT("range"), SPAN_INIT("1-65536"), false},
    {__LINE__, SPAN_INIT("count"), SPAN_INIT("1"), true},
    {__LINE__, SPAN_INIT("count"), SPAN_INIT("100"), true},
    {__LINE__, SPAN_INIT("count"), SPAN_INIT("101"), false},
    {__LINE__, SPAN_INIT("count"), SPAN_INIT("0"), false},
    {__LINE__, SPAN_INIT("for"), SPAN_INIT("tcp"), true},
    {__LINE__, SPAN_INIT("for"), SPAN_INIT("UDP, sctp"), true},
    {__LINE__, SPAN_INIT("for"), SPAN_INIT("icmp"), false},
    {__LINE__, SPAN_INIT("for"), SPAN_INIT(""), false},
    {__LINE__, SPAN_INIT("seed"), SPAN_INIT("x"), true},
    {__LINE__, SPAN_INIT("seed"), SPAN_INIT(""), false},
    {__LINE__, SPAN_INIT("explain"), SPAN_INIT("80"), true},
    {__LINE__, SPAN_INIT("explain"), SPAN_INIT("80/tcp"), false},
    {__LINE__, SPAN_INIT("avoid"), SPAN_INIT("1"), false},
};

static void test_options(void **state)
{
	struct free_ask ask;

	(void)state;
	for (size_t i = 0; i < COUNT(options); i++) {
		struct portbook_error err = {0};
		int code;

		free_ask_init(&ask);
		code =
		    free_ask_set(&ask, options[i].name, options[i].value, &err);
		if (code != (options[i].good ? 0 : PORTBOOK_EUSAGE) ||
		    (code < 0) != (err.text[0] != '\0'))
			fail_msg(
			    "line %d: %d %s", options[i].line, code, err.text);
	}
	free_ask_init(&ask);
	assert_int_equal(ask.transports, FREE_TCP_UDP);
	assert_int_equal(
	    free_ask_set(&ask, SPAN("for"), SPAN("UDP,sctp"), NULL), 0);
	assert_int_equal(
	    ask.transports, 1U << PROTOCOL_UDP | 1U << PROTOCOL_SCTP);
	assert_int_equal(
	    free_ask_set(&ask, SPAN("range"), SPAN("10-20"), NULL), 0);
	assert_true(ask.has_range);
	assert_int_equal(ask.range.first, 10);
	assert_int_equal(ask.range.last, 20);
}

static const struct {
	int line;
	struct span text;
	bool good;
	unsigned count;
} sets[] = {
    {__LINE__, SPAN_INIT(""), true, 0},
    {__LINE__, SPAN_INIT("\n"), true, 0},
    {__LINE__, SPAN_INIT("8080"), true, 1},
    {__LINE__, SPAN_INIT("8080,9000-9010\n"), true, 12},
    {__LINE__, SPAN_INIT(" 1 2,, 2 "), true, 2},
    {__LINE__, SPAN_INIT("0-65535"), true, 65536},
    {__LINE__, SPAN_INIT("1,65536"), false, 1},
    {__LINE__, SPAN_INIT("2-1"), false, 0},
    {__LINE__, SPAN_INIT("x"), false, 0},
    {__LINE__, SPAN_INIT("1-"), false, 0},
};

static void test_sets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sets); i++) {
		struct port_set set = {0};
		bool good = port_set_parse(sets[i].text, &set);
		unsigned count = 0;

		for (uint32_t p = 0; p < PORT_COUNT; p++)
			count += port_set_has(&set, (uint16_t)p);
		if (good != sets[i].good || count != sets[i].count)
			fail_msg("line %d: %d %u", sets[i].line, good, count);
	}
}

/* The table rises, which the search in it needs; it has what it must. */
static void test_blocked(void **state)
{
	unsigned count = 0;

	(void)state;
	for (size_t i = 1; i < port_blocked_count; i++)
		assert_true(port_blocked[i - 1] < port_blocked[i]);
	for (uint32_t p = 0; p < PORT_COUNT; p++)
		count += port_is_blocked((uint16_t)p);
	assert_int_equal(count, port_blocked_count);
	assert_int_equal(count, 83);
	assert_true(port_is_blocked(0));
	assert_true(port_is_blocked(6667));
	assert_true(port_is_blocked(10080));
	assert_false(port_is_blocked(80));
	assert_false(port_is_blocked(443));
	assert_false(port_is_blocked(65535));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_options),
	    cmocka_unit_test(test_sets),
	    cmocka_unit_test(test_blocked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
