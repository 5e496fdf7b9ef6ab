/* SPDX-License-Identifier: ISC */
#include "base/mem.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/ckd.h"

#ifdef PORTBOOK_FAULTS
static size_t fail_in; /* for tests in one thread only */

void mem_fail_from(size_t n)
{
	fail_in = n;
}

static bool must_fail(void)
{
	if (fail_in > 1)
		fail_in--;
	else if (fail_in == 1)
		return true;
	return false;
}
#else
void mem_fail_from(size_t n)
{
	(void)n;
}

static inline bool must_fail(void)
{
	return false;
}
#endif

void *mem_malloc(size_t len)
{
	return must_fail() ? NULL : malloc(len > 0 ? len : 1);
}

void *mem_realloc(void *ptr, size_t len)
{
	return must_fail() ? NULL : realloc(ptr, len > 0 ? len : 1);
}

void *mem_alloc(size_t count, size_t size)
{
	size_t len;

	return ckd_mul(&len, count, size) ? NULL : mem_malloc(len);
}

void *mem_zalloc(size_t count, size_t size)
{
	if (must_fail())
		return NULL;
	return calloc(count > 0 ? count : 1, size > 0 ? size : 1);
}

void *mem_resize(void *ptr, size_t count, size_t size)
{
	size_t len;

	return ckd_mul(&len, count, size) ? NULL : mem_realloc(ptr, len);
}

void mem_release(void *ptr)
{
	free(ptr);
}

void mem_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

void *mem_grow(void *ptr, size_t count, size_t *cap, size_t size)
{
	size_t want;
	void *grown;

	if (count < *cap)
		return ptr;
	if (ckd_mul(&want, *cap > 0 ? *cap : 8, (size_t)2))
		return NULL;
	grown = mem_resize(ptr, want, size);
	if (grown != NULL)
		*cap = want;
	return grown;
}
