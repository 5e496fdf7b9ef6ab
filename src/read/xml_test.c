/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "read/limits.h"
#include "read/read.h"

#define OPEN "<registry xmlns=\"http://www.iana.org/assignments\">"
#define CLOSE "</registry>"

/* Every finding, as "NAME what line:column;". */
static void take(void *ctx, const struct finding *f)
{
	buf_printf(ctx, "%s %.*s %d:%d;", finding_rule(f->code)->name,
	    SPAN_FMT(f->what.len > 0 ? f->what : f->message), (int)f->line,
	    (int)f->column);
}

/* Marks as ^A and so on. */
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

static void put_field(struct buf *b, const char *name, struct span text)
{
	if (text.len == 0)
		return;
	buf_printf(b, "%s=", name);
	put_text(b, text);
	buf_char(b, ';');
}

static void put_record(
    struct buf *b, const struct registry *r, const struct record *record)
{
	static const char *const names[] = {"form", "date", "updated", "name",
	    "protocol", "number", "description", "assignee", "contact",
	    "reference", "note", "unauthorized", "sc"};
	struct record_text text;

	registry_record_text(r, record, &text);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		put_field(b, names[i], text.at[i]);
	if (record->has_number)
		buf_printf(
		    b, "%d-%d;", record->number.first, record->number.last);
	buf_printf(b, "p%d", record->protocol);
	buf_str(b, record->residue != 0 ? " residue" : "");
}

static void put_person(
    struct buf *b, const struct registry *r, const struct person *person)
{
	static const char *const names[] = {
	    "form", "id", "name", "org", "uris", "updated"};
	struct person_text text;

	registry_person_text(r, person, &text);
	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		put_field(b, names[i], text.at[i]);
	buf_str(b, person->residue != 0 ? "residue" : "");
}

static void read_whole(
    struct registry *r, const char *xml, struct diag *diag, int line)
{
	struct portbook_error err;
	struct buf out;

	if (read_registry_memory(span_str(xml), "test", r, diag, &err) < 0)
		fail_msg("row of line %d: %d:%d: %s", line, (int)err.line,
		    (int)err.column, err.text);
	buf_init(&out);
	registry_to_xml(r, &out);
	if (!span_eq(buf_span(&out), span_str(xml)))
		fail_msg("row of line %d comes out as %.*s", line,
		    SPAN_FMT(buf_span(&out)));
	buf_release(&out);
}

static void expect(int line, struct buf *got, const char *want)
{
	if (!span_eq(buf_span(got), span_str(want)))
		fail_msg("row of line %d gives\n%.*s\nnot\n%s", line,
		    SPAN_FMT(buf_span(got)), want);
	buf_release(got);
}

#define IN "\n    "
#define END "\n  </record>"

static const struct record_row {
	int line;
	const char *xml, *want, *findings;
} records[] = {
    {__LINE__, "<record>" END, "p4", ""},
    {__LINE__, "<record/>", "p4 residue", ""},
    {__LINE__, "<record date=\"2020-01\" updated=\"2021-02-03\">" END,
	"date=2020-01;updated=2021-02-03;p4", ""},
    {__LINE__, "<record updated=\"2021-02-03\" date=\"2020-01\">" END,
	"date=2020-01;updated=2021-02-03;p4 residue", ""},
    {__LINE__,
	"<record>" IN "<name>a</name>" IN "<protocol>udp</protocol>" IN
	"<description>d</description>" IN "<number>7-9</number>" IN
	"<note>t</note>" IN "<unauthorized>u</unauthorized>" IN
	"<sc>17</sc>" END,
	"form=npdmtus;name=a;protocol=udp;number=7-9;description=d;note=t;"
	"unauthorized=u;sc=17;7-9;p1",
	""},
    {__LINE__,
	"<record>" IN "<sc/>" IN "<unauthorized/>" IN "<note/>" IN
	"<number/>" IN "<description/>" IN "<protocol/>" IN "<name/>" END,
	"form=sutmdpn;p4", ""},
    {__LINE__, "<record>" IN "<name></name>" END, "form=n;p4 residue", ""},
    {__LINE__, "<record>" IN "<name> a\n</name>" END,
	"form=n;name=a;p4 residue",
	"FIELD-WS white space around the name 3:1;"},
    {__LINE__, "<record>" IN "<number> 80 </number>" END,
	"form=m;number=80;80-80;p4 residue",
	"FIELD-WS white space around the number 2:17;"},
    {__LINE__, "<record>" IN "<number>9-7</number>" END, "form=m;number=9-7;p4",
	"READ-NUMBER 9-7 2:16;"},
    {__LINE__, "<record>" IN "<protocol>TCP</protocol>" END,
	"form=p;protocol=TCP;p0", ""},
    {__LINE__, "<record>" IN "<protocol>ddp</protocol>" END,
	"form=p;protocol=ddp;p5", "READ-PROTOCOL ddp 2:18;"},
    {__LINE__,
	"<record>" IN "<xref type=\"person\" data=\"A\"/>" IN
	"<xref type=\"rfc\" data=\"rfc1\"/>" IN
	"<xref type=\"person\" data=\"B\"/>" IN
	"<xref type=\"text\">x &lt;y&gt;</xref>" IN
	"<xref type=\"draft\" data=\"draft-a\" section=\"4\">d</xref>" END,
	"form=crcrr;contact=^DpA^F^G^DpB^F^G;"
	"reference=^Drrfc1^F^G^Dt^Fx <y>^G^Dddraft-a^Esection=4^Fd^G;p4",
	""},
    {__LINE__,
	"<record>" IN "<xref data=\"rfc1\" type=\"rfc\"/>" IN
	"<xref type=\"new\" data=\"x\"/>" END,
	"form=rr;reference=^Drrfc1^F^G^D?x^F^G;p4 residue", ""},
    {__LINE__,
	"<record>" IN "<assignee>\n      <xref type=\"person\" data=\"A\"/>" IN
	"</assignee>" END,
	"form=A;assignee=^DpA^F^G;p4", ""},
    {__LINE__,
	"<record>" IN
	"<assignee><xref type=\"person\" data=\"A\"/></assignee>" END,
	"form=a;assignee=^DpA^F^G;p4", ""},
    {__LINE__, "<record>" IN "<assignee/>" END, "form=a;p4 residue", ""},
    {__LINE__,
	"<record>" IN "<assignee>by <xref type=\"person\" data=\"A\"/> and "
	"<xref type=\"person\" data=\"B\"/></assignee>" END,
	"form=a;assignee=^DpA^F^G^DpB^F^G;p4 residue", ""},
    {__LINE__,
	"<record>" IN "<description> a &amp; b<br/><br/>\n      c"
	"<xref type=\"note\" data=\"1\"/>\t</description>" IN
	"<note><paragraph>p</paragraph><artwork>=</artwork></note>" END,
	"form=dt;description= a & b^A^A\n      c^Dn1^F^G^I;"
	"note=^Bp^C^N=^O;p4",
	""},
    {__LINE__,
	"<record>" IN "<note>a<![CDATA[<b>]]><!-- c --><?d e?></note>" END,
	"form=t;note=a<b>;p4 residue", ""},
    {__LINE__, "<record>" IN "<note>a<i>b<br/>c</i>d</note>" END,
	"form=t;note=ab^Acd;p4 residue", "READ-ELEMENT i 2:12;"},
    {__LINE__, "<record>" IN "<name>a<br/>b</name>" END,
	"form=n;name=ab;p4 residue", "READ-ELEMENT br 2:12;"},
    {__LINE__,
	"<record>" IN "<note><xref type=\"text\">a<br/>b</xref></note>" END,
	"form=t;note=^Dt^Fab^G;p4 residue", "READ-ELEMENT br 2:30;"},
    {__LINE__, "<record>" IN "<new><name>x</name></new>" END, "p4 residue",
	"READ-ELEMENT new 2:5;"},
    {__LINE__, "<record>" IN "<name>a</name>" IN "<name>b</name>" END,
	"form=n;name=a;p4 residue", "READ-REPEATED name 3:12;"},
    {__LINE__,
	"<record>" IN "<assignee/>" IN "<assignee>"
	"<xref type=\"person\" data=\"A\">b</xref></assignee>" END,
	"form=a;p4 residue", "READ-REPEATED assignee 3:5;"},
    {__LINE__, "<record>\r\n    <name>a</name>\r\n  </record>",
	"form=n;name=a;p4 residue", ""},
};

static void test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		const struct record_row *row = &records[i];
		struct diag diag = {take, NULL, 0};
		struct buf xml, got, findings;
		struct registry r;

		buf_init(&xml);
		buf_init(&got);
		buf_init(&findings);
		diag.ctx = &findings;
		buf_printf(&xml, "%s<updated>2026-01-31</updated>%s%s%c", OPEN,
		    row->xml, CLOSE, '\0');
		read_whole(&r, xml.ptr, &diag, row->line);
		assert_int_equal(r.record_count, 1);
		assert_int_equal(r.records[0].line, 1);
		put_record(&got, &r, &r.records[0]);
		expect(row->line, &got, row->want);
		/* Columns of findings on line 1 would count the frame too. */
		expect(row->line, &findings, row->findings);
		buf_release(&xml);
		registry_release(&r);
	}
}

#define PIN "\n      "
#define PEND "\n    </person>"

static const struct person_row {
	int line;
	const char *xml, *want;
} people[] = {
    {__LINE__, "<person id=\"A\">" PEND, "id=A;"},
    {__LINE__, "<person/>", "residue"},
    {__LINE__,
	"<person id=\"A\">" PIN "<name>a</name>" PIN "<org>b &amp; c</org>" PIN
	"<uri>u</uri>" PIN "<uri/>" PIN "<uri>v</uri>" PIN
	"<updated>2020</updated>" PEND,
	"form=nouuud;id=A;name=a;org=b & c;uris=u^A^Av;updated=2020;"},
    {__LINE__, "<person id=\"A\">" PIN "<uri/>" PIN "<new/>" PEND,
	"form=u;id=A;residue"},
    {__LINE__,
	"<person id=\"A\" x=\"\">" PIN "<org>a</org>"
	"<org>b</org>" PEND,
	"form=o;id=A;org=a;residue"},
};

static void test_people(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct buf xml, got;
		struct registry r;

		buf_init(&xml);
		buf_init(&got);
		buf_printf(&xml, "%s<people>%s</people>%s%c", OPEN,
		    people[i].xml, CLOSE, '\0');
		read_whole(&r, xml.ptr, NULL, people[i].line);
		assert_int_equal(r.person_count, 1);
		put_person(&got, &r, &r.people[0]);
		expect(people[i].line, &got, people[i].want);
		buf_release(&xml);
		registry_release(&r);
	}
}

static const char whole[] =
    "<?xml version='1.0' encoding='utf-8'?>\n"
    "<?xml-model href=\"x\" ?>\n"
    "<registry xmlns=\"http://www.iana.org/assignments\" id=\"i\">\n"
    "  <title>T</title>\n"
    "  <category>C</category>\n"
    "  <updated>2026-01-31</updated>\n"
    "  <xref type=\"rfc\" data=\"rfc1\"/>\n"
    "  <xref type=\"rfc\" data=\"rfc2\"/>\n"
    "  <expert>E\nF</expert>\n"
    "  <note>\nN <xref type=\"rfc\" data=\"rfc1\"/>\n</note>\n"
    "<note title=\"M\"> m</note>\n"
    "  <record>\n  </record>\n"
    "  <record>\n  </record>\n\n"
    "  <record/>\n"
    "  <footnote anchor=\"1\">F</footnote>\n"
    "  <hide>x<record/></hide>\n"
    "  <people>\n"
    "    <person id=\"A\">\n    </person>\n"
    "    <person id=\"B\">\n    </person>\n"
    "\t<person id=\"C\">\n    </person>\n"
    "  </people>\n"
    "</registry>\n<!-- end -->";

static void expect_text(
    const struct registry *r, uint32_t text, const char *want)
{
	struct buf got;

	buf_init(&got);
	put_text(&got, registry_text(r, text));
	expect(__LINE__, &got, want);
}

static void test_header(void **state)
{
	struct diag diag = {NULL, NULL, 0};
	struct registry r;
	struct span head;

	(void)state;
	read_whole(&r, whole, &diag, __LINE__);
	assert_int_equal(diag.count, 0);
	assert_int_equal(r.source, REGISTRY_XML);
	assert_int_equal(r.source_len, sizeof(whole) - 1);
	expect_text(&r, r.text[REGISTRY_ID], "i");
	expect_text(&r, r.text[REGISTRY_TITLE], "T");
	expect_text(&r, r.text[REGISTRY_CATEGORY], "C");
	expect_text(&r, r.text[REGISTRY_UPDATED], "2026-01-31");
	expect_text(&r, r.text[REGISTRY_REFERENCE], "^Drrfc1^F^G^Drrfc2^F^G");
	expect_text(&r, r.text[REGISTRY_EXPERT], "E\nF");
	assert_int_equal(r.note_count, 2);
	expect_text(&r, r.notes[0].title, "");
	expect_text(&r, r.notes[0].text, "\nN ^Drrfc1^F^G\n");
	expect_text(&r, r.notes[1].title, "M");
	expect_text(&r, r.notes[1].text, " m");
	assert_int_equal(r.footnote_count, 1);
	expect_text(&r, r.footnotes[0].title, "1");
	expect_text(&r, r.footnotes[0].text, "F");
	assert_int_equal(r.record_count, 3);
	assert_int_equal(r.records[2].line, 20);
	assert_int_equal(r.record_gap_count, 1);
	assert_int_equal(r.record_gaps[0].index, 2);
	assert_int_equal(r.person_count, 3);
	assert_int_equal(r.people[0].line, 24);
	assert_int_equal(r.person_gap_count, 1);
	assert_int_equal(r.person_gaps[0].index, 2);
	head = registry_text(&r, r.text[REGISTRY_HEAD]);
	assert_true(
	    span_find(head, SPAN("<updated>\x01</updated>")) < head.len);
	registry_release(&r);
}

/* References of records are not the registry's, wherever those stand. */
static void test_references(void **state)
{
	struct registry r;

	(void)state;
	read_whole(&r,
	    OPEN "<xref type='rfc' data='rfc1'/>"
		 "<record><xref type='rfc' data='rfc2'/></record>"
		 "<xref type='rfc' data='rfc3'/>"
		 "<record/>" CLOSE,
	    NULL, __LINE__);
	expect_text(&r, r.text[REGISTRY_REFERENCE], "^Drrfc1^F^G^Drrfc3^F^G");
	expect_text(&r, r.records[0].text[FIELD_REFERENCE], "^Drrfc2^F^G");
	expect_text(&r, r.records[1].text[FIELD_REFERENCE], "");
	registry_release(&r);
}

/* Where the date is not as usual, and what stands where. */
static const struct edition_row {
	int line;
	const char *xml, *updated, *findings;
} editions[] = {
    {__LINE__, OPEN CLOSE, "", "READ-UPDATED  1:1;"},
    {__LINE__, OPEN "<updated/><record/>" CLOSE, "", "READ-UPDATED  1:61;"},
    {__LINE__, OPEN "<updated>2026-02-30</updated><record/>" CLOSE, "",
	"READ-UPDATED 2026-02-30 1:70;"},
    {__LINE__, OPEN "<updated>2026-02</updated><record/>" CLOSE, "",
	"READ-UPDATED 2026-02 1:67;"},
    {__LINE__, OPEN "<updated> 2026-02-01 </updated><record/>" CLOSE,
	"2026-02-01", ""},
    {__LINE__, OPEN "<updated>2026-&#48;2-01</updated><record/>" CLOSE,
	"2026-02-01", ""},
    {__LINE__,
	OPEN "<updated>2026-02-01</updated><updated>2026-03-01</updated>"
	     "<record/>" CLOSE,
	"2026-02-01", "READ-REPEATED updated 1:99;"},
    {__LINE__, OPEN "<record/><updated>2026-02-01</updated>" CLOSE,
	"2026-02-01", ""},
    {__LINE__, "\xef\xbb\xbf" OPEN "<updated>2026-02-01</updated>" CLOSE,
	"2026-02-01", ""},
    {__LINE__, OPEN "<people><person/></people><title/>" CLOSE, "",
	"READ-UPDATED  1:1;"},
    {__LINE__, OPEN "<wrong><record/></wrong>" CLOSE, "",
	"READ-ELEMENT wrong 1:51;READ-UPDATED  1:1;"},
    {__LINE__,
	OPEN "<a/><b/>\n<c/>\n <record><d/><e/>\n<f/></record><g/>\n"
	     "<record/><record><h/></record>" CLOSE,
	"",
	"READ-ELEMENT a 1:51;READ-ELEMENT b 1:55;READ-ELEMENT c 2:1;"
	"READ-ELEMENT d 3:10;READ-ELEMENT e 3:14;READ-ELEMENT f 4:1;"
	"READ-ELEMENT g 4:14;READ-ELEMENT h 5:18;READ-UPDATED  1:1;"},
};

static void test_editions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(editions) / sizeof(editions[0]); i++) {
		struct diag diag = {take, NULL, 0};
		struct registry r;
		struct buf found;

		buf_init(&found);
		diag.ctx = &found;
		read_whole(&r, editions[i].xml, &diag, editions[i].line);
		expect_text(&r, r.text[REGISTRY_UPDATED], editions[i].updated);
		expect(editions[i].line, &found, editions[i].findings);
		registry_release(&r);
	}
}

static const struct bad_row {
	int line;
	struct span xml;
	int at_line, at_column;
	const char *text; /* a part of it */
} bad[] = {
    {__LINE__, SPAN_INIT(""), 1, 1, "empty"},
    {__LINE__, SPAN_INIT("<"), 1, 1, "cut short"},
    {__LINE__, SPAN_INIT("<?xml version='1.0'?>\n"), 2, 1, "cut short"},
    {__LINE__, SPAN_INIT(OPEN), 1, 51, "cut short"},
    {__LINE__, SPAN_INIT(OPEN "\n <record>\n  <name>a</na"), 3, 10,
	"cut short"},
    {__LINE__, SPAN_INIT(OPEN "<record/></registr>"), 1, 62, "end tag"},
    {__LINE__, SPAN_INIT(OPEN CLOSE "x"), 1, 62, "junk"},
    {__LINE__, SPAN_INIT(OPEN "\n\xc3\xa9 & x" CLOSE), 2, 4, "write &amp;"},
    {__LINE__, SPAN_INIT(OPEN "<title>AT&T</title>" CLOSE), 1, 60,
	"write &amp;"},
    {__LINE__, SPAN_INIT(OPEN "<title>\nR&D; a&\n</title>" CLOSE), 2, 2,
	"an entity that XML does not know: write &amp;"},
    {__LINE__, SPAN_INIT(OPEN "<title>a < b</title>" CLOSE), 1, 60,
	"write &lt;"},
    {__LINE__, SPAN_INIT(OPEN "<title>\na <1</title>" CLOSE), 2, 3,
	"write &lt;"},
    {__LINE__, SPAN_INIT(OPEN "<title>a <b@c></title>" CLOSE), 1, 60,
	"write &lt;"},
    {__LINE__, SPAN_INIT(OPEN "<record date=\"a & b\"/>" CLOSE), 1, 67,
	"write &amp;"},
    {__LINE__, SPAN_INIT(OPEN "<record date=\"a < b\"/>" CLOSE), 1, 67,
	"write &lt;"},
    {__LINE__, SPAN_INIT(OPEN "<title>a && b</title>" CLOSE), 1, 60,
	"write &amp;"},
    {__LINE__, SPAN_INIT(OPEN "<!-- a -- b -->" CLOSE), 1, 60, "mend it"},
    {__LINE__, SPAN_INIT(OPEN "<title>a ]]> b</title>" CLOSE), 1, 62,
	"what stands here cannot stand here: mend it"},
    {__LINE__, SPAN_INIT(OPEN "\n &micro;" CLOSE), 2, 2,
	"an entity that XML does not know"},
    {__LINE__, SPAN_INIT(OPEN "\n \xff" CLOSE), 2, 2, "not UTF-8"},
    {__LINE__, SPAN_INIT(OPEN "\n &\xff" CLOSE), 2, 3, "not UTF-8"},
    {__LINE__, SPAN_INIT(OPEN "<title>\x01</title>" CLOSE), 1, 58,
	"control character"},
    {__LINE__, SPAN_INIT("<html>\n</html>"), 1, 1, "not a registry"},
    {__LINE__, SPAN_INIT("<registry/>"), 1, 1, "not a registry"},
    {__LINE__, SPAN_INIT("<registry xmlns='urn:x'/>"), 1, 1, "not a registry"},
    {__LINE__,
	SPAN_INIT("<?xml version='1.0' encoding='ISO-8859-1'?>" OPEN CLOSE), 1,
	1, "ISO-8859-1"},
    {__LINE__, SPAN_INIT("<\0r\0e\0"), 1, 1, "not UTF-8"},
    {__LINE__, SPAN_INIT("\xfe\xff\0<"), 1, 1, "not UTF-8"},
    {__LINE__, SPAN_INIT("<!DOCTYPE registry SYSTEM 'x'>" OPEN CLOSE), 1, 30,
	"document type"},
    {__LINE__,
	SPAN_INIT("<!DOCTYPE registry [<!ENTITY a 'b'>]>" OPEN "&a;" CLOSE), 1,
	20, "document type"},
    {__LINE__, SPAN_INIT(OPEN "<people><person/></people>\n  <record/>" CLOSE),
	2, 3, "behind the people"},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct bad_row *row = &bad[i];
		struct portbook_error err = {0};
		struct registry r;
		int code =
		    read_registry_memory(row->xml, "name", &r, NULL, &err);

		if (code != PORTBOOK_EFORMAT || err.code != code ||
		    strcmp(err.source, "name") != 0 ||
		    strstr(err.text, row->text) == NULL ||
		    (int)err.line != row->at_line ||
		    ((int)err.column != row->at_column))
			fail_msg("row of line %d: %d %s:%d:%d: %s", row->line,
			    code, err.source, (int)err.line, (int)err.column,
			    err.text);
		registry_release(&r);
	}
}

static void expect_limit_at(struct buf *xml, const char *text, int line)
{
	struct portbook_error err = {0};
	struct registry r;

	assert_false(buf_failed(xml));
	assert_int_equal(
	    read_registry_memory(buf_span(xml), "test", &r, NULL, &err),
	    PORTBOOK_ELIMIT);
	assert_int_equal(err.line, line);
	assert_non_null(strstr(err.text, text));
	buf_release(xml);
}

static void expect_limit(struct buf *xml, const char *text)
{
	expect_limit_at(xml, text, 2);
}

static void test_limits(void **state)
{
	struct buf xml;

	(void)state;
	buf_init(&xml);
	buf_str(&xml, OPEN "\n");
	for (unsigned i = 0; i < LIMIT_DEPTH; i++)
		buf_str(&xml, "<hide>");
	expect_limit(&xml, "nested");

	buf_str(&xml, OPEN "\n<title>");
	buf_fill(&xml, 'x', LIMIT_TEXT_LEN + 1);
	buf_str(&xml, "</title>" CLOSE);
	expect_limit(&xml, "text of more");

	buf_str(&xml, OPEN "\n");
	for (size_t len = 0; len <= LIMIT_TEXT_LEN; len += 4)
		buf_str(&xml, "<xref/>");
	expect_limit(&xml, "text of more");

	buf_str(&xml, OPEN "\n<record date=\"");
	buf_fill(&xml, 'x', LIMIT_TEXT_LEN + 1);
	buf_str(&xml, "\"/>" CLOSE);
	expect_limit(&xml, "tag of more");

	buf_str(&xml, OPEN "\n<record");
	for (unsigned i = 0; i <= LIMIT_ATTRIBUTES; i++)
		buf_printf(&xml, " a%u=\"\"", i);
	buf_str(&xml, "/>" CLOSE);
	expect_limit(&xml, "attributes");

	buf_str(&xml, OPEN "\n");
	buf_fill(&xml, ' ', 3 * LIMIT_PIECE_LEN);
	buf_str(&xml, CLOSE);
	expect_limit_at(&xml, "header, record", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_records),
	    cmocka_unit_test(test_people),
	    cmocka_unit_test(test_header),
	    cmocka_unit_test(test_references),
	    cmocka_unit_test(test_editions),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
