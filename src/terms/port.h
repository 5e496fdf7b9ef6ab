/* SPDX-License-Identifier: ISC */
/* Port numbers, ranges of them, and the classes of RFC 6335 section 6. */
#ifndef TERMS_PORT_H
#define TERMS_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define PORT_COUNT 65536U

/* A range of ports, first <= last; a single port is a range of one. */
struct port_range {
	uint16_t first;
	uint16_t last;
};

/* RFC 6335 section 6: 0-1023, 1024-49151, 49152-65535. */
enum port_class { PORT_SYSTEM, PORT_USER, PORT_DYNAMIC };

#define PORT_LAST_SYSTEM 1023
#define PORT_LAST_USER 49151

static inline enum port_class port_class_of(uint16_t port)
{
	if (port <= PORT_LAST_SYSTEM)
		return PORT_SYSTEM;
	return port <= PORT_LAST_USER ? PORT_USER : PORT_DYNAMIC;
}

/* "system", "user" or "dynamic". */
struct span port_class_name(enum port_class class);

/*
 * "N" or "N-M", decimal, within 0 to 65535 and not falling; no blanks.
 * Returns false and leaves *ret alone on anything else.
 */
bool port_range_parse(struct span text, struct port_range *ret);

static inline bool port_range_has(struct port_range r, uint16_t port)
{
	return r.first <= port && port <= r.last;
}

static inline bool port_range_meets(struct port_range a, struct port_range b)
{
	return a.first <= b.last && b.first <= a.last;
}

#endif
