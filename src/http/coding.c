/* SPDX-License-Identifier: ISC */
#include "http/coding.h"

#include <stdint.h>

#define ZLIB_CONST /* what it reads it does not write */
#include <zlib.h>
#include <zstd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "portbook/error.h"
#include "base/banned.h"

/*
 * A page of 36 KB takes gzip 0.25 ms and zstd 0.1 ms, which is what such a
 * page costs anyway; twice the time would make it 5 % smaller.
 */
#define GZIP_LEVEL 2
#define ZSTD_LEVEL 3

/* A context that a long answer made larger than this is not kept. */
#define ZSTD_KEPT_MAX (2 << 20)

struct coder {
	struct coder *next;
	z_stream gzip;
	bool gzip_ready;
	ZSTD_CCtx *zstd;
};

static const char *const names[HTTP_CODINGS] = {
    [HTTP_IDENTITY] = "",
    [HTTP_GZIP] = "gzip",
    [HTTP_ZSTD] = "zstd",
};

const char *coding_name(enum http_coding coding)
{
	return names[coding];
}

/*
 * qvalue = "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3"0" ], in thousandths; -1 for
 * what is none.
 */
static int parse_weight(struct span text)
{
	int value, unit = 100;

	if (text.len < 1 || text.len > 5 || text.ptr[0] < '0' ||
	    text.ptr[0] > '1' || (text.len > 1 && text.ptr[1] != '.'))
		return -1;
	value = (text.ptr[0] - '0') * 1000;
	for (size_t i = 2; i < text.len; i++) {
		if (!ascii_is_digit(text.ptr[i]))
			return -1;
		value += (text.ptr[i] - '0') * unit;
		unit /= 10;
	}
	return value <= 1000 ? value : -1;
}

/* The weight among a coding's parameters; 1000 without one, -1 if bad. */
static int weight_of(struct span params)
{
	int weight = 1000;

	while (params.len > 0) {
		struct span param = span_trim(span_cut(&params, ';'));

		if (param.len < 2 || ascii_lower(param.ptr[0]) != 'q' ||
		    param.ptr[1] != '=')
			return -1;
		weight = parse_weight(span_skip(param, 2));
	}
	return weight;
}

/* Which coding a name is; HTTP_CODINGS for one that we do not have. */
static enum http_coding coding_of(struct span name)
{
	if (span_eq_fold(name, SPAN("identity")))
		return HTTP_IDENTITY;
	if (span_eq_fold(name, SPAN("gzip")) ||
	    span_eq_fold(name, SPAN("x-gzip")))
		return HTTP_GZIP;
	return span_eq_fold(name, SPAN("zstd")) ? HTTP_ZSTD : HTTP_CODINGS;
}

struct coding_wish coding_wish(struct span accept, unsigned offered)
{
	struct coding_wish wish = {HTTP_IDENTITY, false};
	int weights[HTTP_CODINGS] = {-1, -1, -1}, any = -1, best;

	while (accept.len > 0) {
		struct span part = span_cut(&accept, ',');
		struct span name = span_trim(span_cut(&part, ';'));
		enum http_coding coding = coding_of(name);
		int weight = weight_of(part);

		if (weight >= 0 && span_eq(name, SPAN("*")))
			any = weight;
		else if (weight >= 0 && coding < HTTP_CODINGS)
			weights[coding] = weight;
	}
	/*
	 * Identity is welcome unless it is refused.  A star is everything, but
	 * who writes one need not have heard of zstd.
	 */
	if (weights[HTTP_IDENTITY] < 0)
		weights[HTTP_IDENTITY] = any >= 0 ? any : 1;
	best = weights[HTTP_IDENTITY];
	for (unsigned i = HTTP_GZIP; i < HTTP_CODINGS; i++) {
		int weight = weights[i];

		if (weight < 0 && i == HTTP_GZIP)
			weight = any;
		if ((offered & (1U << i)) == 0 || weight <= 0 || weight < best)
			continue;
		best = weight;
		wish.best = (enum http_coding)i;
	}
	wish.never_plain =
	    wish.best != HTTP_IDENTITY && weights[HTTP_IDENTITY] == 0;
	return wish;
}

void coders_init(struct coders *coders)
{
	pthread_mutex_init(&coders->lock, NULL);
	coders->idle = NULL;
}

static void coder_free(struct coder *c)
{
	if (c->gzip_ready)
		deflateEnd(&c->gzip);
	ZSTD_freeCCtx(c->zstd);
	mem_release(c);
}

void coders_release(struct coders *coders)
{
	struct coder *c;

	while ((c = coders->idle) != NULL) {
		coders->idle = c->next;
		coder_free(c);
	}
	pthread_mutex_destroy(&coders->lock);
}

static struct coder *take(struct coders *coders)
{
	struct coder *c;

	pthread_mutex_lock(&coders->lock);
	c = coders->idle;
	if (c != NULL)
		coders->idle = c->next;
	pthread_mutex_unlock(&coders->lock);
	return c != NULL ? c : mem_zalloc(1, sizeof(*c));
}

static void give(struct coders *coders, struct coder *c)
{
	if (c->zstd != NULL && ZSTD_sizeof_CCtx(c->zstd) > ZSTD_KEPT_MAX) {
		ZSTD_freeCCtx(c->zstd);
		c->zstd = NULL;
	}
	pthread_mutex_lock(&coders->lock);
	c->next = coders->idle;
	coders->idle = c;
	pthread_mutex_unlock(&coders->lock);
}

static bool pack_gzip(struct coder *c, struct span bytes, struct buf *out)
{
	char *room;

	/* 16 more window bits: a header of gzip, with no name and no time. */
	if (!c->gzip_ready &&
	    deflateInit2(&c->gzip, GZIP_LEVEL, Z_DEFLATED, MAX_WBITS + 16, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	c->gzip_ready = true;
	if (bytes.len > UINT32_MAX / 2 || deflateReset(&c->gzip) != Z_OK)
		return false;
	c->gzip.avail_out = (uInt)deflateBound(&c->gzip, bytes.len);
	room = buf_room(out, c->gzip.avail_out);
	if (room == NULL)
		return false;
	c->gzip.next_in = (const Bytef *)bytes.ptr;
	c->gzip.avail_in = (uInt)bytes.len;
	c->gzip.next_out = (Bytef *)room;
	if (deflate(&c->gzip, Z_FINISH) != Z_STREAM_END)
		return false;
	out->len = c->gzip.total_out;
	return true;
}

static bool pack_zstd(struct coder *c, struct span bytes, struct buf *out)
{
	size_t cap = ZSTD_compressBound(bytes.len), len;
	char *room;

	if (c->zstd == NULL)
		c->zstd = ZSTD_createCCtx();
	room = c->zstd != NULL ? buf_room(out, cap) : NULL;
	if (room == NULL)
		return false;
	len = ZSTD_compressCCtx(
	    c->zstd, room, cap, bytes.ptr, bytes.len, ZSTD_LEVEL);
	if (ZSTD_isError(len))
		return false;
	out->len = len;
	return true;
}

int coders_pack(struct coders *coders, enum http_coding coding,
    struct span bytes, struct buf *out)
{
	struct coder *c = take(coders);
	bool good;

	if (c == NULL)
		return PORTBOOK_ENOMEM;
	good = coding == HTTP_GZIP ? pack_gzip(c, bytes, out)
				   : pack_zstd(c, bytes, out);
	give(coders, c);
	if (good)
		return 0;
	buf_release(out);
	buf_init(out);
	return PORTBOOK_ENOMEM;
}
