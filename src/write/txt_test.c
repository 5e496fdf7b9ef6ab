/* SPDX-License-Identifier: ISC */
/*
 * The official plain text: cells and tables set by hand, the page of each
 * style, limits, and where PORTBOOK_REGISTRY_DIR has them official texts of
 * every style.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write/expect_test.h"
#include "write/txt_cell.h"
#include "write/txt_table.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define BR "\x01"
#define P(text) "\x02" text "\x03"
#define RFC(n) "\x04rrfc" n "\x06\x07"
#define EACUTE "\xc3\xa9"

static const struct {
	int line;
	const char *rich;
	size_t width;
	bool bytes;
	struct txt_extent extent;
	size_t lines;
	const char *text;
} cells[] = {
    {__LINE__, "", 5, false, {0, 0}, 0, ""},
    {__LINE__, " \n\t ", 5, false, {0, 0}, 0, ""},
    {__LINE__, "one", 3, false, {3, 3}, 1, "one"},
    {__LINE__, " one\n  two ", 7, false, {3, 7}, 1, "one two"},
    {__LINE__, "one two", 6, false, {3, 7}, 2, "one\ntwo"},
    {__LINE__, "a b cd e", 4, false, {2, 8}, 2, "a b\ncd e"},
    {__LINE__, "a toolong b", 3, false, {7, 11}, 3, "a\ntoolong\nb"},
    {__LINE__, RFC("1") RFC("22"), 3, false, {13, 13}, 1, "[RFC1][RFC22]"},
    {__LINE__, "a" BR "b", 9, false, {1, 1}, 2, "a\nb"},
    {__LINE__, "a" BR BR "\n b", 9, false, {1, 1}, 3, "a\n\nb"},
    {__LINE__, BR " a" BR, 9, false, {1, 1}, 1, "a"},
    {__LINE__, P("a b") "\n" P("c"), 9, false, {1, 3}, 3, "a b\n\nc"},
    {__LINE__, "a" BR P("b") "c", 9, false, {1, 1}, 5, "a\n\nb\n\nc"},
    {__LINE__, EACUTE EACUTE " b", 4, false, {2, 4}, 1, EACUTE EACUTE " b"},
    {__LINE__, EACUTE EACUTE " b", 5, true, {4, 6}, 2, EACUTE EACUTE "\nb"},
    /* The blank that does not break. */
    {__LINE__,
	"a\xc2\xa0"
	"b c",
	3, false, {3, 5}, 2,
	"a\xc2\xa0"
	"b\nc"},
    /* Of two columns each. */
    {__LINE__, "\xe6\x97\xa5\xe6\x9c\xac", 4, false, {4, 4}, 1,
	"\xe6\x97\xa5\xe6\x9c\xac"},
};

static void test_cells(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cells); i++) {
		struct txt_extent extent = {0};
		struct buf raw, b;
		size_t lines;

		buf_init(&raw);
		buf_init(&b);
		txt_raw(&raw, span_str(cells[i].rich));
		txt_extend(&extent, buf_span(&raw), cells[i].bytes);
		lines = txt_wrap(
		    &b, buf_span(&raw), cells[i].width, cells[i].bytes);
		expect(cells[i].line, &b, span_str(cells[i].text));
		if (lines != cells[i].lines ||
		    extent.word != cells[i].extent.word ||
		    extent.line != cells[i].extent.line)
			fail_msg("line %d: %zu lines, word %zu, line %zu",
			    cells[i].line, lines, extent.word, extent.line);
		buf_release(&raw);
	}
}

static const struct {
	int line;
	const char *rich;
	size_t first, indent;
	const char *text;
} texts[] = {
    {__LINE__, "one", 1, 1, " one\n"},
    {__LINE__, "\none  \n\n  two\n", 1, 1, " one\n\n   two\n"},
    {__LINE__, "\n\none\n\n", 1, 1, "\n one\n\n"},
    {__LINE__, "one\ntwo\n\nthree", 0, 4, "one\n    two\n\n    three\n"},
    {__LINE__, "see " RFC("1") "," BR "b", 1, 1, " see [RFC1],\n b\n"},
    {__LINE__, "\tx\ty", 0, 0, "        x       y\n"},
    {__LINE__, "", 1, 1, "\n"},
};

static void test_preformatted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct buf b;

		buf_init(&b);
		txt_preformatted(&b, span_str(texts[i].rich), texts[i].first,
		    texts[i].indent);
		expect(texts[i].line, &b, span_str(texts[i].text));
	}
}

#define REGISTRY(date, rest)                                                   \
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"s\">"        \
	"<title>T</title><updated>" date "</updated>\n" rest "</registry>\n"

/* A table of raw cells. */
struct grid {
	const char *const *cells;
	size_t columns, rows, row; /* row: from 1 */
};

static void grid_begin(void *ctx)
{
	((struct grid *)ctx)->row = 0;
}

static bool grid_next(void *ctx)
{
	struct grid *g = ctx;

	return g->row++ < g->rows;
}

static void grid_cell(void *ctx, size_t column, struct buf *raw)
{
	const struct grid *g = ctx;

	buf_str(raw, g->cells[(g->row - 1) * g->columns + column]);
}

/* Three columns with these headings, the second centred. */
static void put_grid(struct grid *g, bool optional, bool bytes, struct buf *b)
{
	struct txt_table t = {.columns = {{SPAN_INIT("Head"), false, false},
				  {SPAN_INIT("Mid"), true, false},
				  {SPAN_INIT("End"), false, optional}},
	    .column_count = 3,
	    .bytes = bytes,
	    .begin = grid_begin,
	    .next = grid_next,
	    .cell = grid_cell,
	    .ctx = g};
	struct write_job job = {0};
	struct edition e;

	open_or_fail(__LINE__, SPAN(REGISTRY("2020-01-01", "")), &e);
	job.image = &e.image;
	buf_init(b);
	assert_int_equal(txt_table(&t, &job, b, NULL), 0);
	edition_close(&e);
}

#define X20 "xxxxxxxxxxxxxxxxxxxx"
#define X150 X20 X20 X20 X20 X20 X20 X20 "xxxxxxxxxx"
#define B5 "     "
#define B20 B5 B5 B5 B5
#define B34 B20 B5 B5 "    "
#define B70 B20 B20 B20 B5 B5
#define B73 B70 "   "
#define B150 B70 B70 B5 B5
/* 36 and 28 words of one letter, 71 and 55 columns. */
#define A4 "a a a a"
#define A28 A4 " " A4 " " A4 " " A4 " " A4 " " A4 " " A4
#define A36 A28 " " A4 " " A4

static const struct {
	int line;
	bool optional, bytes;
	size_t rows;
	const char *cells[6];
	const char *text;
} grids[] = {
    /* Wider than the page: each column as its longest word. */
    {__LINE__, false, false, 2,
	{X150, "1", "end", "a b c", "1 333 55555", "one two"},
	B73 "Head" B73 "  Mid  End\n" X150 "   1   end\n"
	    "a b c" B70 B70 B5 " 1 333 one\n" B150 " 55555 two\n"},
    /* As wide as its longest lines. */
    {__LINE__, false, false, 2, {"a", "12", "one two", "b" BR "c", "", "3"},
	"Head Mid   End\na    12  one two\nb        3\nc\n"},
    /* Of the 138 columns left, 195 and 196 are wanted: 68 and 69. */
    {__LINE__, false, false, 1, {A36 " " A36 " " A28, "1", A36 " " A36 " " A28},
	B34 "Head" B34 " Mid " B34 "End\n" A36 B5 " " A36 "\n" A36 "   1  " A36
	    "\n" A28 B20 "  " A28 "\n"},
    /* Of two lines the first is the middle, of four the second. */
    {__LINE__, false, false, 2,
	{"a" BR "b", "1", "x", "a" BR BR BR "d", "1", "p" BR "q"},
	"Head Mid End\na     1  x\nb\na\n      1  p\n         q\nd\n"},
    /* An empty row is an empty line. */
    {__LINE__, false, false, 2, {"", "", "", "z", "", ""},
	"Head Mid End\n\nz\n"},
    {__LINE__, true, false, 1, {"a", "1", ""}, "Head Mid\na     1\n"},
    {__LINE__, true, false, 1, {"a", "1", "e"}, "Head Mid End\na     1  e\n"},
    {__LINE__, false, false, 1, {EACUTE EACUTE EACUTE EACUTE EACUTE, "1", "e"},
	"Head  Mid End\n" EACUTE EACUTE EACUTE EACUTE EACUTE "  1  e\n"},
    {__LINE__, false, true, 1, {EACUTE EACUTE EACUTE, EACUTE, "e"},
	" Head  Mid End\n" EACUTE EACUTE EACUTE " " EACUTE "  e\n"},
};

static void test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(grids); i++) {
		struct grid g = {grids[i].cells, 3, grids[i].rows, 0};
		struct buf b;

		put_grid(&g, grids[i].optional, grids[i].bytes, &b);
		expect(grids[i].line, &b, span_str(grids[i].text));
	}
}

#define RFC_XML(n) "<xref type=\"rfc\" data=\"rfc" n "\"/>"
#define HEAD                                                                   \
	RFC_XML("6335")                                                        \
	"<expert>A \n  B</expert><note title=\"Apply\">\nSee " RFC_XML(        \
	    "1") ".\n\n</note>"
#define FOOT "<footnote anchor=\"1\">One\ntwo.</footnote>"
#define SITE "Internet Assigned Numbers Authority\n"
#define BULLET "\xe2\x80\xa2\xc2\xa0"
#define BULLETS(m)                                                             \
	m BULLET "Domains\n" m BULLET "Protocols\n" m BULLET                   \
		 "Numbers\n" m BULLET "About\n\n"

/* Behind margin m and indent i; without records there is no CSV. */
#define PAGE(m, i, date, note)                                                 \
	B73 " T\n\n" m "Last Updated\n" i date "\n\n" m "Expert(s)\n\n A\n"    \
	    "   B\n\n" m "Reference\n" i "[RFC6335]\n\n" m note "\n\n"         \
	    " See [RFC1].\n\n\n" m "Available Formats\n" i "[IMG]\n" i         \
	    "XML [IMG]\n" i "HTML [IMG]\n" i "Plain text\n\n" B70              \
	    " Footnote\n\n" m "[1] One\n" m "    two.\n"
#define M3 "   "
#define I8 B5 M3
#define I11 B5 B5 " "
#define LICENCE(m) "\n" m "Licensing Terms\n"

#define STYLE_1(date, note) PAGE(M3, I11, date, note)
#define STYLE_2(date) M3 SITE "\n" PAGE(M3, I11, date, "Apply") LICENCE(M3)
#define STYLE_3(date) M3 SITE "\n" PAGE(M3, M3, date, "Apply") LICENCE(M3)
#define STYLE_4(date)                                                          \
	M3 SITE "\n" BULLETS(B5) PAGE(M3, M3, date, "Apply") LICENCE(M3)
#define STYLE_5(date) SITE BULLETS("  ") PAGE("", I8, date, "Apply") LICENCE("")
#define SOURCE(date) REGISTRY(date, HEAD FOOT)

static const struct {
	int line;
	const char *source;
	const char *style;
	const char *text;
} pages[] = {
    {__LINE__, SOURCE("2018-08-23"), "", STYLE_1("2018-08-23", "Note")},
    {__LINE__, SOURCE("2018-08-24"), "", STYLE_1("2018-08-24", "Apply")},
    {__LINE__, SOURCE("2022-01-05"), "", STYLE_1("2022-01-05", "Apply")},
    {__LINE__, SOURCE("2022-01-06"), "", STYLE_2("2022-01-06")},
    {__LINE__, SOURCE("2023-03-12"), "", STYLE_2("2023-03-12")},
    {__LINE__, SOURCE("2023-03-13"), "", STYLE_3("2023-03-13")},
    {__LINE__, SOURCE("2025-09-25"), "", STYLE_3("2025-09-25")},
    {__LINE__, SOURCE("2025-09-26"), "", STYLE_4("2025-09-26")},
    {__LINE__, SOURCE("2026-07-18"), "", STYLE_4("2026-07-18")},
    {__LINE__, SOURCE("2026-07-19"), "", STYLE_5("2026-07-19")},
    {__LINE__, SOURCE("2026-08-17"), "1", STYLE_1("2026-08-17", "Apply")},
    {__LINE__, SOURCE("2015-05-04"), "1", STYLE_1("2015-05-04", "Note")},
    {__LINE__, SOURCE("2015-05-04"), "2", STYLE_2("2015-05-04")},
    {__LINE__, SOURCE("2015-05-04"), "5", STYLE_5("2015-05-04")},
};

static void expect_page(
    int line, const char *source, const char *style, const char *text)
{
	struct edition e;
	struct buf b;

	open_or_fail(line, span_str(source), &e);
	write_or_fail(line, &e, "txt", style, &b);
	expect(line, &b, span_str(text));
	edition_close(&e);
}

static void test_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++)
		expect_page(pages[i].line, pages[i].source, pages[i].style,
		    pages[i].text);
}

#define PERSON_XREF "<xref type=\"person\" data=\"P\"/>"
#define RECORD                                                                 \
	"<record "                                                             \
	"date=\"2020-02-03\"><name>n</name><protocol>tcp</"                    \
	"protocol>" PERSON_XREF "<description>" X150                           \
	"</description><number>7</number>"                                     \
	"</record>"
#define PEOPLE                                                                 \
	"<people><person id=\"P\"><name>N</name><uri>a</uri><uri>b</uri>"      \
	"<updated>2020-01</updated></person></people>"
#define FORMATS                                                                \
	M3 "Available Formats\n" I11 "[IMG]\n" I11 "CSV [IMG]\n" I11           \
	   "XML [IMG]\n" I11 "HTML [IMG]\n" I11 "Plain text\n\n"
#define TOP(date) B73 " T\n\n" M3 "Last Updated\n" I11 date "\n\n" FORMATS

/* Columns of 7, 6, 9, 150, 8, 7, 12, 12, 9, 7, 12 and 10. */
#define HEADINGS                                                               \
	"Service  Port  Transport " B34 B34 " Description" B70                 \
	" Assignee Contact "                                                   \
	"Registration Modification Reference Service Unauthorized "            \
	"Assignment\n"                                                         \
	" Name   Number Protocol  " B150 B5 B5 I8 "    Date     "              \
	"    Date     " B5 B5 " Code   Use Reported   Notes\n"
#define OLD_HEADINGS                                                           \
	"Service  Port  Transport " B150 B5 B5 I8                              \
	"Registration Modification " B5 B5 "Service    Known     Assignment\n" \
	" Name   Number Protocol  " B34 B34 " Description" B70                 \
	" Assignee Contact "                                                   \
	"    Date         Date     Reference  Code   Unauthorized   "          \
	"Notes\n" B150 B70 B20 " Uses\n"
#define ROW "n         7       tcp    " X150 " [P]      [P]     2020-02-03\n"
#define CONTACTS                                                               \
	"\nID  Name Contact URI Last Updated\n"                                \
	"[P] N    a           2020-01\n         b\n"

/* The whole of it, with the heading of people before and since a date. */
static void test_rows(void **state)
{
	(void)state;
	expect_page(__LINE__, REGISTRY("2020-05-19", RECORD PEOPLE), "",
	    TOP("2020-05-19") HEADINGS ROW "\n" B34 B20 B5 B5
					   " Contact Information\n" CONTACTS);
	expect_page(__LINE__, REGISTRY("2020-05-18", RECORD PEOPLE), "",
	    TOP("2020-05-18") HEADINGS ROW "\n" B70 "  People\n" CONTACTS);
	expect_page(__LINE__, REGISTRY("2019-01-02", RECORD), "",
	    TOP("2019-01-02") HEADINGS ROW);
	expect_page(__LINE__, REGISTRY("2019-01-01", RECORD), "",
	    TOP("2019-01-01") OLD_HEADINGS ROW);
}

#define CSV_HEAD                                                               \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,"    \
	"Contact,Registration Date,Modification Date,Reference,Service Code,"  \
	"Unauthorized Use Reported,Assignment Notes\r\n"
#define TITLE                                                                  \
	B34 B5 B5 "   Service Name and Transport Protocol Port Number "        \
		  "Registry\n\n"

/* No date but that of its rows, which chooses the style; no people. */
static void test_csv(void **state)
{
	(void)state;
	expect_page(__LINE__,
	    CSV_HEAD "n,7,tcp," X150 ",[P],[P],2020-02-03,,,,,\r\n", "",
	    TITLE FORMATS HEADINGS ROW);
	expect_page(__LINE__, CSV_HEAD, "",
	    SITE BULLETS("  ") TITLE "Available Formats\n" I8 "[IMG]\n" I8
				     "XML [IMG]\n" I8 "HTML [IMG]\n" I8
				     "Plain text\n" LICENCE(""));
}

/* Widths were those of bytes. */
static void test_bytes(void **state)
{
	(void)state;
#define ACCENTS "<title>" EACUTE EACUTE "</title><updated>"
#define PAGE_OF(indent, date)                                                  \
	indent EACUTE EACUTE "\n\n" M3 "Last Updated\n" I11 date "\n\n" M3     \
			     "Available Formats\n" I11 "[IMG]\n" I11           \
			     "XML [IMG]\n" I11 "HTML [IMG]\n" I11              \
			     "Plain text\n"
#define REGISTRY_OF(date)                                                      \
	"<registry xmlns=\"http://www.iana.org/assignments\" "                 \
	"id=\"s\">" ACCENTS date "</updated></registry>"
	expect_page(__LINE__, REGISTRY_OF("2017-08-24"), "",
	    PAGE_OF(B73, "2017-08-24"));
	expect_page(__LINE__, REGISTRY_OF("2017-08-25"), "",
	    PAGE_OF(B73 " ", "2017-08-25"));
}

#define MEGABYTE (1U << 20)

/* rows records, one with a word of a megabyte and a note of so many lines. */
static void open_wide(size_t rows, size_t lines, struct edition *ret)
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, "<registry xmlns=\"http://www.iana.org/assignments\" "
		    "id=\"s\"><title>T</title>"
		    "<updated>2020-06-01</updated><record><description>");
	buf_fill(&b, 'x', MEGABYTE);
	buf_str(&b, "</description><note>");
	for (size_t i = 1; i < lines; i++)
		buf_str(&b, "y<br/>");
	buf_str(&b, "z</note></record>");
	for (size_t i = 1; i < rows; i++)
		buf_str(&b, "<record><description/><note>y</note></record>");
	buf_str(&b, "</registry>");
	assert_false(buf_failed(&b));
	open_or_fail(__LINE__, buf_span(&b), ret);
	buf_release(&b);
}

/* What was taken away, and the most that there was at once. */
struct taken {
	size_t len, most;
};

static int take(void *ctx, struct buf *b, struct portbook_error *err)
{
	struct taken *t = ctx;

	(void)err;
	t->len += b->len;
	if (b->len > t->most)
		t->most = b->len;
	buf_clear(b);
	return 0;
}

static int write_wide(
    size_t rows, size_t lines, struct taken *ret, struct portbook_error *err)
{
	struct write_job job = {.epoch = -1, .drain = take, .ctx = ret};
	struct edition e;
	struct buf b;
	int code;

	*ret = (struct taken){0};
	open_wide(rows, lines, &e);
	job.image = &e.image;
	buf_init(&b);
	code = format_write(format_find(SPAN("txt")), &job, &b, err);
	buf_release(&b);
	edition_close(&e);
	return code;
}

static void test_limits(void **state)
{
	struct portbook_error err;
	struct taken t;

	(void)state;
	/* 39 lines and 2 of headings reach beyond it; one is in memory. */
	assert_int_equal(write_wide(20, 20, &t, &err), 0);
	assert_in_range(t.len, 41 * MEGABYTE, 42 * MEGABYTE);
	assert_in_range(t.most, MEGABYTE, MEGABYTE + 2 * WRITE_DRAIN_LEN);
	/* 400 such lines are as good as 400 such rows. */
	assert_int_equal(write_wide(400, 1, &t, &err), PORTBOOK_ELIMIT);
	assert_int_equal(t.len, 0);
	assert_non_null(strstr(err.text, "Description has a word of 1048576"));
	assert_int_equal(write_wide(1, 400, &t, &err), PORTBOOK_ELIMIT);
}

/* Lines behind an anchor that is wider than the page stand where it ends. */
static void test_wide_anchor(void **state)
{
	struct span first = SPAN("[" X150 "] one\n"), line;
	struct edition e;
	struct buf b;

	(void)state;
	open_or_fail(__LINE__,
	    SPAN(REGISTRY("2026-08-17",
		"<footnote anchor=\"" X150 "\">one\ntwo</footnote>")),
	    &e);
	write_or_fail(__LINE__, &e, "txt", "", &b);
	line = span_skip(buf_span(&b), span_find(buf_span(&b), first));
	line = span_skip(line, first.len);
	line = span_head(line, span_find_char(line, 0, '\n'));
	assert_int_equal(line.len, 151 + 3);
	assert_true(span_eq(span_trim(line), SPAN("two")));
	edition_close(&e);
	buf_release(&b);
}

/* A failure is not lost with what there was before it. */
static void test_failed(void **state)
{
	struct taken t = {0};
	struct write_job job = {.drain = take, .ctx = &t};
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_fill(&b, 'x', WRITE_DRAIN_LEN);
	b.failed = true;
	assert_int_equal(write_drain(&job, &b, NULL), PORTBOOK_ENOMEM);
	assert_int_equal(t.len, 0);
	b.failed = false;
	assert_int_equal(write_drain(&job, &b, NULL), 0);
	assert_int_equal(t.len, WRITE_DRAIN_LEN);
	buf_release(&b);
}

/* Each allocation fails once; only builds with -Dfaults=true let it. */
static void test_memory(void **state)
{
	struct edition e;
	struct buf whole;
	size_t n = 1;
	int code;

	(void)state;
	open_or_fail(__LINE__,
	    SPAN(REGISTRY("2026-08-17", HEAD RECORD FOOT PEOPLE)), &e);
	write_or_fail(__LINE__, &e, "txt", "", &whole);
	do {
		struct buf b;

		buf_init(&b);
		mem_fail_from(n++);
		code = edition_write(&e, "txt", "", &b, NULL);
		mem_fail_from(0);
		if (code == 0)
			expect(__LINE__, &b, buf_span(&whole));
		else
			assert_int_equal(code, PORTBOOK_ENOMEM);
		buf_release(&b);
	} while (code < 0);
#ifdef PORTBOOK_FAULTS
	assert_true(n > 5);
#endif
	buf_release(&whole);
	edition_close(&e);
}

static const char *folder; /* NULL if there are no official files */

/* The first member of that name of an archive; empty without the tools. */
static void put_member(struct buf *b, const char *archive, const char *member)
{
	char command[4096];
	size_t len;
	FILE *file;

	buf_init(b);
	snprintf(command, sizeof(command),
	    "zstd -dc '%s/%s.tar.zst' 2>&- | "
	    "tar xO --occurrence=1 '%s' 2>&-",
	    folder, archive, member);
	file = popen(command, "r");
	assert_non_null(file);
	do {
		char *room = buf_room(b, MEGABYTE);

		assert_non_null(room);
		len = fread(room, 1, MEGABYTE, file);
		b->len += len;
	} while (len > 0);
	pclose(file);
}

static void check_official(const char *date)
{
	struct buf xml, text, b;
	struct edition e;
	char name[32];

	snprintf(name, sizeof(name), "%s.xml", date);
	put_member(&xml, "history", name);
	snprintf(name, sizeof(name), "%s.txt", date);
	put_member(&text, "texts", name);
	if (xml.len == 0 || text.len == 0) {
		print_message("skipped: no %s in the archives\n", date);
		skip();
	}
	print_message("%s from XML\n", name);
	open_or_fail(__LINE__, buf_span(&xml), &e);
	write_or_fail(__LINE__, &e, "txt", "", &b);
	expect(__LINE__, &b, buf_span(&text));
	edition_close(&e);
	buf_release(&xml);
	buf_release(&text);
}

/* The last of bytes, and one of each style; make conform takes all. */
static void test_official(void **state)
{
	static const char *const dates[] = {"2017-07-26.2", "2018-02-12",
	    "2022-01-31", "2023-06-07", "2025-11-14", "2026-08-17"};

	(void)state;
	if (folder == NULL) {
		print_message("skipped: PORTBOOK_REGISTRY_DIR is not set\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(dates); i++)
		check_official(dates[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cells),
	    cmocka_unit_test(test_preformatted),
	    cmocka_unit_test(test_tables),
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_csv),
	    cmocka_unit_test(test_bytes),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_wide_anchor),
	    cmocka_unit_test(test_failed),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_official),
	};

	folder = getenv("PORTBOOK_REGISTRY_DIR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
