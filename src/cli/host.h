/* SPDX-License-Identifier: ISC */
/* What Linux tells of this host's ports, in /proc. */
#ifndef CLI_HOST_H
#define CLI_HOST_H

#include "terms/free.h"

/* Whatever cannot be found out is left out; it never fails. */
void host_look(struct free_host *ret);

/*
 * The local port of a line of /proc/net/tcp and its like, or of
 * /proc/net/sctp/eps; false for a heading, for a line that is none, and for a
 * TCP connection, which keeps nobody from listening.
 */
bool host_socket_line(struct span line, bool tcp, uint16_t *ret);
bool host_sctp_line(struct span line, uint16_t *ret);

#endif
