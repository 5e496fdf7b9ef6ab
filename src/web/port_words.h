/* SPDX-License-Identifier: ISC */
/* What is said of ports in plain words: states, classes, reasons. */
#ifndef WEB_PORT_WORDS_H
#define WEB_PORT_WORDS_H

#include "terms/match.h"
#include "web/thing.h"

/* "TCP" and so on. */
struct span port_protocol_title(enum protocol protocol);

/* What a class is and who may have a port of it. */
struct page_meaning port_class_words(enum port_class class);

/* The ports of a class. */
struct port_range port_class_range(enum port_class class);

/*
 * A sentence of what a port is: "Assigned to https for TCP, UDP and SCTP; not
 * listed for DCCP."  rows are those of a lookup; only is a transport, or
 * PROTOCOL_NONE for all.
 */
struct span port_lead(struct thing *t, uint16_t port, enum protocol only,
    const struct match *match);

/*
 * What the states of a port mean and what may be done: into ret, of
 * PAGE_MEANINGS.  Returns how many.
 */
size_t port_meanings(struct thing *t, uint16_t port, enum protocol only,
    const struct match *match, struct page_meaning *ret);

/* Whether somebody could apply for it: some transport is unassigned. */
bool port_may_be_asked_for(uint16_t port, const struct match *match);

#endif
