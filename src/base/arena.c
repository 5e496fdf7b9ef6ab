/* SPDX-License-Identifier: ISC */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/ckd.h"
#include "base/mem.h"
#include "portbook/error.h"
#include "base/banned.h"

#define BLOCK_LEN ((size_t)256 * 1024)

/* Blocks from this length on are laid out for large pages. */
#define LARGE_LEN ((size_t)1 << 20)
#define LARGE_PAGE_LEN ((size_t)2 << 20)

struct arena_block {
	struct arena_block *next;
	char *data; /* within the block */
	size_t cap;
	size_t len;
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

/*
 * A fault for every 4 KiB costs more than what is written there, so a large
 * block begins where a large page can and asks for such pages.
 */
static struct arena_block *add_block(struct arena *a, size_t len)
{
	size_t align = len < LARGE_LEN ? alignof(max_align_t) : LARGE_PAGE_LEN;
	struct arena_block *block;
	size_t cap, all;
	uintptr_t data;

	if (ckd_add(&cap, len, align - 1))
		return NULL;
	cap &= ~(align - 1);
	if (ckd_add(&all, cap, sizeof(*block) + align - 1))
		return NULL;
	block = mem_alloc(1, all);
	if (block == NULL)
		return NULL;
	data = ((uintptr_t)(block + 1) + align - 1) & ~(align - 1);
	*block = (struct arena_block){a->blocks, (char *)data, cap, 0};
	if (align == LARGE_PAGE_LEN)
		(void)madvise(block->data, cap, MADV_HUGEPAGE);
	a->blocks = block;
	return block;
}

static void *take(struct arena *a, size_t len, size_t align)
{
	struct arena_block *block = a->blocks;
	size_t pad = block != NULL ? -block->len & (align - 1) : 0;
	void *ret;

	if (block == NULL || len > block->cap - block->len ||
	    pad > block->cap - block->len - len) {
		block = add_block(a, len > BLOCK_LEN ? len : BLOCK_LEN);
		if (block == NULL)
			return NULL;
		pad = 0;
	}
	ret = block->data + block->len + pad;
	block->len += pad + len;
	a->used += pad + len;
	return ret;
}

int arena_reserve(struct arena *a, size_t len)
{
	struct arena_block *block = a->blocks;

	if (block != NULL && len <= block->cap - block->len)
		return 0;
	return add_block(a, len) != NULL ? 0 : PORTBOOK_ENOMEM;
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
