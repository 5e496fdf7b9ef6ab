/* SPDX-License-Identifier: ISC */
/*
 * A connection is ended by shutting its socket down: the library's thread
 * sees that as the client's doing and closes it.  Until that thread has told
 * us, the descriptor stays open and no other can get its number.
 */
#include "http/connections.h"

#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"
#include "http/limits.h"
#include "base/banned.h"

/* So many connections have some 5 MB. */
#define CROWD 256

/* How many of the oldest are looked at to find one that waits. */
#define LOOK_AT 256

#define SECOND UINT64_C(1000000000)

uint64_t clock_nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t in_seconds(unsigned seconds)
{
	return clock_nanoseconds() + seconds * SECOND;
}

void connections_init(struct connections *all, struct clients *clients,
    struct metrics *metrics, unsigned max)
{
	*all = (struct connections){
	    .clients = clients, .metrics = metrics, .max = max};
	pthread_mutex_init(&all->lock, NULL);
}

void connections_release(struct connections *all)
{
	pthread_mutex_destroy(&all->lock);
}

static void end(struct connection *c)
{
	c->ended = true;
	shutdown(c->fd, SHUT_RDWR);
}

/*
 * One for one: each that comes when seven eighths are taken ends another.
 * The longest silent among the oldest is near enough to the longest silent.  A
 * crowd comes within a second: who asks meanwhile is told from it by less.
 */
static void make_room(struct connections *all)
{
	struct connection *c = all->oldest, *found = NULL;

	for (int i = 0; c != NULL && i < LOOK_AT; i++, c = c->prev) {
		if (c->ended || atomic_load(&c->answering))
			continue;
		if (found == NULL ||
		    atomic_load(&c->deadline) < atomic_load(&found->deadline))
			found = c;
	}
	if (found == NULL)
		return;
	end(found);
	metrics_event(all->metrics, METRICS_EVICTED);
}

static void put_in(struct connections *all, struct connection *c)
{
	c->prev = NULL;
	c->next = all->newest;
	if (c->next != NULL)
		c->next->prev = c;
	else
		all->oldest = c;
	all->newest = c;
}

static void take_out(struct connections *all, struct connection *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		all->newest = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		all->oldest = c->prev;
}

static const union MHD_ConnectionInfo *info_of(
    struct MHD_Connection *mhd, enum MHD_ConnectionInfoType type)
{
	return MHD_get_connection_info(mhd, type);
}

static void started(
    struct connections *all, struct MHD_Connection *mhd, void **context)
{
	const union MHD_ConnectionInfo *info =
	    info_of(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *c = mem_zalloc(1, sizeof(*c));
	unsigned count = atomic_fetch_add(&all->count, 1) + 1;

	*context = c;
	metrics_event(all->metrics, METRICS_CONNECTED);
	if (c == NULL)
		return; /* served all the same, without a deadline */
	c->fd = info != NULL ? info->connect_fd : -1;
	info = info_of(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	clients_know(
	    all->clients, info != NULL ? info->client_addr : NULL, &c->client);
	clients_add(all->clients, &c->client);
	atomic_init(&c->deadline, in_seconds(HTTP_HEAD_SECONDS));
	pthread_mutex_lock(&all->lock);
	if (count > atomic_load(&all->peak))
		atomic_store(&all->peak, count);
	if (count > all->max - (all->max + 7) / 8)
		make_room(all);
	put_in(all, c);
	pthread_mutex_unlock(&all->lock);
}

static void closed(struct connections *all, void **context)
{
	struct connection *c = *context;

	atomic_fetch_sub(&all->count, 1);
	if (c == NULL)
		return;
	pthread_mutex_lock(&all->lock);
	take_out(all, c);
	pthread_mutex_unlock(&all->lock);
	clients_remove(all->clients, &c->client);
	mem_release(c);
	*context = NULL;
}

enum MHD_Result connections_accept(
    void *cls, const struct sockaddr *address, socklen_t len)
{
	struct connections *all = cls;
	struct client client;

	clients_know(all->clients, len > 0 ? address : NULL, &client);
	if (clients_may_connect(all->clients, &client))
		return MHD_YES;
	metrics_event(all->metrics, METRICS_REFUSED);
	return MHD_NO;
}

void connections_event(void *cls, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		started(cls, mhd, context);
	else
		closed(cls, context);
}

struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
	    info_of(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

void connection_allow(struct connection *c, bool answering, unsigned seconds)
{
	if (c == NULL)
		return;
	atomic_store(&c->answering, answering);
	atomic_store(&c->deadline, in_seconds(seconds));
}

bool connections_have_gone(struct connections *all)
{
	unsigned count = atomic_load(&all->count);

	if (count + CROWD > atomic_load(&all->peak))
		return false;
	atomic_store(&all->peak, count);
	return true;
}

/*
 * Where a client's end came together with its last request the library does
 * not notice, and would keep the connection until it has idled long enough.
 * A moment must have passed, since what was read may not yet be a request.
 */
static bool is_over(const struct connection *c, uint64_t now)
{
	char byte;

	return !atomic_load(&c->answering) &&
	       atomic_load(&c->deadline) + 2 * SECOND <=
		   now + HTTP_HEAD_SECONDS * SECOND &&
	       recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/*
 * The library's time-out starts anew with each byte, so that a client could
 * hold a connection for ever.
 */
void connections_end_late(struct connections *all)
{
	uint64_t now = clock_nanoseconds();

	pthread_mutex_lock(&all->lock);
	for (struct connection *c = all->newest; c != NULL; c = c->next) {
		if (c->ended)
			continue;
		if (atomic_load(&c->deadline) < now) {
			end(c);
			metrics_event(all->metrics, METRICS_LATE);
		} else if (is_over(c, now)) {
			end(c);
		}
	}
	pthread_mutex_unlock(&all->lock);
}
