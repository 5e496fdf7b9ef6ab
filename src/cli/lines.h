/* SPDX-License-Identifier: ISC */
/* The lines of a file of any length, one at a time. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "portbook/error.h"

#define LINES_MAX 8192 /* bytes of a line; longer ones are refused */

struct lines {
	const char *path; /* borrowed; "-" is standard input */
	int fd;
	uint64_t line; /* number of the one given last, from 1 */
	bool ended;
	size_t at, len;
	char text[LINES_MAX];
};

/* PORTBOOK_EIO, naming path; *ret must not be copied. */
int lines_open(const char *path, struct lines *ret, struct portbook_error *err);

/*
 * 1 and the next line, without its end and good until the next call; 0 behind
 * the last one; PORTBOOK_EIO or, for a line that is too long, PORTBOOK_EUSAGE.
 */
int lines_next(
    struct lines *lines, struct span *ret, struct portbook_error *err);

void lines_close(struct lines *lines);

#endif
