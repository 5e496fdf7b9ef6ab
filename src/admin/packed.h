/* SPDX-License-Identifier: ISC */
/*
 * A file of a folder and, if wanted, its compressed copies NAME.gz and
 * NAME.zst, written in one pass.  Until it is kept each stands under a name
 * of its own beside.
 */
#ifndef ADMIN_PACKED_H
#define ADMIN_PACKED_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/span.h"
#include "portbook/error.h"

struct packed;

/* The file called name in folder; umask has no say in its mode. */
int packed_open(int folder, const char *name, mode_t mode, bool copies,
    struct packed **ret, struct portbook_error *err);

int packed_write(
    struct packed *p, struct span bytes, struct portbook_error *err);

/* All written and on the disk, still beside. */
int packed_finish(struct packed *p, struct portbook_error *err);

/* The file and its copies take their names; after packed_finish. */
int packed_keep(struct packed *p, struct portbook_error *err);

/* Frees it, and removes what was not kept.  NULL is fine. */
void packed_free(struct packed *p);

#endif
