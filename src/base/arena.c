/* SPDX-License-Identifier: ISC */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "base/ckd.h"
#include "base/mem.h"
#include "base/banned.h"

#define BLOCK_LEN ((size_t)256 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t cap;
	size_t len;
	alignas(max_align_t) char data[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena){0};
}

void arena_release(struct arena *a)
{
	while (a->blocks != NULL) {
		struct arena_block *next = a->blocks->next;

		mem_release(a->blocks);
		a->blocks = next;
	}
	a->used = 0;
}

static void *take(struct arena *a, size_t len, size_t align)
{
	struct arena_block *block = a->blocks;
	size_t pad = block != NULL ? -block->len & (align - 1) : 0;
	size_t cap;
	void *ret;

	if (block == NULL || len > block->cap - block->len ||
	    pad > block->cap - block->len - len) {
		cap = len > BLOCK_LEN ? len : BLOCK_LEN;
		if (ckd_add(&cap, cap, sizeof(*block)))
			return NULL;
		block = mem_alloc(1, cap);
		if (block == NULL)
			return NULL;
		*block = (struct arena_block){
		    .next = a->blocks, .cap = cap - sizeof(*block)};
		a->blocks = block;
		pad = 0;
	}
	ret = block->data + block->len + pad;
	block->len += pad + len;
	a->used += pad + len;
	return ret;
}

void *arena_alloc(struct arena *a, size_t len)
{
	return take(a, len, alignof(max_align_t));
}

struct span arena_text(struct arena *a, struct span text)
{
	size_t len;
	char *copy;

	if (ckd_add(&len, text.len, (size_t)1))
		return (struct span){NULL, 0};
	copy = take(a, len, 1);
	if (copy == NULL)
		return (struct span){NULL, 0};
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return (struct span){copy, text.len};
}
