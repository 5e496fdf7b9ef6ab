/* SPDX-License-Identifier: ISC */
/*
 * What one client may take up: requests a second, and connections at a time.
 * A client is an IPv4 address or the /64 of an IPv6 address, since that is
 * what one subscriber has at least.  Any number of threads may call.
 *
 * There is a table of fixed size and nothing in it but numbers: a client's
 * place is a hash, seeded anew at each start.  So the memory is bounded
 * whoever comes, no lock is needed, and the price is that a client may now and
 * then share an allowance with another one that is active at the time; nobody
 * can choose with whom.
 */
#ifndef HTTP_CLIENTS_H
#define HTTP_CLIENTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "portbook/error.h"

#define CLIENT_SLOTS 65536

struct client {
	uint8_t family; /* 4 or 6; 0: it has no address, as of a local socket */
	bool local;	/* of this machine */
	uint8_t bytes[8]; /* IPv4: four and zeros; IPv6: the /64 */
	uint32_t slot;
};

struct clients {
	uint64_t seed;
	uint64_t cost;	 /* nanoseconds a request; 0: as many as they like */
	uint64_t credit; /* nanoseconds that may be owed */
	unsigned connections; /* at a time; 0: as many as they like */
	bool limit_local;
	_Atomic uint64_t *paid;	     /* a place's requests, until when */
	_Atomic uint32_t *connected; /* a place's connections */
};

/*
 * rate requests a second, burst of them at once; rate 0 and connections 0 are
 * no limits.  Clients of this machine are held to them only by limit_local.
 */
int clients_init(struct clients *clients, unsigned rate, unsigned burst,
    unsigned connections, bool limit_local, struct portbook_error *err);

/* Zeroed storage is fine too. */
void clients_release(struct clients *clients);

/* Who is at address, which may be NULL. */
void clients_know(const struct clients *clients, const struct sockaddr *address,
    struct client *ret);

/*
 * Takes the price of a request at now, in nanoseconds of a clock that does
 * not go back.  0, or the whole seconds after which one may be asked again;
 * nothing was taken then.
 */
unsigned clients_charge(
    struct clients *clients, const struct client *client, uint64_t now);

/* Whether the client may have one more connection. */
bool clients_may_connect(
    const struct clients *clients, const struct client *client);

/* A connection was made, or has ended. */
void clients_add(struct clients *clients, const struct client *client);
void clients_remove(struct clients *clients, const struct client *client);

#endif
