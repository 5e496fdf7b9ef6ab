/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/ckd.h"
#include "base/mem.h"
#include "base/banned.h"

void buf_init(struct buf *b)
{
	*b = (struct buf){0};
}

void buf_init_fixed(struct buf *b, char *storage, size_t cap)
{
	*b = (struct buf){.ptr = storage, .cap = cap, .fixed = true};
}

void buf_init_cut(struct buf *b, char *storage, size_t cap)
{
	*b = (struct buf){
	    .ptr = storage, .cap = cap, .fixed = true, .cuts = true};
}

void buf_release(struct buf *b)
{
	if (!b->fixed)
		mem_release(b->ptr);
	*b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

static bool grow(struct buf *b, size_t len)
{
	size_t want, cap = b->cap > 0 ? b->cap : 256;
	char *ptr;

	if (b->fixed || ckd_add(&want, b->len, len))
		return false;
	while (cap < want)
		if (ckd_mul(&cap, cap, (size_t)2))
			return false;
	ptr = mem_resize(b->ptr, cap, 1);
	if (ptr == NULL)
		return false;
	b->ptr = ptr;
	b->cap = cap;
	return true;
}

char *buf_room(struct buf *b, size_t len)
{
	if (b->failed)
		return NULL;
	if (len > b->cap - b->len && !grow(b, len)) {
		b->failed = true;
		return NULL;
	}
	return b->ptr != NULL ? b->ptr + b->len : NULL;
}

void buf_add_slow(struct buf *b, struct span text)
{
	char *room;

	if (text.len == 0)
		return;
	if (b->cuts && !b->failed && text.len > b->cap - b->len) {
		buf_add(b, span_head(text, b->cap - b->len));
		b->failed = true;
		return;
	}
	room = buf_room(b, text.len);
	if (room == NULL)
		return;
	memcpy(room, text.ptr, text.len);
	b->len += text.len;
}

void buf_fill(struct buf *b, char c, size_t count)
{
	char *room;

	if (count == 0)
		return;
	room = buf_room(b, count);
	if (room == NULL)
		return;
	memset(room, c, count);
	b->len += count;
}

void buf_u64(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	buf_add(b, (struct span){digits + at, sizeof(digits) - at});
}

void buf_count(struct buf *b, uint64_t value)
{
	if (value >= 1000) {
		buf_count(b, value / 1000);
		buf_char(b, ',');
		value %= 1000;
		buf_fill(b, '0', value < 10 ? 2 : value < 100);
	}
	buf_u64(b, value);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	char *room;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) {
		b->failed = true;
		return;
	}
	room = buf_room(b, (size_t)len + 1);
	if (room == NULL)
		return;
	va_start(args, fmt);
	vsnprintf(room, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}
