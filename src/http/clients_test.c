/* SPDX-License-Identifier: ISC */
/* Rates by a clock of the test's own, and addresses by rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "http/clients.h"

#define SECOND 1000000000u

static struct client know(const struct clients *clients, const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct client client;

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		clients_know(clients, (struct sockaddr *)&v4, &client);
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		clients_know(clients, (struct sockaddr *)&v6, &client);
	else
		clients_know(clients, NULL, &client);
	return client;
}

static const struct {
	int line;
	const char *text;
	uint8_t family;
	bool local;
	const char *same; /* an address of the same client */
	const char *other;
} addresses[] = {
    {__LINE__, "192.0.2.1", 4, false, "::ffff:192.0.2.1", "192.0.2.2"},
    {__LINE__, "127.0.0.1", 4, true, "::ffff:127.0.0.1", "127.0.0.2"},
    {__LINE__, "128.0.0.1", 4, false, "128.0.0.1", "127.0.0.1"},
    {__LINE__, "2001:db8:1:2::1", 6, false,
	"2001:db8:1:2:ffff::", "2001:db8:1:3::1"},
    {__LINE__, "::1", 6, true, "::1", "192.0.2.1"},
    {__LINE__, "none", 0, true, "none", "::1"},
};

static void test_addresses(void **state)
{
	struct clients clients;
	int bad = 0;

	(void)state;
	assert_int_equal(clients_init(&clients, 1, 1, 1, false, NULL), 0);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct client a = know(&clients, addresses[i].text);
		struct client b = know(&clients, addresses[i].same);
		struct client c = know(&clients, addresses[i].other);

		if (a.family == addresses[i].family &&
		    a.local == addresses[i].local && a.slot == b.slot &&
		    memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0 &&
		    (a.family != c.family ||
			memcmp(a.bytes, c.bytes, sizeof(a.bytes)) != 0))
			continue;
		print_error("%s:%d\n", __FILE__, addresses[i].line);
		bad++;
	}
	clients_release(&clients);
	assert_int_equal(bad, 0);
}

/* Ten a second and four at once, each row at a time in milliseconds. */
static const struct {
	int line;
	unsigned ms;
	unsigned wait; /* seconds; 0: it is answered */
} charges[] = {
    {__LINE__, 5000, 0},
    {__LINE__, 5000, 0},
    {__LINE__, 5000, 0},
    {__LINE__, 5000, 0},
    {__LINE__, 5000, 1},
    {__LINE__, 5099, 1},
    {__LINE__, 5100, 0},
    {__LINE__, 5100, 1},
    {__LINE__, 5350, 0},
    {__LINE__, 5350, 0},
    {__LINE__, 5350, 1},
    {__LINE__, 9000, 0},
    {__LINE__, 9000, 0},
    {__LINE__, 9000, 0},
    {__LINE__, 9000, 0},
    {__LINE__, 9000, 1},
};

static void test_rate(void **state)
{
	struct clients clients;
	struct client client, local;
	int bad = 0;

	(void)state;
	assert_int_equal(clients_init(&clients, 10, 4, 0, false, NULL), 0);
	client = know(&clients, "192.0.2.1");
	local = know(&clients, "127.0.0.1");
	for (size_t i = 0; i < sizeof(charges) / sizeof(charges[0]); i++) {
		uint64_t now = (uint64_t)charges[i].ms * 1000000;
		unsigned wait = clients_charge(&clients, &client, now);

		if (wait != charges[i].wait) {
			print_error(
			    "%s:%d: %u\n", __FILE__, charges[i].line, wait);
			bad++;
		}
		bad += clients_charge(&clients, &local, now) != 0;
	}
	assert_int_equal(bad, 0);
	clients.limit_local = true;
	for (int i = 0; i < 4; i++)
		assert_int_equal(
		    clients_charge(&clients, &local, 90 * (uint64_t)SECOND), 0);
	assert_int_equal(
	    clients_charge(&clients, &local, 90 * (uint64_t)SECOND), 1);
	clients_release(&clients);
}

/* One in ten seconds is no rate that can be asked for; one a second is. */
static void test_slow_rate(void **state)
{
	struct clients clients;
	struct client client;

	(void)state;
	assert_int_equal(clients_init(&clients, 1, 3, 0, false, NULL), 0);
	client = know(&clients, "2001:db8::1");
	for (int i = 0; i < 3; i++)
		assert_int_equal(clients_charge(&clients, &client, SECOND), 0);
	assert_int_equal(clients_charge(&clients, &client, SECOND), 2);
	assert_int_equal(
	    clients_charge(&clients, &client, SECOND + SECOND / 2), 1);
	assert_int_equal(
	    clients_charge(&clients, &client, 2 * (uint64_t)SECOND), 0);
	clients_release(&clients);
}

static void test_connections(void **state)
{
	struct clients clients;
	struct client client, local;

	(void)state;
	assert_int_equal(clients_init(&clients, 0, 0, 2, false, NULL), 0);
	client = know(&clients, "192.0.2.1");
	local = know(&clients, "::1");
	for (int i = 0; i < 2; i++) {
		assert_true(clients_may_connect(&clients, &client));
		clients_add(&clients, &client);
		clients_add(&clients, &local);
	}
	assert_false(clients_may_connect(&clients, &client));
	assert_true(clients_may_connect(&clients, &local));
	clients_remove(&clients, &client);
	assert_true(clients_may_connect(&clients, &client));
	clients.limit_local = true;
	assert_false(clients_may_connect(&clients, &local));
	clients.connections = 0;
	assert_true(clients_may_connect(&clients, &local));
	clients_release(&clients);
	clients_release(&clients);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_rate),
	    cmocka_unit_test(test_slow_rate),
	    cmocka_unit_test(test_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
