/* SPDX-License-Identifier: ISC */
/* Memory of the server after a thousand requests, one after the other. */
#include "harness.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUESTS 1000
#define PATIENCE_NS 10e9

#define OFFICIAL                                                               \
	"/assignments/service-names-port-numbers/"                             \
	"service-names-port-numbers.xhtml"

static const char *const targets[] = {
    "/",
    "/?search=https",
    "/?search=3&page=2",
    OFFICIAL,
    "/?page=7",
    "/?search=whois",
    "/api/v1/lookup?q=443",
    "/api/v1/search?q=tcp%20udp",
    "/api/v1/search?q=443%20https",
};

/* A port that nobody listens at, as far as one can know. */
static uint16_t free_port(void)
{
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) < 0)
		die("no port to listen at");
	close(fd);
	return ntohs(a.sin_port);
}

static int connect_to(uint16_t port)
{
	const struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct timeval patience = {.tv_sec = 10};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* One request on a connection of its own; the status, or 0. */
static unsigned request(uint16_t port, const char *target, size_t *got)
{
	char text[512], answer[65536], head[16] = "";
	int len = snprintf(text, sizeof(text),
	    "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n"
	    "Connection: close\r\n\r\n",
	    target, port);
	int fd = connect_to(port);
	ssize_t n;

	if (fd < 0)
		return 0;
	*got = 0;
	if (send(fd, text, (size_t)len, MSG_NOSIGNAL) == len)
		while ((n = recv(fd, answer, sizeof(answer), 0)) > 0) {
			if (*got == 0 && n >= 12)
				memcpy(head, answer, 12);
			*got += (size_t)n;
		}
	close(fd);
	return (unsigned)strtoul(head + (head[0] != '\0' ? 9 : 0), NULL, 10);
}

static pid_t start(const struct bench *b, uint16_t port, int *log)
{
	char portbook[4200], listen[64];
	const char *argv[] = {portbook, "--registry", b->image_path, "serve",
	    "--listen", listen, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;

	snprintf(portbook, sizeof(portbook), "%s/portbook", b->programs);
	snprintf(listen, sizeof(listen), "127.0.0.1:%u", port);
	*log = open("/dev/null", O_WRONLY | O_CLOEXEC);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, *log, 1);
	posix_spawn_file_actions_adddup2(&actions, *log, 2);
	if (posix_spawn(
		&pid, portbook, &actions, NULL, (char **)argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static bool wait_for(pid_t pid, uint16_t port)
{
	double end = now() + PATIENCE_NS;

	while (now() < end && waitpid(pid, NULL, WNOHANG) == 0) {
		int fd = connect_to(port);

		if (fd >= 0) {
			close(fd);
			return true;
		}
		usleep(10000);
	}
	return false;
}

static void ask(pid_t pid, uint16_t port, double goal)
{
	size_t count = sizeof(targets) / sizeof(targets[0]);
	double idle = status_len(pid, "VmRSS:"), begin = now();
	size_t len, sum = 0, bad = 0;

	for (size_t i = 0; i < REQUESTS; i++) {
		unsigned status = request(port, targets[i % count], &len);

		sum += len;
		if (status != 200 && bad++ < count)
			fault("%s: status %u", targets[i % count], status);
	}
	row_within(
	    "a request, of its own connection", (now() - begin) / REQUESTS, 0);
	row_len("resident before", idle, 0);
	row_len(
	    "resident after 1,000 requests", status_len(pid, "VmRSS:"), goal);
	row_len(
	    "of that, not mapped from files", status_len(pid, "RssAnon:"), 0);
	note("%.1f MB sent", (double)sum / 1e6);
}

void bench_serve(struct bench *b)
{
	uint16_t port = free_port();
	char server[4200];
	pid_t pid;
	int log;

	title("Serving");
	snprintf(server, sizeof(server), "%s/portbook-server", b->programs);
	if (access(server, X_OK) < 0) {
		note("not measured: portbook-server is not built");
		return;
	}
	pid = start(b, port, &log);
	if (pid < 0) {
		fault("the server does not start");
		return;
	}
	if (wait_for(pid, port))
		ask(pid, port, is_today(b) ? 30e6 : 0);
	else
		fault("the server does not answer");
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	close(log);
}
