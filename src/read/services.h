/* SPDX-License-Identifier: ISC */
/* services(5) files, such as /etc/services.  Inside src/read only. */
#ifndef READ_SERVICES_H
#define READ_SERVICES_H

#include "core/registry.h"
#include "diag/diag.h"
#include "read/window.h"

/*
 * Whether text, which is the beginning of a source without mark and white
 * space and has its first line whole, begins as such a file does: with a
 * comment or an entry.
 */
bool services_is(struct span text);

/*
 * Reads all of the source; ret is initialised, the caller's to release.
 *
 * A record is made for the name of a line, with the comment as description,
 * and one for each of its aliases, with a note that it is one, in the words of
 * the registry.  Comments that are not behind an entry are dropped.
 */
int services_read(struct window *window, struct registry *ret,
    struct diag *diag, struct portbook_error *err);

#endif
