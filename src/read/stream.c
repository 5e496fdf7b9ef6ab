/* SPDX-License-Identifier: ISC */
#include "read/stream.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/limits.h"
#include "base/banned.h"

#define INPUT_LEN ((size_t)128 * 1024)
#define FIRST_LEN ((size_t)4096)
#define USUAL_EXPANSION 10 /* of a registry that was compressed */

static void fail(struct stream *s, int code)
{
	s->code = code;
	s->ended = true;
	error_locate(&s->err, s->name, 0, 0);
}

void stream_open_memory(struct stream *s, struct span bytes, const char *name)
{
	*s = (struct stream){.fd = -1,
	    .name = name,
	    .input = bytes,
	    .input_ended = true,
	    .input_len = bytes.len,
	    .limit = LIMIT_SOURCE_LEN};
	sha256_init(&s->sha256);
}

void stream_open_fd(struct stream *s, int fd, const char *name)
{
	*s = (struct stream){.fd = fd,
	    .name = name,
	    .input = SPAN(""),
	    .limit = LIMIT_SOURCE_LEN};
	sha256_init(&s->sha256);
}

void stream_expect_archive(struct stream *s)
{
	s->limit = LIMIT_ARCHIVE_LEN;
	s->grows = true;
	s->hash_held = true;
}

void stream_close(struct stream *s)
{
	if (s->has_gzip)
		inflateEnd(&s->gzip);
	ZSTD_freeDCtx(s->zstd);
	mem_release(s->storage);
	*s = (struct stream){.fd = -1};
}

/* As much as there is, to ptr; 0 at the end and after a failure. */
static size_t take_input(struct stream *s, char *ptr, size_t cap)
{
	ssize_t got;

	do
		got = read(s->fd, ptr, cap);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		fail(s,
		    error_set(&s->err, PORTBOOK_EIO, errno, "cannot be read"));
		return 0;
	}
	if (got == 0)
		s->input_ended = true;
	s->input_len += (size_t)got;
	return (size_t)got;
}

/* Up to cap bytes of input, or the end of it, or a failure. */
static void refill(struct stream *s, size_t cap)
{
	if (s->input.len > 0 || s->input_ended)
		return;
	if (s->storage == NULL)
		s->storage = mem_alloc(INPUT_LEN, 1);
	if (s->storage == NULL) {
		fail(s, error_nomem(&s->err));
		return;
	}
	s->input = span_of(s->storage, take_input(s, s->storage, cap));
}

static voidpf gzip_alloc(voidpf ctx, uInt count, uInt size)
{
	(void)ctx;
	return mem_alloc(count, size);
}

static void gzip_free(voidpf ctx, voidpf ptr)
{
	(void)ctx;
	mem_release(ptr);
}

/* Enough input to tell the kinds apart; the rest need not lie in storage. */
static void fill_first(struct stream *s)
{
	refill(s, FIRST_LEN);
	while (s->code == 0 && !s->input_ended && s->input.len < 4) {
		size_t len = s->input.len;

		s->input.len +=
		    take_input(s, s->storage + len, INPUT_LEN - len);
	}
}

/* RFC 1952 section 2.3.1; RFC 8878 sections 3.1.1 and 3.1.2. */
static void recognise(struct stream *s)
{
	fill_first(s);
	if (s->code < 0)
		return;
	s->kind = STREAM_PLAIN;
	if (span_starts(s->input, SPAN("\x1f\x8b"))) {
		s->kind = STREAM_GZIP;
		s->gzip.zalloc = gzip_alloc;
		s->gzip.zfree = gzip_free;
		s->has_gzip = inflateInit2(&s->gzip, 16 + MAX_WBITS) == Z_OK;
		if (!s->has_gzip)
			fail(s, error_nomem(&s->err));
	} else if (span_starts(s->input, SPAN("\x28\xb5\x2f\xfd")) ||
		   (s->input.len >= 4 && (s->input.ptr[0] & 0xf0) == 0x50 &&
		       memcmp(s->input.ptr + 1, "\x2a\x4d\x18", 3) == 0)) {
		s->kind = STREAM_ZSTD;
		s->zstd = ZSTD_createDCtx();
		if (s->zstd == NULL)
			fail(s, error_nomem(&s->err));
	}
}

static size_t read_plain(struct stream *s, char *ptr, size_t cap)
{
	size_t len = s->input.len < cap ? s->input.len : cap;

	if (len > 0) {
		memcpy(ptr, s->input.ptr, len);
		s->input = span_skip(s->input, len);
		return len;
	}
	if (!s->input_ended)
		len = take_input(s, ptr, cap);
	if (len == 0)
		s->ended = true;
	return len;
}

static void bad_compression(struct stream *s, const char *what)
{
	fail(s, error_set(&s->err, PORTBOOK_EFORMAT, 0,
		    "damaged %s data: %s; fetch the file again",
		    s->kind == STREAM_GZIP ? "gzip" : "zstd", what));
}

static size_t inflate_some(struct stream *s, char *ptr, size_t cap)
{
	uInt given =
	    s->input.len < INPUT_LEN ? (uInt)s->input.len : (uInt)INPUT_LEN;
	int status;

	if (!s->within) {
		inflateReset(&s->gzip);
		s->within = true;
	}
	s->gzip.next_in = (z_const Bytef *)s->input.ptr;
	s->gzip.avail_in = given;
	s->gzip.next_out = (Bytef *)ptr;
	s->gzip.avail_out = (uInt)cap;
	status = inflate(&s->gzip, Z_NO_FLUSH);
	s->input = span_skip(s->input, given - s->gzip.avail_in);
	if (status == Z_STREAM_END)
		s->within = false;
	else if (status == Z_MEM_ERROR)
		fail(s, error_nomem(&s->err));
	else if (status != Z_OK && status != Z_BUF_ERROR)
		bad_compression(
		    s, s->gzip.msg != NULL ? s->gzip.msg : "unknown method");
	return cap - s->gzip.avail_out;
}

static size_t unzstd_some(struct stream *s, char *ptr, size_t cap)
{
	ZSTD_inBuffer in = {s->input.ptr, s->input.len, 0};
	ZSTD_outBuffer out = {ptr, cap, 0};
	size_t status = ZSTD_decompressStream(s->zstd, &out, &in);

	s->input = span_skip(s->input, in.pos);
	if (ZSTD_isError(status))
		bad_compression(s, ZSTD_getErrorName(status));
	else
		s->within = status != 0;
	return out.pos;
}

static size_t read_compressed(struct stream *s, char *ptr, size_t cap)
{
	size_t had, len;

	refill(s, INPUT_LEN);
	if (s->code < 0)
		return 0;
	if (s->input.len == 0 && !s->within) {
		s->ended = true;
		return 0;
	}
	had = s->input.len;
	len = s->kind == STREAM_GZIP ? inflate_some(s, ptr, cap)
				     : unzstd_some(s, ptr, cap);
	if (s->code == 0 && len == 0 && had == 0 && s->within)
		fail(s, error_set(&s->err, PORTBOOK_EFORMAT, 0,
			    "ends in the middle of its compressed data: "
			    "it was cut short, fetch it again"));
	return len;
}

static void check_limits(struct stream *s)
{
	if (s->code < 0)
		return;
	if (s->len > s->limit)
		fail(s, error_set(&s->err, PORTBOOK_ELIMIT, 0,
			    "larger than %llu bytes",
			    (unsigned long long)s->limit));
	else if (s->kind != STREAM_PLAIN && !s->grows &&
		 s->len > LIMIT_FREE_LEN &&
		 s->len / LIMIT_EXPANSION > s->input_len)
		fail(s, error_set(&s->err, PORTBOOK_ELIMIT, 0,
			    "grows more than %u times when decompressed: "
			    "decompress it yourself if that is meant",
			    LIMIT_EXPANSION));
}

uint64_t stream_expect(struct stream *s)
{
	struct stat st;
	uint64_t len = 0;

	if (s->kind == STREAM_UNKNOWN && !s->ended)
		recognise(s);
	if (s->fd < 0)
		len = s->input_len;
	else if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode))
		len = (uint64_t)st.st_size;
	return s->kind == STREAM_PLAIN ? len : len * USUAL_EXPANSION;
}

void stream_hash(struct stream *s, struct span bytes)
{
	sha256_update(&s->sha256, bytes.len, (const uint8_t *)bytes.ptr);
}

size_t stream_read(struct stream *s, char *ptr, size_t cap)
{
	size_t len = 0;

	if (s->kind == STREAM_UNKNOWN && !s->ended)
		recognise(s);
	while (len < cap && !s->ended) {
		size_t got = s->kind == STREAM_PLAIN
				 ? read_plain(s, ptr + len, cap - len)
				 : read_compressed(s, ptr + len, cap - len);

		len += got;
		s->len += got;
		check_limits(s);
	}
	if (s->code < 0)
		return 0;
	if (!s->hash_held)
		stream_hash(s, span_of(ptr, len));
	return len;
}

int stream_finish(struct stream *s, uint8_t digest[SHA256_DIGEST_SIZE],
    struct portbook_error *err)
{
	if (s->code < 0) {
		if (err != NULL)
			*err = s->err;
		return s->code;
	}
	sha256_digest(&s->sha256, SHA256_DIGEST_SIZE, digest);
	return 0;
}
