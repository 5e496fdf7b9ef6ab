/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "http/coding.h"
#include "base/banned.h"

#define PLAIN (1U << HTTP_IDENTITY)
#define GZIP_ONLY (PLAIN | 1U << HTTP_GZIP)

/* The examples of RFC 9110 section 12.5.3 are among them. */
static void test_wish(void **state)
{
	static const struct {
		int line;
		const char *accept;
		unsigned offered;
		enum http_coding best;
		bool never_plain;
	} rows[] = {
	    {__LINE__, "", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip", CODINGS_ALL, HTTP_GZIP, false},
	    {__LINE__, "GZip", CODINGS_ALL, HTTP_GZIP, false},
	    {__LINE__, "x-gzip", CODINGS_ALL, HTTP_GZIP, false},
	    {__LINE__, "zstd", CODINGS_ALL, HTTP_ZSTD, false},
	    {__LINE__, "br", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip, deflate, br, zstd", CODINGS_ALL, HTTP_ZSTD,
		false},
	    {__LINE__, "gzip, deflate, br, zstd", GZIP_ONLY, HTTP_GZIP, false},
	    {__LINE__, "gzip, zstd", PLAIN, HTTP_IDENTITY, false},
	    {__LINE__, "compress, gzip", CODINGS_ALL, HTTP_GZIP, false},
	    {__LINE__, "*", CODINGS_ALL, HTTP_GZIP, false},
	    {__LINE__, "compress;q=0.5, gzip;q=1.0", CODINGS_ALL, HTTP_GZIP,
		false},
	    {__LINE__, "gzip;q=1.0, identity; q=0.5, *;q=0", CODINGS_ALL,
		HTTP_GZIP, false},
	    {__LINE__, "zstd;q=0.2, gzip;q=0.8", CODINGS_ALL, HTTP_GZIP, false},
	    {__LINE__, "zstd;q=0.8, gzip;q=0.2", CODINGS_ALL, HTTP_ZSTD, false},
	    {__LINE__, "gzip;q=0", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;q=0.000, zstd;Q=0.001", CODINGS_ALL, HTTP_ZSTD,
		false},
	    {__LINE__, "identity, gzip;q=0.5", CODINGS_ALL, HTTP_IDENTITY,
		false},
	    {__LINE__, "identity;q=0.5, gzip;q=0.5", CODINGS_ALL, HTTP_GZIP,
		false},
	    {__LINE__, "identity;q=0, gzip", CODINGS_ALL, HTTP_GZIP, true},
	    {__LINE__, "*;q=0, zstd", CODINGS_ALL, HTTP_ZSTD, true},
	    {__LINE__, "identity;q=0", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "*;q=0", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "*, gzip;q=0", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, " \tgzip\t; q=0.7 ,, ,", CODINGS_ALL, HTTP_GZIP, false},
	    /* What cannot be read counts for nothing. */
	    {__LINE__, "gzip;q=2", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;q=1.001", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;q=0.1234", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;q=", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;q=-1", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;level=9", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, "gzip;q=0.5x, zstd", CODINGS_ALL, HTTP_ZSTD, false},
	    {__LINE__, "gzipped", CODINGS_ALL, HTTP_IDENTITY, false},
	    {__LINE__, ";q=1, =", CODINGS_ALL, HTTP_IDENTITY, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct coding_wish wish =
		    coding_wish(span_str(rows[i].accept), rows[i].offered);

		if (wish.best != rows[i].best ||
		    wish.never_plain != rows[i].never_plain)
			fail_msg("line %d: %s: %d", rows[i].line,
			    rows[i].accept, wish.best);
	}
}

static size_t unpack(
    enum http_coding coding, struct span packed, char *out, size_t cap)
{
	z_stream z = {0};
	size_t len;

	if (coding == HTTP_ZSTD)
		return ZSTD_decompress(out, cap, packed.ptr, packed.len);
	assert_int_equal(inflateInit2(&z, MAX_WBITS + 16), Z_OK);
	z.next_in = (const Bytef *)packed.ptr;
	z.avail_in = (uInt)packed.len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)cap;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	len = z.total_out;
	inflateEnd(&z);
	return len;
}

/* Each length comes out again, the same bytes each time, from one coder. */
static void test_pack(void **state)
{
	static const size_t lens[] = {0, 1, 255, 70000, 300000, 5};
	static char text[300000], back[300001];
	struct coders coders;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	coders_init(&coders);
	for (size_t i = 0; i < 2 * sizeof(lens) / sizeof(lens[0]); i++) {
		enum http_coding coding = i % 2 == 0 ? HTTP_GZIP : HTTP_ZSTD;
		struct span bytes = span_of(text, lens[i / 2]);
		struct buf out, again;

		buf_init(&out);
		buf_init(&again);
		assert_int_equal(coders_pack(&coders, coding, bytes, &out), 0);
		assert_int_equal(
		    coders_pack(&coders, coding, bytes, &again), 0);
		assert_true(span_eq(buf_span(&out), buf_span(&again)));
		assert_int_equal(
		    unpack(coding, buf_span(&out), back, sizeof(back)),
		    bytes.len);
		assert_memory_equal(back, text, bytes.len);
		buf_release(&out);
		buf_release(&again);
	}
	coders_release(&coders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wish),
	    cmocka_unit_test(test_pack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
