/* SPDX-License-Identifier: ISC */
/*
 * The search: folded columns of all rows one after the other, and for the
 * current rows which of them have a gram of one, two or three bytes.
 *
 * Grams are counted in a table of all that the bytes in use allow, in two
 * passes over the columns; the second one fills in the rows.  A row that
 * shows the same as the row before in all but its protocol is counted along
 * with that one, which halves the work, as most services have two rows.
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

/* A gram: who had it last, and how many rows have it or where they go. */
struct cell {
	uint32_t last;
	uint32_t count; /* then place in postings, with BITMAP for one */
};

#define BITMAP 0x80000000U
#define POSTINGS_MAX (BITMAP - 1)

struct grams {
	size_t alphabet;
	uint8_t *class;	    /* borrowed: of a byte */
	struct cell *cells; /* owned: alphabet cubed */
	uint8_t *pairs;	    /* owned: whether one is used */
	uint32_t *postings; /* the section's, in its byte order at the end */
	uint32_t stamp;	    /* what last is for row 0 */
};

/* Bytes in use get classes in their order, from 1. */
static int grams_begin(struct build *b, struct grams *g)
{
	bool used[256] = {false};
	const uint8_t *search = b->sections[IMAGE_SEARCH].ptr;
	size_t end = b->sections[IMAGE_SEARCH].count, count = 1;

	if (b->current_rows < b->row_count)
		end = (size_t)le32(b->rows[b->current_rows].search) * 4;
	for (size_t i = 0; i < end; i++)
		used[search[i]] = true;
	g->class = b->meta.classes;
	for (size_t i = 1; i < 256; i++)
		g->class[i] = used[i] ? (uint8_t)count++ : 0;
	g->alphabet = count;
	b->meta.alphabet = le32_of((uint32_t)count);
	g->cells = mem_zalloc(count * count * count, sizeof(*g->cells));
	g->pairs = mem_zalloc(count, count);
	if (g->cells == NULL || g->pairs == NULL)
		return build_nomem(b);
	return 0;
}

static inline void count_one(struct cell *cell, uint32_t stamp)
{
	if (cell->last == stamp)
		return;
	cell->last = stamp;
	cell->count++;
}

static inline void fill_one(
    const struct grams *g, struct cell *cell, uint32_t row)
{
	if ((cell->count & BITMAP) != 0) {
		g->postings[(cell->count & ~BITMAP) + row / 32] |= 1U
								   << row % 32;
		return;
	}
	if (cell->last == g->stamp + row)
		return;
	cell->last = g->stamp + row;
	g->postings[cell->count++] = row;
}

static void count_text(
    struct grams *g, const uint8_t *text, size_t len, uint32_t row)
{
	size_t a = g->alphabet, first = 0, second = 0;
	uint32_t stamp = g->stamp + row;

	for (size_t i = 0; i < len; i++) {
		size_t third = g->class[text[i]];

		if (third == 0) {
			first = second = 0;
			continue;
		}
		count_one(&g->cells[third * a * a], stamp);
		if (second != 0) {
			g->pairs[second * a + third] = 1;
			count_one(&g->cells[(second * a + third) * a], stamp);
		}
		if (first != 0)
			count_one(
			    &g->cells[(first * a + second) * a + third], stamp);
		first = second;
		second = third;
	}
}

static void fill_text(
    struct grams *g, const uint8_t *text, size_t len, uint32_t row)
{
	size_t a = g->alphabet, first = 0, second = 0;

	for (size_t i = 0; i < len; i++) {
		size_t third = g->class[text[i]];

		if (third == 0) {
			first = second = 0;
			continue;
		}
		fill_one(g, &g->cells[third * a * a], row);
		if (second != 0)
			fill_one(g, &g->cells[(second * a + third) * a], row);
		if (first != 0)
			fill_one(g, &g->cells[(first * a + second) * a + third],
			    row);
		first = second;
		second = third;
	}
}

static void for_rows(const struct build *b, struct grams *g,
    void (*take)(struct grams *, const uint8_t *, size_t, uint32_t))
{
	const uint8_t *search = b->sections[IMAGE_SEARCH].ptr;

	for (uint32_t row = 0; row < b->current_rows; row++)
		take(g, search + (size_t)le32(b->rows[row].search) * 4,
		    le32(b->rows[row].search_len), row);
}

/* Whether any gram may begin with this pair of classes. */
static bool pair_is_used(const struct grams *g, size_t pair)
{
	return g->pairs[pair] != 0 || pair % g->alphabet == 0;
}

/* Makes the tables of grams, and gives each cell its place in postings. */
static int put_grams(struct build *b, struct grams *g)
{
	size_t pairs = g->alphabet * g->alphabet, count = 0, items = 0;
	struct le32 *pair_out = build_section(b, IMAGE_GRAM_PAIRS, pairs + 1);
	struct image_gram *out;

	for (size_t pair = 0; pair < pairs; pair++)
		for (size_t c = 0; pair_is_used(g, pair) && c < g->alphabet;
		     c++)
			count += g->cells[pair * g->alphabet + c].count > 0;
	out = build_section(b, IMAGE_GRAMS, count);
	if (pair_out == NULL || out == NULL)
		return build_nomem(b);
	count = 0;
	for (size_t pair = 0; pair < pairs; pair++) {
		pair_out[pair] = le32_of((uint32_t)count);
		for (size_t c = 0; pair_is_used(g, pair) && c < g->alphabet;
		     c++) {
			struct cell *cell = &g->cells[pair * g->alphabet + c];
			size_t rows = cell->count;

			if (rows == 0)
				continue;
			out[count++] = (struct image_gram){le32_of((uint32_t)c),
			    le32_of((uint32_t)items), le32_of((uint32_t)rows)};
			cell->count = (uint32_t)items;
			if (image_posting_is_bitmap(rows, b->current_rows))
				cell->count |= BITMAP;
			items += image_posting_len(rows, b->current_rows);
			if (items > POSTINGS_MAX)
				return error_set(b->err, PORTBOOK_ELIMIT, 0,
				    "the index of the search would be longer "
				    "than 8 GB");
		}
	}
	pair_out[pairs] = le32_of((uint32_t)count);
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
		for_rows(b, &g, count_text);
		code = put_grams(b, &g);
	}
	if (code == 0) {
		g.stamp += (uint32_t)b->current_rows;
		for_rows(b, &g, fill_text);
		for (size_t i = 0; i < b->sections[IMAGE_POSTINGS].count; i++)
			g.postings[i] = le32_of(g.postings[i]).raw;
	}
	mem_release(g.cells);
	mem_release(g.pairs);
	return code;
}
