/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "read/limits.h"
#include "read/read.h"

#define HEAD_OF(eleventh)                                                      \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,"    \
	"Contact,Registration Date,Modification Date,Reference,Service "       \
	"Code," eleventh ",Assignment Notes"
#define HEAD HEAD_OF("Unauthorized Use Reported")
#define OLD_HEAD HEAD_OF("Known Unauthorized Uses")

static void put_text(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] >= 0 && text.ptr[i] < ' ' &&
		    text.ptr[i] != '\n') {
			buf_char(b, '^');
			buf_char(b, (char)(text.ptr[i] + '@'));
		} else {
			buf_char(b, text.ptr[i]);
		}
	}
}

static void put_record(
    struct buf *b, const struct registry *r, const struct record *record)
{
	struct record_text text;

	registry_record_text(r, record, &text);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		put_text(b, text.at[i]);
		buf_char(b, '|');
	}
	if (record->has_number)
		buf_printf(
		    b, "%d-%d ", record->number.first, record->number.last);
	buf_printf(b, "p%d", record->protocol);
	buf_str(b, record->residue != 0 ? " residue" : "");
}

static const struct row {
	int line;
	const char *csv, *want;
} rows[] = {
    {__LINE__, HEAD "\r\n,,,,,,,,,,,\r\n", "|||||||||||||p4"},
    {__LINE__, HEAD "\n,,,,,,,,,,,\n", "|||||||||||||p4"},
    {__LINE__, HEAD "\r\n,,,,,,,,,,,\n", "|||||||||||||p4 residue"},
    {__LINE__, HEAD "\n,,,,,,,,,,,", "|||||||||||||p4 residue"},
    {__LINE__, OLD_HEAD "\n,,,,,,,,,,,\n", "|||||||||||||p4"},
    {__LINE__, "\xef\xbb\xbf" HEAD "\n,,,,,,,,,,,\n", "|||||||||||||p4"},
    {__LINE__,
	"\"Service Name\""
	"\xef\xbb\xbf",
	NULL},
    {__LINE__, HEAD "\na,7-9,udp,d,,,2020,2021-02,,17,u,t\n",
	"|2020|2021-02|a|udp|7-9|d||||t|u|17|7-9 p1"},
    {__LINE__, HEAD "\na, 7 ,TCP,,,,,,,,,\n",
	"|||a|TCP| 7 ||||||||7-7 p0 residue"},
    {__LINE__, HEAD "\na,x,ddp,,,,,,,,,\n", "|||a|ddp|x||||||||p5"},
    {__LINE__, HEAD "\n\"a\",,,\"b, \"\"c\"\"\nd\",,,,,,,,\"\"\n",
	"|||a|||b, \"c\"\nd|||||||p4 residue"},
    {__LINE__, HEAD "\n,,,\"b, \"\"c\"\"\r\nd\",,,,,,,,\n",
	"||||||b, \"c\"^M\nd|||||||p4"},
    {__LINE__, HEAD "\n,,,,[A],[B][C],,,,,,\n",
	"|||||||^DpA^F^G|^DpB^F^G^DpC^F^G|||||p4"},
    {__LINE__, HEAD "\n,,,,[A],[A],,,,,,\n", "||||||||^DpA^F^G|||||p4"},
    {__LINE__, HEAD "\n,,,,[A],,,,,,,\n", "|||||||^DpA^F^G||||||p4"},
    {__LINE__, HEAD "\n,,,,A,,,,,,,\n", "|||||||^DpA^F^G||||||p4 residue"},
    {__LINE__,
	HEAD "\n,,,,,,,,[RFC1][RFC1a][draft-x][RFC-x-01][http://a]"
	     "[https://a][mailto:a][ftp://a][12][Some text],,,\n",
	"|||||||||^Drrfc1^F^G^Dt^FRFC1a^G^Dddraft-x^F^G^DdRFC-x-01^F^G"
	"^Duhttp://a^F^G^Duhttps://a^F^G^Dumailto:a^F^G^Duftp://a^F^G"
	"^Dn12^F^G^Dt^FSome text^G||||p4"},
    {__LINE__,
	HEAD "\n,,,,,,,,\"[RFC8765, Section 6.1][RFC 6335][RFC 1, Page 2]"
	     "[draft-x-05, Section 4.3][RFC-x-25, Section 6][RFC 6335a]"
	     "[RFC, 1]\",,,\n",
	"|||||||||^Drrfc8765^FRFC8765, Section 6.1^G^Drrfc6335^FRFC 6335^G"
	"^Drrfc1^FRFC 1, Page 2^G^Dddraft-x-05^Fdraft-x-05, Section 4.3^G"
	"^DdRFC-x-25^FRFC-x-25, Section 6^G^Dt^FRFC 6335a^G^Dt^FRFC, 1^G"
	"||||p4"},
};

static void expect(int line, struct buf *got, const char *want)
{
	if (!span_eq(buf_span(got), span_str(want)))
		fail_msg("row of line %d gives\n%.*s\nnot\n%s", line,
		    SPAN_FMT(buf_span(got)), want);
	buf_release(got);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct portbook_error err = {0};
		struct registry r;
		struct buf got;
		int code = read_registry_memory(
		    span_str(rows[i].csv), "test", &r, NULL, &err);

		if (rows[i].want == NULL) {
			assert_int_equal(code, PORTBOOK_EFORMAT);
			continue;
		}
		if (code < 0)
			fail_msg("row of line %d: %s", rows[i].line, err.text);
		assert_int_equal(r.source, REGISTRY_CSV);
		assert_int_equal(r.record_count, 1);
		assert_int_equal(r.records[0].line, 2);
		assert_int_equal(r.text[REGISTRY_UPDATED], 0);
		buf_init(&got);
		put_record(&got, &r, &r.records[0]);
		expect(rows[i].line, &got, rows[i].want);
		registry_release(&r);
	}
}

static const struct bad_row {
	int line;
	struct span csv;
	int at_line, at_column;
	const char *text;
} bad[] = {
    {__LINE__, SPAN_INIT("hello\n"), 1, 1, "neither"},
    {__LINE__, SPAN_INIT("\"a\"b\n"), 1, 1, "neither"},
    {__LINE__, SPAN_INIT(" \n"), 1, 1, "neither"},
    {__LINE__, SPAN_INIT(",,,,,,,,,,,\n"), 1, 1, "neither"},
    {__LINE__, SPAN_INIT(HEAD_OF("Eleventh") "\n"), 1, 1, "neither"},
    {__LINE__, SPAN_INIT(HEAD "\na,b\n"), 2, 4, "row of 2 cells"},
    {__LINE__, SPAN_INIT(HEAD "\n\n"), 2, 1, "row of 1 cells"},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,,,,,,,,,,\r\n"), 2, 13, "more than 12"},
    {__LINE__, SPAN_INIT(HEAD "\n,,,,,,,,,,,\na,b\"c\"\n"), 3, 4,
	"quote within"},
    {__LINE__, SPAN_INIT(HEAD "\na,\"b\"c\n"), 2, 6, "behind the end"},
    {__LINE__, SPAN_INIT(HEAD "\na,\"b\nc"), 3, 2, "within a quoted cell"},
    {__LINE__, SPAN_INIT(HEAD "\na,b\x01"), 2, 4, "control character"},
    {__LINE__, SPAN_INIT(HEAD "\na,\"\0\""), 2, 4, "control character"},
    {__LINE__, SPAN_INIT(HEAD "\n,,,,,,,,,,,\r,"), 2, 12, "carriage return"},
    {__LINE__, SPAN_INIT(HEAD "\n,,,\"\n\xff\",,,,,,,,\n"), 3, 1, "not UTF-8"},
    {__LINE__, SPAN_INIT(HEAD "\n,,,a\xef\xbf\xbf,,,,,,,,\n"), 2, 5,
	"not UTF-8"},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct bad_row *row = &bad[i];
		struct portbook_error err = {0};
		struct registry r;
		int code =
		    read_registry_memory(row->csv, "name", &r, NULL, &err);

		if (code != PORTBOOK_EFORMAT ||
		    strstr(err.text, row->text) == NULL ||
		    strcmp(err.source, "name") != 0 ||
		    (int)err.line != row->at_line ||
		    (int)err.column != row->at_column)
			fail_msg("row of line %d: %d %s:%d:%d: %s", row->line,
			    code, err.source, (int)err.line, (int)err.column,
			    err.text);
		registry_release(&r);
	}
}

static void test_findings(void **state)
{
	struct diag diag = {NULL, NULL, 0};
	struct registry r;

	(void)state;
	assert_int_equal(
	    read_registry_memory(span_str(HEAD "\na,70000,x,,,,,,,,,\n"),
		"test", &r, &diag, NULL),
	    0);
	assert_int_equal(diag.count, 2);
	registry_release(&r);
}

static void test_limits(void **state)
{
	struct portbook_error err = {0};
	struct registry r;
	struct buf csv;

	(void)state;
	buf_init(&csv);
	buf_str(&csv, HEAD "\n");
	buf_fill(&csv, 'x', LIMIT_TEXT_LEN + 1);
	buf_str(&csv, ",,,,,,,,,,,\n");
	assert_int_equal(
	    read_registry_memory(buf_span(&csv), "test", &r, NULL, &err),
	    PORTBOOK_ELIMIT);
	assert_int_equal(err.line, 2);
	buf_clear(&csv);
	buf_str(&csv, HEAD "\n\"");
	buf_fill(&csv, 'x', 3 * LIMIT_PIECE_LEN);
	assert_int_equal(
	    read_registry_memory(buf_span(&csv), "test", &r, NULL, &err),
	    PORTBOOK_ELIMIT);
	buf_release(&csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_findings),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
