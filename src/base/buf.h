/* SPDX-License-Identifier: ISC */
/*
 * Text being built.  The first failure sticks: later calls do nothing, and
 * one look at buf_failed (or buf_finish) at the end is enough.
 * A buffer belongs to one thread at a time.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct buf {
	char *ptr;   /* owned, or the caller's if fixed; not terminated */
	size_t len;  /* bytes in use */
	size_t cap;  /* bytes there are */
	bool fixed;  /* storage is the caller's and cannot grow */
	bool cuts;   /* of what has no room, takes what has */
	bool failed; /* out of memory or of room */
};

/* An empty buffer that grows as needed. */
void buf_init(struct buf *b);

/* An empty buffer on cap bytes of the caller's, which outlive it. */
void buf_init_fixed(struct buf *b, char *storage, size_t cap);

/*
 * The same, for a text that may be cut: of the first span that has no room the
 * beginning is taken, and buf_failed from then on.
 */
void buf_init_cut(struct buf *b, char *storage, size_t cap);

/* Frees what the buffer owns; it is then as after buf_init. */
void buf_release(struct buf *b);

/* Forgets the text and the failure, keeps the storage. */
void buf_clear(struct buf *b);

/* What is there so far; good until the next change. */
static inline struct span buf_span(const struct buf *b)
{
	return span_of(b->ptr, b->len);
}

static inline bool buf_failed(const struct buf *b)
{
	return b->failed;
}

/* Room for len more bytes: where they go, or NULL.  Add len to b->len then. */
char *buf_room(struct buf *b, size_t len);

/* What buf_add and buf_char do where there is no room yet. */
void buf_add_slow(struct buf *b, struct span text);

static inline void buf_add(struct buf *b, struct span text)
{
	/* The empty text wraps around and goes the slow way. */
	if (text.len - 1 < b->cap - b->len && !b->failed) {
		memcpy(b->ptr + b->len, text.ptr, text.len);
		b->len += text.len;
	} else {
		buf_add_slow(b, text);
	}
}

static inline void buf_char(struct buf *b, char c)
{
	if (b->len < b->cap && !b->failed)
		b->ptr[b->len++] = c;
	else
		buf_add_slow(b, (struct span){&c, 1});
}

void buf_fill(struct buf *b, char c, size_t count);
void buf_u64(struct buf *b, uint64_t value);

/* How many there are of something, for people: with commas, 14,533. */
void buf_count(struct buf *b, uint64_t value);

/* A string literal or terminated text. */
static inline void buf_str(struct buf *b, const char *s)
{
	buf_add(b, span_str(s));
}

/* As printf(3), in the C locale's manner only: %s %d %u %c and the like. */
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
