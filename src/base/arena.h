/* SPDX-License-Identifier: ISC */
/*
 * An arena: memory that is handed out in small pieces and freed whole.
 * It belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* owned, newest first */
	size_t used;		    /* bytes handed out, padding included */
};

/* Storage is the caller's; nothing is allocated yet. */
void arena_init(struct arena *a);

/* Frees all that the arena gave.  The arena is then as after arena_init. */
void arena_release(struct arena *a);

/*
 * Has the next len bytes lie in one block, on large pages where the system
 * has them: for who knows how much is to come.  0 or PORTBOOK_ENOMEM.
 */
int arena_reserve(struct arena *a, size_t len)
    __attribute__((warn_unused_result));

/* len bytes, aligned for any object, uninitialised; NULL when out of memory. */
void *arena_alloc(struct arena *a, size_t len)
    __attribute__((warn_unused_result));

/*
 * A terminated copy of text, unaligned.  ret->ptr is NULL when out of memory;
 * that is the one place where a span may be so.
 */
struct span arena_text(struct arena *a, struct span text)
    __attribute__((warn_unused_result));

#endif
