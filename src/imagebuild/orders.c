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
	struct item *spare; /* owned, as long */
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

/* By merging; spare is as long as items. */
static void sort_texts(
    const struct build *b, struct item *items, struct item *spare, size_t count)
{
	struct item *from = items, *to = spare;

	for (size_t i = 0; i < count; i += RUN)
		sort_run(b, items + i, count - i < RUN ? count - i : RUN);
	for (size_t len = RUN; len < count; len *= 2) {
		struct item *swap = from;

		for (size_t i = 0; i < count; i += 2 * len) {
			size_t left = count - i;

			merge(b, from + i, to + i, left < len ? left : len,
			    left < 2 * len ? left : 2 * len);
		}
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(*items));
}

/* By one byte of the key, stable; false if all have the same. */
static bool sort_digit(
    const struct item *from, struct item *to, size_t count, unsigned shift)
{
	size_t at[256] = {0}, sum = 0;

	for (size_t i = 0; i < count; i++)
		at[from[i].key >> shift & 255]++;
	if (count == 0 || at[from[0].key >> shift & 255] == count)
		return false;
	for (size_t i = 0; i < 256; i++) {
		size_t here = at[i];

		at[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++)
		to[at[from[i].key >> shift & 255]++] = from[i];
	return true;
}

/* By the keys a byte at a time, and where these are equal by the texts. */
static void sort(const struct build *b, struct orders *o)
{
	size_t end;

	for (unsigned shift = 0; shift < 64; shift += 8)
		if (sort_digit(o->items, o->spare, o->count, shift)) {
			struct item *swap = o->items;

			o->items = o->spare;
			o->spare = swap;
		}
	for (size_t i = 0; i < o->count; i = end) {
		for (end = i + 1;
		     end < o->count && o->items[end].key == o->items[i].key;)
			end++;
		if (end - i > 1)
			sort_texts(b, o->items + i, o->spare + i, end - i);
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
