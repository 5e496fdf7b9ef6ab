/* SPDX-License-Identifier: ISC */
/* services(5) files as registries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "read/limits.h"
#include "read/read.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ALIAS(name) "|This entry is an alias to \"" name "\"."

/* name number/protocol(its number) @line description|note, a line each. */
static void put_records(struct buf *b, const struct registry *r)
{
	for (size_t i = 0; i < r->record_count; i++) {
		const struct record *record = &r->records[i];
		struct record_text text;

		registry_record_text(r, record, &text);
		buf_printf(b, "%.*s %.*s/%.*s(%u) @%llu %.*s|%.*s\n",
		    SPAN_FMT(text.at[FIELD_NAME]),
		    SPAN_FMT(text.at[FIELD_NUMBER]),
		    SPAN_FMT(text.at[FIELD_PROTOCOL]), record->protocol,
		    (unsigned long long)record->line,
		    SPAN_FMT(text.at[FIELD_DESCRIPTION]),
		    SPAN_FMT(text.at[FIELD_NOTE]));
		assert_true(record->has_number);
		assert_int_equal(record->number.first, record->number.last);
		assert_int_equal(record->residue, 0);
	}
}

static const struct {
	int line;
	struct span text;
	const char *records;
} good[] = {
    {__LINE__, SPAN_INIT("ssh 22/tcp"), "ssh 22/tcp(0) @1 |\n"},
    {__LINE__, SPAN_INIT("\n \n# x\n\nssh\t22/tcp\t# Remote # login \n"),
	"ssh 22/tcp(0) @5 Remote # login|\n"},
    {__LINE__, SPAN_INIT("#\r\nssh 22/tcp\r\ndns 053/UDP\r\n"),
	"ssh 22/tcp(0) @2 |\ndns 53/udp(1) @3 |\n"},
    {__LINE__, SPAN_INIT("\xef\xbb\xbfhttp 80/tcp www w3 # Web\n"),
	"http 80/tcp(0) @1 Web|\n"
	"www 80/tcp(0) @1 " ALIAS("http") "\n"
					  "w3 80/tcp(0) @1 " ALIAS(
					      "http") "\n"},
    {__LINE__, SPAN_INIT("a 1/sctp\na 1/dccp\na 1/tcp\na 1/tcp\n"),
	"a 1/sctp(2) @1 |\na 1/dccp(3) @2 |\n"
	"a 1/tcp(0) @3 |\na 1/tcp(0) @4 |\n"},
    {__LINE__, SPAN_INIT("echo 4/ddp\n"), "echo 4/ddp(5) @1 |\n"},
    {__LINE__, SPAN_INIT("x 65535/udp # caf\xc3\xa9"),
	"x 65535/udp(1) @1 caf\xc3\xa9|\n"},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct portbook_error err = {0};
		struct registry r;
		struct buf b;
		int code =
		    read_registry_memory(good[i].text, "test", &r, NULL, &err);

		if (code < 0)
			fail_msg("line %d: %s", good[i].line, err.text);
		assert_int_equal(r.source, REGISTRY_SERVICES);
		assert_int_equal(r.source_len, good[i].text.len);
		assert_int_equal(r.person_count, 0);
		buf_init(&b);
		put_records(&b, &r);
		if (!span_eq(buf_span(&b), span_str(good[i].records)))
			fail_msg("line %d: is\n%.*s", good[i].line,
			    SPAN_FMT(buf_span(&b)));
		buf_release(&b);
		registry_release(&r);
	}
}

static const struct {
	int line;
	struct span text;
	int code;
	unsigned at, column;
	const char *why; /* a part of it */
} bad[] = {
    {__LINE__, SPAN_INIT("# only\n\n"), PORTBOOK_EFORMAT, 3, 1,
	"nothing but comments"},
    {__LINE__, SPAN_INIT("ssh 22/tcp\nhttp 80\n"), PORTBOOK_EFORMAT, 2, 8,
	"no protocol"},
    {__LINE__, SPAN_INIT("\n\nssh 99999/tcp\n"), PORTBOOK_EFORMAT, 3, 5,
	"0 to 65535"},
    {__LINE__, SPAN_INIT("# x\nx11 6000-6063/tcp\n"), PORTBOOK_EFORMAT, 2, 5,
	"0 to 65535"},
    {__LINE__, SPAN_INIT("ssh 22/tcp/udp\n"), PORTBOOK_EFORMAT, 1, 8,
	"one protocol"},
    {__LINE__, SPAN_INIT("ssh 22/tcp # \xe9\n"), PORTBOOK_EFORMAT, 1, 14,
	"UTF-8"},
    {__LINE__, SPAN_INIT("ssh 22/tcp\nb\0c 2/tcp"), PORTBOOK_EFORMAT, 2, 2,
	"control"},
    {__LINE__, SPAN_INIT("ssh 22/tcp\r\r\n"), PORTBOOK_EFORMAT, 1, 11,
	"control"},
    {__LINE__, SPAN_INIT("#\nssh 22/tcp 0.182286\n"), PORTBOOK_EFORMAT, 2, 12,
	"nmap"},
    {__LINE__, SPAN_INIT("ssh\n22/tcp\n"), PORTBOOK_EFORMAT, 1, 1,
	"services(5)"},
    {__LINE__, SPAN_INIT("Name,Port\nssh 22/tcp\n"), PORTBOOK_EFORMAT, 1, 1,
	"neither"},
    {__LINE__, SPAN_INIT("{\"ssh\": 22}"), PORTBOOK_EFORMAT, 1, 1, "neither"},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct portbook_error err = {0};
		struct registry r;
		int code =
		    read_registry_memory(bad[i].text, "test", &r, NULL, &err);
		struct span why = span_str(err.text);

		if (code != bad[i].code || err.line != bad[i].at ||
		    err.column != bad[i].column ||
		    span_find(why, span_str(bad[i].why)) == why.len)
			fail_msg("line %d: %d, %llu:%llu: %s", bad[i].line,
			    code, (unsigned long long)err.line,
			    (unsigned long long)err.column, err.text);
		assert_string_equal(err.source, "test");
	}
}

static void take_finding(void *ctx, const struct finding *finding)
{
	*(struct finding *)ctx = *finding;
}

static void test_finding(void **state)
{
	struct finding found = {.code = FINDING_CODE_COUNT};
	struct diag diag = {take_finding, &found, 0};
	struct registry r;

	(void)state;
	assert_int_equal(read_registry_memory(
			     SPAN("a 1/tcp\nb 2/ddp"), "test", &r, &diag, NULL),
	    0);
	assert_int_equal(diag.count, 1);
	assert_int_equal(found.code, FINDING_READ_PROTOCOL);
	assert_int_equal(found.line, 2);
	registry_release(&r);
}

/* A line of len bytes: an entry with a long comment. */
static int read_line(size_t len, struct portbook_error *err)
{
	struct registry r;
	struct buf b;
	int code;

	buf_init(&b);
	buf_str(&b, "x 1/tcp\na 1/tcp #");
	buf_fill(&b, 'c', len - 9);
	buf_str(&b, "\nz 2/tcp\n");
	code = read_registry_memory(buf_span(&b), "test", &r, NULL, err);
	if (code == 0)
		assert_int_equal(r.record_count, 3);
	registry_release(&r);
	buf_release(&b);
	return code;
}

static void test_limits(void **state)
{
	struct portbook_error err = {0};

	(void)state;
	assert_int_equal(read_line(LIMIT_LINE_LEN, &err), 0);
	assert_int_equal(read_line(LIMIT_LINE_LEN + 1, &err), PORTBOOK_ELIMIT);
	assert_int_equal(err.line, 2);
	assert_int_equal(read_line((size_t)1 << 20, &err), PORTBOOK_ELIMIT);
}

/* Longer than the reader looks ahead, so that lines are cut by its chunks. */
static void test_long(void **state)
{
	struct portbook_error err = {0};
	struct registry r;
	struct buf b;

	(void)state;
	buf_init(&b);
	for (unsigned i = 0; i < 60000; i++)
		buf_printf(
		    &b, "name-%u %u/udp alias-%u # Number %u\n", i, i, i, i);
	assert_false(buf_failed(&b));
	assert_int_equal(
	    read_registry_memory(buf_span(&b), "test", &r, NULL, &err), 0);
	assert_int_equal(r.record_count, 120000);
	for (unsigned i = 0; i < r.record_count; i++) {
		assert_int_equal(r.records[i].line, i / 2 + 1);
		assert_int_equal(r.records[i].number.first, i / 2);
	}
	registry_release(&r);
	buf_release(&b);
}

/* Each allocation fails once, where the build can make it. */
static void test_faults(void **state)
{
	struct registry r;
	int code = PORTBOOK_ENOMEM;

	(void)state;
	for (size_t n = 1; code != 0 && n < 1000; n++) {
		mem_fail_from(n);
		code = read_registry_memory(
		    SPAN("http 80/tcp www # Web\n"), "test", &r, NULL, NULL);
		mem_fail_from(0);
		assert_true(code == 0 || code == PORTBOOK_ENOMEM);
		registry_release(&r);
	}
	assert_int_equal(code, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_finding),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
