/* SPDX-License-Identifier: ISC */
/*
 * Memory: the only door to malloc(3).  All of it may fail; a failure is an
 * ordinary PORTBOOK_ENOMEM.  Sizes are checked for overflow.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* count * size bytes, uninitialised; NULL on failure.  Owned by the caller. */
void *mem_alloc(size_t count, size_t size) __attribute__((warn_unused_result));

/* The same, zeroed. */
void *mem_zalloc(size_t count, size_t size) __attribute__((warn_unused_result));

/* ptr (or NULL) made count * size bytes; on failure NULL, and ptr still good.
 */
void *mem_resize(void *ptr, size_t count, size_t size)
    __attribute__((warn_unused_result));

/* Releases what the others gave; NULL is fine. */
void mem_release(void *ptr);

/* For libraries that take an allocator in the manner of malloc(3). */
void *mem_malloc(size_t len);
void *mem_realloc(void *ptr, size_t len);

/*
 * Gives what is free back to the system.  It looks at all that is free, in
 * every thread's part, and keeps these threads from it meanwhile.
 */
void mem_trim(void);

/*
 * Makes the n-th allocation from now (1 is the next) and all after it fail;
 * 0 stops that.  Only in builds with PORTBOOK_FAULTS; else without effect.
 */
void mem_fail_from(size_t n);

/*
 * Room for one more in a growing array of count items of size bytes: doubles
 * *cap as needed.  Returns the array, or NULL, the old one then still good.
 */
void *mem_grow(void *ptr, size_t count, size_t *cap, size_t size)
    __attribute__((warn_unused_result));

#endif
