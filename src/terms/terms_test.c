/* SPDX-License-Identifier: ISC */
/* Ports, protocols, dates, keys, queries and states. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "terms/date.h"
#include "terms/key.h"
#include "terms/meant.h"
#include "terms/query.h"
#include "terms/state.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct range_row {
	int line;
	struct span text;
	int first, last; /* -1: not a range */
} ranges[] = {
    {__LINE__, SPAN_INIT("0"), 0, 0},
    {__LINE__, SPAN_INIT("65535"), 65535, 65535},
    {__LINE__, SPAN_INIT("65536"), -1, -1},
    {__LINE__, SPAN_INIT("0-65535"), 0, 65535},
    {__LINE__, SPAN_INIT("7-7"), 7, 7},
    {__LINE__, SPAN_INIT("8-7"), -1, -1},
    {__LINE__, SPAN_INIT("7-"), -1, -1},
    {__LINE__, SPAN_INIT("-7"), -1, -1},
    {__LINE__, SPAN_INIT("-"), -1, -1},
    {__LINE__, SPAN_INIT("7-8-9"), -1, -1},
    {__LINE__, SPAN_INIT(""), -1, -1},
    {__LINE__, SPAN_INIT(" 7"), -1, -1},
    {__LINE__, SPAN_INIT("0x7"), -1, -1},
};

static void test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++) {
		struct port_range r = {1, 2};
		bool good = port_range_parse(ranges[i].text, &r);

		if (good != (ranges[i].first >= 0) ||
		    (good && (r.first != ranges[i].first ||
				 r.last != ranges[i].last)) ||
		    (!good && (r.first != 1 || r.last != 2)))
			fail_msg("row of line %d", ranges[i].line);
	}
	assert_true(port_range_meets(
	    (struct port_range){1, 5}, (struct port_range){5, 9}));
	assert_false(port_range_meets(
	    (struct port_range){1, 4}, (struct port_range){5, 9}));
	assert_int_equal(port_class_of(0), PORT_SYSTEM);
	assert_int_equal(port_class_of(1023), PORT_SYSTEM);
	assert_int_equal(port_class_of(1024), PORT_USER);
	assert_int_equal(port_class_of(49151), PORT_USER);
	assert_int_equal(port_class_of(49152), PORT_DYNAMIC);
	assert_true(span_eq(port_class_name(PORT_USER), SPAN("user")));
}

static void test_protocols(void **state)
{
	enum protocol p;

	(void)state;
	assert_true(protocol_parse(SPAN("SCTP"), &p) && p == PROTOCOL_SCTP);
	assert_false(protocol_parse(SPAN(""), &p));
	assert_int_equal(protocol_of(SPAN(" ")), PROTOCOL_NONE);
	assert_int_equal(protocol_of(SPAN(" dccp")), PROTOCOL_DCCP);
	assert_int_equal(protocol_of(SPAN("tcp/udp")), PROTOCOL_OTHER);
	assert_int_equal(protocol_name(PROTOCOL_OTHER).len, 0);
}

static const struct date_row {
	int line;
	struct span text;
	bool valid, day;
} dates[] = {
    {__LINE__, SPAN_INIT("2024-02-29"), true, true},
    {__LINE__, SPAN_INIT("2023-02-29"), false, false},
    {__LINE__, SPAN_INIT("2000-02-29"), true, true},
    {__LINE__, SPAN_INIT("1900-02-29"), false, false},
    {__LINE__, SPAN_INIT("2024-04-31"), false, false},
    {__LINE__, SPAN_INIT("2024-12-31"), true, true},
    {__LINE__, SPAN_INIT("2024-12-00"), false, false},
    {__LINE__, SPAN_INIT("2024-12"), true, false},
    {__LINE__, SPAN_INIT("2024-13"), false, false},
    {__LINE__, SPAN_INIT("2024-00"), false, false},
    {__LINE__, SPAN_INIT("2024"), false, false},
    {__LINE__, SPAN_INIT(""), false, false},
    {__LINE__, SPAN_INIT("2024/12"), false, false},
    {__LINE__, SPAN_INIT("2024-12/1x"), false, false},
    {__LINE__, SPAN_INIT("2024-1-1"), false, false},
};

static void test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++)
		if (date_is_valid(dates[i].text) != dates[i].valid ||
		    date_is_day(dates[i].text) != dates[i].day)
			fail_msg("row of line %d", dates[i].line);
}

static const struct key_row {
	int line;
	struct span text, number, protocol, name;
	uint32_t ordinal; /* 0: no key */
} keys[] = {
    {__LINE__, SPAN_INIT("443/tcp/https"), SPAN_INIT("443"), SPAN_INIT("tcp"),
	SPAN_INIT("https"), 1},
    {__LINE__, SPAN_INIT("-/-/rdp~2"), SPAN_INIT(""), SPAN_INIT(""),
	SPAN_INIT("rdp"), 2},
    {__LINE__, SPAN_INIT("7-9/-/-"), SPAN_INIT("7-9"), SPAN_INIT(""),
	SPAN_INIT(""), 1},
    {__LINE__, SPAN_INIT("7/tcp/cl/1"), SPAN_INIT("7"), SPAN_INIT("tcp"),
	SPAN_INIT("cl/1"), 1},
    {__LINE__, SPAN_INIT("7/tcp/a~b"), SPAN_INIT("7"), SPAN_INIT("tcp"),
	SPAN_INIT("a~b"), 1},
    {__LINE__, SPAN_INIT("7/tcp/a~1~3"), SPAN_INIT("7"), SPAN_INIT("tcp"),
	SPAN_INIT("a~1"), 3},
    {__LINE__, SPAN_INIT("7/tcp"), SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT(""),
	0},
    {__LINE__, SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT(""), SPAN_INIT(""), 0},
};

static void test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		const struct key_row *row = &keys[i];
		struct record_key key;
		struct buf b;

		if (key_parse(row->text, &key) != (row->ordinal > 0))
			fail_msg("row of line %d", row->line);
		if (row->ordinal == 0)
			continue;
		buf_init(&b);
		key_format(&b, &key);
		if (key.ordinal != row->ordinal ||
		    !span_eq(key.number, row->number) ||
		    !span_eq(key.protocol, row->protocol) ||
		    !span_eq(key.name, row->name) ||
		    !span_eq(buf_span(&b), row->text))
			fail_msg("row of line %d", row->line);
		buf_release(&b);
	}
}

static const struct query_row {
	int line;
	struct span text;
	int kind; /* -1: refused */
	int first, last;
	struct span name;
	enum protocol protocol;
} queries[] = {
    {__LINE__, SPAN_INIT("443"), QUERY_PORT, 443, 443, SPAN_INIT(""),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT(" 8000-8010\n"), QUERY_RANGE, 8000, 8010,
	SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("https"), QUERY_NAME, 0, 0, SPAN_INIT("https"),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("443/tcp"), QUERY_PORT, 443, 443, SPAN_INIT(""),
	PROTOCOL_TCP},
    {__LINE__, SPAN_INIT("tcp/443"), QUERY_PORT, 443, 443, SPAN_INIT(""),
	PROTOCOL_TCP},
    {__LINE__, SPAN_INIT("HTTPS/UDP"), QUERY_NAME, 0, 0, SPAN_INIT("HTTPS"),
	PROTOCOL_UDP},
    {__LINE__, SPAN_INIT("_https._tcp"), QUERY_NAME, 0, 0, SPAN_INIT("https"),
	PROTOCOL_TCP},
    {__LINE__, SPAN_INIT("_https._foo"), QUERY_NAME, 0, 0,
	SPAN_INIT("_https._foo"), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("cl/1"), QUERY_NAME, 0, 0, SPAN_INIT("cl/1"),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("cl/1/udp"), QUERY_NAME, 0, 0, SPAN_INIT("cl/1"),
	PROTOCOL_UDP},
    {__LINE__, SPAN_INIT("tcp"), QUERY_NAME, 0, 0, SPAN_INIT("tcp"),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("/tcp"), QUERY_NAME, 0, 0, SPAN_INIT("/tcp"),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("tcp/"), QUERY_NAME, 0, 0, SPAN_INIT("tcp/"),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("65536"), -1, 0, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("9-7"), -1, 0, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("99999999999999999999999/tcp"), -1, 0, 0,
	SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT(" \t"), -1, 0, 0, SPAN_INIT(""), PROTOCOL_NONE},
};

static void test_queries(void **state)
{
	char text[QUERY_MAX + 1];
	struct query query;

	(void)state;
	for (size_t i = 0; i < COUNT(queries); i++) {
		const struct query_row *row = &queries[i];
		struct portbook_error err = {0};
		int code = query_parse(row->text, &query, &err);

		if (row->kind < 0) {
			if (code != PORTBOOK_EUSAGE || err.text[0] == '\0')
				fail_msg("row of line %d", row->line);
			continue;
		}
		if (code < 0 || (int)query.kind != row->kind ||
		    query.protocol != row->protocol ||
		    (query.kind == QUERY_NAME
			    ? !span_eq(query.name, row->name)
			    : query.range.first != row->first ||
				  query.range.last != row->last))
			fail_msg("row of line %d", row->line);
	}
	memset(text, 'a', sizeof(text));
	assert_int_equal(
	    query_parse(span_of(text, QUERY_MAX), &query, NULL), 0);
	assert_int_equal(
	    query_parse(span_of(text, QUERY_MAX + 1), &query, NULL),
	    PORTBOOK_EUSAGE);
}

/* What was meant; no name: of ports, first -1: nothing. */
static const struct meant_row {
	int line;
	struct span text;
	int first, last;
	struct span name;
	enum protocol protocol;
} meant[] = {
    {__LINE__, SPAN_INIT("10.0.0.1:80"), 80, 80, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("my-host:80/udp"), 80, 80, SPAN_INIT(""),
	PROTOCOL_UDP},
    {__LINE__, SPAN_INIT("[::1]:443"), 443, 443, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("*:443"), 443, 443, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("https://a.b:8443/c:1"), 8443, 8443, SPAN_INIT(""),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("http://[::1]:8080"), 8080, 8080, SPAN_INIT(""),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("ssh://host"), 0, 0, SPAN_INIT("ssh"), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("https://"), 0, 0, SPAN_INIT("https"), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("HTTPS:tcp"), 0, 0, SPAN_INIT("HTTPS"), PROTOCOL_TCP},
    {__LINE__, SPAN_INIT(":443"), 443, 443, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT(" 443, "), 443, 443, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("443."), 443, 443, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("443tcp"), 443, 443, SPAN_INIT(""), PROTOCOL_TCP},
    {__LINE__, SPAN_INIT("443:TCP"), 443, 443, SPAN_INIT(""), PROTOCOL_TCP},
    {__LINE__, SPAN_INIT("udp 53"), 53, 53, SPAN_INIT(""), PROTOCOL_UDP},
    {__LINE__, SPAN_INIT("sctp443"), 443, 443, SPAN_INIT(""), PROTOCOL_SCTP},
    {__LINE__, SPAN_INIT("1-"), 1, 65535, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("8000..8010"), 8000, 8010, SPAN_INIT(""),
	PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("8000:8010/tcp"), 8000, 8010, SPAN_INIT(""),
	PROTOCOL_TCP},
    {__LINE__, SPAN_INIT("8000 - 8010"), 8000, 8010, SPAN_INIT(""),
	PROTOCOL_NONE},
    {__LINE__,
	SPAN_INIT("8000\xe2\x80\x93"
		  "8010"),
	8000, 8010, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("443"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("443/tcp"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("https"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("host:70000"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("10:5"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("::1"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("2001:db8::1"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("10.0.0.1"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("tcp:"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("tcpx"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("://x"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT("-"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT(":"), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
    {__LINE__, SPAN_INIT(""), -1, 0, SPAN_INIT(""), PROTOCOL_NONE},
};

static void test_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(meant); i++) {
		const struct meant_row *row = &meant[i];
		struct query q = {.protocol = PROTOCOL_OTHER};
		bool any = query_meant(row->text, &q);

		if (any != (row->first >= 0) ||
		    (!any && q.protocol != PROTOCOL_OTHER) ||
		    (any && q.protocol != row->protocol))
			fail_msg("row of line %d", row->line);
		if (!any)
			continue;
		if ((q.kind == QUERY_NAME) != (row->name.len > 0) ||
		    (q.kind == QUERY_NAME ? !span_eq(q.name, row->name)
					  : q.range.first != row->first ||
						q.range.last != row->last ||
						(q.kind == QUERY_RANGE) !=
						    (row->first != row->last)))
			fail_msg("row of line %d", row->line);
	}
}

static const struct state_row {
	int line;
	struct span name, description;
	enum state state;
} states[] = {
    {__LINE__, SPAN_INIT("a"), SPAN_INIT("Unassigned"), STATE_ASSIGNED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("Unassigned"), STATE_UNASSIGNED},
    {__LINE__, SPAN_INIT(" "), SPAN_INIT("\n (UNASSIGNED) x"),
	STATE_UNASSIGNED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("Reserved"), STATE_RESERVED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("IANA Reserved"), STATE_RESERVED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("De-registered on 2020-01-01"),
	STATE_RESERVED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("Decomissioned"), STATE_RESERVED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("De-Commissioned Port"),
	STATE_RESERVED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT("any private mail system"),
	STATE_ASSIGNED},
    {__LINE__, SPAN_INIT(""), SPAN_INIT(""), STATE_ASSIGNED},
};

static void test_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(states); i++)
		if (state_of(states[i].name, states[i].description) !=
		    states[i].state)
			fail_msg("row of line %d", states[i].line);
	assert_true(span_eq(state_name(STATE_NOT_LISTED), SPAN("not-listed")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_protocols),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_queries),
	    cmocka_unit_test(test_meant),
	    cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
