/* SPDX-License-Identifier: ISC */
#include "tool/manager.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/banned.h"

#define FIRST_SOCKET 3

static uint64_t number(const char *name)
{
	const char *text = getenv(name);
	uint64_t value = 0;

	if (text == NULL || !ascii_u64(span_str(text), INT32_MAX, &value))
		return 0;
	return value;
}

int manager_take_socket(int *ret, struct portbook_error *err)
{
	bool ours = number("LISTEN_PID") == (uint64_t)getpid();
	uint64_t count = ours ? number("LISTEN_FDS") : 0;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (count > 1)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%llu sockets were handed over, and one can be served: "
		    "leave one ListenStream= in the socket unit",
		    (unsigned long long)count);
	*ret = count == 1 ? FIRST_SOCKET : -1;
	return 0;
}

/* A path, or "@" and a name in no file system; len is the address's. */
static bool address_of(
    const char *where, struct sockaddr_un *address, socklen_t *len)
{
	size_t length = where != NULL ? strlen(where) : 0;

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (length < 2 || length >= sizeof(address->sun_path) ||
	    (where[0] != '/' && where[0] != '@'))
		return false;
	memcpy(address->sun_path, where, length);
	if (where[0] == '@')
		address->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	return true;
}

void manager_tell(const char *lines)
{
	struct sockaddr_un address;
	socklen_t len;
	int fd;

	if (!address_of(getenv("NOTIFY_SOCKET"), &address, &len))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, lines, strlen(lines), MSG_NOSIGNAL,
	    (struct sockaddr *)&address, len);
	close(fd);
}

void manager_tell_reloading(void)
{
	char lines[64];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(lines, sizeof(lines), "RELOADING=1\nMONOTONIC_USEC=%llu",
	    (unsigned long long)now.tv_sec * 1000000 +
		(unsigned long long)now.tv_nsec / 1000);
	manager_tell(lines);
}
