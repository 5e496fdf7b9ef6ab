/* SPDX-License-Identifier: ISC */
/* A set of ports: a bit each. */
#ifndef TERMS_PORT_SET_H
#define TERMS_PORT_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "terms/port.h"

struct port_set {
	uint64_t words[PORT_COUNT / 64]; /* port p is bit p % 64 of p / 64 */
};

static inline bool port_set_has(const struct port_set *set, uint16_t port)
{
	return (set->words[port / 64] >> port % 64 & 1) != 0;
}

static inline void port_set_add(struct port_set *set, struct port_range range)
{
	for (uint32_t port = range.first; port <= range.last; port++)
		set->words[port / 64] |= UINT64_C(1) << port % 64;
}

/*
 * Adds ports and ranges parted by commas and blanks, as the kernel lists
 * those it reserves ("8080,9000-9010"); the empty text adds none.  False,
 * with some of them added, where anything else stands there.
 */
bool port_set_parse(struct span text, struct port_set *set);

#endif
