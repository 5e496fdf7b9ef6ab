/* SPDX-License-Identifier: ISC */
/*
 * The connections that are open: how many, who is at their other end, and how
 * long each may go on.  Where nearly all that there may be are taken, those
 * that have waited longest for a request are closed, so that there is room
 * for who comes next.
 */
#ifndef HTTP_CONNECTIONS_H
#define HTTP_CONNECTIONS_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/clients.h"
#include "http/metrics.h"

/* A connection, from its start to its close. */
struct connection {
	struct connection *next; /* an older one */
	struct connection *prev;
	int fd; /* the library's */
	struct client client;
	_Atomic uint64_t deadline; /* by clock_nanoseconds */
	atomic_bool answering;	   /* a head was read, the answer is not out */
	bool ended;		   /* by us; the library will tell of it */
};

struct connections {
	struct clients *clients;
	struct metrics *metrics;
	unsigned max;
	atomic_uint count;
	atomic_uint peak;     /* the most there were since the last trim */
	pthread_mutex_t lock; /* of the list */
	struct connection *newest, *oldest;
};

/* Monotonic. */
uint64_t clock_nanoseconds(void);

void connections_init(struct connections *connections, struct clients *clients,
    struct metrics *metrics, unsigned max);
void connections_release(struct connections *connections);

/* The library's callbacks; cls is the connections. */
enum MHD_Result connections_accept(
    void *cls, const struct sockaddr *address, socklen_t len);
void connections_event(void *cls, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode code);

/* The connection of a request; NULL if memory failed at its start. */
struct connection *connection_of(struct MHD_Connection *mhd);

/* From now on it has so many seconds; c may be NULL. */
void connection_allow(struct connection *c, bool answering, unsigned seconds);

/*
 * Whether so many have gone that their memory is worth giving back; true once
 * for each crowd, or share of one.
 */
bool connections_have_gone(struct connections *connections);

/* Ends those that are past their deadline, or whose client has ended. */
void connections_end_late(struct connections *connections);

#endif
