/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "search/sample_test.h"
#include "write/csv.h"
#include "search/search.h"
#include "write/json.h"
#include "write/record.h"
#include "write/table.h"

struct world {
	struct image image;
	uint8_t *bytes;
};

static int set_up(void **state)
{
	static struct world w;

	*state = &w;
	return sample_open(false, &w.image, &w.bytes) < 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	image_close(&w->image);
	mem_release(w->bytes);
	return 0;
}

static void expect(int line, struct buf *b, struct span wanted)
{
	if (!span_eq(buf_span(b), wanted))
		fail_msg("line %d: \"%.*s\", not \"%.*s\"", line,
		    SPAN_FMT(buf_span(b)), SPAN_FMT(wanted));
	buf_release(b);
}

static const struct {
	int line;
	struct span text;
	const char *json;
	const char *clean;
} texts[] = {
    {__LINE__, SPAN_INIT(""), "\"\"", ""},
    {__LINE__, SPAN_INIT("plain"), "\"plain\"", "plain"},
    {__LINE__, SPAN_INIT("a\"b\\c/"), "\"a\\\"b\\\\c/\"", "a\"b\\c/"},
    {__LINE__, SPAN_INIT("a\nb\tc\rd"), "\"a\\nb\\tc\\rd\"",
	"a|b\xef\xbf\xbd"
	"c\xef\xbf\xbd"
	"d"},
    {__LINE__, SPAN_INIT("\0\x1b[2J\x7f"), "\"\\u0000\\u001b[2J\\u007f\"",
	"\xef\xbf\xbd\xef\xbf\xbd[2J\xef\xbf\xbd"},
    {__LINE__, SPAN_INIT("\xc3\xa9\xe2\x82\xac"), "\"\xc3\xa9\xe2\x82\xac\"",
	"\xc3\xa9\xe2\x82\xac"},
    {__LINE__,
	SPAN_INIT("\xc2\x9b"
		  "31m"),
	"\"\\u009b31m\"",
	"\xef\xbf\xbd"
	"31m"},
    {__LINE__, SPAN_INIT("\xff\xc3"), "\"\xef\xbf\xbd\xef\xbf\xbd\"",
	"\xef\xbf\xbd\xef\xbf\xbd"},
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf b;

		buf_init(&b);
		json_text(&b, texts[i].text);
		expect(texts[i].line, &b, span_str(texts[i].json));
		buf_init(&b);
		record_clean(&b, texts[i].text, SPAN("|"));
		expect(texts[i].line, &b, span_str(texts[i].clean));
		buf_init(&b);
		record_lines(&b, texts[i].text, SPAN("|"));
		expect(texts[i].line, &b, span_str(texts[i].clean));
	}
}

/* What turns the direction of text is for files, and not for terminals. */
static void test_turning(void **state)
{
	static const struct span text = SPAN_INIT(
	    "a\xe2\x80\xae"
	    "b\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x81\xa6"
	    "c\xe2\x81\xa9\xe2\x81\xa5\xe2\x80\x8b");
	struct buf b;

	(void)state;
	buf_init(&b);
	record_clean(&b, text, SPAN(" "));
	expect(__LINE__, &b,
	    SPAN("a\xef\xbf\xbd"
		 "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		 "c\xef\xbf\xbd\xe2\x81\xa5\xe2\x80\x8b"));
	buf_init(&b);
	record_lines(&b, text, SPAN(" "));
	expect(__LINE__, &b, text);
}

static const struct image_row *find(const struct image *image, const char *key)
{
	for (size_t i = 0; i < image->row_count; i++) {
		struct buf b;
		bool same;

		buf_init(&b);
		image_row_key(image, &image->rows[i], &b);
		same = span_eq(buf_span(&b), span_str(key));
		buf_release(&b);
		if (same)
			return &image->rows[i];
	}
	fail_msg("no row %s", key);
	return NULL;
}

static void test_record(void **state)
{
	struct world *w = *state;
	struct buf b;

	buf_init(&b);
	json_record(&b, &w->image, find(&w->image, "443/udp/https"), 1);
	expect(__LINE__, &b,
	    SPAN("{\"id\": \"443/udp/https\", \"layer\": \"iana\", "
		 "\"name\": \"https\", \"number\": {\"first\": 443, "
		 "\"last\": 443}, \"protocol\": \"udp\", \"state\": "
		 "\"assigned\", \"class\": \"system\", \"preferred\": true, "
		 "\"alias_of\": null, \"description\": \"http over TLS/SSL\", "
		 "\"assignee\": [], \"contact\": [\"IESG\"], \"registered\": "
		 "null, \"modified\": null, \"references\": [], "
		 "\"service_code\": null, \"unauthorized_use\": null, "
		 "\"note\": null}"));
	buf_init(&b);
	csv_record(&b, &w->image, find(&w->image, "172/tcp/cl/1"), 1, CSV_TAB);
	expect(__LINE__, &b,
	    SPAN("172/tcp/cl/1\tcl/1\t172\t172\ttcp\tassigned\tsystem\ttrue\t"
		 "\tFORT\xc3\x89\t\t\t\t\t\t\t\t\n"));
	buf_init(&b);
	csv_record(&b, &w->image, find(&w->image, "45-79/-/-"), 1, CSV_COMMA);
	expect(__LINE__, &b,
	    SPAN("45-79/-/-,,45,79,,unassigned,system,false,,Unassigned,,,,,"
		 ",,,\n"));
}

static const struct {
	int line;
	const char *key;
	size_t width;
	const char *text;
} lines[] = {
    {__LINE__, "443/tcp/https", 0,
	"443/tcp  https  assigned  http over TLS/SSL\n"},
    {__LINE__, "443/tcp/https", 43,
	"443/tcp  https  assigned  http over TLS/SSL\n"},
    {__LINE__, "443/tcp/https", 42,
	"443/tcp  https  assigned  http over TLS...\n"},
    {__LINE__, "443/tcp/https", 20, "443/tcp  https  assigned  http...\n"},
    {__LINE__, "45-79/-/-", 0, "45-79  -  unassigned  Unassigned\n"},
    {__LINE__, "-/-/rdp", 0, "-  rdp  assigned  Remote Desktop\n"},
};

static void test_line(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct image_row *row = find(&w->image, lines[i].key);
		struct table_style style = {.width = lines[i].width};
		struct table_widths widths = {0};
		struct buf b;

		buf_init(&b);
		table_measure(&w->image, row, &widths);
		table_line(&b, &w->image, row, &widths, &style);
		expect(lines[i].line, &b, span_str(lines[i].text));
	}
}

static void test_block(void **state)
{
	struct table_style style = {0};
	struct world *w = *state;
	struct buf b;

	buf_init(&b);
	table_block(&b, &w->image, find(&w->image, "443/udp/https"), 1, &style);
	expect(__LINE__, &b,
	    SPAN("443/udp/https\n"
		 "  state             assigned, preferred\n"
		 "  class             system\n"
		 "  description       http over TLS/SSL\n"
		 "  contact           IESG\n"));
	buf_init(&b);
	table_field(&b, "note", SPAN("one\ntwo"), &style);
	expect(__LINE__, &b,
	    SPAN("  note              one\n                    two\n"));
	style.width = 30;
	buf_init(&b);
	table_field(&b, "note", SPAN("one two three\n\nfour"), &style);
	expect(__LINE__, &b,
	    SPAN("  note              one two\n"
		 "                    three\n"
		 "\n"
		 "                    four\n"));
}

static void test_answers(void **state)
{
	struct world *w = *state;
	struct query q = {.kind = QUERY_NAME,
	    .name = SPAN("nosuch"),
	    .protocol = PROTOCOL_NONE};
	uint32_t row;
	struct match m = {.rows = &row, .cap = 1};
	struct buf b;

	search_lookup(&w->image, &q, 1, &m);
	buf_init(&b);
	buf_char(&b, '{');
	json_lookup(&b, &w->image, q.name, &q, &m, 1);
	expect(__LINE__, &b,
	    SPAN("{\"query\": \"nosuch\", \"kind\": \"name\", \"found\": "
		 "false, \"class\": null, \"states\": null, \"records\": [], "
		 "\"via\": null"));
	buf_init(&b);
	json_person(&b, &w->image, &w->image.people[0]);
	expect(__LINE__, &b,
	    SPAN("{\"id\": \"IESG\", \"name\": null, \"org\": \"IESG\", "
		 "\"uris\": [\"mailto:iesg&ietf.org\"], \"updated\": null}"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_turning),
	    cmocka_unit_test(test_record),
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_block),
	    cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
