/* SPDX-License-Identifier: ISC */
/*
 * The official CSV: the rules of each era on small registries, and odd CSV that
 * goes out as it came in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "write/expect_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define REST                                                                   \
	"Port Number,Transport Protocol,Description,Assignee,Contact,"         \
	"Registration Date,Modification Date,Reference,Service Code,"
#define START "Service Name," REST
#define HEAD START "Unauthorized Use Reported,Assignment Notes"
#define OLD_HEAD START "Known Unauthorized Uses,Assignment Notes"

/* One record of XML, and its row. */
#define XML(date, record)                                                      \
	SPAN_INIT("<registry xmlns=\"http://www.iana.org/assignments\" "       \
		  "id=\"s\"><title>T</title><updated>" date "</updated>\n"     \
		  "<record>" record "</record>\n</registry>\n")
#define NOTE(text) "<description/><note>" text "</note>"
#define BREAKS NOTE("one<br/><br/>\n  two\n  three")
#define PARAGRAPHS                                                             \
	NOTE("<paragraph>one</paragraph>\n  <paragraph>two</paragraph>")
#define FOLDED NOTE(" one \n  two\nthree\n")
#define ROW(head, cells) SPAN_INIT(head "\r\n" cells "\r\n")
#define NOTE_ROW(head, text) ROW(head, ",,,,,,,,,,," text)
#define PERSON(id) "<xref type=\"person\" data=\"" id "\"/>"
#define DAY "2026-01-01"

static const struct {
	int line;
	struct span source;
	const char *style;
	struct span wanted;
} rules[] = {
    {__LINE__, XML(DAY, BREAKS), "a",
	NOTE_ROW(OLD_HEAD, "\"one\n  two\n  three\"")},
    {__LINE__, XML(DAY, BREAKS), "b",
	NOTE_ROW(HEAD, "\"one\n\n\n  two\n  three\"")},
    {__LINE__, XML(DAY, BREAKS), "c", NOTE_ROW(HEAD, "\"one two\n  three\"")},
    {__LINE__, XML(DAY, BREAKS), "d",
	NOTE_ROW(HEAD, "\"one\n  two\n  three\"")},
    {__LINE__, XML(DAY, PARAGRAPHS), "a", NOTE_ROW(OLD_HEAD, "\"one\n  two\"")},
    {__LINE__, XML(DAY, PARAGRAPHS), "b", NOTE_ROW(HEAD, "\"one\n  two\"")},
    {__LINE__, XML(DAY, PARAGRAPHS), "c", NOTE_ROW(HEAD, "\"one\n  two\"")},
    {__LINE__, XML(DAY, PARAGRAPHS), "d",
	NOTE_ROW(HEAD, "\"one\n          two\"")},
    {__LINE__, XML(DAY, FOLDED), "a",
	NOTE_ROW(OLD_HEAD, "\"one \n  two\nthree\"")},
    {__LINE__, XML(DAY, FOLDED), "b", NOTE_ROW(HEAD, "\"one \n  two\nthree\"")},
    {__LINE__, XML(DAY, FOLDED), "c", NOTE_ROW(HEAD, "\"one two\nthree\"")},
    {__LINE__, XML(DAY, FOLDED), "d", NOTE_ROW(HEAD, "\"one two\nthree\"")},
    /* The era of the date. */
    {__LINE__, XML("2018-12-19", BREAKS), "",
	NOTE_ROW(OLD_HEAD, "\"one\n  two\n  three\"")},
    {__LINE__, XML("2019-01-02", BREAKS), "",
	NOTE_ROW(HEAD, "\"one\n\n\n  two\n  three\"")},
    {__LINE__, XML("2020-07-14", BREAKS), "",
	NOTE_ROW(HEAD, "\"one\n\n\n  two\n  three\"")},
    {__LINE__, XML("2020-07-31", BREAKS), "",
	NOTE_ROW(HEAD, "\"one two\n  three\"")},
    {__LINE__, XML("2025-01-23", BREAKS), "",
	NOTE_ROW(HEAD, "\"one two\n  three\"")},
    {__LINE__, XML("2025-04-07", BREAKS), "",
	NOTE_ROW(HEAD, "\"one\n  two\n  three\"")},
    /* What is quoted, near each end of the words that are copied. */
    {__LINE__, XML(DAY, NOTE("1234567,")), "", NOTE_ROW(HEAD, "\"1234567,\"")},
    {__LINE__, XML(DAY, NOTE("12345678,")), "",
	NOTE_ROW(HEAD, "\"12345678,\"")},
    {__LINE__, XML(DAY, NOTE(",2345678")), "", NOTE_ROW(HEAD, "\",2345678\"")},
    {__LINE__, XML(DAY, NOTE("12345678\"")), "",
	NOTE_ROW(HEAD, "\"12345678\"\"\"")},
    {__LINE__, XML(DAY, NOTE("\"")), "", NOTE_ROW(HEAD, "\"\"\"\"")},
    {__LINE__, XML(DAY, NOTE("1234\n678")), "",
	NOTE_ROW(HEAD, "\"1234\n678\"")},
    {__LINE__, XML(DAY, NOTE("[&lt;&amp; ;'\xc3\xa9\xe2\x82\xac]")), "",
	NOTE_ROW(HEAD, "[<& ;'\xc3\xa9\xe2\x82\xac]")},
    {__LINE__, XML(DAY, NOTE("a\tb")), "", NOTE_ROW(HEAD, "a\tb")},
    {__LINE__, XML(DAY, NOTE(" a ")), "", NOTE_ROW(HEAD, "a")},
    {__LINE__, XML(DAY, NOTE("   ")), "", NOTE_ROW(HEAD, "")},
    /* People: the contact stands for an assignee that is not there. */
    {__LINE__, XML(DAY, "<description/>" PERSON("A")), "",
	ROW(HEAD, ",,,,[A],[A],,,,,,")},
    {__LINE__, XML(DAY, "<description/>" PERSON("A") PERSON("B")), "",
	ROW(HEAD, ",,,,[A][B],[A][B],,,,,,")},
    {__LINE__, XML(DAY, "<assignee>" PERSON("C") "</assignee><description/>"),
	"", ROW(HEAD, ",,,,[C],,,,,,,")},
    {__LINE__,
	XML(DAY, "<assignee></assignee><description/>" PERSON("A") "<number>7"
								   "</number>"),
	"", ROW(HEAD, ",7,,,,[A],,,,,,")},
    {__LINE__, XML(DAY, "<description/>" PERSON("A,B")), "",
	ROW(HEAD, ",,,,\"[A,B]\",\"[A,B]\",,,,,,")},
    {__LINE__,
	XML(DAY, "<name>n</name><protocol>tcp</protocol><description>d"
		 "</description><xref type=\"rfc\" data=\"rfc1\"/>"
		 "<xref type=\"text\">a, b</xref><sc>5</sc>"
		 "<unauthorized>u</unauthorized><number>1-2</number>"),
	"", ROW(HEAD, "n,1-2,tcp,d,,,,,\"[RFC1][a, b]\",5,u,")},
};

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		struct edition e;
		struct buf b;

		open_or_fail(rules[i].line, rules[i].source, &e);
		write_or_fail(rules[i].line, &e, "csv", rules[i].style, &b);
		expect(rules[i].line, &b, rules[i].wanted);
		edition_close(&e);
	}
}

#define CELLS "ssh,22,tcp,Secure Shell,[A],[A],,,[RFC1],,,"

/* Files that nobody publishes; they go out as they came in. */
static const struct {
	int line;
	struct span source;
} odd[] = {
    {__LINE__, SPAN_INIT(HEAD "\r\n" CELLS "\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\n" CELLS "\n")},
    {__LINE__, SPAN_INIT(OLD_HEAD "\n" CELLS "\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n" CELLS "\n" CELLS "\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\n" CELLS "\r\n" CELLS)},
    {__LINE__, SPAN_INIT(HEAD "\r\n" CELLS "\r\n" CELLS)},
    {__LINE__, SPAN_INIT("\xef\xbb\xbf" HEAD "\r\n" CELLS "\r\n")},
    {__LINE__, SPAN_INIT(HEAD)},
    {__LINE__, SPAN_INIT(HEAD "\n")},
    {__LINE__,
	SPAN_INIT("\"Service Name\"," REST
		  "Unauthorized Use Reported,Assignment Notes\n" CELLS "\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n\"ssh\",22,tcp,,,,,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\nssh,22,tcp,,,,,,,,,\"\"\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n ssh ,22,tcp,,,,,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,\"a\r\nb\",,,,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,\"a\n\n\nb\",,,,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,\"a \n  b\",,,,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,\"a,\"\"b\"\"\",,,,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,,[A],[A][B],,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,,,[A],,,,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,,A,A,,,x,,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,,,,[A]],[A[]],,,[rfc1],,,\r\n")},
    {__LINE__, SPAN_INIT(HEAD "\r\n,70000,ipx,,,,x,y,z,q,,\r\n")},
};

static void test_odd(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(odd); i++) {
		struct edition e;
		struct buf b;

		open_or_fail(odd[i].line, odd[i].source, &e);
		write_or_fail(odd[i].line, &e, "csv", "", &b);
		expect(odd[i].line, &b, odd[i].source);
		edition_close(&e);
	}
}

/* With a style, a CSV becomes an official one. */
static void test_styled(void **state)
{
	struct edition e;
	struct buf b;

	(void)state;
	open_or_fail(
	    __LINE__, SPAN(OLD_HEAD "\n\"ssh\",22,tcp,a b,,,,,,,,"), &e);
	write_or_fail(__LINE__, &e, "csv", "d", &b);
	expect(__LINE__, &b, SPAN(HEAD "\r\nssh,22,tcp,a b,,,,,,,,\r\n"));
	write_or_fail(__LINE__, &e, "csv", "a", &b);
	expect(__LINE__, &b, SPAN(OLD_HEAD "\r\nssh,22,tcp,a b,,,,,,,,\r\n"));
	buf_init(&b);
	assert_int_equal(
	    edition_write(&e, "csv", "e", &b, NULL), PORTBOOK_EUSAGE);
	assert_int_equal(b.len, 0);
	edition_close(&e);
}

/* Cells and line ends that come apart, or do not. */
static const char *const pieces[] = {"a", "a b", " a", "a ", "\"a\"", "\"a,b\"",
    "\"\"", "\"a\"\"\"", "\"a\nb\"", "\"a \n b\"", "\"\r\n\"", "\"a\r\nb \"",
    "[A]", "[A][B]", "[RFC1]", "[", "\t", "0123456789abcdef",
    "\"0123456789abcde,\"", "\xc3\xa9", "22", "tcp", "", ""};

static unsigned take(uint32_t *seed, unsigned count)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % count;
}

static void put_odd(struct buf *b, uint32_t *seed)
{
	static const char *const ends[] = {"\r\n", "\r\n", "\n"};
	unsigned rows = 1 + take(seed, 6);

	buf_clear(b);
	if (take(seed, 8) == 0)
		buf_str(b, "\xef\xbb\xbf");
	buf_str(b, take(seed, 4) == 0 ? OLD_HEAD : HEAD);
	buf_str(b, ends[take(seed, 3)]);
	for (unsigned i = 0; i < rows; i++) {
		for (unsigned k = 0; k < COLUMN_COUNT; k++) {
			if (k > 0)
				buf_char(b, ',');
			if (take(seed, 2) == 0)
				buf_str(b, pieces[take(seed, COUNT(pieces))]);
		}
		if (i + 1 < rows || take(seed, 4) > 0)
			buf_str(b, ends[take(seed, 3)]);
	}
}

static void test_any(void **state)
{
	struct buf source, out;
	uint32_t seed = 1;

	(void)state;
	buf_init(&source);
	for (size_t i = 0; i < 200; i++) {
		struct edition e;

		put_odd(&source, &seed);
		open_or_fail(__LINE__, buf_span(&source), &e);
		write_or_fail(__LINE__, &e, "csv", "", &out);
		expect(__LINE__, &out, buf_span(&source));
		edition_close(&e);
	}
	buf_release(&source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_odd),
	    cmocka_unit_test(test_styled),
	    cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
