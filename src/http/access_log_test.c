/* SPDX-License-Identifier: ISC */
/* Lines by rows, and a file that is renamed while it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/access_log.h"

#define V4                                                                     \
	{                                                                      \
		4, false, {192, 0, 2, 77}, 0                                   \
	}
#define V6                                                                     \
	{                                                                      \
		6, false, {0x20, 1, 0xd, 0xb8, 1, 2, 3, 4}, 0                  \
	}
#define GET SPAN_INIT("GET")
#define VERSION SPAN_INIT("HTTP/1.1")

/* 1785600000 is 2026-08-01 16:00 UTC, as date(1) says. */
static const struct row {
	int line;
	struct access_entry entry;
	const char *want;
} rows[] = {
    {__LINE__, {V4, 1785600000, GET, SPAN_INIT("/"), VERSION, 200, true, 12},
	"192.0.2.0 - - [01/Aug/2026:16:00:00 +0000] \"GET / HTTP/1.1\" "
	"200 12\n"},
    {__LINE__, {V6, 0, GET, SPAN_INIT("/a?b=c"), VERSION, 404, true, 1},
	"2001:db8:102:: - - [01/Jan/1970:00:00:00 +0000] "
	"\"GET /a?b=c HTTP/1.1\" 404 1\n"},
    {__LINE__, {{0}, 59, GET, SPAN_INIT("/"), VERSION, 304, true, 0},
	"- - - [01/Jan/1970:00:00:59 +0000] \"GET / HTTP/1.1\" 304 -\n"},
    {__LINE__, {{0}, 0, GET, SPAN_INIT("/"), VERSION, 200, false, 99},
	"- - - [01/Jan/1970:00:00:00 +0000] \"GET / HTTP/1.1\" 200 -\n"},
    {__LINE__,
	{{0}, 0, SPAN_INIT("A\"B"), SPAN_INIT("/\\\r\n\x1b[m\0\x7f\xc3\xa9"),
	    SPAN_INIT("HTTP/1.1\t"), 400, true, 5},
	"- - - [01/Jan/1970:00:00:00 +0000] \"A\\\"B "
	"/\\\\\\x0d\\x0a\\x1b[m\\x00\\x7f\\xc3\\xa9 HTTP/1.1\\x09\" 400 5\n"},
};

static void test_format(void **state)
{
	struct buf b;
	int bad = 0;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		access_format(&b, &rows[i].entry);
		if (span_eq(buf_span(&b), span_str(rows[i].want)))
			continue;
		print_error("%s:%d: %.*s", __FILE__, rows[i].line,
		    SPAN_FMT(buf_span(&b)));
		bad++;
	}
	buf_release(&b);
	assert_int_equal(bad, 0);
}

static void assert_file(const char *path, const char *want)
{
	char text[256] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	assert_string_equal(text, want);
}

static void wait_for_file(const char *path)
{
	struct stat st;

	for (int i = 0; i < 300 && stat(path, &st) != 0; i++)
		usleep(10000);
}

static void test_reopen(void **state)
{
	char folder[] = "/tmp/portbook-log-XXXXXX", path[64], old[64];
	struct access_log *log;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(old, sizeof(old), "%s/old", folder);
	assert_int_equal(access_log_open(path, &log, NULL), 0);
	access_log_add(log, SPAN("one\n"));
	assert_int_equal(rename(path, old), 0);
	access_log_reopen(log);
	wait_for_file(path);
	access_log_add(log, SPAN("two\n"));
	access_log_close(log);
	assert_file(old, "one\n");
	assert_file(path, "two\n");
	assert_int_equal(access_log_open(path, &log, NULL), 0);
	access_log_add(log, SPAN("three\n"));
	assert_int_equal(access_log_dropped(log), 0);
	access_log_close(log);
	assert_file(path, "two\nthree\n");
	unlink(path);
	unlink(old);
	rmdir(folder);
}

/* A full disk, and more lines at a time than there is room for. */
static void test_dropped(void **state)
{
	struct portbook_error err;
	struct access_log *log;
	struct buf b;

	(void)state;
	assert_true(access_log_open("/nonexistent/log", &log, &err) < 0);
	assert_int_equal(err.code, PORTBOOK_EIO);
	assert_int_equal(access_log_open("/dev/full", &log, NULL), 0);
	access_log_add(log, SPAN("one\ntwo\n"));
	access_log_reopen(log);
	for (int i = 0; i < 300 && access_log_dropped(log) == 0; i++)
		usleep(10000);
	assert_int_equal(access_log_dropped(log), 2);
	buf_init(&b);
	buf_fill(&b, 'a', 300000);
	access_log_add(log, buf_span(&b));
	buf_release(&b);
	assert_int_equal(access_log_dropped(log), 3);
	access_log_close(log);
	access_log_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_format),
	    cmocka_unit_test(test_reopen),
	    cmocka_unit_test(test_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
