/* SPDX-License-Identifier: ISC */
/*
 * For the current rows, and for those of the past, which of them have a gram
 * of one, two or three bytes.
 *
 * Grams are counted in a table of all that the pairs of bytes in use allow,
 * as soon as the columns are known and on a thread of its own, since that
 * takes as long as the stages in between; a second pass fills in the rows.
 */
#include "imagebuild/build.h"

#include <pthread.h>

#include "base/banned.h"

/* From so many rows on a thread is worth its while. */
#define THREAD_ROWS 1000

/*
 * A gram in the making: which row had it last, as a stamp, and how many rows
 * have it; then where its next row goes, or with BITMAP which bitmap it has.
 */
struct cell {
	uint32_t stamp;
	uint32_t count;
};

#define BITMAP 0x80000000U
#define POSTINGS_MAX (BITMAP - 1)

/*
 * Cells of grams of one byte come first, by class; then each pair of classes
 * that is in use has a block: of the pair itself, class 0, and of each third
 * class.  Off 0 stands for no block.  The classes of bytes that are seen often
 * are low, so that the cells in use lie close together.
 *
 * The first pass writes down what it found, each cell once a row, so that the
 * second need not look at any text:
 *
 *	row, how many (with BOTH: also the next row has them), cells ...
 */
struct index {
	const struct build *b; /* borrowed */
	size_t first, rows; /* of the rows; they are counted from the first */
	size_t alphabet;
	const uint8_t *class; /* borrowed: of a byte */
	uint32_t *blocks;     /* owned: where a pair's block begins, or 0 */
	struct cell *cells;   /* owned */
	uint32_t *found;      /* owned */
	size_t found_count, found_cap;
	uint32_t *bitmaps; /* owned: where in the postings each begins */
	uint32_t *words;   /* owned: the word in the making of each, one more */
	size_t bitmap_count;
};

#define BOTH 0x80000000U

struct grams {
	const struct build *b; /* borrowed */
	pthread_t thread;
	bool running;
	int code; /* of the counting */
	uint8_t class[256];
	struct index current;
	struct index past; /* without rows in an image of one version */
};

/* The text of the timeline that a searched column of a row shows. */
static inline uint32_t shown(const struct index *g, size_t row, size_t i)
{
	return columns_number(g->b, g->first + row, build_searched[i]);
}

/* A column of a row, empty where the row before shows the same. */
static struct span fresh_text(const struct index *g, size_t row, size_t i)
{
	uint32_t number = shown(g, row, i);

	if (row > 0 && shown(g, row - 1, i) == number)
		return SPAN("");
	return columns_piece(g->b, number);
}

static void count_bytes(const struct index *g, size_t often[256])
{
	for (size_t row = 0; row < g->rows; row++)
		for (size_t i = 0; i < SEARCHED_COUNT; i++) {
			struct span text =
			    columns_piece(g->b, shown(g, row, i));

			for (size_t n = 0; n < text.len; n++)
				often[(uint8_t)text.ptr[n]]++;
		}
}

/* Bytes in use get classes, the most frequent 1. */
static void classify(struct grams *g)
{
	size_t often[256] = {0};
	uint8_t bytes[256];
	size_t count = 0;

	count_bytes(&g->current, often);
	count_bytes(&g->past, often);
	for (size_t i = 1; i < 256; i++) {
		size_t at = count;

		if (often[i] == 0)
			continue;
		for (; at > 0 && often[bytes[at - 1]] < often[i]; at--)
			bytes[at] = bytes[at - 1];
		bytes[at] = (uint8_t)i;
		count++;
	}
	for (size_t i = 0; i < count; i++)
		g->class[bytes[i]] = (uint8_t)(i + 1);
	g->current.alphabet = g->past.alphabet = count + 1;
}

static void mark_pairs(struct index *g, struct span text)
{
	size_t a = g->alphabet, second = 0;

	for (size_t i = 0; i < text.len; i++) {
		size_t third = g->class[(uint8_t)text.ptr[i]];

		g->blocks[second * a + third] = 1;
		second = third;
	}
}

/* Gives each pair that is in use its block, in their order. */
static size_t assign_blocks(struct index *g)
{
	size_t a = g->alphabet, end = a;

	for (size_t row = 0; row < g->rows; row++)
		for (size_t i = 0; i < SEARCHED_COUNT; i++)
			mark_pairs(g, fresh_text(g, row, i));
	for (size_t pair = 0; pair < a * a; pair++) {
		bool used = g->blocks[pair] != 0 && pair % a != 0 && pair >= a;

		g->blocks[pair] = used ? (uint32_t)end : 0;
		end += used ? a : 0;
	}
	return end;
}

/*
 * One or two rows being looked at.  Two that stand next to each other and
 * have one name, say for tcp and udp, show the same in most columns; what both
 * show is taken for both at once, and first, under the stamp of the second.
 */
struct turn {
	uint32_t row;
	uint32_t stamp;	  /* of row, from 1 */
	uint32_t both;	  /* the stamp of what row has along with the next */
	uint32_t rows;	  /* 1 or 2 */
	uint64_t seen[4]; /* classes of bytes */
	const uint64_t *other; /* classes that both rows have already */
};

#define CHUNK 256 /* bytes */

/* Cells of grams of two and three bytes that end in text[i .. end). */
static size_t list_cells(const struct index *g, struct turn *t,
    struct span text, size_t i, size_t end, uint32_t *at)
{
	size_t count = 0, second = 0;
	uint32_t before = 0; /* block of the last two bytes */

	if (i > 0)
		second = g->class[(uint8_t)text.ptr[i - 1]] * g->alphabet;
	if (i > 1)
		before = g->blocks[g->class[(uint8_t)text.ptr[i - 2]] *
				       g -> alphabet + second / g -> alphabet];
	for (; i < end; i++) {
		uint32_t third = g->class[(uint8_t)text.ptr[i]];
		uint32_t block = g->blocks[second + third];

		t->seen[third / 64] |= (uint64_t)1 << third % 64;
		at[count] = before + third;
		count += before != 0;
		at[count] = block;
		count += block != 0;
		before = block;
		second = third * g->alphabet;
	}
	return count;
}

/*
 * Counts the cells of a column and writes down those that are new to the row.
 * Chance decides whether one is, hence no branch asks for it.
 */
static void count_column(struct index *g, struct turn *t, struct span text)
{
	uint32_t at[2 * CHUNK], stamp = t->stamp, both = t->both;
	uint32_t *out = g->found + g->found_count;

	for (size_t i = 0; i < text.len; i += CHUNK) {
		size_t end = text.len - i < CHUNK ? text.len : i + CHUNK;
		size_t count = list_cells(g, t, text, i, end, at);

		for (size_t n = 0; n < count; n++) {
			struct cell *cell = &g->cells[at[n]];
			uint32_t old = cell->stamp;
			bool fresh = (old != stamp) & (old != both);

			cell->stamp = fresh ? stamp : old;
			cell->count += fresh ? t->rows : 0;
			*out = at[n];
			out += fresh;
		}
	}
	g->found_count = (size_t)(out - g->found);
}

/* The same for grams of one byte. */
static void count_seen(struct index *g, const struct turn *t)
{
	for (uint32_t i = 0; i < 4; i++) {
		uint64_t left = t->seen[i];

		if (t->other != NULL)
			left &= ~t->other[i];
		for (; left != 0; left &= left - 1) {
			uint32_t class =
			    i * 64 + (uint32_t)__builtin_ctzll(left);

			g->cells[class].count += t->rows;
			g->found[g->found_count++] = class;
		}
	}
}

/* Room for what count_row finds: two cells a byte and those of one byte. */
static int make_room(struct index *g, size_t row)
{
	size_t want = g->found_count + 2 + 256 +
		      2 * build_search_len(g->b, g->first + row);
	size_t cap = g->found_cap > 0 ? g->found_cap : 4096;
	uint32_t *grown;

	if (want <= g->found_cap)
		return 0;
	while (cap < want)
		cap *= 2;
	grown = mem_resize(g->found, cap, sizeof(*grown));
	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	g->found = grown;
	g->found_cap = cap;
	return 0;
}

/*
 * Columns of t->row that it shares with the row other, or those that it has
 * for itself.  A row that is its own other has all for itself.
 */
static int count_row(struct index *g, struct turn *t, size_t other, bool shared)
{
	int code = make_room(g, t->row);
	size_t head = g->found_count;

	if (code < 0)
		return code;
	g->found_count += 2;
	for (size_t i = 0; i < SEARCHED_COUNT; i++) {
		uint32_t text = shown(g, t->row, i);
		bool same = other != t->row && shown(g, other, i) == text;

		if (text != 0 && same == shared)
			count_column(g, t, columns_piece(g->b, text));
	}
	count_seen(g, t);
	g->found[head] = t->row;
	g->found[head + 1] =
	    (uint32_t)(g->found_count - head - 2) | (t->rows == 2 ? BOTH : 0);
	return 0;
}

/* Never two rows whose bits lie in two words. */
static bool is_twin(const struct index *g, size_t row)
{
	size_t at = g->first + row;

	return row + 1 < g->rows && row % 32 != 31 &&
	       columns_number(g->b, at, COLUMN_NAME) != 0 &&
	       columns_number(g->b, at, COLUMN_NAME) ==
		   columns_number(g->b, at + 1, COLUMN_NAME);
}

static int count_twins(struct index *g, uint32_t row)
{
	uint32_t stamp = row + 1, both = row + 2;
	struct turn shared = {
	    .row = row, .stamp = both, .both = both, .rows = 2};
	struct turn first = {.row = row,
	    .stamp = stamp,
	    .both = both,
	    .rows = 1,
	    .other = shared.seen};
	struct turn second = {.row = row + 1,
	    .stamp = both,
	    .both = both,
	    .rows = 1,
	    .other = shared.seen};
	int code = count_row(g, &shared, row + 1, true);

	if (code == 0)
		code = count_row(g, &first, row + 1, false);
	if (code == 0)
		code = count_row(g, &second, row, false);
	return code;
}

static int count_rows(struct index *g)
{
	int code = 0;

	for (uint32_t row = 0; code == 0 && row < g->rows; row++) {
		struct turn alone = {
		    .row = row, .stamp = row + 1, .both = row + 1, .rows = 1};

		if (is_twin(g, row))
			code = count_twins(g, row++);
		else
			code = count_row(g, &alone, row, false);
	}
	return code;
}

static int count_all(struct index *g)
{
	g->blocks = mem_zalloc(g->alphabet * g->alphabet, sizeof(*g->blocks));
	if (g->blocks == NULL)
		return PORTBOOK_ENOMEM;
	g->cells = mem_zalloc(assign_blocks(g), sizeof(*g->cells));
	return g->cells != NULL ? count_rows(g) : PORTBOOK_ENOMEM;
}

static void *run(void *ctx)
{
	struct grams *g = ctx;

	classify(g);
	g->code = count_all(&g->current);
	if (g->code == 0 && g->past.rows > 0)
		g->code = count_all(&g->past);
	return NULL;
}

static void wait(struct grams *g)
{
	if (g->running)
		pthread_join(g->thread, NULL);
	g->running = false;
}

/* Puts a row into the postings of count cells; and the next, if rows is 2. */
static void fill_row(struct index *g, uint32_t *postings, uint32_t row,
    uint32_t rows, const uint32_t *at, size_t count)
{
	uint32_t bits = (rows == 2 ? 3U : 1U) << row % 32;

	for (size_t i = 0; i < count; i++) {
		struct cell *cell = &g->cells[at[i]];
		bool is_bitmap = (cell->count & BITMAP) != 0;
		uint32_t *base = is_bitmap ? g->words : postings;
		uint32_t *to = base + (cell->count & ~BITMAP);
		uint32_t *second = to + (rows == 2);

		*second = is_bitmap ? *second : row + 1;
		*to = is_bitmap ? *to | bits : row;
		cell->count += is_bitmap ? 0 : rows;
	}
}

/* Puts the words in the making, of rows from 32 * at on, into the bitmaps. */
static void put_words(struct index *g, uint32_t *postings, uint32_t at)
{
	for (size_t i = 0; i < g->bitmap_count; i++)
		postings[g->bitmaps[i] + at] = g->words[i];
	memset(g->words, 0, g->bitmap_count * sizeof(*g->words));
}

static void fill_rows(struct index *g, uint32_t *postings)
{
	uint32_t row = 0;

	for (size_t i = 0; i < g->found_count;) {
		uint32_t next = g->found[i], count = g->found[i + 1] & ~BOTH;
		uint32_t rows = (g->found[i + 1] & BOTH) != 0 ? 2 : 1;

		if (next / 32 != row / 32)
			put_words(g, postings, row / 32);
		row = next;
		fill_row(g, postings, row, rows, g->found + i + 2, count);
		i += 2 + (size_t)count;
	}
	put_words(g, postings, row / 32);
}

/* The cells of a pair, and how many; grams of one byte are pairs with 0. */
static struct cell *cells_of(const struct index *g, size_t pair, size_t *count)
{
	*count = 0;
	if (pair % g->alphabet == 0) {
		*count = pair > 0;
		return &g->cells[pair / g->alphabet];
	}
	if (g->blocks[pair] != 0)
		*count = g->alphabet;
	return g->cells + g->blocks[pair];
}

static size_t count_grams(struct index *g)
{
	size_t pairs = g->alphabet * g->alphabet, total = 0, count;

	for (size_t pair = 0; pair < pairs; pair++) {
		const struct cell *cells = cells_of(g, pair, &count);

		for (size_t i = 0; i < count; i++) {
			total += cells[i].count > 0;
			g->bitmap_count +=
			    image_posting_is_bitmap(cells[i].count, g->rows);
		}
	}
	return total;
}

/* The sections of an index. */
struct place {
	enum image_section_id pairs, grams, postings;
};

/*
 * A cell that has rows becomes a gram, and gets its place in the postings;
 * *items and *bitmap count on.
 */
static struct image_gram put_gram(struct index *g, struct cell *cell,
    uint32_t third, size_t *items, size_t *bitmap)
{
	size_t rows = cell->count;
	struct image_gram ret = {
	    le32_of(third), le32_of((uint32_t)*items), le32_of((uint32_t)rows)};

	cell->count = (uint32_t)*items;
	if (image_posting_is_bitmap(rows, g->rows)) {
		g->bitmaps[*bitmap] = (uint32_t)*items;
		cell->count = BITMAP | (uint32_t)(*bitmap)++;
	}
	*items += image_posting_len(rows, g->rows);
	return ret;
}

/* Makes the tables of grams, and gives each cell its place in postings. */
static int put_grams(struct build *b, struct index *g, struct place to)
{
	size_t pairs = g->alphabet * g->alphabet, at = 0, items = 0, count;
	size_t bitmap = 0, total = count_grams(g);
	struct le32 *pair_out;
	struct image_gram *out;

	pair_out = build_section(b, to.pairs, pairs + 1);
	out = build_section(b, to.grams, total);
	g->bitmaps = mem_alloc(g->bitmap_count, sizeof(*g->bitmaps));
	g->words = mem_zalloc(g->bitmap_count + 1, sizeof(*g->words));
	if (pair_out == NULL || out == NULL || g->bitmaps == NULL ||
	    g->words == NULL)
		return build_nomem(b);
	pair_out = build_section_at(b, to.pairs); /* it has moved */
	for (size_t pair = 0; pair < pairs; pair++) {
		struct cell *cells = cells_of(g, pair, &count);

		pair_out[pair] = le32_of((uint32_t)at);
		for (size_t i = 0; i < count; i++) {
			if (cells[i].count == 0)
				continue;
			out[at++] = put_gram(
			    g, &cells[i], (uint32_t)i, &items, &bitmap);
			if (items > POSTINGS_MAX)
				return error_set(b->err, PORTBOOK_ELIMIT, 0,
				    "the index of the search would be longer "
				    "than 8 GB");
		}
	}
	pair_out[pairs] = le32_of((uint32_t)at);
	return build_section(b, to.postings, items) != NULL ? 0
							    : build_nomem(b);
}

static int put_index(struct build *b, struct index *g, struct place to)
{
	int code = put_grams(b, g, to);
	uint32_t *postings;

	if (code < 0)
		return code;
	postings = build_section_at(b, to.postings);
	fill_rows(g, postings);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		for (size_t i = 0; i < b->sections[to.postings].count; i++)
			postings[i] = le32_of(postings[i]).raw;
	return 0;
}

int grams_make(struct build *b)
{
	static const struct place current = {
	    IMAGE_GRAM_PAIRS, IMAGE_GRAMS, IMAGE_POSTINGS};
	static const struct place past = {
	    IMAGE_PAST_GRAM_PAIRS, IMAGE_PAST_GRAMS, IMAGE_PAST_POSTINGS};
	struct grams *g = b->grams;
	int code;

	if (g == NULL)
		return 0;
	wait(g);
	if (g->code < 0)
		return build_nomem(b);
	memcpy(b->meta.classes, g->class, sizeof(g->class));
	b->meta.alphabet = le32_of((uint32_t)g->current.alphabet);
	code = put_index(b, &g->current, current);
	if (code == 0 && g->past.rows > 0)
		code = put_index(b, &g->past, past);
	grams_release(b);
	return code;
}

int grams_begin(struct build *b)
{
	struct grams *g;

	if (b->options->no_search)
		return 0;
	if (b->row_count >= BITMAP)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "more than 2,147,483,647 records cannot be searched");
	g = mem_zalloc(1, sizeof(*g));
	if (g == NULL)
		return build_nomem(b);
	b->grams = g;
	g->b = b;
	g->current =
	    (struct index){.b = b, .rows = b->current_rows, .class = g->class};
	g->past = (struct index){.b = b,
	    .first = b->current_rows,
	    .rows = b->row_count - b->current_rows,
	    .class = g->class};
	if (b->current_rows >= THREAD_ROWS)
		g->running = pthread_create(&g->thread, NULL, run, g) == 0;
	if (!g->running)
		run(g);
	return 0;
}

static void index_release(struct index *g)
{
	mem_release(g->blocks);
	mem_release(g->cells);
	mem_release(g->found);
	mem_release(g->bitmaps);
	mem_release(g->words);
}

void grams_release(struct build *b)
{
	struct grams *g = b->grams;

	if (g == NULL)
		return;
	wait(g);
	index_release(&g->current);
	index_release(&g->past);
	mem_release(g);
	b->grams = NULL;
}
