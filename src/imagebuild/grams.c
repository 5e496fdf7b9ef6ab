/* SPDX-License-Identifier: ISC */
/*
 * The search: folded columns of all rows one after the other, and for the
 * current rows which of them have a gram of one, two or three bytes.
 *
 * Grams are counted in a table of all that the pairs of bytes in use allow;
 * a second pass over the columns fills in the rows.
 */
#include "imagebuild/build.h"

#include "base/banned.h"

/* No column that is searched shows what is not searched. */
static const enum column searched[] = {
    COLUMN_NAME,
    COLUMN_NUMBER,
    COLUMN_PROTOCOL,
    COLUMN_DESCRIPTION,
    COLUMN_ASSIGNEE,
    COLUMN_CONTACT,
    COLUMN_REFERENCE,
    COLUMN_SERVICE_CODE,
    COLUMN_UNAUTHORIZED,
    COLUMN_NOTE,
};

#define SEARCHED_COUNT (sizeof(searched) / sizeof(searched[0]))

static size_t search_len_of(const struct build *b, size_t row)
{
	size_t len = SEARCHED_COUNT;

	for (size_t i = 0; i < SEARCHED_COUNT; i++)
		len += b->pieces[columns_number(b, row, searched[i])].len;
	return len;
}

int search_make(struct build *b)
{
	uint64_t total = 0;
	uint8_t *at;

	for (size_t row = 0; row < b->row_count; row++) {
		size_t len = search_len_of(b, row);

		b->rows[row].search = le32_of((uint32_t)(total / 4));
		b->rows[row].search_len = le32_of((uint32_t)len);
		total += (len + 3) / 4 * 4;
		if (len > UINT32_MAX || total / 4 > UINT32_MAX)
			return error_set(b->err, PORTBOOK_ELIMIT, 0,
			    "more than 16 GB of text cannot be searched");
	}
	at = build_section(b, IMAGE_SEARCH, (size_t)total);
	if (at == NULL)
		return build_nomem(b);
	for (size_t row = 0; row < b->row_count; row++) {
		uint8_t *to = at + (size_t)le32(b->rows[row].search) * 4;

		for (size_t i = 0; i < SEARCHED_COUNT; i++) {
			struct span text = columns_text(b, row, searched[i]);

			memcpy(to, text.ptr, text.len);
			to += text.len + 1;
		}
	}
	return 0;
}

/*
 * A gram in the making: which row had it last, as a stamp, and how many rows
 * have it; then, in the second pass, where its next row goes.
 */
struct cell {
	uint32_t stamp;
	uint32_t count; /* with BITMAP: where its bitmap begins */
};

#define BITMAP 0x80000000U
#define POSTINGS_MAX (BITMAP - 1)

/*
 * A pair of classes that is in use has a block of cells: of the pair itself,
 * class 0, and of each third class.  Block 0 is nobody's and takes what would
 * be the gram of three bytes at the start of a column.
 */
struct grams {
	size_t alphabet;
	const uint8_t *class; /* borrowed: of a byte */
	uint32_t *blocks;     /* owned: where a pair's block begins, or 0 */
	struct cell *cells;   /* owned */
	struct cell *singles; /* owned: of grams of one byte, by class */
	uint32_t *postings;   /* the section's */
	uint32_t stamp;	      /* what row 0 is stamped with */
};

/* Bytes in use get classes in their order, from 1. */
static void classify(
    struct build *b, struct grams *g, const uint8_t *text, size_t len)
{
	bool used[256] = {false};
	size_t count = 1;

	for (size_t i = 0; i < len; i++)
		used[text[i]] = true;
	for (size_t i = 1; i < 256; i++)
		b->meta.classes[i] = used[i] ? (uint8_t)count++ : 0;
	b->meta.alphabet = le32_of((uint32_t)count);
	g->alphabet = count;
	g->class = b->meta.classes;
}

/* Gives each pair that is in use its block, in their order. */
static size_t assign_blocks(struct grams *g, const uint8_t *text, size_t len)
{
	size_t a = g->alphabet, end = a, second = 0;

	for (size_t i = 0; i < len; i++) {
		size_t third = g->class[text[i]];

		g->blocks[second * a + third] = 1;
		second = third;
	}
	for (size_t pair = 0; pair < a * a; pair++) {
		bool used = g->blocks[pair] != 0 && pair % a != 0 && pair >= a;

		g->blocks[pair] = used ? (uint32_t)end : 0;
		end += used ? a : 0;
	}
	return end;
}

static int grams_begin(struct build *b, struct grams *g)
{
	const uint8_t *text = b->sections[IMAGE_SEARCH].ptr;
	size_t len = b->sections[IMAGE_SEARCH].count, a;

	if (b->current_rows < b->row_count)
		len = (size_t)le32(b->rows[b->current_rows].search) * 4;
	classify(b, g, text, len);
	a = g->alphabet;
	g->blocks = mem_zalloc(a * a, sizeof(*g->blocks));
	if (g->blocks == NULL)
		return build_nomem(b);
	g->singles = mem_zalloc(a, sizeof(*g->singles));
	g->cells = mem_zalloc(assign_blocks(g, text, len), sizeof(*g->cells));
	if (g->singles == NULL || g->cells == NULL)
		return build_nomem(b);
	return 0;
}

/*
 * One or two rows being looked at.  Two that stand next to each other and
 * have one name, say for tcp and udp, show the same in most columns; what both
 * show is taken for both at once, and first, under the stamp of the second.
 */
struct turn {
	struct grams *g;
	uint32_t row;
	uint32_t stamp; /* of row */
	uint32_t both;	/* what tells that row has it too */
};

typedef void take_fn(const struct turn *t, struct cell *cell);

static inline void count_one(const struct turn *t, struct cell *cell)
{
	if (cell->stamp == t->stamp || cell->stamp == t->both)
		return;
	cell->stamp = t->stamp;
	cell->count++;
}

static inline void count_both(const struct turn *t, struct cell *cell)
{
	if (cell->stamp == t->both)
		return;
	cell->stamp = t->both;
	cell->count += 2;
}

static inline void set_bit(
    const struct turn *t, const struct cell *cell, uint32_t row)
{
	t->g->postings[(cell->count & ~BITMAP) + row / 32] |= 1U << row % 32;
}

static inline void fill_one(const struct turn *t, struct cell *cell)
{
	if (cell->stamp == t->stamp || cell->stamp == t->both)
		return;
	cell->stamp = t->stamp;
	if ((cell->count & BITMAP) != 0)
		set_bit(t, cell, t->row);
	else
		t->g->postings[cell->count++] = t->row;
}

static inline void fill_both(const struct turn *t, struct cell *cell)
{
	if (cell->stamp == t->both)
		return;
	cell->stamp = t->both;
	if ((cell->count & BITMAP) != 0) {
		set_bit(t, cell, t->row);
		set_bit(t, cell, t->row + 1);
		return;
	}
	t->g->postings[cell->count++] = t->row;
	t->g->postings[cell->count++] = t->row + 1;
}

/* Takes each gram of a column, some more than once. */
static inline void for_grams(
    const struct turn *t, struct span text, take_fn *take)
{
	const struct grams *g = t->g;
	struct cell *before = g->cells; /* block of the last two bytes */
	size_t second = 0;

	for (size_t i = 0; i < text.len; i++) {
		size_t third = g->class[(uint8_t)text.ptr[i]];
		uint32_t off = g->blocks[second * g->alphabet + third];

		take(t, &g->singles[third]);
		if (off != 0)
			take(t, &g->cells[off]);
		if (before != g->cells)
			take(t, before + third);
		before = g->cells + off;
		second = third;
	}
}

static bool is_twin(const struct build *b, size_t row)
{
	return row + 1 < b->current_rows &&
	       columns_number(b, row, COLUMN_NAME) != 0 &&
	       columns_number(b, row, COLUMN_NAME) ==
		   columns_number(b, row + 1, COLUMN_NAME);
}

/* Columns of t->row; other is the row whose own columns they must not be. */
static inline void for_columns(const struct build *b, const struct turn *t,
    size_t other, bool shared, take_fn *take)
{
	for (size_t i = 0; i < SEARCHED_COUNT; i++) {
		uint32_t text = columns_number(b, t->row, searched[i]);
		bool same = other != t->row &&
			    columns_number(b, other, searched[i]) == text;

		if (text != 0 && same == shared)
			for_grams(t, columns_piece(b, text), take);
	}
}

static inline void for_rows(
    const struct build *b, struct grams *g, take_fn *one, take_fn *both)
{
	for (uint32_t row = 0; row < b->current_rows; row++) {
		struct turn t = {g, row, g->stamp + row, g->stamp + row};

		if (!is_twin(b, row)) {
			for_columns(b, &t, row, false, one);
			continue;
		}
		t.both++;
		for_columns(b, &t, row + 1, true, both);
		for_columns(b, &t, row + 1, false, one);
		t = (struct turn){g, row + 1, t.both, t.both};
		for_columns(b, &t, row, false, one);
		row++;
	}
}

static void count_rows(const struct build *b, struct grams *g)
{
	for_rows(b, g, count_one, count_both);
}

static void fill_rows(const struct build *b, struct grams *g)
{
	for_rows(b, g, fill_one, fill_both);
}

/* The cells of a pair, and how many; grams of one byte are pairs with 0. */
static struct cell *cells_of(const struct grams *g, size_t pair, size_t *count)
{
	*count = 0;
	if (pair % g->alphabet == 0) {
		*count = pair > 0;
		return &g->singles[pair / g->alphabet];
	}
	if (g->blocks[pair] != 0)
		*count = g->alphabet;
	return g->cells + g->blocks[pair];
}

static size_t count_grams(const struct grams *g)
{
	size_t pairs = g->alphabet * g->alphabet, total = 0, count;

	for (size_t pair = 0; pair < pairs; pair++) {
		const struct cell *cells = cells_of(g, pair, &count);

		for (size_t i = 0; i < count; i++)
			total += cells[i].count > 0;
	}
	return total;
}

/* Makes the tables of grams, and gives each cell its place in postings. */
static int put_grams(struct build *b, struct grams *g)
{
	size_t pairs = g->alphabet * g->alphabet, at = 0, items = 0, count;
	struct le32 *pair_out = build_section(b, IMAGE_GRAM_PAIRS, pairs + 1);
	struct image_gram *out = build_section(b, IMAGE_GRAMS, count_grams(g));

	if (pair_out == NULL || out == NULL)
		return build_nomem(b);
	for (size_t pair = 0; pair < pairs; pair++) {
		struct cell *cells = cells_of(g, pair, &count);

		pair_out[pair] = le32_of((uint32_t)at);
		for (size_t i = 0; i < count; i++) {
			size_t rows = cells[i].count;

			if (rows == 0)
				continue;
			out[at++] = (struct image_gram){le32_of((uint32_t)i),
			    le32_of((uint32_t)items), le32_of((uint32_t)rows)};
			cells[i].count = (uint32_t)items;
			if (image_posting_is_bitmap(rows, b->current_rows))
				cells[i].count |= BITMAP;
			items += image_posting_len(rows, b->current_rows);
			if (items > POSTINGS_MAX)
				return error_set(b->err, PORTBOOK_ELIMIT, 0,
				    "the index of the search would be longer "
				    "than 8 GB");
		}
	}
	pair_out[pairs] = le32_of((uint32_t)at);
	g->postings = build_section(b, IMAGE_POSTINGS, items);
	return g->postings != NULL ? 0 : build_nomem(b);
}

int grams_make(struct build *b)
{
	struct grams g = {.stamp = 1};
	int code;

	if (b->options->no_search)
		return 0;
	if (b->current_rows >= BITMAP)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "more than 2,147,483,647 records cannot be searched");
	code = grams_begin(b, &g);
	if (code == 0) {
		count_rows(b, &g);
		code = put_grams(b, &g);
	}
	if (code == 0) {
		g.stamp += (uint32_t)b->current_rows;
		fill_rows(b, &g);
		if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
			for (size_t i = 0;
			     i < b->sections[IMAGE_POSTINGS].count; i++)
				g.postings[i] = le32_of(g.postings[i]).raw;
	}
	mem_release(g.blocks);
	mem_release(g.cells);
	mem_release(g.singles);
	return code;
}
