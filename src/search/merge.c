/* SPDX-License-Identifier: ISC */
#include "search/merge.h"

#include "base/banned.h"

/* How many current rows stand before past row i. */
static inline size_t before(const struct found *f, size_t i)
{
	size_t current = f->stood.image->current_rows;
	size_t n = le32(f->stood.image->rows[current + i].place) - i;

	return n < current ? n : current;
}

static inline bool is_full(const struct found *f)
{
	return f->sink->count >= f->sink->cap;
}

static inline void put(struct found *f, size_t row)
{
	if (f->skip > 0)
		f->skip--;
	else if (!is_full(f))
		f->sink->rows[f->sink->count++] = (uint32_t)row;
}

/* Of a word of current rows what belongs to the page and has room there. */
static inline void put_word(struct found *f, size_t first, uint64_t w)
{
	uint32_t *rows = f->sink->rows;
	size_t count = f->sink->count, cap = f->sink->cap;

	if (f->skip > 0) {
		size_t here = bits_count_word(w);

		if (here <= f->skip) {
			f->skip -= here;
			return;
		}
		for (; f->skip > 0; f->skip--)
			w &= w - 1;
	}
	for (; w != 0 && count < cap; w &= w - 1)
		rows[count++] = (uint32_t)(first + bits_lowest(w));
	f->sink->count = count;
}

/* Where a walk through the words of current rows is. */
struct cursor {
	size_t word;
	uint64_t left; /* of that word */
};

/* Makes words as far as word i, and as many more as there have been. */
static void make_more(struct found *f, size_t i)
{
	size_t words = bits_words(f->stood.image->current_rows);
	size_t end = words - i > f->ready ? i + f->ready : words;

	stood_words(&f->stood, &f->one, 0, f->bits, f->ready, end);
	f->ready = end;
}

/* On to word i; behind the last there is nothing. */
static inline void go_to(struct found *f, struct cursor *c, size_t i)
{
	if (i >= f->ready && i < bits_words(f->stood.image->current_rows))
		make_more(f, i);
	c->word = i;
	c->left = i < f->ready ? f->bits[i] : 0;
}

/* Takes the bits below row end out of the word that the cursor is in. */
static inline uint64_t take_below(struct cursor *c, size_t end)
{
	uint64_t low = c->left & (((uint64_t)1 << end % 64) - 1);

	c->left ^= low;
	return low;
}

/* Puts the current rows below end, as far as there is room. */
static inline void put_current(struct found *f, struct cursor *c, size_t end)
{
	while (c->word < end / 64) {
		if (c->left != 0)
			put_word(f, c->word * 64, c->left);
		if (is_full(f))
			return;
		go_to(f, c, c->word + 1);
	}
	if (c->word == end / 64)
		put_word(f, c->word * 64, take_below(c, end));
}

static size_t count_current(struct found *f, struct cursor *c, size_t end)
{
	size_t count = 0;

	while (c->word < end / 64) {
		count += bits_count_word(c->left);
		go_to(f, c, c->word + 1);
	}
	if (c->word == end / 64)
		count += bits_count_word(take_below(c, end));
	return count;
}

/*
 * Passes over whole words of past rows, and the current ones before them, as
 * long as the page is behind them.  Returns the words passed over.
 */
static size_t skip_words(struct found *f, size_t words, struct cursor *c)
{
	size_t i = 0;

	while (f->skip > 0 && i + 1 < words) {
		struct cursor to = *c;
		size_t here = bits_count_word(f->past[i]) +
			      count_current(f, &to, before(f, (i + 1) * 64));

		if (here > f->skip)
			break;
		f->skip -= here;
		*c = to;
		i++;
	}
	return i;
}

static void merge_bits(struct found *f)
{
	size_t current = f->stood.image->current_rows;
	size_t words = bits_words(f->stood.image->row_count - current);
	struct cursor c;

	go_to(f, &c, 0);
	for (size_t i = skip_words(f, words, &c); i < words; i++)
		for (uint64_t w = f->past[i]; w != 0; w &= w - 1) {
			size_t n = i * 64 + bits_lowest(w);

			put_current(f, &c, before(f, n));
			put(f, current + n);
			if (is_full(f))
				return;
		}
	put_current(f, &c, current);
}

static void merge_list(struct found *f)
{
	size_t current = f->stood.image->current_rows, i = 0;
	size_t words = bits_words(f->stood.image->row_count - current);
	size_t n = bits_next(f->past, words, 0);

	for (; n != BITS_END && !is_full(f);
	     n = bits_next(f->past, words, n + 1)) {
		size_t end = before(f, n);

		while (i < f->current_total && f->list[i] < end)
			put(f, f->list[i++]);
		put(f, current + n);
	}
	if (f->skip > f->current_total - i) {
		f->skip -= f->current_total - i;
		return;
	}
	for (i += f->skip; i < f->current_total && !is_full(f); i++)
		f->sink->rows[f->sink->count++] = f->list[i];
}

void merge_found(struct found *f)
{
	if (f->list != NULL)
		merge_list(f);
	else
		merge_bits(f);
}
