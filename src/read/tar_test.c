/* SPDX-License-Identifier: ISC */
/*
 * Archives made here by the words of POSIX; tests/store holds the reader
 * against those that GNU tar writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "read/limits.h"
#include "read/tar.h"

/* Offsets in a header block. */
enum { SIZE = 124, CHECKSUM = 148, TYPE = 156, MAGIC = 257, PREFIX = 345 };

struct opened {
	struct stream stream;
	struct tar tar;
	struct portbook_error err;
};

static void open_bytes(struct opened *o, struct span bytes)
{
	o->err = (struct portbook_error){0};
	stream_open_memory(&o->stream, bytes, "a.tar");
	stream_expect_archive(&o->stream);
	tar_init(&o->tar, &o->stream);
}

static void close_bytes(struct opened *o)
{
	tar_release(&o->tar);
	stream_close(&o->stream);
}

static void sign(char *block)
{
	unsigned sum = 0;

	memset(block + CHECKSUM, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK_LEN; i++)
		sum += (uint8_t)block[i];
	snprintf(block + CHECKSUM, 8, "%06o", sum);
}

/* Appends a header; where it stands in b. */
static size_t put_header(
    struct buf *b, const char *name, char type, const char *size)
{
	size_t at = b->len;
	char *block;

	buf_fill(b, '\0', TAR_BLOCK_LEN);
	block = b->ptr + at;
	snprintf(block, 100, "%s", name);
	memcpy(block + SIZE, size, strlen(size));
	block[TYPE] = type;
	memcpy(block + MAGIC,
	    "ustar\0"
	    "00",
	    8);
	sign(block);
	return at;
}

static void put_bytes(struct buf *b, const char *text)
{
	buf_str(b, text);
	buf_fill(b, '\0',
	    (TAR_BLOCK_LEN - strlen(text) % TAR_BLOCK_LEN) % TAR_BLOCK_LEN);
}

static void put_end(struct buf *b)
{
	buf_fill(b, '\0', 2 * TAR_BLOCK_LEN);
}

static void expect_member(
    struct opened *o, const char *name, bool is_file, const char *text)
{
	struct tar_member member;
	char bytes[TAR_BLOCK_LEN * 2];

	assert_int_equal(tar_next(&o->tar, &member, &o->err), 1);
	assert_string_equal(member.name, name);
	assert_int_equal(member.is_file, is_file);
	assert_int_equal(member.len, strlen(text));
	assert_int_equal(
	    tar_read(&o->tar, bytes, (size_t)member.len, &o->err), 0);
	assert_memory_equal(bytes, text, strlen(text));
}

static void expect_end(struct opened *o)
{
	struct tar_member member;

	assert_int_equal(tar_next(&o->tar, &member, &o->err), 0);
	assert_int_equal(tar_next(&o->tar, &member, &o->err), 0);
}

/* Files, folders and links; what nobody reads is skipped. */
static void test_members(void **state)
{
	struct tar_member member;
	struct opened o;
	struct buf b;

	(void)state;
	buf_init(&b);
	put_header(&b, "a.xml", '0', "00000000005");
	put_bytes(&b, "hello");
	put_header(&b, "folder/", '5', "00000000000");
	put_header(&b, "link", '2', "00000000011"); /* has no bytes */
	put_header(&b, "skipped", '7', "3");
	put_bytes(&b, "abc");
	put_header(&b, "old", '\0', "     1 ");
	put_bytes(&b, "x");
	put_end(&b);
	assert_true(tar_is(b.ptr));
	open_bytes(&o, buf_span(&b));
	expect_member(&o, "a.xml", true, "hello");
	expect_member(&o, "folder/", false, "");
	expect_member(&o, "link", false, "");
	assert_int_equal(tar_next(&o.tar, &member, &o.err), 1);
	assert_string_equal(member.name, "skipped");
	expect_member(&o, "old", true, "x");
	expect_end(&o);
	close_bytes(&o);
	buf_release(&b);
}

/* ustar's prefix, GNU's long name, pax's path and size. */
static void test_long(void **state)
{
	static const char pax[] = "18 path=other/b.x\n"
				  "9 size=2\n"
				  "11 mtime=1\n";
	struct opened o;
	struct buf b;
	size_t at;

	(void)state;
	buf_init(&b);
	at = put_header(&b, "name", '0', "1");
	memcpy(b.ptr + at + PREFIX, "some/prefix", 11);
	sign(b.ptr + at);
	put_bytes(&b, "1");
	put_header(&b, "././@LongLink", 'L', "14");
	put_bytes(&b, "a/long/name\n");
	at = put_header(&b, "a/lo", '0', "1");
	memcpy(b.ptr + at + MAGIC, "ustar  ", 8);
	memcpy(b.ptr + at + PREFIX, "17777777777", 11);
	sign(b.ptr + at);
	put_bytes(&b, "2");
	put_header(&b, "global", 'g', "11");
	put_bytes(&b, "11 mtime=1\n");
	put_header(&b, "PaxHeader", 'x', "46"); /* 38, 8 octal over */
	put_bytes(&b, pax);
	put_header(&b, "short", '0', "777");
	put_bytes(&b, "33");
	put_end(&b);
	assert_int_equal(sizeof(pax) - 1, 046);
	open_bytes(&o, buf_span(&b));
	expect_member(&o, "some/prefix/name", true, "1");
	expect_member(&o, "a/long/name\n", true, "2");
	expect_member(&o, "other/b.x", true, "33");
	expect_end(&o);
	close_bytes(&o);
	buf_release(&b);
}

/* A length of 2^33 in the two ways it can be told. */
static void test_large(void **state)
{
	static const char base256[12] = {
	    '\x80', 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0};
	struct tar_member member;
	struct opened o;
	struct buf b;
	size_t at;

	(void)state;
	for (int i = 0; i < 2; i++) {
		buf_init(&b);
		at = put_header(&b, "large", '0', "100000000000");
		if (i == 1)
			memcpy(b.ptr + at + SIZE, base256, 12);
		sign(b.ptr + at);
		open_bytes(&o, buf_span(&b));
		assert_int_equal(tar_next(&o.tar, &member, &o.err), 1);
		assert_int_equal(member.len, (uint64_t)1 << 33);
		assert_int_equal(
		    tar_next(&o.tar, &member, &o.err), PORTBOOK_EFORMAT);
		assert_non_null(strstr(o.err.text, "cut short"));
		assert_string_equal(o.err.source, "a.tar");
		close_bytes(&o);
		buf_release(&b);
	}
}

static void expect_refused(struct buf *b, int code, const char *words)
{
	struct tar_member member;
	struct opened o;
	int got;

	open_bytes(&o, buf_span(b));
	do
		got = tar_next(&o.tar, &member, &o.err);
	while (got == 1);
	assert_int_equal(got, code);
	assert_non_null(strstr(o.err.text, words));
	expect_end(&o);
	close_bytes(&o);
	buf_release(b);
	buf_init(b);
}

static void test_refused(void **state)
{
	static const char *const pax[] = {"5 a=b\n", "6 ab=\n7 a", "x a=b\n",
	    "6 abcd\n", "99 a=b\n", "9 size=x\n", "8 path=\n",
	    "99999999999999999999 a=b\n"};
	struct buf b;
	size_t at;

	(void)state;
	buf_init(&b);
	expect_refused(&b, PORTBOOK_EFORMAT, "cut short");
	put_header(&b, "a", '0', "1");
	put_bytes(&b, "a");
	expect_refused(&b, PORTBOOK_EFORMAT, "cut short"); /* no end */
	put_end(&b);
	b.ptr[TAR_BLOCK_LEN + 7] = 'x';
	expect_refused(&b, PORTBOOK_EFORMAT, "behind its end");
	at = put_header(&b, "a", '0', "1");
	b.ptr[at + 3] = 'x';
	expect_refused(&b, PORTBOOK_EFORMAT, "a header that is none");
	put_header(&b, "a", '0', "9");
	expect_refused(&b, PORTBOOK_EFORMAT, "a size that is no number");
	put_header(&b, "a", '0', "-1");
	expect_refused(&b, PORTBOOK_EFORMAT, "a size that is no number");
	put_header(&b, "a", '0', "\xff\xff\xff\xff\xff");
	expect_refused(&b, PORTBOOK_EFORMAT, "a size that is no number");
	put_header(&b, "", '0', "0");
	expect_refused(&b, PORTBOOK_EFORMAT, "a name that is none");
	put_header(&b, "a", 'S', "0");
	expect_refused(&b, PORTBOOK_EFORMAT, "sparse");
	put_header(&b, "a", 'x', "7777777");
	expect_refused(&b, PORTBOOK_ELIMIT, "longer header");
	for (size_t i = 0; i < sizeof(pax) / sizeof(pax[0]); i++) {
		char size[12];

		snprintf(size, sizeof(size), "%zo", strlen(pax[i]));
		put_header(&b, "a", 'x', size);
		put_bytes(&b, pax[i]);
		put_header(&b, "a", '0', "0");
		put_end(&b);
		expect_refused(&b, PORTBOOK_EFORMAT, "damaged archive");
	}
	put_header(&b, "a", 'L', "10001");
	buf_fill(&b, 'n', 8 * TAR_BLOCK_LEN + 1);
	buf_fill(&b, '\0', TAR_BLOCK_LEN - 1);
	expect_refused(&b, PORTBOOK_ELIMIT, "longer name");
}

/* An archive that never ends is one that does. */
static void test_endless(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < LIMIT_ARCHIVE_MEMBERS + 1; i++) {
		if (i == 0)
			put_header(&b, "a", '0', "0");
		else
			buf_add(&b, span_of(b.ptr, TAR_BLOCK_LEN));
		if (i == 0)
			assert_non_null(buf_room(
			    &b, (LIMIT_ARCHIVE_MEMBERS + 2) * TAR_BLOCK_LEN));
	}
	assert_false(buf_failed(&b));
	expect_refused(&b, PORTBOOK_ELIMIT, "more members");
	buf_release(&b);
}

static void test_no_memory(void **state)
{
	struct tar_member member;
	struct opened o;
	struct buf b;
	int code = 0;

	(void)state;
	buf_init(&b);
	put_header(&b, "././@LongLink", 'L', "4");
	put_bytes(&b, "abcd");
	put_header(&b, "abc", '0', "0");
	put_end(&b);
	for (size_t n = 1; n < 20 && code != 1; n++) {
		open_bytes(&o, buf_span(&b));
		mem_fail_from(n);
		code = tar_next(&o.tar, &member, &o.err);
		mem_fail_from(0);
		assert_true(code == 1 || code == PORTBOOK_ENOMEM);
#ifdef PORTBOOK_FAULTS
		if (n == 1)
			assert_int_equal(code, PORTBOOK_ENOMEM);
#endif
		close_bytes(&o);
	}
	assert_int_equal(code, 1);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_members),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_endless),
	    cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
