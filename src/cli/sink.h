/* SPDX-License-Identifier: ISC */
/*
 * Where a conversion goes: standard output, or a file that is written beside
 * and renamed, so that nobody ever sees half of it.
 */
#ifndef CLI_SINK_H
#define CLI_SINK_H

#include <limits.h>

#include "base/buf.h"
#include "portbook/error.h"

struct sink {
	const char *path; /* borrowed; NULL: standard output */
	int fd;
	char target[PATH_MAX]; /* path without links, where it is there */
	char beside[PATH_MAX]; /* the file being written; empty: target is */
};

/*
 * PORTBOOK_EIO where path cannot be written.  What is there and no file, such
 * as a terminal or a pipe, is written to as it is; so is what standard output
 * goes to, by whatever name.
 */
int sink_open(const char *path, struct sink *ret, struct portbook_error *err);

/* Writes what is in b and clears it; ctx is a struct sink. */
int sink_drain(void *ctx, struct buf *b, struct portbook_error *err);

/*
 * The end, well (code 0) or not: the file becomes the one at path, or is
 * removed and the old one stays.  Returns code or the first failure here.
 */
int sink_close(struct sink *sink, int code, struct portbook_error *err);

#endif
