/* SPDX-License-Identifier: ISC */
/* Fetching is another program's job, apart from hostile files and the store. */
#ifndef ADMIN_FETCH_H
#define ADMIN_FETCH_H

#include "portbook/error.h"

/*
 * Runs program with the url and lets it write what it got to fd, which is
 * then at its beginning again.  PORTBOOK_ENETWORK; the program has told why.
 */
int fetch(
    const char *program, const char *url, int fd, struct portbook_error *err);

#endif
