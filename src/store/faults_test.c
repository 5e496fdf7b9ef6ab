/* SPDX-License-Identifier: ISC */
/*
 * Memory that runs out at the n-th allocation, ours or SQLite's, wherever that
 * is: an error, and nothing lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/help_test.h"

#ifdef PORTBOOK_FAULTS
#define HEAD 16 /* keeps the length, and what follows it aligned */
#define EACH                                                                   \
	250 /* allocations that fail one by one; later ones now and then       \
	     */

static void *allocate(int len)
{
	char *block = mem_malloc((size_t)len + HEAD);

	if (block == NULL)
		return NULL;
	memcpy(block, &len, sizeof(len));
	return block + HEAD;
}

static void release(void *ptr)
{
	if (ptr != NULL)
		mem_release((char *)ptr - HEAD);
}

static void *resize(void *ptr, int len)
{
	char *block = mem_realloc((char *)ptr - HEAD, (size_t)len + HEAD);

	if (block == NULL)
		return NULL;
	memcpy(block, &len, sizeof(len));
	return block + HEAD;
}

static int size_of(void *ptr)
{
	int len;

	memcpy(&len, (char *)ptr - HEAD, sizeof(len));
	return len;
}

static int round_up(int len)
{
	return (len + 7) / 8 * 8;
}

static int begin(void *ctx)
{
	(void)ctx;
	return SQLITE_OK;
}

static void end(void *ctx)
{
	(void)ctx;
}

/* Two versions, one of them again, all read back; 0 or the first failure. */
static int live_through(const struct place *p)
{
	struct store *s = NULL;
	struct timeline t;
	struct buf b;
	int64_t number;
	int code = store_open(p->file, STORE_WRITE, &s, NULL);

	if (code < 0)
		return code;
	for (unsigned i = 0; code == 0 && i < 2; i++) {
		struct registry r;

		code = store_begin(s, NULL);
		if (code < 0)
			break;
		code = sealed_edition(&r, i);
		if (code == 0)
			code = store_version_find(s, r.digest, &number, NULL);
		if (code == 0 && number == 0)
			code = put_registry(s, &r, "x", 1, &number);
		registry_release(&r);
		if (code == 0)
			code = store_commit(s, NULL);
		else
			store_abort(s);
	}
	if (code == 0) {
		code = store_timeline(s, &t, NULL);
		timeline_release(&t);
	}
	buf_init(&b);
	if (code == 0)
		code = store_version_xml(s, 2, &b, NULL);
	buf_release(&b);
	if (code == 0)
		code = store_verify(s, NULL);
	store_close(s);
	return code;
}

static void test_no_memory(void **state)
{
	int code = PORTBOOK_ENOMEM;
	size_t n;

	(void)state;
	for (n = 1; code != 0; n += n < EACH ? 1 : 13) {
		struct place p;

		place_make(&p);
		mem_fail_from(n);
		code = live_through(&p);
		mem_fail_from(0);
		if (code != 0) {
			assert_int_equal(code, PORTBOOK_ENOMEM);
			assert_int_equal(live_through(&p), 0);
		}
		place_drop(&p);
		assert_in_range(n, 1, 100000);
	}
	assert_in_range(n, 2 * EACH, 100000); /* SQLite's are among them */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_memory)};
	const sqlite3_mem_methods methods = {
	    allocate, release, resize, size_of, round_up, begin, end, NULL};

	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
