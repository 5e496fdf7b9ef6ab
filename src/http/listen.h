/* SPDX-License-Identifier: ISC */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <stddef.h>

#include "portbook/error.h"

/*
 * A socket that listens at "ADDR:PORT": the descriptor, or a negative code.
 */
int listen_at(const char *where, struct portbook_error *err);

/*
 * Takes a socket that somebody else has made listen.  Fails where it is none;
 * it stays the caller's to close.
 */
int listen_adopt(int fd, struct portbook_error *err);

/*
 * Where fd listens, as a URL without path, or "unix:PATH"; *family gets its
 * kind of address.
 */
int listen_tell(
    int fd, char *url, size_t cap, int *family, struct portbook_error *err);

#endif
