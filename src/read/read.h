/* SPDX-License-Identifier: ISC */
/*
 * Reading a registry: the official XML or CSV, or a services(5) file, plain,
 * gzip or zstd, told apart by content.  A source is read whole or not at all.
 * A large XML may be read by a second thread, too, which ends before these
 * return.
 */
#ifndef READ_READ_H
#define READ_READ_H

#include "core/registry.h"
#include "diag/diag.h"
#include "portbook/error.h"

/*
 * Reads the file called path, "-" for standard input, into *ret, which needs
 * no initialisation and is the caller's to release with registry_release.
 * What is odd in the data goes to diag, which may be NULL.
 *
 * On failure *ret is released already (releasing it again is harmless) and
 * err tells the source, line and column: PORTBOOK_EFORMAT for what is no
 * registry, PORTBOOK_ELIMIT beyond read/limits.h, PORTBOOK_EIO,
 * PORTBOOK_ENOMEM.  Findings told before a failure are void.
 */
int read_registry(const char *path, struct registry *ret, struct diag *diag,
    struct portbook_error *err);

/* The same from a descriptor, which stays open; name is for messages. */
int read_registry_fd(int fd, const char *name, struct registry *ret,
    struct diag *diag, struct portbook_error *err);

/* The same from memory, which may be freed afterwards. */
int read_registry_memory(struct span bytes, const char *name,
    struct registry *ret, struct diag *diag, struct portbook_error *err);

/* The same, starting no thread: for who reads many sources at once. */
int read_registry_alone(struct span bytes, const char *name,
    struct registry *ret, struct diag *diag, struct portbook_error *err);

#endif
