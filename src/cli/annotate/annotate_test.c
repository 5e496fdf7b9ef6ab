/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/annotate/columns.h"
#include "cli/annotate/fields.h"
#include "cli/annotate/json.h"
#include "cli/annotate/run_test.h"
#include "cli/annotate/split.h"
#include "search/sample_test.h"

/* Each port in five digits and fewer, and what is none. */
static void test_ports(void **state)
{
	static const char *const none[] = {"65536", "99999", "-1", "+1", "",
	    "4a3", "44 3", "0x50", "1e3", "443.", "18446744073709551616", "/",
	    ":", "4\xb3"};
	char text[32] = "#######";

	(void)state;
	for (uint32_t port = 0; port <= 65535; port++) {
		int len = snprintf(text + 8, 16, "%u", port);

		text[7] = (char)('0' + port % 10);
		assert_int_equal(fields_port(text + 8, (size_t)len), port);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		size_t len = strlen(none[i]);

		memcpy(text + 8, none[i], len + 1);
		assert_int_equal(fields_port(text + 8, len), FIELDS_NO_PORT);
	}
	memcpy(text + 8, "\" 00443\t\"", 10);
	assert_int_equal(fields_port(text + 8, 9), 443);
}

static void test_protocols(void **state)
{
	static const struct {
		int line;
		const char *text;
		enum protocol protocol;
	} rows[] = {
	    {__LINE__, "6", PROTOCOL_TCP},
	    {__LINE__, "17", PROTOCOL_UDP},
	    {__LINE__, "33", PROTOCOL_DCCP},
	    {__LINE__, "132", PROTOCOL_SCTP},
	    {__LINE__, "tcp", PROTOCOL_TCP},
	    {__LINE__, "Udp", PROTOCOL_UDP},
	    {__LINE__, "SCTP", PROTOCOL_SCTP},
	    {__LINE__, "dccp", PROTOCOL_DCCP},
	    {__LINE__, " 017 ", PROTOCOL_UDP},
	    {__LINE__, "\"tcp\"", PROTOCOL_TCP},
	    {__LINE__, "", PROTOCOL_SCTP},
	    {__LINE__, "-", PROTOCOL_SCTP},
	    {__LINE__, "1", PROTOCOL_OTHER},
	    {__LINE__, "icmp", PROTOCOL_OTHER},
	    {__LINE__, "262", PROTOCOL_OTHER},
	    {__LINE__, "tc", PROTOCOL_OTHER},
	};
	char text[16] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);

		memset(text, '7', sizeof(text));
		memcpy(text, rows[i].text, len);
		if (fields_protocol(text, len, PROTOCOL_SCTP) !=
		    rows[i].protocol)
			fail_msg("line %d", rows[i].line);
	}
	memcpy(text, "tcp\0\0\0", 6);
	for (size_t len = 4; len <= 6; len++)
		assert_int_equal(
		    fields_protocol(text, len, PROTOCOL_SCTP), PROTOCOL_OTHER);
	memcpy(text, "6\0", 2);
	assert_int_equal(
	    fields_protocol(text, 2, PROTOCOL_SCTP), PROTOCOL_OTHER);
	for (size_t i = 0; i < FIELDS_WORDS; i++)
		if (fields_words[i].protocol < PROTOCOL_COUNT)
			assert_int_equal(
			    fields_word_place(fields_words[i].word), i);
}

/* All ways of finding marks find those that one byte after another has. */
static void test_marks(void **state)
{
	struct marks_bytes bytes = {',', '"', MARKS_PLAIN, 0};
	uint64_t words[3][4];
	uint32_t places[256 + MARKS_LIST_SLACK], ends[256 + MARKS_LIST_SLACK];
	struct marks marks = {words[0], words[1], words[2], places, ends};
	unsigned seed = 1, tried = 0, lists = 0;
	char text[256];
	const char *name;
	bool runs;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 1103515245U + 12345U;
			text[i] = "\n,\"a\x8c\xac\x0b-z{;.\x01 \t#"
			    [(seed >> 20) % (round % 2 == 0 ? 4 : 16)];
		}
		for (size_t n = 0;; n++) {
			marks_fn *find = marks_nth(n, &runs, &name);

			if (find == NULL)
				break;
			if (!runs)
				continue;
			tried++;
			memset(words, 0x55, sizeof(words));
			find(text, 4, &bytes, &marks);
			for (size_t i = 0; i < sizeof(text); i++) {
				bool is[] = {text[i] == '\n', text[i] == ',',
				    text[i] == '"'};

				for (size_t k = 0; k < 3; k++)
					if ((words[k][i / 64] >> i % 64 & 1) !=
					    is[k])
						fail_msg("%s at %zu", name, i);
			}
		}
		for (size_t n = 0;; n++) {
			marks_list_fn *list = marks_list_nth(n, &runs, &name);
			size_t begin = round % 70, count = 0, line = 0, lines;

			if (list == NULL)
				break;
			if (!runs)
				continue;
			lists++;
			lines = list(&marks, begin, sizeof(text) - 1);
			for (size_t i = begin; i < sizeof(text); i++) {
				if (text[i] != '\n' && text[i] != ',')
					continue;
				if (text[i] == '\n')
					assert_int_equal(ends[line++], count);
				assert_int_equal(places[count++], i);
			}
			assert_int_equal(lines, line);
		}
	}
	assert_true(tried >= 200 && lists >= 200);
}

/* Splitting lists what marking and listing do. */
static void test_split(void **state)
{
	static const enum marks_mode modes[] = {MARKS_PLAIN, MARKS_RUNS};
	uint32_t places[2][512], ends[2][512];
	uint64_t words[3][8];
	struct marks marks = {words[0], words[1], words[2], NULL, NULL};
	split_fn *split = split_best();
	unsigned seed = 1;
	char text[384];
	bool runs;

	(void)state;
	if (split == NULL)
		skip();
	for (unsigned round = 0; round < 2000; round++) {
		struct marks_bytes bytes = {' ', '\t', modes[round % 2], 0};
		marks_list_fn *list;
		const char *name;
		size_t begin = 0, count[2], n = 0;

		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 1103515245U + 12345U;
			text[i] = " \t\nab\r\xa0z0123456789-."
			    [(seed >> 20) % (round % 3 == 0 ? 4 : 20)];
		}
		if (round % 5 > 0) {
			begin = round % 150 + 1;
			text[begin - 1] = '\n';
		}
		bytes.start = begin;
		for (list = NULL; list == NULL || !runs; n++)
			list = marks_list_nth(n, &runs, &name);
		marks_make(marks_best(), text, 320, &bytes, &marks);
		marks.places = places[0];
		marks.ends = ends[0];
		count[0] = list(&marks, begin, 319);
		marks.places = places[1];
		marks.ends = ends[1];
		count[1] = split(text, begin, 319, &bytes, &marks);
		assert_int_equal(count[1], count[0]);
		for (size_t i = 0; i < count[0]; i++)
			assert_int_equal(ends[1][i], ends[0][i]);
		if (count[0] > 0)
			for (size_t i = 0; i <= ends[0][count[0] - 1]; i++)
				assert_int_equal(places[1][i], places[0][i]);
	}
}

static size_t put_field(char *text, size_t at, unsigned seed)
{
	static const char *const odd[] = {"", "-", " 443", "443 ", "\"53\"",
	    "00080", "99999", "65536", "65535", "123456", "0x1", "4:3", "tcp",
	    "UDP", "sctp", "DCCP", "icmp", "6", "17", "132", "33", "1", "Tcp",
	    "t/p", "4 3", "/", ":", "\xb1\xb2"};
	const char *from = odd[seed % (sizeof(odd) / sizeof(odd[0]))];

	if (seed % 3 > 0)
		return at + (size_t)snprintf(&text[at], 16, "%u",
				seed % (seed % 2 ? 70000 : 999));
	memcpy(&text[at], from, strlen(from));
	return at + strlen(from);
}

/* What reads several fields together reads each as the one that does not. */
static void test_columns(void **state)
{
	char text[64 + COLUMNS_LINES * 16 + 64];
	unsigned seed = 1, tried = 0;
	const char *name;
	bool runs;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		size_t count = round % (COLUMNS_LINES + 1), at = 64;
		struct columns c;

		memset(text, round % 2 == 0 ? '7' : 0, sizeof(text));
		for (size_t i = 0; i < count; i++) {
			seed = seed * 1103515245U + 12345U;
			c.begins[i] = (uint32_t)at;
			at = put_field(text, at, seed >> 12);
			c.ends[i] = (uint32_t)at;
			text[at++] = " ,\t\n"[round % 4];
		}
		for (size_t n = 0;; n++) {
			const struct columns_kind *kind =
			    columns_nth(n, &runs, &name);
			enum protocol protocols[COLUMNS_LINES];
			uint32_t ports[COLUMNS_LINES];

			if (kind == NULL)
				break;
			if (!runs)
				continue;
			tried++;
			kind->ports(text, &c, count, ports);
			kind->protocols(
			    text, &c, count, PROTOCOL_SCTP, protocols);
			for (size_t i = 0; i < count; i++) {
				const char *field = text + c.begins[i];
				size_t len = c.ends[i] - c.begins[i];

				if (ports[i] != fields_port(field, len) ||
				    protocols[i] != fields_protocol(field, len,
							PROTOCOL_SCTP))
					fail_msg("%s: \"%.*s\": %u, %d", name,
					    (int)len, field, ports[i],
					    (int)protocols[i]);
			}
		}
	}
	assert_true(tried >= 4000);
}

/* A text may end where a block does: nothing is marked behind it. */
static void test_last_block(void **state)
{
	static const enum marks_mode modes[] = {
	    MARKS_PLAIN, MARKS_QUOTED, MARKS_RUNS};
	uint32_t places[256], ends[256];
	uint64_t words[3][4];
	struct marks marks = {words[0], words[1], words[2], places, ends};
	char text[128];

	(void)state;
	for (size_t mode = 0; mode < 3; mode++)
		for (size_t len = 60; len <= sizeof(text); len++) {
			struct marks_bytes bytes = {',', '"', modes[mode], 0};

			memset(words, 0xff, sizeof(words));
			memset(text, 'x', sizeof(text));
			text[10] = ',';
			text[len - 1] = '\n';
			assert_false(marks_make(
			    marks_best(), text, len, &bytes, &marks));
			assert_int_equal(marks_last(words[0], len), len);
			assert_int_equal(marks_list_best()(&marks, 0, len), 1);
			assert_int_equal(places[0], 10);
			assert_int_equal(places[ends[0]], len - 1);
		}
}

static void count_member(void *ctx, struct span key, struct span value)
{
	size_t *count = ctx;

	(void)key;
	(void)value;
	++*count;
}

static void test_json(void **state)
{
	static const struct {
		int line;
		const char *text;
		int members; /* -1: no object */
	} rows[] = {
	    {__LINE__, "{}", 0},
	    {__LINE__, " { \"a\" : 1 , \"b\":[{},[1,{\"x\":[]}]]}\r", 2},
	    {__LINE__, "{\"a\":\"\\\"}\\u00e9\",\"b\":-0.5e+7,\"c\":null}", 3},
	    {__LINE__, "", -1},
	    {__LINE__, "[]", -1},
	    {__LINE__, "{\"a\":1,}", -1},
	    {__LINE__, "{,}", -1},
	    {__LINE__, "{\"a\"}", -1},
	    {__LINE__, "{\"a\":01}", -1},
	    {__LINE__, "{\"a\":1]", -1},
	    {__LINE__, "{\"a\":[1}}", -1},
	    {__LINE__, "{\"a\":\"x}", -1},
	    {__LINE__, "{\"a\":tru}", -1},
	    {__LINE__, "{\"a\":\"\\x\"}", -1},
	    {__LINE__, "{\"a\":1}}", -1},
	    {__LINE__, "{\"a\":1}x", -1},
	    {__LINE__, "{\"a\":\"\t\"}", -1},
	    {__LINE__, "{\"a\":.5}", -1},
	    {__LINE__, "{\"a\":1", -1},
	};
	struct span deep;
	char text[2 * JSON_DEPTH_MAX + 16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t count = 0, end = 0;
		struct span line = span_str(rows[i].text);
		bool good = json_object_read(line, count_member, &count, &end);

		if (good != (rows[i].members >= 0) ||
		    (good && (count != (size_t)rows[i].members ||
				 line.ptr[end] != '}')))
			fail_msg("line %d", rows[i].line);
	}
	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1;
	     depth++) {
		size_t count = 0, end;

		memcpy(text, "{\"a\":", 5);
		memset(text + 5, '[', depth);
		memset(text + 5 + depth, ']', depth);
		text[5 + 2 * depth] = '}';
		deep = span_of(text, 6 + 2 * depth);
		assert_int_equal(
		    json_object_read(deep, count_member, &count, &end),
		    depth == JSON_DEPTH_MAX);
	}
}

/* Runs text in chunks of a size on so many threads, and compares. */
static void expect(const struct image *image, size_t jobs, size_t chunk,
    struct span text, struct span wanted, struct chunk_counts *counts)
{
	struct annotate_ask ask = {
	    .ports = {SPAN_INIT("dport")},
	    .port_count = 1,
	    .protocol = SPAN_INIT("proto"),
	    .prefix = SPAN_INIT(""),
	    .assumed = PROTOCOL_NONE,
	    .field_count = 1,
	    .jobs = jobs,
	};
	struct portbook_error err;
	struct buf out;

	*counts = (struct chunk_counts){0};
	buf_init(&out);
	if (run_annotate(image, &ask, text, chunk, 32, &out, counts, &err) < 0)
		fail_msg("%s", err.text);
	if (!span_eq(buf_span(&out), wanted))
		fail_msg("chunks of %zu, %zu jobs: %.*s", chunk, jobs,
		    SPAN_FMT(buf_span(&out)));
	buf_release(&out);
}

/* Records that are cut anywhere. */
static void test_cuts(void **state)
{
	static const struct span text = SPAN_INIT("sport,dport,proto\n"
						  "1,443,tcp\n"
						  "\"a\nb\",\"80\",6\r\n"
						  "3,x,17\n"
						  "none\n"
						  "4,6010,tcp");
	static const struct span wanted =
	    SPAN_INIT("sport,dport,proto,service\n"
		      "1,443,tcp,https\n"
		      "\"a\nb\",\"80\",6,http\r\n"
		      "3,x,17,\n"
		      "none\n"
		      "4,6010,tcp,x11");
	struct chunk_counts counts;
	struct image image;
	uint8_t *bytes;

	(void)state;
	assert_int_equal(sample_open(true, &image, &bytes), 0);
	for (size_t chunk = 1; chunk < 70; chunk++)
		for (size_t jobs = 1; jobs <= 3; jobs++) {
			expect(&image, jobs, chunk, text, wanted, &counts);
			assert_int_equal(counts.records, 5);
			assert_int_equal(counts.named, 3);
			assert_int_equal(counts.unchanged, 1);
		}
	image_close(&image);
	mem_release(bytes);
}

/* One that is too long passes; what follows is looked at again. */
static void test_overlong(void **state)
{
	static const char head[] = "dport,proto\n";
	static const char tail[] = ",tcp\n443,6\n";
	char text[1024], wanted[1100];
	struct chunk_counts counts;
	struct image image;
	uint8_t *bytes;
	int len;

	(void)state;
	assert_int_equal(sample_open(true, &image, &bytes), 0);
	len = snprintf(text, sizeof(text), "%s%0900d%s", head, 4, tail);
	snprintf(wanted, sizeof(wanted),
	    "dport,proto,service\n%0900d,tcp\n"
	    "443,6,https\n",
	    4);
	for (size_t chunk = 1; chunk < 32; chunk++)
		for (size_t jobs = 1; jobs <= 2; jobs++) {
			expect(&image, jobs, chunk, span_of(text, (size_t)len),
			    span_str(wanted), &counts);
			assert_int_equal(counts.records, 2);
			assert_int_equal(counts.named, 1);
			assert_int_equal(counts.overlong, 1);
			assert_int_equal(counts.unchanged, 1);
		}
	image_close(&image);
	mem_release(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ports),
	    cmocka_unit_test(test_protocols),
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_split),
	    cmocka_unit_test(test_columns),
	    cmocka_unit_test(test_last_block),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_cuts),
	    cmocka_unit_test(test_overlong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
