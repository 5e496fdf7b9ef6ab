/* SPDX-License-Identifier: ISC */
#include "http/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/banned.h"

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

int listen_at(const char *where, struct portbook_error *err)
{
	const struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct addrinfo *found = NULL;
	char host[256];
	const char *port;
	int failure, fd;

	if (!split_address(where, host, sizeof(host), &port))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.100s is no address: say ADDRESS:PORT, for example "
		    "127.0.0.1:8080",
		    where);
	failure = getaddrinfo(host, port, &hints, &found);
	if (failure != 0)
		return error_set(err, PORTBOOK_EUSAGE, 0, "%.100s: %s", where,
		    gai_strerror(failure));
	fd = open_socket(found);
	failure = errno;
	freeaddrinfo(found);
	if (fd < 0)
		return error_set(err, PORTBOOK_EIO, failure,
		    "cannot listen at %.100s", where);
	return fd;
}

int listen_adopt(int fd, struct portbook_error *err)
{
	int listens = 0, type = 0, flags;
	socklen_t len = sizeof(int);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "descriptor %d was handed over and is no socket", fd);
	if (listens == 0 || type != SOCK_STREAM)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the socket handed over does not listen for streams: it "
		    "needs ListenStream= and Accept=no");
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "the socket handed over cannot be used");
	return 0;
}

int listen_tell(
    int fd, char *url, size_t cap, int *family, struct portbook_error *err)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	char host[64], port[16];

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return error_set(err, PORTBOOK_EIO, errno, "listen");
	*family = address.ss_family;
	if (address.ss_family == AF_UNIX) {
		struct sockaddr_un un;

		memcpy(&un, &address, sizeof(un));
		snprintf(url, cap, "unix:%.*s", (int)sizeof(un.sun_path),
		    un.sun_path);
		return 0;
	}
	if (getnameinfo((struct sockaddr *)&address, len, host, sizeof(host),
		port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "a socket of an address that is neither of the Internet "
		    "nor local");
	snprintf(url, cap,
	    address.ss_family == AF_INET6 ? "http://[%s]:%s" : "http://%s:%s",
	    host, port);
	return 0;
}
