/* SPDX-License-Identifier: ISC */
/* Stores to be damaged; cmocka comes before it. */
#ifndef STORE_SQLITE_HELP_TEST_H
#define STORE_SQLITE_HELP_TEST_H

#include <sqlite3.h>

#include "store/help_test.h"

#define EDITIONS 4U

static inline void put_edition(struct store *s, unsigned edition)
{
	struct registry r;
	int64_t number;

	assert_int_equal(sealed_edition(&r, edition), 0);
	assert_int_equal(put_registry(s, &r, "sample", 1, &number), 0);
	registry_release(&r);
}

/* A store of some editions, closed. */
static inline void make_store(const struct place *p)
{
	struct store *s;

	assert_int_equal(store_open(p->file, STORE_WRITE, &s, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	for (unsigned i = 0; i < EDITIONS; i++)
		put_edition(s, i);
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
}

/* Behind the store's back. */
static inline void run_sql(const struct place *p, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#endif
