/* SPDX-License-Identifier: ISC */
/* Free ports: the order of proposals, and verdicts on a small registry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "search/free.h"
#include "search/free_order.h"
#include "search/sample_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Computed with tests/suggest/oracle.py, from the words of the manual. */
static const struct {
	int line;
	struct span seed;
	int near; /* -1: none */
	uint16_t first[6];
} orders[] = {
    {__LINE__, SPAN_INIT(""), -1, {19671, 40063, 13716, 56087, 40163, 30429}},
    {__LINE__, SPAN_INIT("a"), -1, {54023, 4980, 26728, 4947, 55142, 30761}},
    {__LINE__, SPAN_INIT("portbook"), -1,
	{54324, 3013, 48414, 29899, 45448, 14605}},
    {__LINE__, SPAN_INIT("a"), 8080, {8080, 8081, 8079, 8082, 8078, 8083}},
    {__LINE__, SPAN_INIT("b"), 0, {0, 1, 2, 3, 4, 5}},
    {__LINE__, SPAN_INIT("c"), 65535,
	{65535, 65534, 65533, 65532, 65531, 65530}},
};

static void test_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct free_ask ask;
		struct free_order order;
		struct port_set seen = {0};
		uint32_t count = 0;
		uint16_t port;

		free_ask_init(&ask);
		ask.seed = orders[i].seed;
		ask.has_near = orders[i].near >= 0;
		ask.near = (uint16_t)orders[i].near;
		free_order_init(&order, &ask);
		while (free_order_next(&order, &port)) {
			if (count < 6 && port != orders[i].first[count])
				fail_msg("line %d: %u is %u", orders[i].line,
				    count, port);
			if (port_set_has(&seen, port))
				fail_msg(
				    "line %d: %u twice", orders[i].line, port);
			port_set_add(&seen, (struct port_range){port, port});
			count++;
		}
		assert_int_equal(count, PORT_COUNT);
	}
}

/* The codes that are bad, each with a blank behind, by version. */
static const struct {
	int line;
	uint16_t port;
	uint32_t version;
	unsigned transports;
	const char *bad;
} verdicts[] = {
    {__LINE__, 44, 0, FREE_TCP_UDP, "REGISTRY SYSTEM "},
    /* "gone" went between the two versions, which are a year apart. */
    {__LINE__, 44, 1, FREE_TCP_UDP, "DEASSIGNED SYSTEM "},
    {__LINE__, 44, 1, 1U << PROTOCOL_UDP, "SYSTEM "},
    {__LINE__, 45, 1, FREE_TCP_UDP, "SYSTEM "},
    {__LINE__, 443, 1, 1U << PROTOCOL_UDP, "REGISTRY SYSTEM "},
    {__LINE__, 443, 0, 1U << PROTOCOL_UDP, "SYSTEM "},
    {__LINE__, 0, 1, 1U << PROTOCOL_SCTP, "REGISTRY SYSTEM "},
    {__LINE__, 6000, 1, 1U << PROTOCOL_UDP, "BROWSERS "},
    {__LINE__, 6001, 1, 1U << PROTOCOL_TCP, "REGISTRY "},
    {__LINE__, 6001, 1, 1U << PROTOCOL_UDP, ""},
    {__LINE__, 32767, 1, FREE_TCP_UDP, ""},
    {__LINE__, 32768, 1, FREE_TCP_UDP, "LINUX "},
    {__LINE__, 49151, 1, FREE_TCP_UDP, "LINUX "},
    {__LINE__, 49152, 1, FREE_TCP_UDP, "DYNAMIC LINUX "},
    {__LINE__, 60999, 1, FREE_TCP_UDP, "DYNAMIC LINUX "},
    {__LINE__, 65535, 1, FREE_TCP_UDP, "DYNAMIC "},
};

static void test_verdicts(void **state)
{
	const struct sample *w = *state;

	for (size_t i = 0; i < COUNT(verdicts); i++) {
		struct free_ask ask;
		struct free_report report;
		char storage[256];
		struct buf b;

		free_ask_init(&ask);
		ask.transports = verdicts[i].transports;
		free_judge(&w->image, verdicts[i].version, &ask,
		    verdicts[i].port, &report);
		buf_init_fixed(&b, storage, sizeof(storage));
		for (size_t k = 0; k < report.reason_count; k++) {
			if (report.reasons[k].verdict != FREE_BAD)
				continue;
			buf_add(&b, free_code_name(report.reasons[k].code));
			buf_char(&b, ' ');
		}
		if (!span_eq(buf_span(&b), span_str(verdicts[i].bad)) ||
		    report.usable != (verdicts[i].bad[0] == '\0'))
			fail_msg("line %d: %.*s", verdicts[i].line,
			    SPAN_FMT(buf_span(&b)));
	}
}

/* A host whose range, reserved ports and sockets count. */
static void test_host(void **state)
{
	const struct sample *w = *state;
	struct free_host *host = mem_zalloc(1, sizeof(*host));
	struct free_report report;
	struct free_rejected rejected;
	struct free_ask ask;

	assert_non_null(host);
	host->has_range = host->has_start = true;
	host->range = (struct port_range){7000, 7010};
	host->start = 7001;
	port_set_add(&host->reserved, (struct port_range){7005, 7005});
	host->has_open[PROTOCOL_TCP] = host->has_open[PROTOCOL_UDP] = true;
	port_set_add(
	    &host->open[PROTOCOL_UDP], (struct port_range){7011, 7011});
	free_ask_init(&ask);
	ask.host = host;
	ask.has_range = true;
	ask.range = (struct port_range){6999, 7011};
	ask.count = 1;
	assert_int_equal(
	    free_suggest(&w->image, 1, &ask, &report, &rejected), 1);
	assert_int_equal(report.port, 7005);
	ask.range = (struct port_range){7006, 7011};
	assert_int_equal(
	    free_suggest(&w->image, 1, &ask, &report, &rejected), 0);
	assert_true(rejected.all);
	assert_int_equal(rejected.counts[FREE_LOCAL], 5);
	assert_int_equal(rejected.counts[FREE_LISTENING], 1);
	ask.transports = 1U << PROTOCOL_DCCP;
	free_judge(&w->image, 1, &ask, 7011, &report);
	assert_true(report.usable);
	mem_release(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_verdicts),
	    cmocka_unit_test(test_host),
	};

	return cmocka_run_group_tests(tests, sample_set_up, sample_tear_down);
}
