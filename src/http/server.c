/* SPDX-License-Identifier: ISC */
#include "http/http.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "http/exchange.h"
#include "base/banned.h"

uint64_t clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec;
}

static void connection_started(
    struct http_server *server, struct MHD_Connection *mhd, void **context)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *c = mem_alloc(1, sizeof(*c));

	*context = c;
	if (c == NULL)
		return; /* served all the same, without a deadline */
	c->fd = info != NULL ? info->connect_fd : -1;
	atomic_init(&c->deadline, clock_seconds() + HTTP_HEAD_SECONDS);
	pthread_mutex_lock(&server->lock);
	c->prev = NULL;
	c->next = server->connections;
	if (c->next != NULL)
		c->next->prev = c;
	server->connections = c;
	pthread_mutex_unlock(&server->lock);
}

static void connection_closed(struct http_server *server, void **context)
{
	struct connection *c = *context;

	if (c == NULL)
		return;
	pthread_mutex_lock(&server->lock);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		server->connections = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	pthread_mutex_unlock(&server->lock);
	mem_release(c);
	*context = NULL;
}

static void connection_event(void *cls, struct MHD_Connection *mhd,
    void **context, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		connection_started(cls, mhd, context);
	else
		connection_closed(cls, context);
}

/*
 * The library's time-out starts anew with each byte, so that a client could
 * hold a connection for ever.  A socket that is shut down here is seen as
 * closed by the library's thread; it stays open until that has told us.
 */
static void end_late_connections(struct http_server *server)
{
	uint64_t now = clock_seconds();

	pthread_mutex_lock(&server->lock);
	for (struct connection *c = server->connections; c != NULL; c = c->next)
		if (atomic_load(&c->deadline) < now)
			shutdown(c->fd, SHUT_RDWR);
	pthread_mutex_unlock(&server->lock);
}

/* Cuts "ADDR:PORT" at its last colon; brackets of IPv6 go. */
static bool split_address(
    const char *listen, char *host, size_t host_cap, const char **port)
{
	const char *colon = strrchr(listen, ':');
	uint64_t number;
	size_t len;

	if (colon == NULL ||
	    !ascii_u64(span_str(colon + 1), UINT16_MAX, &number))
		return false;
	len = (size_t)(colon - listen);
	if (len >= 2 && listen[0] == '[' && colon[-1] == ']') {
		listen++;
		len -= 2;
	}
	if (len == 0 || len >= host_cap)
		return false;
	memcpy(host, listen, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

static int open_socket(const struct addrinfo *ai)
{
	int one = 1, saved;
	int fd = socket(ai->ai_family,
	    ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, SOMAXCONN) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* The address that the socket really has, as a URL. */
static int tell_url(struct http_server *server, struct portbook_error *err)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	char host[64], port[16];

	if (getsockname(server->listener, (struct sockaddr *)&address, &len) !=
		0 ||
	    getnameinfo((struct sockaddr *)&address, len, host, sizeof(host),
		port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return error_set(err, PORTBOOK_EIO, errno, "listen");
	snprintf(server->url, sizeof(server->url),
	    address.ss_family == AF_INET6 ? "http://[%s]:%s" : "http://%s:%s",
	    host, port);
	return 0;
}

static int listen_at(struct http_server *server, const char *where, int *family,
    struct portbook_error *err)
{
	const struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct addrinfo *found = NULL;
	char host[256];
	const char *port;
	int failure;

	if (!split_address(where, host, sizeof(host), &port))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.100s is no address: say ADDRESS:PORT, for example "
		    "127.0.0.1:8080",
		    where);
	failure = getaddrinfo(host, port, &hints, &found);
	if (failure != 0)
		return error_set(err, PORTBOOK_EUSAGE, 0, "%.100s: %s", where,
		    gai_strerror(failure));
	*family = found->ai_family;
	server->listener = open_socket(found);
	failure = errno;
	freeaddrinfo(found);
	if (server->listener < 0)
		return error_set(err, PORTBOOK_EIO, failure,
		    "cannot listen at %.100s", where);
	return tell_url(server, err);
}

static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

/* One thread a core; the library wants two or more of a pool. */
static unsigned pool_size(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 2)
		return 0;
	return cores < HTTP_THREADS_MAX ? (unsigned)cores : HTTP_THREADS_MAX;
}

static int start(
    struct http_server *server, int family, struct portbook_error *err)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC;

	if (family == AF_INET6)
		flags |= MHD_USE_IPv6;
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, exchange_answer,
	    server, MHD_OPTION_LISTEN_SOCKET, server->listener,
	    MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, server,
	    MHD_OPTION_NOTIFY_COMPLETED, exchange_end, server,
	    MHD_OPTION_NOTIFY_CONNECTION, connection_event, server,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_MEMORY,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)HTTP_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)HTTP_STACK,
	    MHD_OPTION_THREAD_POOL_SIZE, pool_size(),
	    MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_END);
	if (server->daemon == NULL)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot start the server");
	return 0;
}

int http_server_open(const char *listen, const struct http_site *site,
    struct http_server **ret, struct portbook_error *err)
{
	struct http_server *server = mem_zalloc(1, sizeof(*server));
	sigset_t set;
	int family = AF_INET, code;

	if (server == NULL)
		return error_nomem(err);
	server->site = site;
	server->listener = -1;
	pthread_mutex_init(&server->lock, NULL);
	block_signals(&set);
	code = listen_at(server, listen, &family, err);
	if (code == 0)
		code = start(server, family, err);
	if (code != 0) {
		http_server_close(server);
		return code;
	}
	*ret = server;
	return 0;
}

const char *http_server_url(const struct http_server *server)
{
	return server->url;
}

void http_server_run(struct http_server *server)
{
	const struct timespec second = {.tv_sec = 1};
	const struct http_site *site = server->site;
	sigset_t set;

	block_signals(&set);
	for (;;) {
		int signal = sigtimedwait(&set, NULL, &second);

		if (signal == SIGTERM || signal == SIGINT)
			return;
		if (site->tick != NULL)
			site->tick(site->ctx, signal == SIGHUP);
		end_late_connections(server);
	}
}

void http_server_close(struct http_server *server)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	uint64_t end = clock_seconds() + HTTP_STOP_SECONDS;

	if (server == NULL)
		return;
	if (server->daemon != NULL) {
		MHD_quiesce_daemon(server->daemon);
		while (atomic_load(&server->answering) > 0 &&
		       clock_seconds() < end)
			nanosleep(&pause, NULL);
		MHD_stop_daemon(server->daemon);
	}
	if (server->listener >= 0)
		close(server->listener);
	pthread_mutex_destroy(&server->lock);
	mem_release(server);
}
