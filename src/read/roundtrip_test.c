/* SPDX-License-Identifier: ISC */
/*
 * The official files, where PORTBOOK_REGISTRY_DIR has them: what was read
 * comes out byte for byte, few records need their source kept, and the CSV of
 * a date has the columns of the XML of that date.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "read/read.h"

static const char *folder; /* NULL if there are no official files */

static void put_file(struct buf *b, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t len;

	assert_non_null(file);
	do {
		char *room = buf_room(b, 1 << 20);

		assert_non_null(room);
		len = fread(room, 1, 1 << 20, file);
		b->len += len;
	} while (len > 0);
	fclose(file);
}

static void read_or_fail(const char *path, struct registry *r)
{
	struct portbook_error err;

	if (read_registry(path, r, NULL, &err) < 0)
		fail_msg("%s:%d:%d: %s", err.source, (int)err.line,
		    (int)err.column, err.text);
}

static void check_xml(const char *path)
{
	struct registry r;
	struct buf source, out;
	size_t kept = 0;

	buf_init(&source);
	buf_init(&out);
	put_file(&source, path);
	read_or_fail(path, &r);
	registry_to_xml(&r, &out);
	assert_true(span_eq(buf_span(&source), buf_span(&out)));
	for (size_t i = 0; i < r.record_count; i++)
		kept += r.records[i].residue != 0;
	assert_true(r.record_count > 10000);
	assert_true(kept * 100 < r.record_count * 3);
	registry_release(&r);
	buf_release(&source);
	buf_release(&out);
}

static void find(const char *pattern, glob_t *ret)
{
	char path[4096];

	if (folder == NULL) {
		print_message("skipped: PORTBOOK_REGISTRY_DIR is not set\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/%s", folder, pattern);
	if (glob(path, 0, NULL, ret) != 0) {
		print_message("skipped: no %s\n", path);
		skip();
	}
}

static void test_xml(void **state)
{
	glob_t files;

	(void)state;
	find("service-names-port-numbers.*.xml", &files);
	check_xml(files.gl_pathv[files.gl_pathc - 1]);
	globfree(&files);
}

static void test_damaged(void **state)
{
	struct portbook_error err = {0};
	struct registry r;
	glob_t files;

	(void)state;
	find("damaged.*.xml", &files);
	assert_int_equal(
	    read_registry(files.gl_pathv[0], &r, NULL, &err), PORTBOOK_EFORMAT);
	assert_true(err.line > 0 && err.column > 0);
	assert_int_equal(r.record_count, 0);
	globfree(&files);
}

static void check_columns(const struct registry *a, const struct registry *b)
{
	struct buf x, y;

	buf_init(&x);
	buf_init(&y);
	assert_int_equal(a->record_count, b->record_count);
	for (size_t i = 0; i < a->record_count; i++) {
		struct record_text s, t;

		registry_record_text(a, &a->records[i], &s);
		registry_record_text(b, &b->records[i], &t);
		for (unsigned k = 0; k < COLUMN_COUNT; k++) {
			buf_clear(&x);
			buf_clear(&y);
			column_text(&x, &s, (enum column)k);
			column_text(&y, &t, (enum column)k);
			if (!span_eq(buf_span(&x), buf_span(&y)))
				fail_msg("record %zu, column %u:\n%.*s\n"
					 "but in the CSV\n%.*s",
				    i, k, SPAN_FMT(buf_span(&x)),
				    SPAN_FMT(buf_span(&y)));
		}
	}
	buf_release(&x);
	buf_release(&y);
}

/* One member of the archive of all versions; false without the tools. */
static bool unpack(const char *member, struct registry *ret)
{
	char command[4096];
	FILE *file;
	int code;

	snprintf(command, sizeof(command),
	    "zstd -dc '%s/history.tar.zst' 2>&- | "
	    "tar xO --wildcards '*%s' 2>&-",
	    folder, member);
	file = popen(command, "r");
	assert_non_null(file);
	code = read_registry_fd(fileno(file), member, ret, NULL, NULL);
	pclose(file);
	return code == 0;
}

static void check_pair(const char *path, const char *date)
{
	struct registry xml, csv;
	char member[32];

	snprintf(member, sizeof(member), "%s.xml", date);
	if (!unpack(member, &xml)) {
		print_message("skipped: no %s in history.tar.zst\n", member);
		return;
	}
	read_or_fail(path, &csv);
	check_columns(&xml, &csv);
	registry_release(&xml);
	registry_release(&csv);
}

/* Columns are as since 2025-04; older files had other rules for markup. */
static void test_pairs(void **state)
{
	static const char *const dates[] = {"2025-09-22", "2026-02-13"};
	glob_t files;

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		char pattern[64];

		snprintf(pattern, sizeof(pattern), "pairs/%s*.csv", dates[i]);
		find(pattern, &files);
		check_pair(files.gl_pathv[0], dates[i]);
		globfree(&files);
	}
}

static void test_csv(void **state)
{
	glob_t files;

	(void)state;
	find("pairs/*.csv", &files);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct registry r;

		read_or_fail(files.gl_pathv[i], &r);
		assert_true(r.record_count > 10000);
		assert_int_equal(r.source, REGISTRY_CSV);
		registry_release(&r);
	}
	globfree(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_xml),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_csv),
	    cmocka_unit_test(test_pairs),
	};

	folder = getenv("PORTBOOK_REGISTRY_DIR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
