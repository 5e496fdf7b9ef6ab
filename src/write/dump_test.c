/* SPDX-License-Identifier: ISC */
/* Writers on a stream and without memory: CSV, JSON, JSON lines, TSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "write/edition_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define HEAD                                                                   \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,"    \
	"Contact,Registration Date,Modification Date,Reference,Service Code,"  \
	"Unauthorized Use Reported,Assignment Notes\r\n"
#define CELLS "ssh,22,tcp,Secure Shell,[A],[A],,,[RFC1],,,"

/* What is drained adds up to the whole, and a failure of it comes out. */
struct drained {
	struct buf all;
	size_t calls;
	int code; /* of the second call */
};

static int drain(void *ctx, struct buf *b, struct portbook_error *err)
{
	struct drained *d = ctx;

	(void)err;
	if (++d->calls > 1 && d->code != 0)
		return d->code;
	buf_add(&d->all, buf_span(b));
	buf_clear(b);
	return 0;
}

static void check_drain(struct edition *e, const char *format)
{
	struct drained d = {.calls = 0};
	struct write_job job = {
	    .image = &e->image, .epoch = -1, .drain = drain, .ctx = &d};
	struct buf whole, b;

	buf_init(&whole);
	buf_init(&b);
	buf_init(&d.all);
	assert_int_equal(edition_write(e, format, "", &whole, NULL), 0);
	assert_int_equal(
	    format_write(format_find(span_str(format)), &job, &b, NULL), 0);
	assert_true(d.calls > 1 && b.len == 0);
	assert_true(span_eq(buf_span(&d.all), buf_span(&whole)));
	buf_release(&d.all);
	buf_init(&d.all);
	d.calls = 0;
	d.code = PORTBOOK_EIO;
	assert_int_equal(
	    format_write(format_find(span_str(format)), &job, &b, NULL),
	    PORTBOOK_EIO);
	assert_int_equal(d.calls, 2);
	buf_release(&d.all);
	buf_release(&b);
	buf_release(&whole);
}

#ifdef PORTBOOK_FAULTS
/* Out of memory at any allocation is told, and leaves nothing behind. */
static void check_memory(struct edition *e, const char *format)
{
	size_t n = 0;
	int code;

	do {
		struct buf b;

		buf_init(&b);
		mem_fail_from(++n);
		code = edition_write(e, format, "", &b, NULL);
		mem_fail_from(0);
		buf_release(&b);
		assert_true(code == 0 || code == PORTBOOK_ENOMEM);
	} while (code < 0);
	assert_true(n > 1);
}
#endif

static void test_streams(void **state)
{
	static const char *const names[] = {"csv", "json", "jsonl", "tsv"};
	struct edition e;
	struct buf source;

	(void)state;
	buf_init(&source);
	buf_str(&source, HEAD);
	for (size_t i = 0; i < 3000; i++)
		buf_printf(&source,
		    "n%zu,%zu,tcp,\"some, text\",[A],[A],,,[RFC1],,,\r\n", i,
		    i);
	assert_int_equal(edition_open(buf_span(&source), &e, NULL), 0);
	for (size_t i = 0; i < COUNT(names); i++)
		check_drain(&e, names[i]);
	edition_close(&e);
	buf_release(&source);
#ifdef PORTBOOK_FAULTS
	assert_int_equal(
	    edition_open(SPAN(HEAD CELLS "\r\n" CELLS "\n"), &e, NULL), 0);
	for (size_t i = 0; i < COUNT(names); i++)
		check_memory(&e, names[i]);
	edition_close(&e);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
