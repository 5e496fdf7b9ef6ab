/* SPDX-License-Identifier: ISC */
/*
 * What somebody asks for:
 *
 *	443  8000-8010  https  443/tcp  https/udp  tcp/443  _https._tcp  cl/1
 *
 * Digits are a port, two numbers a range, all else a name in any case.
 */
#ifndef TERMS_QUERY_H
#define TERMS_QUERY_H

#include "portbook/error.h"
#include "terms/port.h"
#include "terms/protocol.h"

enum query_kind { QUERY_PORT, QUERY_RANGE, QUERY_NAME };

struct query {
	enum query_kind kind;
	struct port_range range; /* of QUERY_PORT and QUERY_RANGE */
	struct span name;	 /* of QUERY_NAME; borrowed from the text */
	enum protocol protocol;	 /* PROTOCOL_NONE: any */
};

/* The longest query that is taken. */
#define QUERY_MAX 1024

/*
 * Reads one query.  PORTBOOK_EUSAGE, with words for the person who asked, for
 * an empty one, a port beyond 65535, a falling range or one too long.
 */
int query_parse(
    struct span text, struct query *ret, struct portbook_error *err);

#endif
