/* SPDX-License-Identifier: ISC */
#include "http/http.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "http/exchange.h"
#include "http/listen.h"
#include "base/banned.h"

/* Descriptors that are no connections: files, the library's, what is mapped. */
#define OTHER_DESCRIPTORS 64

/* An answer may be seen only this long after its request came in. */
#define SETTLE_NANOSECONDS 100000000

static void signals_of(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
}

/*
 * One thread a core that this process may use, which a container or taskset
 * can make fewer than there are; the library wants two or more of a pool.
 */
static unsigned pool_size(void)
{
	cpu_set_t set;
	int cores = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		cores = CPU_COUNT(&set);
	if (cores < 2)
		return 0;
	return cores < HTTP_THREADS_MAX ? (unsigned)cores : HTTP_THREADS_MAX;
}

/* As many as are wanted, if the system lets this process have them. */
static unsigned connections_max(unsigned wanted)
{
	struct rlimit limit;
	rlim_t room;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return wanted;
	room = limit.rlim_cur > 2 * OTHER_DESCRIPTORS
		   ? limit.rlim_cur - OTHER_DESCRIPTORS
		   : limit.rlim_cur / 2;
	return room < wanted ? (unsigned)room : wanted;
}

static int start(struct http_server *server, struct portbook_error *err)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC;
	unsigned threads = pool_size();
	unsigned max = server->connections.max;

	if (server->family == AF_INET6)
		flags |= MHD_USE_IPv6;
	if (max < threads)
		max = threads; /* the library shares them out */
	server->daemon =
	    MHD_start_daemon(flags, 0, connections_accept, &server->connections,
		exchange_answer, server, MHD_OPTION_LISTEN_SOCKET,
		server->listener, MHD_OPTION_URI_LOG_CALLBACK, exchange_begin,
		server, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, server,
		MHD_OPTION_NOTIFY_CONNECTION, connections_event,
		&server->connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_HEAD_MEMORY, MHD_OPTION_CONNECTION_LIMIT, max,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)HTTP_STACK,
		MHD_OPTION_THREAD_POOL_SIZE, threads,
		MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_END);
	if (server->daemon == NULL)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot start the server");
	return 0;
}

static int prepare(struct http_server *server,
    const struct http_options *options, struct portbook_error *err)
{
	unsigned wanted =
	    options->connections > 0 ? options->connections : HTTP_CONNECTIONS;
	int code;

	if (options->socket >= 0) {
		server->listener = options->socket;
		code = listen_adopt(options->socket, err);
	} else {
		code = listen_at(options->listen, err);
		if (code >= 0)
			server->listener = code;
	}
	if (code >= 0)
		code = listen_tell(server->listener, server->url,
		    sizeof(server->url), &server->family, err);
	if (code >= 0)
		code = clients_init(&server->clients, options->rate,
		    options->burst, options->per_address, options->limit_local,
		    err);
	if (code < 0)
		return code;
	server->metrics = metrics_new(server->site);
	if (server->metrics == NULL)
		return error_nomem(err);
	connections_init(&server->connections, &server->clients,
	    server->metrics, connections_max(wanted));
	return options->access_log == NULL
		   ? 0
		   : access_log_open(options->access_log, &server->log, err);
}

static void release(struct http_server *server)
{
	if (server->listener >= 0)
		close(server->listener);
	access_log_close(server->log);
	connections_release(&server->connections);
	clients_release(&server->clients);
	metrics_free(server->metrics);
	mem_release(server);
}

int http_server_open(const struct http_options *options,
    const struct http_site *site, struct http_server **ret,
    struct portbook_error *err)
{
	struct http_server *server = mem_zalloc(1, sizeof(*server));
	sigset_t set;
	int code;

	if (server == NULL) {
		if (options->socket >= 0)
			close(options->socket);
		return error_nomem(err);
	}
	server->site = site;
	server->listener = -1;
	signals_of(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	code = prepare(server, options, err);
	if (code == 0)
		code = start(server, err);
	if (code != 0) {
		release(server);
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

	signals_of(&set);
	for (;;) {
		int signal = sigtimedwait(&set, NULL, &second);

		if (signal == SIGTERM || signal == SIGINT)
			return;
		if (signal == SIGHUP)
			access_log_reopen(server->log);
		if (site->tick != NULL)
			site->tick(site->ctx, signal == SIGHUP);
		connections_end_late(&server->connections);
		if (connections_have_gone(&server->connections))
			mem_trim();
	}
}

/*
 * A request may have come whose head was not read yet, so nothing must be
 * under way for a while.  Deadlines hold here too.
 */
static void wait_for_answers(struct http_server *server)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	uint64_t now = clock_nanoseconds(), quiet = now;
	uint64_t end = now + (uint64_t)HTTP_STOP_SECONDS * 1000000000;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	while (now < end && now - quiet < SETTLE_NANOSECONDS) {
		if (sigtimedwait(&set, NULL, &pause) > 0)
			return;
		connections_end_late(&server->connections);
		now = clock_nanoseconds();
		if (atomic_load(&server->answering) > 0)
			quiet = now;
	}
}

void http_server_close(struct http_server *server)
{
	if (server == NULL)
		return;
	atomic_store(&server->stopping, true);
	MHD_quiesce_daemon(server->daemon);
	wait_for_answers(server);
	MHD_stop_daemon(server->daemon);
	release(server);
}
