/* SPDX-License-Identifier: ISC */
/*
 * What is SQLite's alone: files that are none of ours, damage, a full disk,
 * folders that may not be written, processes that die.
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

#include "store/help_test.h"

#define EDITIONS 4U
#define NOBODY 65534

static void put_edition(struct store *s, unsigned edition)
{
	struct registry r;
	int64_t number;

	assert_int_equal(sealed_edition(&r, edition), 0);
	assert_int_equal(put_registry(s, &r, "sample", 1, &number), 0);
	registry_release(&r);
}

/* A store of some editions, closed. */
static void make_store(const struct place *p)
{
	struct store *s;

	assert_int_equal(store_open(p->file, STORE_WRITE, &s, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	for (unsigned i = 0; i < EDITIONS; i++)
		put_edition(s, i);
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
}

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

static void run_sql(const struct place *p, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
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

/* What a row says is held against its sum, and what it refers to is looked
 * for. */
static void test_damaged_rows(void **state)
{
	static const char *const damages[] = {
	    "UPDATE text SET bytes = CAST(bytes || ' ' AS BLOB) WHERE number = "
	    "7",
	    "DELETE FROM text WHERE number = 7",
	    "UPDATE text SET number = 100000 WHERE number = 7",
	    "INSERT INTO text VALUES (100000, 0, x'20')",
	    "UPDATE record_state SET texts = x'00' WHERE number = 2",
	    "DELETE FROM record_state WHERE number = 3",
	    "DELETE FROM person_state WHERE number = 3",
	    "UPDATE person_state SET sum = sum + 1 WHERE number = 1",
	    "UPDATE version SET code = x'00' WHERE number = 2",
	    "UPDATE version SET code = zeroblob(9) WHERE number = 1",
	    "UPDATE version SET base = NULL WHERE number = 2",
	    "UPDATE version SET records = records + 1 WHERE number = 1",
	    "UPDATE version SET date = '2026-02-02' WHERE number = 1",
	    "UPDATE version SET digest = zeroblob(32) WHERE number = 3",
	    "DELETE FROM version WHERE number = 2",
	    "DELETE FROM sighting WHERE version = 4",
	    "UPDATE sighting SET edition = 2 WHERE version = 2",
	    "UPDATE sighting SET version = 77 WHERE version = 2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct portbook_error err = {0};
		struct timeline t;
		struct place p;
		struct store *s;

		place_make(&p);
		make_store(&p);
		run_sql(&p, damages[i]);
		assert_int_equal(store_open(p.file, STORE_READ, &s, NULL), 0);
		if (store_timeline(s, &t, &err) != PORTBOOK_EDAMAGED ||
		    strstr(err.text, "damaged") == NULL)
			fail_msg("%s: %d %s", damages[i], err.code, err.text);
		timeline_release(&t);
		assert_int_equal(store_verify(s, NULL), PORTBOOK_EDAMAGED);
		store_close(s);
		place_drop(&p);
	}
}

static void read_file(const char *path, struct buf *b)
{
	FILE *file = fopen(path, "rb");
	struct stat status;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	buf_clear(b);
	assert_non_null(buf_room(b, (size_t)status.st_size));
	b->len = fread(b->ptr, 1, (size_t)status.st_size, file);
	fclose(file);
}

static void write_file(const char *path, struct span bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
}

/* 1 if all is as it was, 0 for a failure in words; anything else is wrong. */
static int look(const struct place *p, const struct timeline *want)
{
	struct portbook_error err = {0};
	struct store *s = NULL;
	struct timeline have;
	struct buf b;
	int code = store_open(p->file, STORE_READ, &s, &err);

	if (code == 0) {
		code = store_timeline(s, &have, &err);
		if (code == 0)
			expect_same(&have, want);
		timeline_release(&have);
	}
	if (code == 0) {
		buf_init(&b);
		code = store_version_xml(s, 2, &b, &err);
		buf_release(&b);
	}
	if (code == 0)
		code = store_verify(s, &err);
	store_close(s);
	if (code == 0)
		return 1;
	if (err.text[0] == '\0' || code == PORTBOOK_EUSAGE)
		fail_msg("failed with %d without words", code);
	return 0;
}

/* Whatever bit is turned, what is read is right or nothing. */
static void test_flipped(void **state)
{
	struct timeline want;
	struct place p;
	struct store *s;
	struct buf b;
	size_t told = 0, count = 0;

	(void)state;
	buf_init(&b);
	place_make(&p);
	make_store(&p);
	assert_int_equal(store_open(p.file, STORE_READ, &s, NULL), 0);
	assert_int_equal(store_timeline(s, &want, NULL), 0);
	store_close(s);
	read_file(p.file, &b);
	for (size_t at = 0; at < b.len; at += at < 300 ? 3 : 61) {
		b.ptr[at] ^= (char)(1U << at % 8);
		write_file(p.file, buf_span(&b));
		told += !look(&p, &want);
		count++;
		b.ptr[at] ^= (char)(1U << at % 8);
	}
	/* Room between rows, and what was deleted, are read by nobody. */
	assert_in_range(told, count / 4, count);
	timeline_release(&want);
	buf_release(&b);
	place_drop(&p);
}

static void test_cut(void **state)
{
	struct timeline want;
	struct place p;
	struct store *s;
	struct buf b;

	(void)state;
	buf_init(&b);
	place_make(&p);
	make_store(&p);
	assert_int_equal(store_open(p.file, STORE_READ, &s, NULL), 0);
	assert_int_equal(store_timeline(s, &want, NULL), 0);
	store_close(s);
	read_file(p.file, &b);
	for (size_t len = 0; len < b.len; len += len < 200 ? 25 : 1499) {
		write_file(p.file, span_head(buf_span(&b), len));
		assert_int_equal(look(&p, &want), 0);
	}
	timeline_release(&want);
	buf_release(&b);
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
	    cmocka_unit_test(test_damaged_rows),
	    cmocka_unit_test(test_flipped),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_read_only),
	    cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
