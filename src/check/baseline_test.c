/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check/baseline.h"

static const struct bad_row {
	int line;
	const char *text;
	int at, column; /* where the error is told */
} bad[] = {
    {__LINE__, "NAME-CHAR 1/tcp/a\n", 1, 18},
    {__LINE__, "NAME-CHAR", 1, 10},
    {__LINE__, "\tx\n", 1, 1},
    {__LINE__, "# one\nNAME-CHRA\t1/tcp/a\n", 2, 1},
    {__LINE__, "name-char\t1/tcp/a\n", 1, 1},
    {__LINE__, "NAME-CHAR\t\n", 1, 11},
    {__LINE__, "NAME-CHAR\ta\tb\n", 1, 12},
    {__LINE__, "NAME-CHAR\tuntil=2011-02-30\n", 1, 17},
    {__LINE__, "NAME-CHAR\tuntil=2011-02\n", 1, 17},
    {__LINE__, "NAME-CHAR\tuntil=\n", 1, 17},
    {__LINE__, "NAME-CHAR\ta\r\n", 1, 12},
    {__LINE__, "NAME-CHAR\t\xff\n", 1, 11},
    {__LINE__, "# \x01\n", 1, 3},
    {__LINE__, "NAME-CHAR\ta\nNAME-LEN\ta\n\nNAME-CHAR\ta\n", 4, 1},
    {__LINE__, "UNDATED\t2026-02-30 AAAA\n", 1, 9},
    {__LINE__, "UNDATED\t2026-02-2\n", 1, 9},
    {__LINE__, "UNDATED\t2026-02-20AAAA\n", 1, 19},
    {__LINE__, "UNDATED\t2026-02-20", 1, 19},
    {__LINE__, "UNDATED\t2026-02-20 AAA", 1, 23},
    {__LINE__, "UNDATED\t2026-02-20 AAAA=\n", 1, 24},
    {__LINE__, "UNDATED\t2026-02-20 AA\tAA\n", 1, 22},
    {__LINE__, "UNDATED AAAA\n", 1, 13},
    {__LINE__, "UNDATED\t2026-02-20 AAAA\nUNDATED\t2026-02-20 AAAA\n", 2, 1},
    {__LINE__, "DESC-WS\tuntil=2011-02-03\nDESC-WS\tuntil=2012-02-03\n", 2, 1},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct portbook_error err = {0};
		struct baseline b;

		if (baseline_parse(span_str(bad[i].text), "file", &b, &err) !=
			PORTBOOK_EFORMAT ||
		    (int)err.line != bad[i].at ||
		    (int)err.column != bad[i].column ||
		    strcmp(err.source, "file") != 0)
			fail_msg("row of line %d: %d:%d %s", bad[i].line,
			    (int)err.line, (int)err.column, err.text);
	}
}

static const struct known_row {
	int line;
	enum finding_code code;
	const char *record, *date;
	bool known;
} known[] = {
    {__LINE__, FINDING_NAME_CHAR, "1/tcp/a", "2020-01-02", true},
    {__LINE__, FINDING_NAME_CHAR, "1/tcp/b c", "", true},
    {__LINE__, FINDING_NAME_CHAR, "1/tcp/", "", false},
    {__LINE__, FINDING_NAME_CHAR, "1/tcp/aa", "", false},
    {__LINE__, FINDING_NAME_LEN, "1/tcp/a", "", false},
    {__LINE__, FINDING_FIELD_REF, "1/tcp/a", "2011-02-03", true},
    {__LINE__, FINDING_FIELD_REF, "1/tcp/a", "2011-02-04", false},
    {__LINE__, FINDING_FIELD_REF, "1/tcp/a", "2011-02", true},
    {__LINE__, FINDING_FIELD_REF, "1/tcp/a", "2011-03", false},
    {__LINE__, FINDING_FIELD_REF, "1/tcp/a", "", true},
    {__LINE__, FINDING_FIELD_REF, "2/tcp/new", "2024-01-01", true},
};

static void test_known(void **state)
{
	struct portbook_error err = {0};
	struct baseline b;

	(void)state;
	assert_int_equal(
	    baseline_parse(SPAN("\n# known\nFIELD-REF\tuntil=2011-02-03\n"
				"NAME-CHAR\t1/tcp/b c\nNAME-CHAR\t1/tcp/a\n"
				"FIELD-REF\t2/tcp/new"),
		"file", &b, &err),
	    0);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct finding f = {.code = known[i].code,
		    .record = span_str(known[i].record),
		    .date = span_str(known[i].date)};

		if (baseline_has(&b, &f) != known[i].known)
			fail_msg("row of line %d", known[i].line);
	}
	baseline_release(&b);
}

/* What is written knows all that it was written of, and little more. */
static void test_format(void **state)
{
	static char names[100][16];
	struct finding findings[100];
	struct finding later = {.code = FINDING_FIELD_REF,
	    .record = SPAN("x"),
	    .date = SPAN("2011-03-01")};
	struct portbook_error err = {0};
	struct baseline b;
	struct buf text;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		snprintf(names[i], sizeof(names[i]), "%d/tcp/a", (int)i);
		findings[i] = (struct finding){
		    .code = i < 60 ? FINDING_FIELD_REF : FINDING_DESC_WS,
		    .record = span_str(names[i]),
		    .date = i == 7 ? SPAN("2011-02") : SPAN("2010-12-31")};
	}
	buf_init(&text);
	baseline_format(&text, findings, 100, SPAN("2026-01-02"));
	assert_int_equal(baseline_parse(buf_span(&text), "file", &b, &err), 0);
	for (size_t i = 0; i < 100; i++)
		assert_true(baseline_has(&b, &findings[i]));
	assert_int_equal(b.count, 40);
	assert_true(span_eq(b.until[FINDING_FIELD_REF], SPAN("2011-02-28")));
	assert_false(baseline_has(&b, &later));
	baseline_release(&b);
	buf_release(&text);
}

/* Those that are known are, of others one in two thousand seems to be. */
static void test_undated(void **state)
{
	static char names[1000][24];
	static struct finding findings[1000];
	struct portbook_error err = {0};
	struct baseline b;
	struct buf text;
	int mistaken = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "%d/tcp/a", i);
		findings[i] = (struct finding){.code = FINDING_FIELD_DATE,
		    .record = span_str(names[i]),
		    .date = SPAN("")};
	}
	buf_init(&text);
	baseline_format(&text, findings, 1000, SPAN("2026-01-02"));
	assert_int_equal(baseline_parse(buf_span(&text), "file", &b, &err), 0);
	assert_true(span_eq(b.edition, SPAN("2026-01-02")));
	/* Sixteen bits a key, six a character. */
	assert_int_equal(b.undated.len, 2667);
	for (int i = 0; i < 1000; i++)
		assert_true(baseline_is_undated(&b, span_str(names[i])));
	for (int i = 0; i < 100000; i++) {
		char name[24];

		snprintf(name, sizeof(name), "%d/udp/b", i);
		mistaken += baseline_is_undated(&b, span_str(name));
	}
	assert_in_range(mistaken, 0, 100);
	baseline_release(&b);
	buf_release(&text);
}

/*
 * One key by hand.  FNV-1a of "a" is af63dc4c8601ec8c; the eleven bits of 24
 * that follow from it were computed by another program.
 */
static void test_undated_bits(void **state)
{
	struct portbook_error err = {0};
	struct baseline b;

	(void)state;
	assert_int_equal(
	    baseline_parse(SPAN("UNDATED\t0000-00-00 CAzF"), "file", &b, &err),
	    0);
	assert_true(baseline_is_undated(&b, SPAN("a")));
	assert_false(baseline_is_undated(&b, SPAN("b")));
	baseline_release(&b);
}

/* The file that is shipped is one, of a few hundred lines. */
static void test_shipped(void **state)
{
	struct portbook_error err = {0};
	struct baseline b;

	(void)state;
	if (baseline_parse(baseline_shipped(), "shipped", &b, &err) < 0)
		fail_msg("%d: %s", (int)err.line, err.text);
	assert_in_range(b.count, 300, 600);
	assert_true(
	    span_eq(b.until[FINDING_FIELD_ASSIGNEE], SPAN("2018-07-11")));
	baseline_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_known),
	    cmocka_unit_test(test_format),
	    cmocka_unit_test(test_undated),
	    cmocka_unit_test(test_undated_bits),
	    cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
