/* SPDX-License-Identifier: ISC */
/*
 * load_raw THREADS FILE
 *
 * What the kernel allows: the bytes of FILE, head and all, for every empty
 * line that comes in, by a loop of epoll a thread.  It understands no HTTP.
 * Prints the port and serves until its standard input ends.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	int fd;
	size_t sent; /* of the answer under way; len if there is none */
};

static char *bytes;
static size_t len;
static int listener;

static void close_client(struct client *c)
{
	close(c->fd);
	free(c);
}

/* Whether all of it is out; -1 if the connection is of no use. */
static int send_on(struct client *c)
{
	while (c->sent < len) {
		ssize_t n = send(c->fd, bytes + c->sent, len - c->sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		c->sent += (size_t)n;
	}
	return 1;
}

static void serve(int epoll, struct client *c, unsigned events)
{
	char request[8192];
	struct epoll_event event = {.data.ptr = c};
	ssize_t n;
	int out;

	if ((events & EPOLLIN) != 0 && c->sent == len) {
		n = recv(c->fd, request, sizeof(request), MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 4 || memcmp(request + n - 4, "\r\n\r\n", 4) != 0) {
			close_client(c);
			return;
		}
		c->sent = 0;
	}
	out = send_on(c);
	if (out < 0) {
		close_client(c);
		return;
	}
	if (out == 1 && (events & EPOLLOUT) == 0)
		return;
	event.events = out == 1 ? EPOLLIN : EPOLLOUT;
	epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

static void take_client(int epoll)
{
	int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	struct client *c = fd >= 0 ? malloc(sizeof(*c)) : NULL;
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};

	if (c == NULL)
		return;
	c->fd = fd;
	c->sent = len;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void *loop(void *cls)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[64],
	    event = {.events = EPOLLIN | EPOLLEXCLUSIVE};

	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int n = epoll_wait(epoll, events, 64, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == NULL)
				take_client(epoll);
			else
				serve(epoll, events[i].data.ptr,
				    events[i].events);
		}
	}
	return cls;
}

static int load_bytes(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL || fseek(file, 0, SEEK_END) < 0)
		return -1;
	len = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(len + 1);
	if (bytes == NULL || fread(bytes, 1, len, file) != len)
		return -1;
	return fclose(file);
}

int main(int argc, char **argv)
{
	int threads = argc == 3 ? atoi(argv[1]) : 0;
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t a_len = sizeof(a);
	pthread_t thread;
	char byte;

	if (threads < 1 || load_bytes(argv[2]) < 0) {
		fputs("usage: load_raw THREADS FILE\n", stderr);
		return 2;
	}
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(listener, (struct sockaddr *)&a, a_len) < 0 ||
	    listen(listener, SOMAXCONN) < 0 ||
	    getsockname(listener, (struct sockaddr *)&a, &a_len) < 0)
		return 1;
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread, NULL, loop, NULL) != 0)
			return 1;
	printf("%u\n", ntohs(a.sin_port));
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
