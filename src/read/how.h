/* SPDX-License-Identifier: ISC */
/*
 * How an XML source that lies in memory whole is read: from both its
 * beginning and its middle (xml_half.c).  What comes out does not depend on
 * it.  Inside src/read only, and its tests.
 */
#ifndef READ_HOW_H
#define READ_HOW_H

#include <stdbool.h>
#include <stddef.h>

#include "core/registry.h"
#include "diag/diag.h"
#include "portbook/error.h"

struct read_how {
	size_t least;	/* bytes of the smallest source that is split */
	size_t from;	/* where to look for a place to split; 0: usual */
	bool no_thread; /* one half after the other, the second one first */
	size_t *taken; /* counts sources that were read so; NULL: nobody does */
};

/* How read_registry and its like do it. */
extern const struct read_how read_how_usual;

/* read_registry_memory, in another way. */
int read_registry_how(struct span bytes, const char *name,
    const struct read_how *how, struct registry *ret, struct diag *diag,
    struct portbook_error *err);

#endif
