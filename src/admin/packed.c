/* SPDX-License-Identifier: ISC */
#include "admin/packed.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZLIB_CONST /* what it reads it does not write */
#include <zlib.h>
#include <zstd.h>

#include "admin/file.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

/* Written seldom, read often; more than this costs seconds and gains 3 %. */
#define GZIP_LEVEL 9
#define ZSTD_LEVEL 12

#define OUT_LEN 65536

enum kind { PLAIN, GZIP, ZSTANDARD, KIND_COUNT };

static const char *const endings[KIND_COUNT] = {"", ".gz", ".zst"};

struct packed {
	mode_t mode;
	int folder;   /* borrowed */
	size_t count; /* of files: PLAIN alone, or all kinds */
	int fd[KIND_COUNT];
	char name[KIND_COUNT][NAME_MAX + 1];
	char beside[KIND_COUNT][NAME_MAX + 1]; /* empty: kept, or not made */
	bool deflating;
	z_stream gzip;
	ZSTD_CStream *zstd;
	uint8_t out[OUT_LEN];
};

static int failed(const struct packed *p, size_t kind, const char *what,
    struct portbook_error *err)
{
	return error_set(
	    err, PORTBOOK_EIO, errno, "cannot %s %s", what, p->name[kind]);
}

static int open_beside(
    struct packed *p, size_t kind, const char *name, struct portbook_error *err)
{
	int len = snprintf(
	    p->name[kind], sizeof(p->name[kind]), "%s%s", name, endings[kind]);

	if (len > 0 && len < NAME_MAX)
		len = snprintf(p->beside[kind], sizeof(p->beside[kind]),
		    ".%s%s.new", name, endings[kind]);
	if (len <= 0 || len > NAME_MAX) {
		p->beside[kind][0] = '\0';
		return error_set(
		    err, PORTBOOK_EIO, ENAMETOOLONG, "cannot write %s", name);
	}
	/* What a writer that was killed left behind. */
	unlinkat(p->folder, p->beside[kind], 0);
	p->fd[kind] = openat(p->folder, p->beside[kind],
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (p->fd[kind] >= 0)
		return 0;
	p->beside[kind][0] = '\0';
	return failed(p, kind, "make", err);
}

static int start_copies(struct packed *p, struct portbook_error *err)
{
	/* 16 more window bits: a header of gzip, with no name and no time. */
	if (deflateInit2(&p->gzip, GZIP_LEVEL, Z_DEFLATED, MAX_WBITS + 16,
		MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		return error_nomem(err);
	p->deflating = true;
	p->zstd = ZSTD_createCStream();
	if (p->zstd == NULL ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(
		p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)) ||
	    ZSTD_isError(
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1)))
		return error_nomem(err);
	return 0;
}

int packed_open(int folder, const char *name, mode_t mode, bool copies,
    struct packed **ret, struct portbook_error *err)
{
	struct packed *p = mem_zalloc(1, sizeof(*p));
	int code = 0;

	if (p == NULL)
		return error_nomem(err);
	p->folder = folder;
	p->mode = mode;
	p->count = copies ? KIND_COUNT : 1;
	for (size_t i = 0; i < KIND_COUNT; i++)
		p->fd[i] = -1;
	for (size_t i = 0; code == 0 && i < p->count; i++)
		code = open_beside(p, i, name, err);
	if (code == 0 && copies)
		code = start_copies(p, err);
	if (code < 0)
		packed_free(p);
	else
		*ret = p;
	return code;
}

static int put(
    struct packed *p, size_t kind, size_t len, struct portbook_error *err)
{
	struct span bytes = span_of((const char *)p->out, len);

	return file_write_all(p->fd[kind], bytes) < 0
		   ? failed(p, kind, "write", err)
		   : 0;
}

static int put_gzip(
    struct packed *p, struct span bytes, int flush, struct portbook_error *err)
{
	int code;

	p->gzip.next_in = (const uint8_t *)bytes.ptr;
	p->gzip.avail_in = (unsigned)bytes.len;
	do {
		p->gzip.next_out = p->out;
		p->gzip.avail_out = OUT_LEN;
		code = deflate(&p->gzip, flush);
		if (code == Z_STREAM_ERROR)
			return error_nomem(err);
		if (put(p, GZIP, OUT_LEN - p->gzip.avail_out, err) < 0)
			return PORTBOOK_EIO;
	} while (p->gzip.avail_out == 0);
	return 0;
}

static int put_zstd(struct packed *p, struct span bytes, ZSTD_EndDirective end,
    struct portbook_error *err)
{
	ZSTD_inBuffer in = {bytes.ptr, bytes.len, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {p->out, OUT_LEN, 0};

		left = ZSTD_compressStream2(p->zstd, &out, &in, end);
		if (ZSTD_isError(left))
			return error_nomem(err);
		if (put(p, ZSTANDARD, out.pos, err) < 0)
			return PORTBOOK_EIO;
	} while (end == ZSTD_e_end ? left > 0 : in.pos < in.size);
	return 0;
}

int packed_write(
    struct packed *p, struct span bytes, struct portbook_error *err)
{
	int code = 0;

	/* Pieces that zlib's numbers hold. */
	while (code == 0 && bytes.len > 0) {
		struct span piece = span_head(bytes, 1U << 30);

		bytes = span_skip(bytes, piece.len);
		if (file_write_all(p->fd[PLAIN], piece) < 0)
			return failed(p, PLAIN, "write", err);
		if (p->count == 1)
			continue;
		code = put_gzip(p, piece, Z_NO_FLUSH, err);
		if (code == 0)
			code = put_zstd(p, piece, ZSTD_e_continue, err);
	}
	return code;
}

int packed_finish(struct packed *p, struct portbook_error *err)
{
	int code = 0;

	if (p->count > 1)
		code = put_gzip(p, SPAN(""), Z_FINISH, err);
	if (p->count > 1 && code == 0)
		code = put_zstd(p, SPAN(""), ZSTD_e_end, err);
	for (size_t i = 0; code == 0 && i < p->count; i++)
		if (fchmod(p->fd[i], p->mode) < 0 || fsync(p->fd[i]) < 0)
			code = failed(p, i, "write", err);
	return code;
}

int packed_keep(struct packed *p, struct portbook_error *err)
{
	for (size_t i = 0; i < p->count; i++) {
		if (renameat(p->folder, p->beside[i], p->folder, p->name[i]) <
		    0)
			return failed(p, i, "name", err);
		p->beside[i][0] = '\0';
	}
	return 0;
}

void packed_free(struct packed *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->count; i++) {
		if (p->fd[i] >= 0)
			close(p->fd[i]);
		if (p->beside[i][0] != '\0')
			unlinkat(p->folder, p->beside[i], 0);
	}
	if (p->deflating)
		deflateEnd(&p->gzip);
	ZSTD_freeCStream(p->zstd);
	mem_release(p);
}
