/* SPDX-License-Identifier: ISC */
/*
 * load PORT CONNECTIONS REQUESTS TARGETS [PID...]
 *
 * Asks a server at 127.0.0.1 for the addresses that the file TARGETS lists,
 * one a line, in turn, over so many connections, each with one request under
 * way.  Cheap, so that it is the server that is measured: one thread, one
 * send and mostly one receive a request, and the bytes of long answers are
 * thrown away inside the kernel.  Each answer must have the status 200, a
 * Content-Length and so many bytes; answers to one and the same address must
 * have the same length.  One line comes out:
 *
 *	requests failures seconds p50 p99 max own-cpu server-cpu bytes
 *
 * Times of requests are in microseconds, processor times in seconds; PIDs are
 * the server's processes.  LOAD_FIELDS holds further header fields.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX 16384
#define PATIENCE_MS 10000

/* Latencies: 64 steps in each doubling of nanoseconds, 1.6 % apart. */
#define STEPS 64
#define BINS (STEPS * 48)

struct text {
	const char *ptr;
	size_t len;
};

struct client {
	int fd;
	uint64_t begun; /* ns */
	uint64_t left;	/* bytes of the answer's body to come */
	bool body;	/* the head is there */
	bool busy;
	size_t head_len;
	char *head;
};

struct load {
	uint16_t port;
	int epoll;
	struct client *clients;
	size_t client_count;
	struct text *requests; /* whole, as sent */
	size_t request_count;
	uint64_t length; /* of the answers, if all are to one address */

	uint64_t wanted, sent, done, failures, bytes;
	uint64_t worst; /* ns */
	uint64_t bins[BINS];
};

static void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)))
__attribute__((noreturn));

static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("load: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static void *need(size_t count, size_t size)
{
	void *room = calloc(count, size);

	if (room == NULL)
		die("out of memory");
	return room;
}

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Nanoseconds that one thread ran, in the kernel too; 0 where it has ended. */
static uint64_t cpu_of_thread(const char *pid, const char *thread)
{
	unsigned long long ns = 0;
	char path[640];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/task/%s/schedstat", pid, thread);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%llu", &ns) != 1)
		ns = 0;
	fclose(file);
	return ns;
}

/* Processor seconds of a process; its threads live as long as it does. */
static double cpu_of(const char *pid)
{
	char path[64];
	struct dirent *entry;
	uint64_t sum = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	if (dir == NULL)
		die("no process %s", pid);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			sum += cpu_of_thread(pid, entry->d_name);
	closedir(dir);
	return (double)sum / 1e9;
}

static double cpu_of_all(char *const *pids)
{
	double sum = 0;

	for (; *pids != NULL; pids++)
		sum += cpu_of(*pids);
	return sum;
}

static double own_cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static size_t bin_of(uint64_t ns)
{
	unsigned high;

	if (ns < STEPS)
		return (size_t)ns;
	high = 63 - (unsigned)__builtin_clzll(ns);
	ns = (uint64_t)(high - 5) * STEPS + ((ns >> (high - 6)) & (STEPS - 1));
	return ns < BINS ? (size_t)ns : BINS - 1;
}

static double bin_ns(size_t bin)
{
	unsigned high = (unsigned)(bin / STEPS) + 5;

	if (bin < STEPS)
		return (double)bin;
	return (double)((STEPS + bin % STEPS) << (high - 6));
}

/* The latency that a share of all requests stayed within, in microseconds. */
static double share_us(const struct load *l, double share)
{
	uint64_t want = (uint64_t)(share * (double)l->done), seen = 0;

	for (size_t i = 0; i < BINS; i++) {
		seen += l->bins[i];
		if (seen > want)
			return bin_ns(i) / 1e3;
	}
	return (double)l->worst / 1e3;
}

static struct text request_of(const char *target, uint16_t port)
{
	const char *fields = getenv("LOAD_FIELDS");
	char *line;
	int len =
	    asprintf(&line, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n",
		target, port, fields != NULL ? fields : "");

	if (len < 0)
		die("out of memory");
	return (struct text){line, (size_t)len};
}

static void read_targets(struct load *l, const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0, cap = 0;
	ssize_t len;

	if (file == NULL)
		die("%s: %s", path, strerror(errno));
	while ((len = getline(&line, &room, file)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (l->request_count == cap) {
			cap = cap == 0 ? 16 : 2 * cap;
			l->requests =
			    realloc(l->requests, cap * sizeof(*l->requests));
			if (l->requests == NULL)
				die("out of memory");
		}
		l->requests[l->request_count++] = request_of(line, l->port);
	}
	free(line);
	fclose(file);
	if (l->request_count == 0)
		die("%s: nothing to ask for", path);
}

static void hang_up(struct load *l, struct client *c)
{
	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	if (c->busy)
		l->failures++;
	c->busy = false;
}

static void hang_on(struct load *l, struct client *c)
{
	const struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons(l->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (const struct sockaddr *)&a, sizeof(a)) < 0)
		die("cannot connect: %s", strerror(errno));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event) < 0)
		die("epoll: %s", strerror(errno));
}

static void ask(struct load *l, struct client *c)
{
	struct text t;

	if (l->sent == l->wanted)
		return;
	t = l->requests[l->sent++ % l->request_count];
	c->busy = true;
	c->body = false;
	c->head_len = 0;
	c->begun = clock_ns();
	if (send(c->fd, t.ptr, t.len, MSG_NOSIGNAL) != (ssize_t)t.len)
		hang_up(l, c);
}

static void finish(struct load *l, struct client *c)
{
	uint64_t ns = clock_ns() - c->begun;

	l->bins[bin_of(ns)]++;
	if (ns > l->worst)
		l->worst = ns;
	l->done++;
	c->busy = false;
	ask(l, c);
}

/* The value of Content-Length, or false. */
static bool content_length(const char *head, uint64_t *ret)
{
	const char *at = strcasestr(head, "\r\nContent-Length:");
	char *end;

	if (at == NULL)
		return false;
	at += 17;
	*ret = strtoull(at, &end, 10);
	return end != at;
}

/* What has come of the head; false if this is not what was asked for. */
static bool look(struct load *l, struct client *c)
{
	char *end;
	uint64_t here;

	c->head[c->head_len] = '\0';
	end = strstr(c->head, "\r\n\r\n");
	if (end == NULL)
		return c->head_len < HEAD_MAX;
	*end = '\0';
	if (strncmp(c->head, "HTTP/1.1 200", 12) != 0 ||
	    !content_length(c->head, &c->left))
		return false;
	if (l->request_count == 1 && l->length == 0)
		l->length = c->left;
	if (l->request_count == 1 && c->left != l->length)
		return false;
	l->bytes += c->left;
	here = c->head_len - (size_t)(end + 4 - c->head);
	if (here > c->left)
		return false;
	c->left -= here;
	c->body = true;
	return true;
}

static void receive(struct load *l, struct client *c)
{
	ssize_t got;

	if (!c->busy) {
		hang_up(l, c); /* closed, or bytes that nobody asked for */
		l->failures++;
		return;
	}
	if (!c->body)
		got = recv(c->fd, c->head + c->head_len, HEAD_MAX - c->head_len,
		    MSG_DONTWAIT);
	else
		got = recv(c->fd, NULL, c->left < 1 << 24 ? c->left : 1 << 24,
		    MSG_DONTWAIT | MSG_TRUNC);
	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0) {
		hang_up(l, c);
		return;
	}
	if (c->body)
		c->left -= (uint64_t)got;
	else
		c->head_len += (size_t)got;
	if (!c->body && !look(l, c))
		hang_up(l, c);
	else if (c->body && c->left == 0)
		finish(l, c);
}

static size_t busy(const struct load *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->client_count; i++)
		n += l->clients[i].busy;
	return n;
}

static void run(struct load *l)
{
	struct epoll_event events[256];

	for (size_t i = 0; i < l->client_count; i++)
		ask(l, &l->clients[i]);
	while (l->done + l->failures < l->wanted) {
		int n = epoll_wait(l->epoll, events, 256, PATIENCE_MS);

		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		for (int i = 0; i < n; i++)
			receive(l, events[i].data.ptr);
		if (l->failures > 0 && busy(l) == 0)
			break;
	}
	l->failures += busy(l);
}

static uint64_t number(const char *word)
{
	char *end;
	uint64_t n = strtoull(word, &end, 10);

	if (*word < '0' || *word > '9' || *end != '\0')
		die("%s is no number", word);
	return n;
}

int main(int argc, char **argv)
{
	static struct load l;
	double server, own, seconds;
	uint64_t begun;

	if (argc < 5)
		die("usage: load PORT CONNECTIONS REQUESTS TARGETS [PID...]");
	l.port = (uint16_t)number(argv[1]);
	l.client_count = number(argv[2]);
	l.wanted = number(argv[3]);
	read_targets(&l, argv[4]);
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	l.clients = need(l.client_count, sizeof(*l.clients));
	for (size_t i = 0; i < l.client_count; i++) {
		l.clients[i].head = need(1, HEAD_MAX + 1);
		hang_on(&l, &l.clients[i]);
	}
	server = cpu_of_all(argv + 5);
	own = own_cpu();
	begun = clock_ns();
	run(&l);
	seconds = (double)(clock_ns() - begun) / 1e9;
	own = own_cpu() - own;
	server = cpu_of_all(argv + 5) - server;
	printf("%llu %llu %.6f %.1f %.1f %.1f %.6f %.6f %llu\n",
	    (unsigned long long)l.done, (unsigned long long)l.failures, seconds,
	    share_us(&l, 0.5), share_us(&l, 0.99), (double)l.worst / 1e3, own,
	    server, (unsigned long long)l.bytes);
	return l.failures > 0 || l.done < l.wanted;
}
