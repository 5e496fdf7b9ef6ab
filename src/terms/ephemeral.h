/* SPDX-License-Identifier: ISC */
/*
 * Ranges from which systems take a port for the near end of an outgoing
 * connection.  A service that has such a port may find it taken.
 */
#ifndef TERMS_EPHEMERAL_H
#define TERMS_EPHEMERAL_H

#include "terms/port.h"

/* The dynamic ports of RFC 6335 section 6. */
static inline struct port_range ephemeral_rfc(void)
{
	return (struct port_range){PORT_LAST_USER + 1, PORT_COUNT - 1};
}

/* What Linux has in net.ipv4.ip_local_port_range unless told otherwise. */
static inline struct port_range ephemeral_linux(void)
{
	return (struct port_range){32768, 60999};
}

#endif
