/* SPDX-License-Identifier: ISC */
/* Stores that are damaged tell so, and never crash nor tell what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "store/sqlite_help_test.h"

/* What a row says is held against its sum, and what it refers to is looked
 * for. */
static void test_damaged_rows(void **state)
{
	static const char *const damages[] = {
	    "UPDATE text SET bytes = CAST(bytes || ' ' AS BLOB)",
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_damaged_rows),
	    cmocka_unit_test(test_flipped),
	    cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
