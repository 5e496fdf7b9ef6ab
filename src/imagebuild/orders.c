/* SPDX-License-Identifier: ISC */
/*
 * The order of the current rows by each column: of numbers by first and last
 * port, of all else by folded bytes.  Only distinct texts are sorted.
 */
#include "imagebuild/build.h"

#include "base/banned.h"

/* By key first, the first eight bytes, and then by what is left. */
struct item {
	uint64_t key;
	uint32_t text;
};

struct orders {
	struct item *items; /* owned */
	struct item *spare; /* owned, for the merging */
	size_t count;
	uint32_t *ranks; /* owned: by text of the timeline; 0: not yet seen */
};

#define SEEN UINT32_MAX

/* A number that orders like the first eight bytes. */
static uint64_t key_of(struct span text)
{
	uint8_t bytes[8] = {0};
	uint64_t key = 0;

	memcpy(bytes, text.ptr, text.len < 8 ? text.len : 8);
	for (size_t i = 0; i < 8; i++)
		key = key << 8 | bytes[i];
	return key;
}

/* Without memcmp's call for the usual case, that keys differ. */
static inline int item_cmp(
    const struct build *b, const struct item *x, const struct item *y)
{
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return span_cmp(columns_piece(b, x->text), columns_piece(b, y->text));
}

#define RUN 8

static void sort_run(const struct build *b, struct item *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct item item = items[i];
		size_t at = i;

		for (; at > 0 && item_cmp(b, &items[at - 1], &item) > 0; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

static void merge(const struct build *b, const struct item *from,
    struct item *to, size_t middle, size_t end)
{
	size_t left = 0, right = middle;

	for (size_t i = 0; i < end; i++)
		if (left < middle && (right == end || item_cmp(b, &from[left],
							  &from[right]) <= 0))
			to[i] = from[left++];
		else
			to[i] = from[right++];
}

/* Stable, and never worse than n log n; the sorted ones are in o->items. */
static void sort(const struct build *b, struct orders *o)
{
	for (size_t i = 0; i < o->count; i += RUN)
		sort_run(
		    b, o->items + i, o->count - i < RUN ? o->count - i : RUN);
	for (size_t len = RUN; len < o->count; len *= 2) {
		struct item *swap = o->items;

		for (size_t i = 0; i < o->count; i += 2 * len) {
			size_t left = o->count - i;

			merge(b, o->items + i, o->spare + i,
			    left < len ? left : len,
			    left < 2 * len ? left : 2 * len);
		}
		o->items = o->spare;
		o->spare = swap;
	}
}

/* Ports before texts that are none. */
static uint64_t number_key(const struct build *b, size_t row)
{
	const struct record *record = &build_row(b, row)->record;

	if (!record->has_number)
		return (uint64_t)1 << 32;
	return (uint64_t)record->number.first << 16 | record->number.last;
}

static void collect(const struct build *b, struct orders *o, enum column column)
{
	o->count = 0;
	for (size_t row = 0; row < b->current_rows; row++) {
		uint32_t text = columns_number(b, row, column);
		struct span folded = columns_piece(b, text);

		if (o->ranks[text] == SEEN || folded.len == 0)
			continue;
		o->ranks[text] = SEEN;
		o->items[o->count++] =
		    (struct item){column == COLUMN_NUMBER ? number_key(b, row)
							  : key_of(folded),
			text};
	}
}

static void rank(const struct build *b, struct orders *o, enum column column,
    struct le32 *order)
{
	uint32_t last = 0;

	collect(b, o, column);
	sort(b, o);
	for (size_t i = 0; i < o->count; i++) {
		if (i == 0 || item_cmp(b, &o->items[i - 1], &o->items[i]) != 0)
			last++;
		o->ranks[o->items[i].text] = last;
	}
	for (size_t row = 0; row < b->current_rows; row++)
		order[row] = le32_of(o->ranks[columns_number(b, row, column)]);
	for (size_t i = 0; i < o->count; i++)
		o->ranks[o->items[i].text] = 0;
}

int orders_make(struct build *b)
{
	struct le32 *order =
	    build_section(b, IMAGE_ORDERS, COLUMN_COUNT * b->current_rows);
	struct orders o = {0};
	int code = 0;

	o.items = mem_alloc(b->current_rows, sizeof(*o.items));
	o.spare = mem_alloc(b->current_rows, sizeof(*o.spare));
	o.ranks = mem_zalloc(b->t->texts.count, sizeof(*o.ranks));
	if (order == NULL || o.items == NULL || o.spare == NULL ||
	    o.ranks == NULL) {
		code = build_nomem(b);
		goto out;
	}
	for (enum column c = 0; c < COLUMN_COUNT; c++)
		rank(b, &o, c, order + c * b->current_rows);
	b->name_order = order + COLUMN_NAME * b->current_rows;
out:
	mem_release(o.items);
	mem_release(o.spare);
	mem_release(o.ranks);
	return code;
}
