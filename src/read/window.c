/* SPDX-License-Identifier: ISC */
#include "read/window.h"

#include "base/error.h"
#include "read/limits.h"
#include "base/banned.h"

#define CHUNK_LEN ((size_t)128 * 1024)

/*
 * How much is read before it is parsed: expat counts lines wherever a part
 * ends that is not the last, which costs a quarter of its time, and a source
 * below this length has but one part.
 */
#define AHEAD_LEN ((size_t)8 << 20)

void window_init(struct window *w, struct stream *stream)
{
	*w = (struct window){.stream = stream};
	buf_init(&w->bytes);
}

void window_release(struct window *w)
{
	buf_release(&w->bytes);
}

static uint64_t line_start(const struct window *w, uint64_t off)
{
	const char *last = w->bytes.len == 0
	    ? NULL
	    : memrchr(w->bytes.ptr, '\n', (size_t)(off - w->base));

	if (last == NULL)
		return w->line_start;
	return w->base + (uint64_t)(last - w->bytes.ptr) + 1;
}

static void drop(struct window *w, uint64_t keep)
{
	size_t len = (size_t)(keep - w->base);

	if (len == 0)
		return;
	w->line_start = line_start(w, keep);
	w->bytes.len -= len;
	memmove(w->bytes.ptr, w->bytes.ptr + len, w->bytes.len);
	w->base = keep;
}

int window_fill(struct window *w, uint64_t keep, struct portbook_error *err)
{
	size_t len, taken = 0;
	char *room;

	drop(w, keep);
	if (w->bytes.len > LIMIT_PIECE_LEN) {
		error_set(err, PORTBOOK_ELIMIT, 0,
		    "a header, record or row of more than %zu bytes",
		    LIMIT_PIECE_LEN);
		error_locate(err, w->stream->name, 0, 0);
		return PORTBOOK_ELIMIT;
	}
	do {
		room = buf_room(&w->bytes, CHUNK_LEN);
		if (room == NULL)
			return error_nomem(err);
		len = stream_read(w->stream, room, CHUNK_LEN);
		w->bytes.len += len;
		taken += len;
	} while (len == CHUNK_LEN && taken < AHEAD_LEN);
	w->ended = len < CHUNK_LEN;
	if (w->stream->code < 0) {
		uint8_t digest[SHA256_DIGEST_SIZE];

		return stream_finish(w->stream, digest, err);
	}
	return 0;
}

uint64_t window_lines(const struct window *w, uint64_t from, uint64_t to)
{
	struct span text = window_span(w, from, to);
	uint64_t count = 0;
	size_t at = 0;

	while ((at = span_find_char(text, at, '\n')) < text.len) {
		count++;
		at++;
	}
	return count;
}

uint64_t window_column(const struct window *w, uint64_t off)
{
	if (off < w->base || off > window_end(w))
		off = window_end(w);
	return off - line_start(w, off) + 1;
}
