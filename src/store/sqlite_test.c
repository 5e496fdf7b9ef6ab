/* SPDX-License-Identifier: ISC */
/*
 * What is SQLite's alone: files that are none of ours, a full disk, folders
 * that may not be written, processes that die.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/sqlite_help_test.h"

#define NOBODY 65534

static void expect_whole(const struct place *p, size_t versions)
{
	struct store *s;
	size_t count;

	assert_int_equal(store_open(p->file, STORE_READ, &s, NULL), 0);
	assert_int_equal(store_version_count(s, &count, NULL), 0);
	assert_int_equal(count, versions);
	assert_int_equal(store_verify(s, NULL), 0);
	store_close(s);
}

static void expect_refused(const struct place *p, int code, const char *words)
{
	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		struct portbook_error err = {0};
		struct store *s = NULL;

		assert_int_equal(
		    store_open(p->file, (enum store_mode)mode, &s, &err), code);
		assert_null(s);
		assert_int_equal(err.code, code);
		assert_string_equal(err.source, p->file);
		if (strstr(err.text, words) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.text, words);
	}
}

/* Other files are refused and left as they are. */
static void test_foreign(void **state)
{
	static const struct {
		const char *sql;
		int code;
		const char *words;
	} cases[] = {
	    {"CREATE TABLE t (x)", PORTBOOK_EFORMAT, "no store of portbook"},
	    {"PRAGMA application_id = 5", PORTBOOK_EFORMAT,
		"no store of portbook"},
	    {"PRAGMA application_id = 1885500276; PRAGMA user_version = 99",
		PORTBOOK_EVERSION, "newer portbook"},
	};
	struct place p;
	FILE *file;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		place_make(&p);
		run_sql(&p, cases[i].sql);
		expect_refused(&p, cases[i].code, cases[i].words);
		place_drop(&p);
	}
	place_make(&p);
	file = fopen(p.file, "w");
	assert_non_null(file);
	for (int i = 0; i < 2000; i++)
		fputs("name,number\n", file);
	fclose(file);
	expect_refused(&p, PORTBOOK_EFORMAT, "no store of portbook");
	place_drop(&p);
	place_make(&p);
	assert_int_equal(mkdir(p.file, 0700), 0);
	expect_refused(&p, PORTBOOK_EIO, "opening");
	place_drop(&p);
}

/* An empty file is what a process leaves that died early. */
static void test_empty_file(void **state)
{
	struct store *s = NULL;
	struct place p;
	FILE *file;

	(void)state;
	place_make(&p);
	file = fopen(p.file, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(
	    store_open(p.file, STORE_READ, &s, NULL), PORTBOOK_ENODATA);
	make_store(&p);
	expect_whole(&p, EDITIONS);
	place_drop(&p);
}

static void test_settings(void **state)
{
	static const struct {
		const char *sql, *want;
	} cases[] = {
	    {"PRAGMA journal_mode", "wal"},
	    {"PRAGMA application_id", "1885500276"},
	    {"PRAGMA user_version", "1"},
	    {"SELECT count(*) FROM pragma_table_list WHERE schema = 'main'"
	     " AND name NOT LIKE 'sqlite_%' AND strict = 0",
		"0"},
	};
	struct place p;
	sqlite3 *db;

	(void)state;
	place_make(&p);
	make_store(&p);
	assert_int_equal(sqlite3_open(p.file, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sqlite3_stmt *statement;

		assert_int_equal(
		    sqlite3_prepare_v2(db, cases[i].sql, -1, &statement, NULL),
		    SQLITE_OK);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		assert_string_equal(
		    sqlite3_column_text(statement, 0), cases[i].want);
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
	place_drop(&p);
}

/* Runs in a process of its own; its status. */
static int in_child(const struct place *p, int (*run)(const struct place *p))
{
	pid_t child = fork();
	int status;

	assert_in_range(child, 0, INT32_MAX);
	if (child == 0)
		_exit(run(p));
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Adds until something fails, and says 0 if that was in words. */
static int add_until_full(const struct place *p)
{
	const struct rlimit limit = {200000, 200000};
	struct portbook_error err = {0};
	struct store *s;
	int code = store_open(p->file, STORE_WRITE, &s, &err);

	signal(SIGXFSZ, SIG_IGN);
	if (code < 0 || setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	for (unsigned i = EDITIONS; code == 0 && i < 1000; i++) {
		struct registry r;
		int64_t number;

		code = store_begin(s, &err);
		if (code == 0 && sealed_edition(&r, i) == 0) {
			code = put_registry(s, &r, "x", 1, &number);
			registry_release(&r);
			if (code < 0)
				store_abort(s);
			else
				code = store_commit(s, &err);
		}
	}
	store_close(s);
	return code == PORTBOOK_EIO && err.text[0] != '\0' ? 0 : 2;
}

/* A disk that is full: an error in words, and what was recorded is there. */
static void test_full(void **state)
{
	struct place p;
	struct store *s;
	size_t count;

	(void)state;
	place_make(&p);
	make_store(&p);
	assert_int_equal(in_child(&p, add_until_full), 0);
	assert_int_equal(store_open(p.file, STORE_WRITE, &s, NULL), 0);
	assert_int_equal(store_version_count(s, &count, NULL), 0);
	assert_in_range(count, EDITIONS, 999);
	assert_int_equal(store_verify(s, NULL), 0);
	store_close(s);
	place_drop(&p);
}

/* Neither the file nor the folder may be written. */
static int try_to_write(const struct place *p)
{
	struct portbook_error err = {0};
	struct store *s = NULL;

	if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		return 1;
	if (store_open(p->file, STORE_WRITE, &s, &err) != PORTBOOK_EIO)
		return 2;
	return strstr(err.text, "look at the rights") == NULL ? 3 : 0;
}

static void test_read_only(void **state)
{
	struct place p, other;

	(void)state;
	place_make(&p);
	make_store(&p);
	assert_int_equal(chmod(p.file, 0444), 0);
	assert_int_equal(chmod(p.folder, 0555), 0);
	assert_int_equal(in_child(&p, try_to_write), 0);
	assert_int_equal(chmod(p.folder, 0755), 0);
	assert_int_equal(chmod(p.file, 0644), 0);
	expect_whole(&p, EDITIONS);
	place_drop(&p);
	place_make(&other); /* where none is yet */
	assert_int_equal(chmod(other.folder, 0555), 0);
	assert_int_equal(in_child(&other, try_to_write), 0);
	assert_int_equal(chmod(other.folder, 0755), 0);
	place_drop(&other);
}

static int die_before_commit(const struct place *p)
{
	struct store *s;

	if (store_open(p->file, STORE_WRITE, &s, NULL) < 0 ||
	    store_begin(s, NULL) < 0)
		return 1;
	put_edition(s, EDITIONS);
	raise(SIGKILL);
	return 2;
}

static int die_after_commit(const struct place *p)
{
	struct store *s;

	if (store_open(p->file, STORE_WRITE, &s, NULL) < 0 ||
	    store_begin(s, NULL) < 0)
		return 1;
	put_edition(s, EDITIONS);
	if (store_commit(s, NULL) < 0)
		return 2;
	raise(SIGKILL);
	return 3;
}

static void test_killed(void **state)
{
	struct place p;
	struct store *s;

	(void)state;
	place_make(&p);
	make_store(&p);
	assert_int_equal(in_child(&p, die_before_commit), SIGKILL);
	expect_whole(&p, EDITIONS);
	assert_int_equal(in_child(&p, die_after_commit), SIGKILL);
	expect_whole(&p, EDITIONS + 1);
	assert_int_equal(store_open(p.file, STORE_WRITE, &s, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	put_edition(s, EDITIONS + 1);
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
	expect_whole(&p, EDITIONS + 2);
	place_drop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_foreign),
	    cmocka_unit_test(test_empty_file),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_read_only),
	    cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
