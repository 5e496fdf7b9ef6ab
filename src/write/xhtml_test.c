/* SPDX-License-Identifier: ISC */
/*
 * The page as expat reads it: well-formed whatever the registry or a damaged
 * image holds, no id twice, every link within the page with its target, and
 * none to a script.  The layout expected is that of libxml2's serialiser
 * (tests/xhtml compares whole pages with it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <expat.h>

#include "write/assets.h"
#include "write/edition_test.h"
#include "base/error.h"

#define HEAD(date)                                                             \
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"r\">"        \
	"<title>A &lt;b&gt; \"title\"</title><updated>" date "</updated>"
#define NOTES                                                                  \
	"<expert>Zo\xc3\xab</expert><note title=\"Own\">\nA &lt;note&gt;"      \
	"</note>"
#define ROW(name, rest) "<record><name>" name "</name>" rest "</record>"
#define TEXT(text) "<description>" text "</description>"
#define REF(type, data) "<xref type=\"" type "\" data=\"" data "\"/>"
#define FOOT                                                                   \
	"<footnote anchor=\"1\">Foot</footnote>"                               \
	"<footnote anchor=\"1\">Again</footnote>"                              \
	"<footnote anchor=\"2\">Other</footnote>"
#define PERSON(id, rest) "<person id=\"" id "\">" rest "</person>"
#define TABLE "table-service-names-port-numbers"

static const char hostile[] = HEAD("2026-01-02") NOTES ROW("a\"b",
    "<number>1</number><protocol>tcp</protocol>" TEXT(
	"&lt;script&gt; '&amp;micro\t\"\n") REF("person", "Ann")
	REF("note", "1") REF("rfc", "rfc1") "<xref type=\"rfc\" "
					    "data=\"rfc2\" "
					    "section=\"3\"/>") ROW("two",
    TEXT("x<br/>\ny") REF("uri", "javascript:alert(1)")
	REF("uri", "JaVaScRiPt:alert(2)")
	    REF("uri", "http://a.example/?b&amp;&quot;c&quot;")
		REF("draft", "RFC-x") REF("draft", "draft-y")) ROW("three",
    TEXT("") REF("person", "note1") REF("person", "note2") REF("person", TABLE)
	REF("person", "a/b c") REF("person", "gone")
	    REF("note", "9") "<note><paragraph>"
			     "one"
			     "</paragraph>"
			     "<paragraph>two "
			     "<br/>"
			     "</paragraph>"
			     "</note>") FOOT
    "<people>" PERSON("Ann", "<name>A</name><uri>mailto:a&amp;b</uri>"
			     "<uri>tel:1</uri>")
	PERSON("Ann", "<org>\xc3\x96</org><uri>javascript:alert(3)</uri>")
	    PERSON("note1", "") PERSON("note2", "") PERSON(TABLE, "")
		PERSON("a/b c", "") PERSON("person.a.2Fb c", "")
		    PERSON("person.x.20", "") PERSON("x ", "")
			PERSON("&quot;&gt;&lt;b", "") "</people></registry>";

/* What expat sees of a page. */
struct seen {
	char ids[64][64];
	char links[64][64]; /* those that begin with "#", without it */
	size_t id_count, link_count;
	bool script;
};

static void on_start(void *data, const char *element, const char **attributes)
{
	struct seen *seen = data;

	if (strcmp(element, "script") == 0 || strcmp(element, "b") == 0)
		seen->script = true;
	for (; *attributes != NULL; attributes += 2) {
		const char *value = attributes[1];

		if (strcmp(attributes[0], "id") == 0 && seen->id_count < 64)
			snprintf(seen->ids[seen->id_count++], 64, "%s", value);
		if (strcmp(attributes[0], "href") != 0)
			continue;
		if (value[0] == '#' && seen->link_count < 64)
			snprintf(seen->links[seen->link_count++], 64, "%s",
			    value + 1);
		if (span_eq_fold(
			span_head(span_str(value), 11), SPAN("javascript:")))
			seen->script = true;
	}
}

static bool has_id(const struct seen *seen, const char *id)
{
	for (size_t i = 0; i < seen->id_count; i++)
		if (strcmp(seen->ids[i], id) == 0)
			return true;
	return false;
}

/* Whether a page is as every page has to be; tells what it is not. */
static const char *fault_of(const struct buf *page)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	struct seen seen = {.id_count = 0};
	enum XML_Status status;

	XML_SetUserData(parser, &seen);
	XML_SetStartElementHandler(parser, on_start);
	status = XML_Parse(parser, page->ptr, (int)page->len, XML_TRUE);
	XML_ParserFree(parser);
	if (status != XML_STATUS_OK)
		return "it is not well-formed";
	if (seen.script)
		return "it has a script";
	for (size_t i = 0; i < seen.id_count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(seen.ids[i], seen.ids[j]) == 0)
				return "it has an id twice";
	for (size_t i = 0; i < seen.link_count; i++)
		if (!has_id(&seen, seen.links[i]))
			return "it has a link without a target";
	for (size_t i = 0; i < page->len; i++)
		if ((unsigned char)page->ptr[i] > 0x7e)
			return "it is not ASCII";
	return seen.id_count > 0 ? NULL : "it has no ids at all";
}

static void put(struct edition *e, const char *style,
    const struct write_page *page, struct buf *b)
{
	struct portbook_error err = {0};
	struct write_job job = {.image = &e->image,
	    .style = span_str(style),
	    .page = page,
	    .epoch = -1};

	buf_clear(b);
	if (format_write(format_find(SPAN("xhtml")), &job, b, &err) < 0)
		fail_msg("%s", err.text);
}

static void open_or_fail(const char *source, struct edition *e)
{
	struct portbook_error err = {0};

	if (edition_open(span_str(source), e, &err) < 0)
		fail_msg("%s", err.text);
}

static bool has(const struct buf *b, const char *text)
{
	return span_find(buf_span(b), span_str(text)) < b->len;
}

static const struct {
	int line;
	const char *style;
	const char *text;
	bool there;
} pieces[] = {
    {__LINE__, "", "<title>A &lt;b&gt; \"title\"</title>", true},
    {__LINE__, "", "<pre>Zo&#235;</pre>", true},
    {__LINE__, "", "<dt>Own</dt>", true},
    {__LINE__, "2015", "<dt>Own</dt>", false},
    {__LINE__, "2015", "<dt>Note</dt>", true},
    {__LINE__, "", "<th>Unauthorized Use Reported</th>", true},
    {__LINE__, "2015", "<th>Known Unauthorized Uses</th>", true},
    {__LINE__, "", "<h1 class=\"people\">Contact Information</h1>", true},
    {__LINE__, "2015", "<h1 class=\"people\">People</h1>", true},
    {__LINE__, "", "Licensing Terms", true},
    {__LINE__, "2015", "Licensing Terms", false},
    {__LINE__, "2015", "\n    <table id=\"" TABLE "\" class=\"sortable\">\n",
	true},
    {__LINE__, "2026", "\n      <table id=\"" TABLE "\" class=\"sortable\">\n",
	true},
    {__LINE__, "", "<form", false},
    {__LINE__, "", "pagination", false},
    {__LINE__, "", "<td>a\"b</td>", true},
    {__LINE__, "", "<td align=\"center\">tcp</td>", true},
    {__LINE__, "", "<td align=\"center\"></td>", true},
    {__LINE__, "", "<td>&lt;script&gt; '&amp;micro\t\"\n</td>", true},
    {__LINE__, "", "<td>x<br />\ny</td>", true},
    {__LINE__, "2015",
	"<td>\n            <p>one</p>\n            <p>two <br /></p>\n"
	"          </td>",
	true},
    {__LINE__, "", "[<a href=\"#note1\">1</a>]", true},
    {__LINE__, "", "[<a href=\"https://www.iana.org/go/rfc1\">RFC1</a>]", true},
    {__LINE__, "2015", "[<a href=\"http://www.iana.org/go/rfc1\">RFC1</a>]",
	true},
    {__LINE__, "",
	"[<a href=\"https://www.iana.org/go/rfc2#section-3\">RFC2, Section "
	"3</a>]",
	true},
    {__LINE__, "2015", "[<a href=\"http://www.iana.org/go/rfc2\">RFC2</a>]",
	true},
    {__LINE__, "",
	"[javascript:alert(1)][JaVaScRiPt:alert(2)]"
	"[<a href=\"http://a.example/?b&amp;&quot;c&quot;\">"
	"http://a.example/?b&amp;\"c\"</a>]",
	true},
    {__LINE__, "",
	"[<a href=\"https://www.iana.org/go/draft-x\">RFC-x</a>]"
	"[<a href=\"https://www.iana.org/go/draft-y\">draft-y</a>]",
	true},
    {__LINE__, "",
	"<td>[note1][note2][" TABLE "][<a href=\"#person.a.2Fb.20c\">a/b c</a>]"
	"[gone]</td>",
	true},
    {__LINE__, "", "<td>[9]</td>", true},
    {__LINE__, "",
	"<td>\n              <a name=\"Ann\" id=\"Ann\">[Ann]</a>\n"
	"            </td>",
	true},
    {__LINE__, "", "<td>[Ann]</td>", true},
    {__LINE__, "", "<td>[x ]</td>", true},
    {__LINE__, "",
	"<td>\n              <a href=\"mailto:a&amp;b\">mailto:a&amp;b</a>\n"
	"              <br />\n              <a href=\"tel:1\">tel:1</a>\n"
	"            </td>",
	true},
    {__LINE__, "", "<td>javascript:alert(3)</td>", true},
    {__LINE__, "", "<td>&#214;</td>", true},
    {__LINE__, "", "<h1>Footnotes</h1>", true},
    {__LINE__, "", "<td valign=\"top\">[1]</td>", true},
};

static void test_pieces(void **state)
{
	struct edition e;
	struct buf b;
	int bad = 0;

	(void)state;
	buf_init(&b);
	open_or_fail(hostile, &e);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		const char *fault;

		put(&e, pieces[i].style, NULL, &b);
		fault = fault_of(&b);
		if (fault == NULL && has(&b, pieces[i].text) == pieces[i].there)
			continue;
		print_error("%s:%d: %s\n", __FILE__, pieces[i].line,
		    fault != NULL ? fault : pieces[i].text);
		bad++;
	}
	if (bad > 0)
		print_error("%.*s\n", SPAN_FMT(buf_span(&b)));
	edition_close(&e);
	buf_release(&b);
	assert_int_equal(bad, 0);
}

/* By the rules of the official page, its slips too. */
static const struct {
	int line;
	uint64_t page, pages;
	const char *query;
	const char *want; /* "N" for a link to page N, "(N)" for the page */
} steps[] = {
    {__LINE__, 1, 1, "", ""},
    {__LINE__, 1, 2, "", " (1) 2"},
    {__LINE__, 2, 2, "", "1 (2) "},
    {__LINE__, 1, 137, "", " (1) 2 3 4 5 6 ... 137"},
    {__LINE__, 5, 9, "", "1 2 3 4 (5) 6 7 8 9"},
    {__LINE__, 6, 12, "", "1... 1 2 3 4 5 (6) 7 8 9 10 11 ... 12"},
    {__LINE__, 7, 12, "", "1... 2 3 4 5 6 (7) 8 9 10 11 12"},
    {__LINE__, 137, 137, "", "1... 132 133 134 135 136 (137) "},
    {__LINE__, 1, 2, "a&b <\"\xc3\xa9", " (1) 2"},
    {__LINE__, 0, 3, "", ""},
    {__LINE__, 4, 3, "", ""},
};

static void put_wanted(struct buf *b, const char *want, const char *query)
{
	if (*want == '\0')
		return;
	buf_str(b, "\n      <div class=\"pagination\">");
	while (*want != '\0') {
		size_t len = strspn(want, "0123456789");
		struct span number = {want, len};

		if (len == 0) {
			if (*want != '(' && *want != ')')
				buf_char(b, *want);
			want++;
			continue;
		}
		if (want[len] != ')')
			buf_printf(b, "<a href=\"?%s&amp;page=%.*s\">", query,
			    SPAN_FMT(number));
		buf_add(b, number);
		if (want[len] != ')')
			buf_str(b, "</a>");
		want += len;
	}
	buf_str(b, "</div>");
}

static void test_steps(void **state)
{
	struct edition e;
	struct buf b, want;
	uint32_t row = 1;

	(void)state;
	buf_init(&b);
	buf_init(&want);
	open_or_fail(hostile, &e);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct write_page page = {span_str(steps[i].query),
		    steps[i].page, steps[i].pages, &row, 1, NULL, 0};

		put(&e, "", &page, &b);
		assert_null(fault_of(&b));
		buf_clear(&want);
		put_wanted(&want, steps[i].want,
		    steps[i].query[0] != '\0' ? "search=a%26b+%3C%22%C3%A9"
					      : "");
		buf_str(&want, "\n      <table id=");
		buf_char(&want, '\0');
		if (!has(&b, want.ptr) ||
		    has(&b, "pagination") != (steps[i].want[0] != '\0'))
			fail_msg("line %d: no %s in\n%.*s", steps[i].line,
			    want.ptr, SPAN_FMT(buf_span(&b)));
		assert_int_equal(has(&b, "<form"), steps[i].pages > 1);
	}
	assert_true(has(&b, "class=\"sortable_srv\""));
	edition_close(&e);
	buf_release(&want);
	buf_release(&b);
}

/* Rows, people and footnotes of a page, and what it is without them. */
static void test_page(void **state)
{
	uint32_t rows[] = {99999, 1, UINT32_MAX}, people[] = {0, 77777};
	struct write_page page = {SPAN("<\"q"), 1, 1, rows, 3, people, 2};
	struct edition e;
	struct buf b;

	(void)state;
	buf_init(&b);
	open_or_fail(hostile, &e);
	put(&e, "", &page, &b);
	assert_null(fault_of(&b));
	assert_true(has(&b, "value=\"&lt;&quot;q\" />"));
	assert_true(has(&b, "<td>two</td>") && !has(&b, "<td>three</td>"));
	assert_true(has(&b, "[Ann]") && !has(&b, "Organization"));
	assert_false(has(&b, "Footnote"));
	page.query = SPAN("\xff\x01\x1b\xef\xbf\xbe\xc2\x9b\x7f\n\t\r\xc3\xa9");
	put(&e, "", &page, &b);
	assert_null(fault_of(&b));
	assert_true(has(&b, "value=\"&#65533;&#65533;&#65533;&#65533;&#65533;"
			    "&#65533;&#10;&#9;&#13;&#233;\""));
	rows[1] = 0;
	page.person_count = 0;
	put(&e, "", &page, &b);
	assert_null(fault_of(&b));
	assert_true(has(&b, "<h1>Footnotes</h1>") && has(&b, ">[1]</a>"));
	assert_false(has(&b, "[2]"));
	assert_true(has(&b, "<td>[Ann]</td>") && !has(&b, "Contact Inf"));
	page.row_count = 0;
	put(&e, "", &page, &b);
	assert_true(has(&b, "<form") && has(&b, ".xml\">XML"));
	assert_false(has(&b, "<table") || has(&b, ".csv"));
	edition_close(&e);
	buf_release(&b);
}

/* Without footnotes, people, rows and so on. */
static void test_bare(void **state)
{
	static const char none[] = HEAD("2016-01-02") "<people/></registry>";
	static const char csv[] =
	    "Service Name,Port Number,Transport Protocol,Description,Assignee,"
	    "Contact,Registration Date,Modification Date,Reference,Service "
	    "Code,Unauthorized Use Reported,Assignment Notes\r\n"
	    "a,1,tcp,A,[Ann],[Ann],2011-01,,[RFC1],,,\r\n";
	struct edition e;
	struct buf b;

	(void)state;
	buf_init(&b);
	open_or_fail(none, &e);
	put(&e, "", NULL, &b);
	assert_true(has(&b, "<dd>2016-01-02</dd>") && has(&b, ".xhtml\""));
	assert_false(has(&b, "<table") || has(&b, ".csv") || has(&b, "Expert"));
	edition_close(&e);
	open_or_fail(csv, &e);
	put(&e, "", NULL, &b);
	assert_null(fault_of(&b));
	assert_true(has(&b, "<title>Service Name and Transport Protocol Port "
			    "Number Registry</title>"));
	assert_true(has(&b, "<td>[Ann]</td>") && has(&b, "/go/rfc1\">RFC1<"));
	assert_false(has(&b, "Last Updated") || has(&b, "Contact Info"));
	edition_close(&e);
	buf_release(&b);
}

/* Any byte of the texts may be any other. */
static void test_damage(void **state)
{
	struct edition e;
	uint64_t random = 88172645463325252U;
	struct buf b;
	uint8_t *texts;

	(void)state;
	buf_init(&b);
	open_or_fail(hostile, &e);
	texts = e.bytes + (e.image.texts - e.image.base);
	for (unsigned round = 0; round < 3000; round++) {
		const char *fault;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		texts[random % e.image.texts_len] =
		    random >> 40 & 1 ? (uint8_t)(random >> 48 & 15)
				     : (uint8_t)(random >> 48);
		put(&e, round % 2 == 0 ? "" : "2015", NULL, &b);
		fault = fault_of(&b);
		if (fault != NULL)
			fail_msg("round %u: %s\n%.*s", round, fault,
			    SPAN_FMT(buf_span(&b)));
	}
	edition_close(&e);
	buf_release(&b);
}

static int refuse(void *ctx, struct buf *b, struct portbook_error *err)
{
	(void)ctx;
	(void)b;
	return error_set(err, PORTBOOK_EIO, 0, "full");
}

static void test_failures(void **state)
{
	struct portbook_error err = {0};
	struct write_job job = {.epoch = -1, .style = SPAN_INIT("2014")};
	const struct format *format = format_find(SPAN("xhtml"));
	struct edition e;
	char storage[4000];
	struct buf b;

	(void)state;
	open_or_fail(hostile, &e);
	job.image = &e.image;
	buf_init_fixed(&b, storage, sizeof(storage));
	assert_int_equal(format_write(format, &job, &b, &err), PORTBOOK_EUSAGE);
	assert_non_null(strstr(err.text, "2015, 2026"));
	job.style = SPAN("");
	assert_int_equal(format_write(format, &job, &b, &err), PORTBOOK_ENOMEM);
	buf_init(&b);
	job.drain = refuse;
	assert_int_equal(format_write(format, &job, &b, &err), PORTBOOK_EIO);
	buf_release(&b);
	edition_close(&e);
}

/* Both are XML, and what the XML names. */
static void test_assets(void **state)
{
	const struct span assets[] = {asset_xsl, asset_rng};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		XML_Parser parser = XML_ParserCreate(NULL);

		assert_int_equal(XML_Parse(parser, assets[i].ptr,
				     (int)assets[i].len, XML_TRUE),
		    XML_STATUS_OK);
		XML_ParserFree(parser);
	}
	assert_true(
	    span_find(asset_xsl, SPAN("XSL/Transform")) < asset_xsl.len);
	assert_true(span_find(asset_rng, SPAN("relaxng.org")) < asset_rng.len);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_bare),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_failures),
	    cmocka_unit_test(test_assets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
