/* SPDX-License-Identifier: ISC */
/* Lines of services(5), of a registry and of a file of the user's. */
#include <stdio.h>

#include "image/line.h"
#include "imagebuild/build_test.h"
#include "read/read.h"
#include "base/banned.h"

#define LONG_16 "abcdefghijklmnop"
#define LONG_112 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16
#define LONG_127 LONG_112 "abcdefghijklmno"
#define LONG_128 LONG_112 LONG_16

static const struct {
	const char *name, *number, *protocol, *note;
} rows[] = {
    {"zero", "0", "dccp", ""},
    {"nicname", "43", "tcp", ""},
    {"nicname", "43", "udp", ""},
    {"", "60-70", "tcp", ""},
    {"www", "80", "tcp", "This is a duplicate of the \"http\" service."},
    {"http", "80", "tcp", ""},
    {"http", "80", "udp", ""},
    {"one", "100", "tcp", ""},
    {"main", "102", "tcp", ""},
    {"One", "102", "tcp", ""},
    {"other", "102", "tcp", ""},
    {"main", "102", "udp", ""},
    {"group", "200-203", "tcp", ""},
    {"single", "201", "tcp", ""},
    {"any", "500", "", ""},
    {"two words", "600", "tcp", ""},
    {"with#hash", "601", "tcp", ""},
    {"\xc3\x9cmlaut", "602", "tcp", ""},
    {LONG_127, "603", "tcp", ""},
    {LONG_128, "604", "tcp", ""},
    {"Mixed-Case", "700", "sctp", ""},
    {"both", "800", "tcp", ""},
    {"both", "801", "udp", ""},
    {"late", "811", "tcp", ""},
    {"late", "810", "udp", ""},
    {"nowhere", "", "", ""},
    {"x", "65535", "sctp", ""},
};

static const char lines[] = "zero 0/dccp\n"
			    "nicname 43/tcp whois\n"
			    "nicname 43/udp\n"
			    "http 80/tcp www\n"
			    "http 80/udp\n"
			    "one 100/tcp\n"
			    "main 102/tcp other\n"
			    "main 102/udp\n"
			    "group 200/tcp\n"
			    "single 201/tcp\n"
			    "group 202/tcp\n"
			    "group 203/tcp\n"
			    "any 500/tcp\n"
			    "any 500/udp\n" LONG_127 " 603/tcp\n"
			    "Mixed-Case 700/sctp\n"
			    "both 800/tcp\n"
			    "both 801/udp\n"
			    "late 810/udp\n"
			    "late 811/tcp\n"
			    "x 65535/sctp\n";

/* Where a name leads. */
struct query {
	int line;
	const char *name;
	enum protocol protocol;
	const char *answer; /* NULL: nowhere */
};

static const struct query queries[] = {
    {__LINE__, "http", PROTOCOL_TCP, "http 80/tcp www\n"},
    {__LINE__, "HTTP", PROTOCOL_UDP, "http 80/udp\n"},
    {__LINE__, "http", PROTOCOL_SCTP, NULL},
    {__LINE__, "http", PROTOCOL_NONE, "http 80/tcp www\n"},
    {__LINE__, "WwW", PROTOCOL_NONE, "http 80/tcp www\n"},
    {__LINE__, "www", PROTOCOL_UDP, NULL},
    {__LINE__, "whois", PROTOCOL_TCP, "nicname 43/tcp whois\n"},
    {__LINE__, "whois", PROTOCOL_UDP, NULL},
    {__LINE__, "one", PROTOCOL_TCP, "one 100/tcp\n"},
    {__LINE__, "other", PROTOCOL_TCP, "main 102/tcp other\n"},
    {__LINE__, "group", PROTOCOL_TCP, "group 200/tcp\n"},
    {__LINE__, "any", PROTOCOL_UDP, "any 500/udp\n"},
    {__LINE__, "any", PROTOCOL_DCCP, NULL},
    {__LINE__, "two words", PROTOCOL_TCP, NULL},
    {__LINE__, "\xc3\x9cmlaut", PROTOCOL_TCP, NULL},
    {__LINE__, LONG_127, PROTOCOL_TCP, LONG_127 " 603/tcp\n"},
    {__LINE__, LONG_128, PROTOCOL_TCP, NULL},
    {__LINE__, "mIXED-cASE", PROTOCOL_NONE, "Mixed-Case 700/sctp\n"},
    {__LINE__, "both", PROTOCOL_UDP, "both 801/udp\n"},
    {__LINE__, "both", PROTOCOL_NONE, "both 800/tcp\n"},
    {__LINE__, "late", PROTOCOL_TCP, "late 811/tcp\n"},
    {__LINE__, "late", PROTOCOL_NONE, "late 810/udp\n"},
    {__LINE__, "nowhere", PROTOCOL_NONE, NULL},
    {__LINE__, "none", PROTOCOL_NONE, NULL},
    {__LINE__, "", PROTOCOL_NONE, NULL},
};

static void put(struct buf *b, const struct image_line *line)
{
	struct span protocol = protocol_name(line->protocol);
	size_t aliases = 0;

	buf_printf(b, "%s %u/%.*s", line->words, line->port, (int)protocol.len,
	    protocol.ptr);
	for (size_t at = line->name_len + 1; at < line->len;
	     at += strlen(line->words + at) + 1) {
		buf_printf(b, " %s", line->words + at);
		aliases++;
	}
	buf_char(b, '\n');
	assert_int_equal(strlen(line->words), line->name_len);
	assert_int_equal(aliases, line->alias_count);
}

static void put_all(const struct image *image, struct buf *b)
{
	struct image_line line, same;

	for (uint32_t place = 0; image_line_from(image, place, &line);
	     place = image_line_place(&line) + 1) {
		put(b, &line);
		assert_true(
		    image_line_by_port(image, line.port, line.protocol, &same));
		assert_ptr_equal(same.words, line.words);
	}
}

static void same(int line, struct buf *is, const char *wanted)
{
	buf_char(is, '\0');
	assert_false(buf_failed(is));
	if (strcmp(is->ptr, wanted) != 0)
		fail_msg("line %d:\n%s\nwanted\n%s", line, is->ptr, wanted);
	buf_clear(is);
}

static void ask(const struct image *image, const struct query *q)
{
	struct image_line line;
	struct buf b;

	buf_init(&b);
	if (image_line_by_name(image, span_str(q->name), q->protocol, &line))
		put(&b, &line);
	same(q->line, &b, q->answer != NULL ? q->answer : "");
	buf_release(&b);
}

/* The image of a source of any format; *bytes is the caller's. */
static void build_from(struct span source, uint8_t **bytes, struct image *image)
{
	struct portbook_error err = {0};
	struct registry r;
	size_t len;

	if (read_registry_memory(source, "test", &r, NULL, &err) < 0)
		fail_msg("%s", err.text);
	build(&r, true, bytes, &len);
	registry_release(&r);
	open_bytes(*bytes, len, image);
	assert_true(image_has_lines(image));
}

static void put_record(struct buf *xml, const char *name, const char *number,
    const char *protocol, const char *note)
{
	buf_str(xml, "<record>");
	if (name[0] != '\0')
		buf_printf(xml, "<name>%s</name>", name);
	if (protocol[0] != '\0')
		buf_printf(xml, "<protocol>%s</protocol>", protocol);
	buf_printf(xml, "<description>%s</description>",
	    name[0] != '\0' ? "Something" : "Unassigned");
	if (number[0] != '\0')
		buf_printf(xml, "<number>%s</number>", number);
	buf_printf(xml, "<note>%s</note></record>", note);
}

static const char head[] =
    "<registry xmlns=\"http://www.iana.org/assignments\">";

static void test_registry(void **state)
{
	struct image_line line;
	struct image image;
	uint8_t *bytes;
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_str(&b, head);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		put_record(&b, rows[i].name, rows[i].number, rows[i].protocol,
		    rows[i].note);
	buf_str(&b, "</registry>");
	build_from(buf_span(&b), &bytes, &image);
	buf_clear(&b);
	put_all(&image, &b);
	same(__LINE__, &b, lines);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		ask(&image, &queries[i]);
	assert_true(image_line_by_port(&image, 80, PROTOCOL_NONE, &line));
	assert_int_equal(line.protocol, PROTOCOL_TCP);
	assert_true(image_line_by_port(&image, 810, PROTOCOL_NONE, &line));
	assert_int_equal(line.protocol, PROTOCOL_UDP);
	assert_false(image_line_by_port(&image, 65, PROTOCOL_NONE, &line));
	assert_false(image_line_by_port(&image, 80, PROTOCOL_DCCP, &line));
	assert_false(image_line_from(&image, 65535 * 4 + 3, &line));
	image_close(&image);
	mem_release(bytes);
	buf_release(&b);
}

/* A range of 64 ports stands at each of them, a larger one at its first. */
static void test_ranges(void **state)
{
	struct image_line line;
	struct image image;
	uint8_t *bytes;
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_str(&b, head);
	put_record(&b, "x11", "6000-6063", "tcp", "");
	put_record(&b, "larger", "7000-7064", "udp", "");
	buf_str(&b, "</registry>");
	build_from(buf_span(&b), &bytes, &image);
	assert_int_equal(image.line_count, 64 + 1);
	/* Neighbours share their words. */
	assert_int_equal(image.line_texts_len,
	    2 * IMAGE_LINE_HEAD + sizeof("x11") + sizeof("larger"));
	assert_true(image_line_by_port(&image, 6063, PROTOCOL_TCP, &line));
	assert_string_equal(line.words, "x11");
	assert_true(image_line_by_port(&image, 7000, PROTOCOL_UDP, &line));
	assert_false(image_line_by_port(&image, 7001, PROTOCOL_UDP, &line));
	image_close(&image);
	mem_release(bytes);
	buf_release(&b);
}

/* A file of the user's has the aliases that it has, and no others. */
static void test_services(void **state)
{
	static const struct query asked[] = {
	    {__LINE__, "first", PROTOCOL_TCP, "first 7/tcp other\n"},
	    {__LINE__, "other", PROTOCOL_TCP, "first 7/tcp other\n"},
	    {__LINE__, "other", PROTOCOL_UDP, "other 5/udp\n"},
	    {__LINE__, "other", PROTOCOL_NONE, "other 5/udp\n"},
	    {__LINE__, "whois", PROTOCOL_NONE, NULL},
	};
	struct image image;
	uint8_t *bytes;
	struct buf b;

	(void)state;
	build_from(SPAN("first 7/tcp other\n"
			"other 9/tcp first\n"
			"nicname 43/tcp\n"
			"other 5/udp\n"),
	    &bytes, &image);
	buf_init(&b);
	put_all(&image, &b);
	same(__LINE__, &b,
	    "other 5/udp\n"
	    "first 7/tcp other\n"
	    "other 9/tcp first\n"
	    "nicname 43/tcp\n");
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		ask(&image, &asked[i]);
	image_close(&image);
	mem_release(bytes);
	buf_release(&b);
}

/* More aliases than a line has room for. */
static void test_limit(void **state)
{
	struct image_line line;
	struct image image;
	uint8_t *bytes;
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_str(&b, "many 7/tcp");
	for (unsigned i = 0; i < 100; i++)
		buf_printf(&b, " a%u", i);
	buf_str(&b, "\na99 9/tcp\n");
	build_from(buf_span(&b), &bytes, &image);
	assert_true(image_line_by_port(&image, 7, PROTOCOL_TCP, &line));
	assert_int_equal(line.alias_count, IMAGE_LINE_ALIASES_MAX);
	assert_true(
	    image_line_by_name(&image, SPAN("a63"), PROTOCOL_TCP, &line));
	assert_int_equal(line.port, 7);
	assert_false(
	    image_line_by_name(&image, SPAN("a64"), PROTOCOL_TCP, &line));
	assert_true(
	    image_line_by_name(&image, SPAN("a99"), PROTOCOL_TCP, &line));
	assert_int_equal(line.port, 9);
	image_close(&image);
	mem_release(bytes);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_registry),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_services),
	    cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
