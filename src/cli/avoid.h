/* SPDX-License-Identifier: ISC */
/*
 * A list of ports that somebody wants to keep clear of.  Its lines:
 *
 *	line	= [items / service] [blanks] ["#" comment]
 *	items	= item *((blanks / ",") item)
 *	item	= port ["-" port] ["/" transport]
 *	service = a line of services(5): terms/services.h
 *
 * An item without transport counts for all of them.
 */
#ifndef CLI_AVOID_H
#define CLI_AVOID_H

#include "portbook/error.h"
#include "terms/port_set.h"
#include "terms/protocol.h"

/*
 * Adds what a line says to sets (PROTOCOL_COUNT).  False where it breaks the
 * grammar: *column (from 1) and *why then say where and what is wrong.
 */
bool avoid_line(
    struct span line, struct port_set *sets, size_t *column, const char **why);

/*
 * The whole file at path, "-" being standard input.  PORTBOOK_EIO, or
 * PORTBOOK_EUSAGE naming the line.
 */
int avoid_read(
    const char *path, struct port_set *sets, struct portbook_error *err);

#endif
