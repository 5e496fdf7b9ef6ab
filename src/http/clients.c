/* SPDX-License-Identifier: ISC */
/*
 * The rate is kept by one number a place: the time until which its requests
 * have been paid for, each costing 1/rate of a second.  It may lie ahead of
 * now by the burst, and no further; one that lies behind counts as now.
 */
#include "http/clients.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/banned.h"

#define SECOND 1000000000u

int clients_init(struct clients *clients, unsigned rate, unsigned burst,
    unsigned connections, bool limit_local, struct portbook_error *err)
{
	*clients = (struct clients){
	    .cost = rate > 0 ? SECOND / rate : 0,
	    .connections = connections,
	    .limit_local = limit_local,
	};
	clients->credit = clients->cost * (burst > 0 ? burst - 1 : 0);
	if (getrandom(&clients->seed, sizeof(clients->seed), 0) !=
	    sizeof(clients->seed))
		return error_set(
		    err, PORTBOOK_EIO, errno, "no random number to be had");
	clients->paid = mem_zalloc(CLIENT_SLOTS, sizeof(*clients->paid));
	clients->connected =
	    mem_zalloc(CLIENT_SLOTS, sizeof(*clients->connected));
	if (clients->paid != NULL && clients->connected != NULL)
		return 0;
	clients_release(clients);
	return error_nomem(err);
}

void clients_release(struct clients *clients)
{
	mem_release(clients->paid);
	mem_release(clients->connected);
	clients->paid = NULL;
	clients->connected = NULL;
}

static void know_v4(const uint8_t *address, struct client *ret)
{
	ret->family = 4;
	ret->local = address[0] == 127;
	memcpy(ret->bytes, address, 4);
}

static void know_v6(const struct in6_addr *address, struct client *ret)
{
	if (IN6_IS_ADDR_V4MAPPED(address)) {
		know_v4(address->s6_addr + 12, ret);
		return;
	}
	ret->family = 6;
	ret->local = IN6_IS_ADDR_LOOPBACK(address);
	memcpy(ret->bytes, address->s6_addr, 8);
}

void clients_know(const struct clients *clients, const struct sockaddr *address,
    struct client *ret)
{
	*ret = (struct client){.local = true};
	if (address != NULL && address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		know_v4((const uint8_t *)&in.sin_addr, ret);
	} else if (address != NULL && address->sa_family == AF_INET6) {
		struct sockaddr_in6 in;

		memcpy(&in, address, sizeof(in));
		know_v6(&in.sin6_addr, ret);
	}
	ret->slot = (uint32_t)(hash_bytes(ret->bytes, sizeof(ret->bytes),
				   clients->seed + ret->family) %
			       CLIENT_SLOTS);
}

static bool is_free(const struct clients *clients, const struct client *client)
{
	return client->local && !clients->limit_local;
}

unsigned clients_charge(
    struct clients *clients, const struct client *client, uint64_t now)
{
	_Atomic uint64_t *paid = &clients->paid[client->slot];
	uint64_t until, next;

	if (clients->cost == 0 || is_free(clients, client))
		return 0;
	until = atomic_load_explicit(paid, memory_order_relaxed);
	do {
		if (until > now + clients->credit)
			return 1 + (unsigned)((until - now - clients->credit) /
					      SECOND);
		next = (until > now ? until : now) + clients->cost;
	} while (!atomic_compare_exchange_weak_explicit(
	    paid, &until, next, memory_order_relaxed, memory_order_relaxed));
	return 0;
}

bool clients_may_connect(
    const struct clients *clients, const struct client *client)
{
	return clients->connections == 0 || is_free(clients, client) ||
	       atomic_load(&clients->connected[client->slot]) <
		   clients->connections;
}

void clients_add(struct clients *clients, const struct client *client)
{
	atomic_fetch_add(&clients->connected[client->slot], 1);
}

void clients_remove(struct clients *clients, const struct client *client)
{
	atomic_fetch_sub(&clients->connected[client->slot], 1);
}
