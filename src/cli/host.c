/* SPDX-License-Identifier: ISC */
#include "cli/host.h"

#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cli/lines.h"
#include "base/banned.h"

#define SYSCTL "/proc/sys/net/ipv4/"
#define TCP_LISTEN "0A"

/* Takes the next word of a line; empty if there is none. */
static struct span next_word(struct span *rest)
{
	struct span word;
	size_t len = 0;

	*rest = span_trim(*rest);
	while (len < rest->len && !ascii_is_space(rest->ptr[len]))
		len++;
	word = span_head(*rest, len);
	*rest = span_skip(*rest, len);
	return word;
}

/*
 *	sl  local_address rem_address   st ...
 *	 0: 00000000:1F90 00000000:0000 0A ...
 */
bool host_socket_line(struct span line, bool tcp, uint16_t *ret)
{
	struct span rest = line, local, state;
	unsigned port = 0;
	size_t colon;

	if (!span_ends(next_word(&rest), SPAN(":")))
		return false;
	local = next_word(&rest);
	next_word(&rest);
	state = next_word(&rest);
	colon = span_find_char(local, 0, ':');
	if (local.len != colon + 5 ||
	    (tcp && !span_eq(state, SPAN(TCP_LISTEN))))
		return false;
	for (size_t i = colon + 1; i < local.len; i++) {
		int digit = ascii_hex(local.ptr[i]);

		if (digit < 0)
			return false;
		port = port << 4 | (unsigned)digit;
	}
	*ret = (uint16_t)port;
	return true;
}

/* ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS */
bool host_sctp_line(struct span line, uint16_t *ret)
{
	struct span rest = line;
	uint64_t port;

	for (unsigned i = 0; i < 5; i++)
		next_word(&rest);
	if (!ascii_u64(next_word(&rest), PORT_COUNT - 1, &port))
		return false;
	*ret = (uint16_t)port;
	return true;
}

/* False if the file cannot be read. */
static bool add_sockets(
    const char *path, enum protocol protocol, struct port_set *set)
{
	struct lines lines;
	struct span line;
	uint16_t port;
	int code;

	if (lines_open(path, &lines, NULL) < 0)
		return false;
	while ((code = lines_next(&lines, &line, NULL)) > 0)
		if (protocol == PROTOCOL_SCTP
			? host_sctp_line(line, &port)
			: host_socket_line(
			      line, protocol == PROTOCOL_TCP, &port))
			port_set_add(set, (struct port_range){port, port});
	lines_close(&lines);
	return code == 0;
}

/* Without IPv6 or SCTP the kernel has no such file, and no such sockets. */
static bool add_if_any(
    const char *path, enum protocol protocol, struct port_set *set)
{
	return access(path, F_OK) != 0 || add_sockets(path, protocol, set);
}

static void look_at_sockets(struct free_host *host)
{
	struct port_set *open = host->open;

	host->has_open[PROTOCOL_TCP] =
	    add_sockets("/proc/net/tcp", PROTOCOL_TCP, &open[PROTOCOL_TCP]) &&
	    add_if_any("/proc/net/tcp6", PROTOCOL_TCP, &open[PROTOCOL_TCP]);
	host->has_open[PROTOCOL_UDP] =
	    add_sockets("/proc/net/udp", PROTOCOL_UDP, &open[PROTOCOL_UDP]) &&
	    add_if_any("/proc/net/udp6", PROTOCOL_UDP, &open[PROTOCOL_UDP]);
	/* Where TCP is told of, SCTP is too. */
	host->has_open[PROTOCOL_SCTP] =
	    host->has_open[PROTOCOL_TCP] &&
	    add_if_any(
		"/proc/net/sctp/eps", PROTOCOL_SCTP, &open[PROTOCOL_SCTP]);
}

/* The first line of a small file; false if there is none. */
static bool read_line(struct lines *lines, const char *path, struct span *ret)
{
	if (lines_open(path, lines, NULL) < 0)
		return false;
	if (lines_next(lines, ret, NULL) != 1) {
		lines_close(lines);
		return false;
	}
	lines_close(lines);
	return true;
}

/* The list of reserved ports can be as long as there are ports. */
static bool add_reserved(struct port_set *set)
{
	char text[LINES_MAX];
	struct lines lines;
	size_t kept = 0;
	ssize_t n;
	bool good = true;

	if (lines_open(SYSCTL "ip_local_reserved_ports", &lines, NULL) < 0)
		return false;
	while ((n = read(lines.fd, text + kept, sizeof(text) - kept)) > 0) {
		size_t len = kept + (size_t)n, end = len;

		/* What is behind the last comma may go on. */
		while (end > 0 && text[end - 1] != ',' && text[end - 1] != '\n')
			end--;
		good = good && port_set_parse(span_of(text, end), set);
		kept = len - end;
		memmove(text, text + end, kept);
		if (kept == sizeof(text))
			break;
	}
	good = good && n == 0 && port_set_parse(span_of(text, kept), set);
	lines_close(&lines);
	return good;
}

static void look_at_range(struct free_host *host)
{
	uint64_t first, last, start;
	struct lines lines;
	struct span line;

	if (read_line(&lines, SYSCTL "ip_local_port_range", &line) &&
	    ascii_u64(next_word(&line), PORT_COUNT - 1, &first) &&
	    ascii_u64(next_word(&line), PORT_COUNT - 1, &last) &&
	    first <= last) {
		host->range =
		    (struct port_range){(uint16_t)first, (uint16_t)last};
		host->has_range = add_reserved(&host->reserved);
	}
	if (read_line(&lines, SYSCTL "ip_unprivileged_port_start", &line) &&
	    ascii_u64(span_trim(line), PORT_COUNT - 1, &start)) {
		host->start = (uint16_t)start;
		host->has_start = true;
	}
}

void host_look(struct free_host *ret)
{
	*ret = (struct free_host){0};
	look_at_range(ret);
	look_at_sockets(ret);
}
