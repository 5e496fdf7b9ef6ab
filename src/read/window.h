/* SPDX-License-Identifier: ISC */
/*
 * The part of a source that is being read: the bytes from the beginning of
 * the current piece up to what was read ahead.  Offsets are those in the
 * whole source, so memory is bounded by the longest piece.
 */
#ifndef READ_WINDOW_H
#define READ_WINDOW_H

#include "base/buf.h"
#include "read/stream.h"

/* How much is read at once, and ahead. */
#define WINDOW_CHUNK_LEN ((size_t)128 * 1024)
#define WINDOW_AHEAD_LEN ((size_t)8 << 20)

struct window {
	struct stream *stream; /* borrowed */
	struct buf bytes;      /* owned; borrowed room if fixed */
	uint64_t base;	       /* offset of the first byte there is */
	uint64_t line_start;   /* offset of the line that base is in */
	bool room_filled;      /* borrowed room: no more goes there */
	bool ended;	       /* the source has no more */
};

void window_init(struct window *w, struct stream *stream);
void window_release(struct window *w);

/* Offset behind the last byte there is. */
static inline uint64_t window_end(const struct window *w)
{
	return w->base + w->bytes.len;
}

/* The bytes from one offset to another, both within the window. */
static inline struct span window_span(
    const struct window *w, uint64_t from, uint64_t to)
{
	return span_of(w->bytes.ptr + (from - w->base), (size_t)(to - from));
}

/*
 * Forgets what stands before keep and reads more; spans into the window are
 * void then.  0, also at the end (ended is set), or a failure.
 */
int window_fill(struct window *w, uint64_t keep, struct portbook_error *err);

/* The same, reading up to WINDOW_AHEAD_LEN bytes, or till room is full. */
int window_fill_ahead(
    struct window *w, uint64_t keep, struct portbook_error *err);

/*
 * Moves what there is to cap bytes at room, which have WINDOW_CHUNK_LEN to
 * spare and are borrowed for one filling.  The next one first copies what is
 * still needed to memory of the window's own: room must be as it was left
 * until then, and is its owner's again afterwards.
 */
void window_move(struct window *w, char *room, size_t cap);

/* How many line feeds stand from one offset to another. */
uint64_t window_lines(const struct window *w, uint64_t from, uint64_t to);

/* The column of an offset within the window: bytes from 1. */
uint64_t window_column(const struct window *w, uint64_t off);

#endif
