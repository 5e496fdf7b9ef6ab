/* SPDX-License-Identifier: ISC */
#include "read/window.h"

#include "base/error.h"
#include "base/le.h"
#include "read/limits.h"
#include "base/banned.h"

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
	const char *last = w->bytes.len == 0 ? NULL
					     : memrchr(w->bytes.ptr, '\n',
						   (size_t)(off - w->base));

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

/* Borrowed room is good for one filling: its owner may then move or free it. */
static void leave_room(struct window *w, uint64_t keep)
{
	struct span kept = window_span(w, keep, window_end(w));
	struct buf own;

	buf_init(&own);
	buf_add(&own, kept);
	w->line_start = line_start(w, keep);
	w->base = keep;
	w->bytes = own;
}

static int fill(
    struct window *w, uint64_t keep, size_t want, struct portbook_error *err)
{
	size_t len, taken = 0;
	char *room;

	if (w->room_filled)
		leave_room(w, keep);
	else
		drop(w, keep);
	w->room_filled = w->bytes.fixed;
	if (w->bytes.len > LIMIT_PIECE_LEN) {
		error_set(err, PORTBOOK_ELIMIT, 0,
		    "a header, record or row of more than %zu bytes",
		    LIMIT_PIECE_LEN);
		error_locate(err, w->stream->name, 0, 0);
		return PORTBOOK_ELIMIT;
	}
	do {
		room = buf_room(&w->bytes, WINDOW_CHUNK_LEN);
		if (room == NULL)
			return error_nomem(err);
		len = stream_read(w->stream, room, WINDOW_CHUNK_LEN);
		w->bytes.len += len;
		taken += len;
	} while (len == WINDOW_CHUNK_LEN && taken < want &&
		 (!w->bytes.fixed ||
		     w->bytes.cap - w->bytes.len >= WINDOW_CHUNK_LEN));
	w->ended = len < WINDOW_CHUNK_LEN;
	if (w->stream->code < 0) {
		uint8_t digest[SHA256_DIGEST_SIZE];

		return stream_finish(w->stream, digest, err);
	}
	return 0;
}

int window_fill(struct window *w, uint64_t keep, struct portbook_error *err)
{
	return fill(w, keep, WINDOW_CHUNK_LEN, err);
}

int window_fill_ahead(
    struct window *w, uint64_t keep, struct portbook_error *err)
{
	return fill(w, keep, WINDOW_AHEAD_LEN, err);
}

void window_move(struct window *w, char *room, size_t cap)
{
	struct buf moved;

	buf_init_fixed(&moved, room, cap);
	buf_add(&moved, buf_span(&w->bytes));
	buf_release(&w->bytes);
	w->bytes = moved;
}

/* Lines are short: eight bytes at once without a branch beat memchr. */
uint64_t window_lines(const struct window *w, uint64_t from, uint64_t to)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t low = 0x7f * ones;
	struct span text = window_span(w, from, to);
	uint64_t count = 0;

	for (; text.len >= 8; text.ptr += 8, text.len -= 8) {
		uint64_t v = le_u64(text.ptr) ^ '\n' * ones;

		/* The top bit of each byte that is zero, then their sum. */
		v = ~(((v & low) + low) | v) & ~low;
		count += (v >> 7) * ones >> 56;
	}
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	return count;
}

uint64_t window_column(const struct window *w, uint64_t off)
{
	if (off < w->base || off > window_end(w))
		off = window_end(w);
	return off - line_start(w, off) + 1;
}
