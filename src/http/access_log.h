/* SPDX-License-Identifier: ISC */
/*
 * The access log: a line for each answer, in the common log format.
 *
 *	192.0.2.0 - - [21/Nov/2026:16:14:20 +0000] "GET / HTTP/1.1" 200 4711
 *
 * Addresses are cut to /24 and /48.  Who answers never waits for the disk: a
 * thread writes, and where it does not keep up lines are dropped and counted.
 */
#ifndef HTTP_ACCESS_LOG_H
#define HTTP_ACCESS_LOG_H

#include <stdint.h>

#include "base/buf.h"
#include "http/clients.h"
#include "portbook/error.h"

struct access_entry {
	struct client client;
	uint64_t seconds;   /* since 1970 */
	struct span method; /* these three as the client sent them */
	struct span target;
	struct span version;
	int status;
	bool whole;	/* the answer went out to its end */
	uint64_t bytes; /* of its body, told if that is so */
};

/*
 * Appends one line with its end.  Quotes, backslashes and all that is no
 * printable ASCII are escaped, so that a line is a line and harmless.
 */
void access_format(struct buf *b, const struct access_entry *entry);

struct access_log;

/* Opens path to append to; "-" is standard output.  Starts the writer. */
int access_log_open(
    const char *path, struct access_log **ret, struct portbook_error *err);

/* Never blocks; NULL is fine, here and below.  Any thread. */
void access_log_add(struct access_log *log, struct span line);

/* Has the file opened anew, as after it was renamed.  Any thread. */
void access_log_reopen(struct access_log *log);

/* Lines that were lost so far. */
uint64_t access_log_dropped(struct access_log *log);

/* Writes what is left and frees all; waits two seconds at most. */
void access_log_close(struct access_log *log);

#endif
