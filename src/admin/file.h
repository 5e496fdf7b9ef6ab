/* SPDX-License-Identifier: ISC */
/* Writing files so that nobody ever sees half of one. */
#ifndef ADMIN_FILE_H
#define ADMIN_FILE_H

#include <sys/types.h>

#include "base/span.h"
#include "portbook/error.h"

/* All of bytes to fd; -1 with errno set. */
int file_write_all(int fd, struct span bytes);

/*
 * Writes bytes beside path, makes them durable and renames the new file over
 * the old.  After a failure (PORTBOOK_EIO) the old file is there as it was; if
 * only the folder could not be made durable, the new one is, whole.
 */
int file_replace(const char *path, struct span bytes, mode_t mode,
    struct portbook_error *err);

#endif
