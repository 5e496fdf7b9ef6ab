/* SPDX-License-Identifier: ISC */
/* Compression, files and memory that runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>
#include <nettle/sha2.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "read/limits.h"
#include "read/read.h"
#include "read/window.h"

static const char xml[] =
    "<registry xmlns=\"http://www.iana.org/assignments\" id=\"i\">\n"
    "  <title>T</title>\n"
    "  <updated>2026-01-31</updated>\n"
    "  <note title=\"N\">n</note>\n"
    "  <record date=\"2020-01-02\">\n"
    "    <name>a</name>\n"
    "    <xref type=\"person\" data=\"A\"/>\n"
    "    <description>d<br/></description>\n"
    "  </record>\n\n"
    "  <record><name>b</name></record>\n"
    "  <footnote anchor=\"1\">f</footnote>\n"
    "  <people>\n"
    "    <person id=\"A\"><uri>u</uri></person>\n\n"
    "    <person id=\"B\">\n    </person>\n"
    "  </people>\n"
    "</registry>\n";

static const char csv[] =
    "Service Name,Port Number,Transport Protocol,Description,Assignee,"
    "Contact,Registration Date,Modification Date,Reference,Service Code,"
    "Unauthorized Use Reported,Assignment Notes\r\n"
    "a,7,tcp,\"b, c\",[A],[B],,,[RFC1],,,\n";

/* Appends a gzip member; the storage is large enough for these texts. */
static void put_gzip(struct buf *b, struct span text)
{
	z_stream z = {0};
	char *room = buf_room(b, text.len + 1024);

	assert_non_null(room);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9,
			     Z_DEFAULT_STRATEGY),
	    Z_OK);
	z.next_in = (z_const Bytef *)text.ptr;
	z.avail_in = (uInt)text.len;
	z.next_out = (Bytef *)room;
	z.avail_out = (uInt)text.len + 1024;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	b->len += z.total_out;
	deflateEnd(&z);
}

static void put_zstd(struct buf *b, struct span text)
{
	size_t cap = ZSTD_compressBound(text.len);
	char *room = buf_room(b, cap);
	size_t len;

	assert_non_null(room);
	len = ZSTD_compress(room, cap, text.ptr, text.len, 9);
	assert_false(ZSTD_isError(len));
	b->len += len;
}

static void expect_good(struct span bytes)
{
	uint8_t digest[REGISTRY_DIGEST_LEN];
	struct portbook_error err;
	struct sha256_ctx sha256;
	struct registry r;
	struct buf out;

	if (read_registry_memory(bytes, "test", &r, NULL, &err) < 0)
		fail_msg("%s", err.text);
	sha256_init(&sha256);
	sha256_update(&sha256, sizeof(xml) - 1, (const uint8_t *)xml);
	sha256_digest(&sha256, sizeof(digest), digest);
	assert_memory_equal(digest, r.digest, sizeof(digest));
	assert_int_equal(r.source_len, sizeof(xml) - 1);
	buf_init(&out);
	registry_to_xml(&r, &out);
	assert_true(span_eq(buf_span(&out), span_str(xml)));
	buf_release(&out);
	registry_release(&r);
}

static void expect_bad(struct span bytes, int want, const char *text)
{
	struct portbook_error err = {0};
	struct registry r;
	int code = read_registry_memory(bytes, "test", &r, NULL, &err);

	if (code != want || strcmp(err.source, "test") != 0 ||
	    strstr(err.text, text) == NULL)
		fail_msg("%d, %s: %s", code, err.source, err.text);
}

typedef void packer(struct buf *b, struct span text);

static void check_packed(packer *put, const char *garbage)
{
	struct span whole = span_str(xml);
	struct buf b;
	size_t len;

	buf_init(&b);
	put(&b, whole);
	expect_good(buf_span(&b));
	for (len = 4; len < b.len; len++)
		expect_bad(span_head(buf_span(&b), len), PORTBOOK_EFORMAT,
		    "cut short");
	buf_char(&b, 'x');
	expect_bad(buf_span(&b), PORTBOOK_EFORMAT, garbage);
	b.len--;
	buf_str(&b, "garbage!");
	expect_bad(buf_span(&b), PORTBOOK_EFORMAT, "damaged");
	buf_clear(&b);
	put(&b, span_head(whole, 100));
	put(&b, SPAN(""));
	put(&b, span_skip(whole, 100));
	expect_good(buf_span(&b));
	buf_release(&b);
}

static void test_packed(void **state)
{
	(void)state;
	expect_good(span_str(xml));
	check_packed(put_gzip, "");
	check_packed(put_zstd, "");
}

static void test_damaged(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	put_gzip(&b, span_str(xml));
	b.ptr[b.len - 6] ^= 1;
	expect_bad(buf_span(&b), PORTBOOK_EFORMAT, "damaged gzip");
	buf_release(&b);
}

/* Blanks only: the limit of a piece comes first, and early. */
static void test_bomb(void **state)
{
	struct buf blanks, b;

	(void)state;
	buf_init(&blanks);
	buf_init(&b);
	buf_str(&blanks, "<registry ");
	buf_fill(&blanks, ' ', (size_t)96 << 20);
	put_zstd(&b, buf_span(&blanks));
	expect_bad(buf_span(&b), PORTBOOK_ELIMIT, "more than");
	buf_clear(&b);
	buf_clear(&blanks);
	buf_str(
	    &blanks, "<registry xmlns=\"http://www.iana.org/assignments\">");
	for (size_t i = 0; i < (size_t)1 << 20; i++)
		buf_add(&blanks,
		    SPAN("<hide></hide>                               "
			 "                                             "));
	put_zstd(&b, buf_span(&blanks));
	expect_bad(buf_span(&b), PORTBOOK_ELIMIT, "");
	buf_release(&blanks);
	buf_release(&b);
}

/* Records and comments until the source is longer than three parts. */
static void put_long(struct buf *b, size_t head_len, size_t gap_len)
{
	buf_str(b, "<registry xmlns=\"http://www.iana.org/assignments\">\n"
		   "  <!--");
	buf_fill(b, 'h', head_len);
	buf_str(b, "-->");
	for (unsigned i = 0; b->len < 3 * WINDOW_AHEAD_LEN; i++) {
		buf_printf(b,
		    "\n  <record>\n    <name>n%u</name>\n"
		    "    <number>%u</number>\n  </record>",
		    i, i % 65536);
		if (i % 40000 != 0)
			continue;
		buf_str(b, "<!--");
		buf_fill(b, 'g', gap_len);
		buf_str(b, "-->");
	}
	buf_str(b, "\n</registry>\n");
}

/* Expat keeps a buffer of its own between the parts of a long source. */
static void test_long(void **state)
{
	static const size_t lens[][2] = {{0, 0}, {50, 3000000}, {9000000, 50},
	    {WINDOW_AHEAD_LEN - 100, 5000000}};

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct buf source = {0}, out = {0};
		struct portbook_error err;
		struct registry r;

		put_long(&source, lens[i][0], lens[i][1]);
		if (read_registry_memory(
			buf_span(&source), "test", &r, NULL, &err) < 0)
			fail_msg("source %zu: %d:%d: %s", i, (int)err.line,
			    (int)err.column, err.text);
		registry_to_xml(&r, &out);
		assert_true(span_eq(buf_span(&out), buf_span(&source)));
		buf_release(&source);
		buf_release(&out);
		registry_release(&r);
	}
}

static void test_files(void **state)
{
	struct portbook_error err = {0};
	struct registry r;
	int ends[2];

	(void)state;
	assert_int_equal(
	    read_registry("/nonexistent/x", &r, NULL, &err), PORTBOOK_ENODATA);
	assert_string_equal(err.source, "/nonexistent/x");
	registry_release(&r);
	assert_int_equal(read_registry("/", &r, NULL, &err), PORTBOOK_EIO);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(
	    write(ends[1], xml, sizeof(xml) - 1), (ssize_t)sizeof(xml) - 1);
	close(ends[1]);
	assert_int_equal(read_registry_fd(ends[0], "pipe", &r, NULL, NULL), 0);
	assert_int_equal(r.record_count, 2);
	registry_release(&r);
	close(ends[0]);
}

/* Each allocation fails once; only builds with -Dfaults=true let it. */
static void check_memory(struct span bytes)
{
	size_t n = 1;
	int code;

	do {
		struct portbook_error err = {0};
		struct registry r;

		mem_fail_from(n++);
		code = read_registry_memory(bytes, "test", &r, NULL, &err);
		mem_fail_from(0);
		if (code < 0) {
			assert_int_equal(code, PORTBOOK_ENOMEM);
			assert_int_equal(err.code, PORTBOOK_ENOMEM);
		}
		registry_release(&r);
	} while (code < 0);
#ifdef PORTBOOK_FAULTS
	assert_true(n > 5);
#endif
}

static void test_memory(void **state)
{
	struct buf b;

	(void)state;
	check_memory(span_str(xml));
	check_memory(span_str(csv));
	buf_init(&b);
	put_gzip(&b, span_str(xml));
	check_memory(buf_span(&b));
	buf_clear(&b);
	put_zstd(&b, span_str(xml));
	check_memory(buf_span(&b));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_packed),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_bomb),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
