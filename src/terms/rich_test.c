/* SPDX-License-Identifier: ISC */
/* Rich text, the columns made of it, and the canonical layout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "terms/fields.h"
#include "terms/layout.h"
#include "terms/rich.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

typedef void writer(struct buf *b, struct span text);

#define RFC "\x04rrfc6335\x06\x07"

static const struct row {
	int line;
	writer *put;
	struct span in, out;
} rows[] = {
    {__LINE__, rich_column, SPAN_INIT(""), SPAN_INIT("")},
    {__LINE__, rich_column, SPAN_INIT(" \n a b \n"), SPAN_INIT("a b")},
    {__LINE__, rich_column, SPAN_INIT("enable \n      dynamic"),
	SPAN_INIT("enable dynamic")},
    {__LINE__, rich_column, SPAN_INIT("with\n      a binary"),
	SPAN_INIT("with\n      a binary")},
    {__LINE__, rich_column, SPAN_INIT("inherent \nin"),
	SPAN_INIT("inherent \nin")},
    {__LINE__, rich_column, SPAN_INIT("a\n\n\nb"), SPAN_INIT("a b")},
    {__LINE__, rich_column, SPAN_INIT("a\n\nb"), SPAN_INIT("a\n\nb")},
    {__LINE__, rich_column, SPAN_INIT("whois++\x01\x01\nIANA assigned"),
	SPAN_INIT("whois++\nIANA assigned")},
    {__LINE__, rich_column, SPAN_INIT("\x02one\x03\n      \x02two\x03"),
	SPAN_INIT("one\n              two")},
    {__LINE__, rich_column, SPAN_INIT(RFC "\x04pA\x06\x07"),
	SPAN_INIT("[RFC6335][A]")},
    {__LINE__, rich_column, SPAN_INIT("\x04rrfc1\x06RFC 1\x07"),
	SPAN_INIT("[RFC 1]")},
    {__LINE__, rich_column, SPAN_INIT("\x04rrfc1\x06 \x07"),
	SPAN_INIT("[RFC1]")},
    {__LINE__, rich_column, SPAN_INIT("\x04rrfc1\x05section=4\x06\x07"),
	SPAN_INIT("[RFC1, Section 4]")},
    {__LINE__, rich_column,
	SPAN_INIT("\x04rrfc1\x05"
		  "anchor=x\x06\x07"),
	SPAN_INIT("[RFC1#x]")},
    {__LINE__, rich_column,
	SPAN_INIT("\x04"
		  "ddraft-a\x06\x07\x04n1\x06\x07"),
	SPAN_INIT("[draft-a][1]")},
    {__LINE__, rich_column, SPAN_INIT("\x04t\x06some text\x07"),
	SPAN_INIT("[some text]")},
    {__LINE__, rich_column, SPAN_INIT("\x04uhttp://a\x06the a\x07"),
	SPAN_INIT("[the a]")},
    /* What no reader makes, but a damaged image may hold. */
    {__LINE__, rich_column, SPAN_INIT("\x04"), SPAN_INIT("[]")},
    {__LINE__, rich_column, SPAN_INIT("\x04rrfc1"), SPAN_INIT("[RFC1]")},
    {__LINE__, rich_column, SPAN_INIT("a\x05\x06\x07z"), SPAN_INIT("az")},

    {__LINE__, rich_plain,
	SPAN_INIT("a\x01"
		  "b"),
	SPAN_INIT("a\nb")},
    {__LINE__, rich_plain, SPAN_INIT("\x02one\x03\n      \x02two\x03"),
	SPAN_INIT("one\n\ntwo")},
    {__LINE__, rich_plain, SPAN_INIT(" with\n      a binary \n"),
	SPAN_INIT("with\na binary")},
    {__LINE__, rich_plain, SPAN_INIT("see " RFC "."),
	SPAN_INIT("see [RFC6335].")},

    {__LINE__, layout_text, SPAN_INIT("a<b>&\"c\""),
	SPAN_INIT("a&lt;b&gt;&amp;\"c\"")},
    {__LINE__, layout_text, SPAN_INIT("&&"), SPAN_INIT("&amp;&amp;")},
    {__LINE__, layout_rich, SPAN_INIT("a&\x01\x02p\x03\x0e=\x0f\"" RFC),
	SPAN_INIT("a&amp;<br/><paragraph>p</paragraph><artwork>=</artwork>\""
		  "<xref type=\"rfc\" data=\"rfc6335\"/>")},
    {__LINE__, layout_rich,
	SPAN_INIT("\x04"
		  "ddraft-a\x05section=\"4\"\x06<b>\x07"),
	SPAN_INIT("<xref type=\"draft\" data=\"draft-a\" "
		  "section=\"&quot;4&quot;\">&lt;b&gt;</xref>")},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b;

		buf_init(&b);
		buf_str(&b, "kept ");
		rows[i].put(&b, rows[i].in);
		if (!span_eq(span_skip(buf_span(&b), 5), rows[i].out))
			fail_msg("row of line %d gives %.*s", rows[i].line,
			    SPAN_FMT(buf_span(&b)));
		buf_release(&b);
	}
}

static const struct url_row {
	int line;
	struct span in, out;
} urls[] = {
    {__LINE__, SPAN_INIT(RFC), SPAN_INIT("https://www.iana.org/go/rfc6335")},
    {__LINE__, SPAN_INIT("\x04rrfc1\x05section=4.2\x06\x07"),
	SPAN_INIT("https://www.iana.org/go/rfc1#section-4.2")},
    {__LINE__,
	SPAN_INIT("\x04"
		  "dRFC-ietf-x-01\x06\x07"),
	SPAN_INIT("https://www.iana.org/go/draft-ietf-x-01")},
    {__LINE__,
	SPAN_INIT("\x04uhttp://a\x06"
		  "b\x07"),
	SPAN_INIT("http://a")},
    {__LINE__, SPAN_INIT("\x04pA\x06\x07"), SPAN_INIT("#A")},
    {__LINE__, SPAN_INIT("\x04n1\x06\x07"), SPAN_INIT("#note1")},
    {__LINE__, SPAN_INIT("\x04t\x06x\x07"), SPAN_INIT("")},
};

static void test_urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct span rest = urls[i].in;
		struct rich_token token;
		struct buf b;

		buf_init(&b);
		assert_true(rich_next(&rest, &token));
		assert_int_equal(token.kind, RICH_IS_XREF);
		xref_url(&b, &token.xref);
		if (!span_eq(buf_span(&b), urls[i].out))
			fail_msg("row of line %d gives %.*s", urls[i].line,
			    SPAN_FMT(buf_span(&b)));
		buf_clear(&b);
		xref_put(&b, &token.xref);
		assert_true(span_eq(buf_span(&b), urls[i].in));
		buf_release(&b);
	}
}

static void test_layout(void **state)
{
	static const char want[] =
	    "<record date=\"2020&quot;\" updated=\"2021-02\">\n"
	    "    <xref type=\"person\" data=\"A\"/>\n"
	    "    <name/>\n"
	    "    <assignee>\n"
	    "      <xref type=\"person\" data=\"B\"/>\n"
	    "    </assignee>\n"
	    "    <assignee><xref type=\"person\" data=\"B\"/></assignee>\n"
	    "    <description>d&amp;</description>\n"
	    "  </record>";
	struct record_text record;
	struct person_text person;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		record.at[i] = SPAN("");
	record.at[FIELD_FORM] = SPAN("cnAad");
	record.at[FIELD_DATE] = SPAN("2020\"");
	record.at[FIELD_UPDATED] = SPAN("2021-02");
	record.at[FIELD_CONTACT] = SPAN("\x04pA\x06\x07");
	record.at[FIELD_ASSIGNEE] = SPAN("\x04pB\x06\x07");
	record.at[FIELD_DESCRIPTION] = SPAN("d&");
	buf_init(&b);
	layout_record(&b, &record);
	assert_true(span_eq(buf_span(&b), span_str(want)));

	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		person.at[i] = SPAN("");
	person.at[PERSON_FORM] = SPAN("nuud");
	person.at[PERSON_ID] = SPAN("A");
	person.at[PERSON_NAME] = SPAN("a");
	person.at[PERSON_URIS] = SPAN("u\x01");
	buf_clear(&b);
	layout_person(&b, &person);
	assert_true(span_eq(buf_span(&b),
	    SPAN("<person id=\"A\">\n      <name>a</name>\n"
		 "      <uri>u</uri>\n      <uri/>\n      <updated/>\n"
		 "    </person>")));
	buf_release(&b);
}

/* The assignee column shows the contact where there is no assignee. */
static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(
	    column_field(COLUMN_ASSIGNEE, SPAN("nc"), SPAN("")), FIELD_CONTACT);
	assert_int_equal(column_field(COLUMN_ASSIGNEE, SPAN("na"), SPAN("")),
	    FIELD_ASSIGNEE);
	assert_int_equal(
	    column_field(COLUMN_ASSIGNEE, SPAN("A"), SPAN("")), FIELD_ASSIGNEE);
	assert_int_equal(
	    column_field(COLUMN_ASSIGNEE, SPAN(""), SPAN("x")), FIELD_ASSIGNEE);
	assert_int_equal(
	    column_field(COLUMN_CONTACT, SPAN("a"), SPAN("x")), FIELD_CONTACT);
	assert_false(column_is_searched(COLUMN_MODIFIED));
	assert_true(column_is_searched(COLUMN_NOTE));
	assert_true(span_eq(column_heading(COLUMN_UNAUTHORIZED),
	    SPAN("Unauthorized Use Reported")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_layout),
	    cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
