/* SPDX-License-Identifier: ISC */
/*
 * The state of a port for a transport (RFC 6335 section 6) as the records of
 * the registry tell it.
 */
#ifndef TERMS_STATE_H
#define TERMS_STATE_H

#include "base/span.h"

/* Rising strength: of records that speak of one port, the strongest counts. */
enum state {
	STATE_NOT_LISTED,
	STATE_UNASSIGNED,
	STATE_RESERVED,
	STATE_ASSIGNED,
};

/* "not-listed", "unassigned", "reserved", "assigned". */
struct span state_name(enum state state);

/*
 * What a record says.  One with a name is an assignment; one without says it
 * by the first word of its description, and is an assignment where that is
 * none of the words in use for unassigned and reserved ("any private mail
 * system").
 */
enum state state_of(struct span name, struct span description);

#endif
