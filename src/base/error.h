/* SPDX-License-Identifier: ISC */
/* Filling a struct portbook_error.  All of it accepts err == NULL. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdint.h>

#include "portbook/error.h"

/*
 * Tells a failure and returns code, so that "return error_set(...)" does
 * both.  system is an errno or 0; its words are put behind the text.
 */
int error_set(struct portbook_error *err, int code, int system, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

/* Adds where it was found: the file or address, line and column, or 0. */
void error_locate(struct portbook_error *err, const char *source, uint64_t line,
    uint64_t column);

/* Puts "context: " before the text. */
void error_prefix(struct portbook_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static inline int error_nomem(struct portbook_error *err)
{
	return error_set(err, PORTBOOK_ENOMEM, 0, "out of memory");
}

/* The exit status of a code: 2 usage, 3 data, 4 system; 0 for no failure. */
int error_exit_status(int code);

#endif
