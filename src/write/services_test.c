/* SPDX-License-Identifier: ISC */
/*
 * services(5), nmap-services and Wireshark's services: from a few rows to all
 * the lines behind the head.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/sample_test.h"
#include "write/edition_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* A CSV with name, number, protocol, description, reference and note. */
#define HEAD                                                                   \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,"    \
	"Contact,Registration Date,Modification Date,Reference,Service "       \
	"Code,Unauthorized Use Reported,Assignment Notes\n"
#define ROW(name, number, protocol, text)                                      \
	name "," number "," protocol "," text ",,,,,,,,\n"
#define CITED(name, number, protocol, cites)                                   \
	name "," number "," protocol ",,,,,," cites ",,,\n"
#define NOTED(name, number, protocol, note)                                    \
	name "," number "," protocol ",,,,,,,,,\"" note "\"\n"
#define IS_ALIAS(of) "This entry is an alias to \"\"" of "\"\"."

#define SERVICES(lines) "services", "", lines
#define NMAP(lines) "nmap-services", "", lines
#define WIRESHARK(lines) "wireshark", "", lines

static const struct {
	int line;
	const char *source, *format, *style, *wanted;
} rows[] = {
    {__LINE__, HEAD ROW("ssh", "22", "tcp", "Secure  \xc3\xa9 Shell"),
	SERVICES("ssh\t\t22/tcp\t# Secure \xc3\xa9 Shell\n")},
    /* What has no name, number or transport, or is nobody's. */
    {__LINE__,
	HEAD ROW("", "24", "tcp", "any private mail") ROW("rdp", "", "", "x")
	    ROW("a", "1", "ddp", "") ROW("", "5-6", "", "Unassigned"),
	SERVICES("")},
    /* By port and transport; without a protocol, tcp and udp. */
    {__LINE__,
	HEAD ROW("b", "9", "dccp", "") ROW("a", "9", "sctp", "")
	    ROW("c", "9", "", "") ROW("d", "8", "udp", ""),
	SERVICES("d\t\t8/udp\nc\t\t9/tcp\nc\t\t9/udp\na\t\t9/sctp\n"
		 "b\t\t9/dccp\n")},
    /* Preferred rows, and those that are aliases by their note. */
    {__LINE__,
	HEAD NOTED("w3", "80", "tcp", IS_ALIAS("http"))
	    ROW("http", "80", "tcp", "") ROW("www", "80", "tcp", ""),
	SERVICES("http\t\t80/tcp\t\tw3 www\n")},
    {__LINE__,
	HEAD ROW("shilp", "2049", "tcp", "") ROW("nfs", "2049", "tcp", "NFS"),
	SERVICES("nfs\t\t2049/tcp\tshilp nfsd\t# NFS\n")},
    {__LINE__, HEAD ROW("a", "1", "", "") ROW("b", "1", "tcp", ""),
	SERVICES("b\t\t1/tcp\t\ta\na\t\t1/udp\n")},
    /* Everyday names, but for one that another port is called by. */
    {__LINE__,
	HEAD ROW("nicname", "43", "tcp", "") ROW("domain", "53", "udp", "")
	    ROW("DNS", "99", "udp", "") ROW("whois", "98", "udp", ""),
	SERVICES("nicname\t\t43/tcp\t\twhois\ndomain\t\t53/udp\n"
		 "whois\t\t98/udp\nDNS\t\t99/udp\n")},
    /* An alias is no other port's first name; the same name twice is once. */
    {__LINE__,
	HEAD ROW("a", "1", "tcp", "") ROW("b", "1", "tcp", "")
	    ROW("a", "1", "tcp", "") ROW("A", "1", "tcp", "")
		ROW("b", "2", "tcp", "") ROW("b", "1", "udp", ""),
	SERVICES("a\t\t1/tcp\t\tA\nb\t\t1/udp\nb\t\t2/tcp\n")},
    /* Ranges; a single port within one comes first. */
    {__LINE__, HEAD ROW("r", "6-8", "tcp", "R") ROW("s", "7", "tcp", "S"),
	SERVICES("r\t\t6/tcp\t# R\ns\t\t7/tcp\t# S\nr\t\t8/tcp\t# R\n")},
    {__LINE__, HEAD ROW("r", "65534-65535", "udp", ""),
	SERVICES("r\t\t65534/udp\nr\t\t65535/udp\n")},
    {__LINE__, HEAD ROW("r", "100-164", "tcp", "R") ROW("s", "101", "tcp", "S"),
	SERVICES("r\t\t100/tcp\t# 100-164 R\ns\t\t101/tcp\t# S\n")},
    /* Names that such a file cannot hold. */
    {__LINE__,
	HEAD ROW("a b", "1", "tcp", "") ROW("c#", "2", "tcp", "")
	    ROW("n\xc3\xa4me", "3", "tcp", "") ROW("\x7f", "4", "tcp", "")
		ROW(A50 A50 A50, "5", "tcp", "") ROW("z39.50", "6", "tcp", ""),
	SERVICES("z39.50\t\t6/tcp\n")},
    {__LINE__,
	HEAD ROW("fifteen-bytes-x", "1", "tcp", "")
	    ROW("sixteen-bytes-xy", "2", "tcp", "D"),
	SERVICES("fifteen-bytes-x\t1/tcp\nsixteen-bytes-xy\t2/tcp\t# D\n")},
    /* A comment is cut between characters, where 126 bytes are full. */
    {__LINE__,
	HEAD ROW("a", "1", "tcp", A50 A50 " 12345678901\xe2\x82\xac")
	    ROW("b", "2", "tcp", A50 A50 " 12345 678901\xe2\x82\xac")
		ROW("c", "3", "tcp", A50 A50 " 12345678901 \xe2\x82\xac"),
	SERVICES("a\t\t1/tcp\t# " A50 A50 " 12345678901\xe2\x82\xac\n"
		 "b\t\t2/tcp\t# " A50 A50 " 12345 678901\n"
		 "c\t\t3/tcp\t# " A50 A50 " 12345678901\n")},
    /* Profiles. */
    {__LINE__,
	HEAD CITED("a", "1", "tcp", "[RFC1]") CITED("b", "2", "tcp",
	    "[draft-x]") ROW("ssh", "22", "tcp", "SSH") ROW("ssh", "22", "udp",
	    "") ROW("ssh", "23", "tcp", "") ROW("nicname", "43", "tcp", "")
	    ROW("gpsd", "2947", "tcp", "") ROW("socks", "1080", "tcp", ""),
	"services", "common",
	"a\t\t1/tcp\nssh\t\t22/tcp\t# SSH\nnicname\t\t43/tcp\t\twhois\n"
	"socks\t\t1080/tcp\tsocks5\ngpsd\t\t2947/tcp\n"},
    {__LINE__,
	HEAD CITED("a", "1", "tcp", "[RFC1]") ROW("ssh", "22", "tcp", "SSH")
	    ROW("nicname", "43", "tcp", "") ROW("gpsd", "2947", "tcp", ""),
	"services", "minimal", "ssh\t\t22/tcp\nnicname\t\t43/tcp\t\twhois\n"},
    /* A services(5) file keeps its aliases and gets no others. */
    {__LINE__, "domain 53/udp b # D\nwhois 43/tcp nicname\nb 9/udp\n",
	SERVICES("b\t\t9/udp\nwhois\t\t43/tcp\t\tnicname\n"
		 "domain\t\t53/udp\t\tb\t# D\n")},
    {__LINE__, "shilp 2049/tcp nfs\nnfs 2049/udp\nshilp 2049/udp\n",
	SERVICES("shilp\t\t2049/tcp\tnfs\nnfs\t\t2049/udp\tshilp\n")},
    /* nmap knows three transports and no ranges. */
    {__LINE__,
	HEAD ROW("a", "9", "dccp", "") ROW("a", "9", "sctp", "A b")
	    ROW("r", "6-7", "tcp", "") ROW("s", "7", "tcp", ""),
	NMAP("r\t6/tcp\t0.000000\ns\t7/tcp\t0.000000\n"
	     "a\t9/sctp\t0.000000\t# A b\n")},
    /* Wireshark: a line a name, with ranges as far as they go. */
    {__LINE__,
	HEAD ROW("a", "9", "dccp", "B") ROW("b", "9", "tcp", "") ROW("a", "9",
	    "sctp", "A") ROW("r", "6-9", "udp", "") ROW("s", "8", "udp", ""),
	WIRESHARK("r\t\t6-7/udp\ns\t\t8/udp\nb\t\t9/tcp\nr\t\t9/udp\n"
		  "a\t\t9/sctp/dccp\t# A\n")},
    {__LINE__, HEAD ROW("eightlet", "0-65535", "", ""),
	WIRESHARK("eightlet\t0-65535/tcp/udp\n")},
};

/* What stands behind the comments and empty lines at the beginning. */
static struct span body(struct span text)
{
	while (text.len > 0 && (text.ptr[0] == '#' || text.ptr[0] == '\n'))
		span_cut(&text, '\n');
	return text;
}

static void expect(int line, const struct buf *b, const char *wanted)
{
	struct span is = body(buf_span(b));

	if (!span_eq(is, span_str(wanted)))
		fail_msg("line %d:\n%.*s\nnot\n%s", line, SPAN_FMT(is), wanted);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct portbook_error err = {0};
		struct edition e;
		struct buf b;

		buf_init(&b);
		if (edition_open(span_str(rows[i].source), &e, &err) < 0 ||
		    edition_write(&e, rows[i].format, rows[i].style, &b, &err) <
			0)
			fail_msg("line %d: %s", rows[i].line, err.text);
		expect(rows[i].line, &b, rows[i].wanted);
		buf_release(&b);
		edition_close(&e);
	}
}

/* Ports of a long range are lines for nmap, and one for the C library. */
static void test_long_range(void **state)
{
	static const struct {
		const char *format;
		size_t lines;
	} formats_of[] = {
	    {"services", 1}, {"nmap-services", 201}, {"wireshark", 1}};
	struct edition e;

	(void)state;
	assert_int_equal(
	    edition_open(
		SPAN(HEAD ROW("r", "1000-1200", "udp", "R")), &e, NULL),
	    0);
	for (size_t i = 0; i < COUNT(formats_of); i++) {
		struct span text;
		size_t lines = 0;
		struct buf b;

		buf_init(&b);
		assert_int_equal(
		    edition_write(&e, formats_of[i].format, "", &b, NULL), 0);
		for (text = body(buf_span(&b)); text.len > 0; lines++)
			span_cut(&text, '\n');
		assert_int_equal(lines, formats_of[i].lines);
		buf_release(&b);
	}
	edition_close(&e);
}

static const struct {
	int line;
	const char *frequencies, *wanted;
	unsigned column; /* of the failure on line 2 */
} frequencies[] = {
    {__LINE__, "", "a\t1/tcp\t0.000000\nb\t2/udp\t0.000000\n", 0},
    {__LINE__, "x 1/tcp 0.5 # y\r\n\n# z\n",
	"a\t1/tcp\t0.5\nb\t2/udp\t0.000000\n", 0},
    {__LINE__, "x 1/tcp 1/2\nx 1/tcp 0.7\nx 2/tcp 0\nx 2/UDP 1.0",
	"a\t1/tcp\t1/2\nunknown\t2/tcp\t0\nb\t2/udp\t1.0\n", 0},
    {__LINE__, "x 0/sctp 0.1\nx 9/dccp 0.2\nx 9/ip 0.3\n",
	"unknown\t0/sctp\t0.1\na\t1/tcp\t0.000000\nb\t2/udp\t0.000000\n", 0},
    {__LINE__, "\nx 1/tcp -1\n", NULL, 9},
    {__LINE__, "x 1/tcp 0.5\nx 65536/tcp 0.5\n", NULL, 3},
};

static void test_frequencies(void **state)
{
	struct edition e;

	(void)state;
	assert_int_equal(edition_open(SPAN(HEAD ROW("a", "1", "tcp", "")
					      ROW("b", "2", "udp", "")),
			     &e, NULL),
	    0);
	for (size_t i = 0; i < COUNT(frequencies); i++) {
		struct write_job job = {.image = &e.image,
		    .style = SPAN(""),
		    .frequencies = span_str(frequencies[i].frequencies),
		    .epoch = -1};
		struct portbook_error err = {0};
		struct buf b;
		int code;

		buf_init(&b);
		code = format_write(
		    format_find(SPAN("nmap-services")), &job, &b, &err);
		if (frequencies[i].wanted != NULL) {
			assert_int_equal(code, 0);
			expect(frequencies[i].line, &b, frequencies[i].wanted);
		} else {
			assert_int_equal(code, PORTBOOK_EFORMAT);
			assert_int_equal(err.line, 2);
			assert_int_equal(err.column, frequencies[i].column);
		}
		buf_release(&b);
	}
	edition_close(&e);
}

/* An earlier version of an image that has two. */
static void test_versions(void **state)
{
	static const char *const styles[] = {"full", "common"};
	static const char *const wanted[] = {
	    "nicname\t\t43/tcp\t\twhois\ngone\t\t44/tcp\n"
	    "https\t\t443/tcp\n",
	    "nicname\t\t43/tcp\t\twhois\nhttp\t\t80/tcp\t\twww\n"
	    "https\t\t443/tcp\nhttps\t\t443/udp\n"
	    "submissions\t465/tcp\t\turd smtps ssmtp\nx11\t\t6000/tcp\n"};
	struct image image;
	uint8_t *bytes;

	(void)state;
	assert_int_equal(sample_open(true, &image, &bytes), 0);
	for (uint32_t i = 0; i < COUNT(wanted); i++) {
		struct write_job job = {.image = &image,
		    .version = i,
		    .style = span_str(styles[i]),
		    .epoch = -1};
		struct span text, line;
		struct buf b, bare;

		buf_init(&b);
		buf_init(&bare);
		assert_int_equal(
		    format_write(format_find(SPAN("services")), &job, &b, NULL),
		    0);
		for (text = body(buf_span(&b)); text.len > 0;) {
			line = span_cut(&text, '\n');
			line = span_head(line, span_find(line, SPAN("\t#")));
			buf_add(&bare, line);
			buf_char(&bare, '\n');
		}
		expect(__LINE__, &bare, wanted[i]);
		buf_release(&b);
		buf_release(&bare);
	}
	image_close(&image);
	mem_release(bytes);
}

static void test_overlap(void **state)
{
	static const char *const names[] = {
	    "services", "nmap-services", "wireshark"};
	struct portbook_error err;
	struct edition e;
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_str(&b, HEAD);
	for (unsigned i = 0; i < 300; i++)
		buf_str(&b, ROW("r", "0-65535", "tcp", ""));
	assert_int_equal(edition_open(buf_span(&b), &e, NULL), 0);
	buf_clear(&b);
	for (size_t i = 0; i < COUNT(names); i++) {
		/* For the C library, one port of a range as long as this. */
		err = (struct portbook_error){0};
		assert_int_equal(edition_write(&e, names[i], "", &b, &err),
		    i == 0 ? 0 : PORTBOOK_ELIMIT);
		assert_int_equal(err.code, i == 0 ? 0 : PORTBOOK_ELIMIT);
	}
	buf_release(&b);
	edition_close(&e);
}

/* Each allocation fails once, where the build can make it. */
static void test_faults(void **state)
{
	static const char *const names[] = {
	    "services", "nmap-services", "wireshark"};
	struct edition e;

	(void)state;
	assert_int_equal(edition_open(SPAN(HEAD ROW("http", "80", "tcp", "x")
					      ROW("w", "80", "tcp", "")),
			     &e, NULL),
	    0);
	for (size_t i = 0; i < COUNT(names); i++) {
		int code = PORTBOOK_ENOMEM;

		for (size_t n = 1; code != 0 && n < 1000; n++) {
			struct buf b;

			buf_init(&b);
			mem_fail_from(n);
			code = edition_write(&e, names[i], "", &b, NULL);
			mem_fail_from(0);
			assert_true(code == 0 || code == PORTBOOK_ENOMEM);
			buf_release(&b);
		}
		assert_int_equal(code, 0);
	}
	edition_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_long_range),
	    cmocka_unit_test(test_frequencies),
	    cmocka_unit_test(test_versions),
	    cmocka_unit_test(test_overlap),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
