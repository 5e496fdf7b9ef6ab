/* SPDX-License-Identifier: ISC */
/*
 * The official files, where PORTBOOK_REGISTRY_DIR has them: the CSV of a date
 * comes of the XML of that date, and of itself, byte for byte.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "write/expect_test.h"

static const char *folder; /* NULL if there are no official files */

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

/* The XML of each pair, from the archive of all versions, into to. */
static void unpack(const glob_t *pairs, const char *to)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b,
	    "zstd -dc '%s/history.tar.zst' 2>&- | "
	    "tar x -C '%s' --transform 's|.*/||' --wildcards",
	    folder, to);
	for (size_t i = 0; i < pairs->gl_pathc; i++)
		buf_printf(
		    &b, " '*%.10s.xml'", strrchr(pairs->gl_pathv[i], '/') + 1);
	buf_str(&b, " 2>&-");
	buf_char(&b, '\0');
	assert_false(buf_failed(&b));
	if (system(b.ptr) != 0)
		print_message("not all versions are in history.tar.zst\n");
	buf_release(&b);
}

static void drop_returns(struct buf *b)
{
	size_t out = 0;

	for (size_t i = 0; i < b->len; i++)
		if (b->ptr[i] != '\r')
			b->ptr[out++] = b->ptr[i];
	b->len = out;
}

/* Whether there was an XML to compare with; it is removed. */
static bool check_pair(const char *path, const char *unpacked)
{
	const char *name = strrchr(path, '/') + 1;
	struct buf xml, csv, out;
	struct edition e;
	char from[4096];

	snprintf(from, sizeof(from), "%s/%.10s.xml", unpacked, name);
	if (access(from, R_OK) != 0)
		return false;
	buf_init(&xml);
	buf_init(&csv);
	put_file(&xml, from);
	unlink(from);
	put_file(&csv, path);
	open_or_fail(__LINE__, buf_span(&xml), &e);
	write_or_fail(__LINE__, &e, "csv", "", &out);
	if (strstr(name, ".lf.") != NULL)
		drop_returns(&out);
	print_message("%s from XML\n", name);
	expect(__LINE__, &out, buf_span(&csv));
	edition_close(&e);
	buf_release(&xml);
	buf_release(&csv);
	return true;
}

static void test_pairs(void **state)
{
	char unpacked[] = "/tmp/portbook-pairs-XXXXXX";
	glob_t files;
	size_t count = 0;

	(void)state;
	find("pairs/*.csv", &files);
	assert_non_null(mkdtemp(unpacked));
	unpack(&files, unpacked);
	for (size_t i = 0; i < files.gl_pathc; i++)
		count += check_pair(files.gl_pathv[i], unpacked);
	rmdir(unpacked);
	if (count == 0) {
		print_message("skipped: no history.tar.zst, or no zstd\n");
		skip();
	}
	assert_int_equal(count, files.gl_pathc);
	globfree(&files);
}

static void test_same(void **state)
{
	glob_t files;

	(void)state;
	find("pairs/*.csv", &files);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct edition e;
		struct buf csv, out;

		buf_init(&csv);
		put_file(&csv, files.gl_pathv[i]);
		assert_true(csv.len > 1000000);
		open_or_fail(__LINE__, buf_span(&csv), &e);
		write_or_fail(__LINE__, &e, "csv", "", &out);
		expect(__LINE__, &out, buf_span(&csv));
		edition_close(&e);
		buf_release(&csv);
	}
	globfree(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_pairs),
	};

	folder = getenv("PORTBOOK_REGISTRY_DIR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
