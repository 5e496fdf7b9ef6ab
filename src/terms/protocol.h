/* SPDX-License-Identifier: ISC */
/* Transport protocols that have ports in the registry. */
#ifndef TERMS_PROTOCOL_H
#define TERMS_PROTOCOL_H

#include <stdbool.h>

#include "base/span.h"

/*
 * The first four have tables of ports.  PROTOCOL_NONE is a record without
 * protocol (in a query: any); PROTOCOL_OTHER one that names another.
 */
enum protocol {
	PROTOCOL_TCP,
	PROTOCOL_UDP,
	PROTOCOL_SCTP,
	PROTOCOL_DCCP,
	PROTOCOL_NONE,
	PROTOCOL_OTHER,
};

#define PROTOCOL_COUNT 4U

/* "tcp" and so on; "" for PROTOCOL_NONE and PROTOCOL_OTHER. */
struct span protocol_name(enum protocol protocol);

/* One of the four by name, in any case; false if text is something else. */
bool protocol_parse(struct span text, enum protocol *ret);

/* As a record has it: empty is PROTOCOL_NONE, unknown is PROTOCOL_OTHER. */
enum protocol protocol_of(struct span text);

#endif
