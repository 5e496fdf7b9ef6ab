/* SPDX-License-Identifier: ISC */
/*
 * The search for text.
 *
 *	query = *space [term *(1*space term)] *space
 *
 * Every term asks for some grams of the image.  A term of up to three bytes is
 * a gram itself, and its posting is exact; a longer one is in none but rows
 * that have all its grams, of which the rarest two are taken, and has to be
 * looked for in these rows.  The rarest posting of all is walked and the
 * others are asked; if all are bitmaps they are put together word by word.
 */
#include "search/search.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "search/bits.h"
#include "search/find.h"
#include "base/banned.h"

#define GRAM_LEN 3
#define GRAMS_OF_TERM 2

static int end_term(struct search_query *q, size_t start, size_t end,
    struct portbook_error *err)
{
	if (start == end)
		return 0;
	if (q->term_count == SEARCH_TERM_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a search takes at most %d terms", SEARCH_TERM_MAX);
	q->terms[q->term_count].off = (uint32_t)start;
	q->terms[q->term_count].len = (uint32_t)(end - start);
	q->term_count++;
	return 0;
}

/* Appends a character to the text at out; false for white space. */
static bool add_folded(struct search_query *q, struct span *text, size_t *out)
{
	struct buf b;
	uint32_t c = utf8_next(text);

	if (c == UTF8_BAD) {
		q->hopeless = true;
		c = 0xfffd; /* it counts as part of a term all the same */
	} else if (utf8_is_space(c)) {
		return false;
	}
	buf_init_fixed(&b, q->folded + *out, sizeof(q->folded) - *out);
	utf8_put(&b, unicode_fold(c));
	*out += b.len;
	return true;
}

int search_parse(
    struct span text, struct search_query *ret, struct portbook_error *err)
{
	size_t out = 0, start = 0;
	int code;

	ret->term_count = 0;
	ret->hopeless = false;
	if (text.len > SEARCH_QUERY_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a search of %zu bytes: at most %d are taken", text.len,
		    SEARCH_QUERY_MAX);
	while (text.len > 0) {
		char c = text.ptr[0];

		if ((uint8_t)c < 0x80 && !ascii_is_space(c)) {
			ret->folded[out++] = ascii_lower(c);
			if (c == '\0')
				ret->hopeless = true;
			text = span_skip(text, 1);
			continue;
		}
		if ((uint8_t)c < 0x80)
			text = span_skip(text, 1);
		else if (add_folded(ret, &text, &out))
			continue;
		code = end_term(ret, start, out, err);
		if (code < 0)
			return code;
		start = out;
	}
	return end_term(ret, start, out, err);
}

static inline struct span term_at(const struct search_query *q, size_t i)
{
	return span_of(q->folded + q->terms[i].off, q->terms[i].len);
}

/* A posting, and how far its list has been walked. */
struct part {
	struct image_posting posting;
	size_t at;
};

struct plan {
	const struct image *image;
	const struct search_query *query;
	size_t part_count;
	size_t verify_count;
	struct part parts[SEARCH_TERM_MAX * GRAMS_OF_TERM];
	uint8_t verify[SEARCH_TERM_MAX]; /* terms to be looked for */
};

/* Where the matches go: a page of rows, or all as bits of current rows. */
struct sink {
	uint32_t *rows;
	size_t first, cap;
	size_t count; /* rows written */
	size_t total;
	uint64_t *bits; /* or NULL */
};

static inline void emit(struct sink *s, size_t row)
{
	if (s->bits != NULL) {
		bits_set(s->bits, row);
		return;
	}
	if (s->total++ >= s->first && s->count < s->cap)
		s->rows[s->count++] = (uint32_t)row;
}

static void add_part(struct plan *p, struct image_posting posting)
{
	p->parts[p->part_count].posting = posting;
	p->parts[p->part_count].at = 0;
	p->part_count++;
}

/* Takes the rarest grams of a long term; false if no row has one of them. */
static bool plan_long(struct plan *p, struct span term)
{
	struct image_posting best = {0}, second = {0};

	for (size_t i = 0; i + GRAM_LEN <= term.len; i++) {
		struct image_posting one =
		    image_gram(p->image, term.ptr + i, GRAM_LEN);

		if (one.count == 0)
			return false;
		if (best.count == 0 || one.count < best.count) {
			second = best;
			best = one;
		} else if (one.at != best.at &&
			   (second.count == 0 || one.count < second.count)) {
			second = one;
		}
	}
	add_part(p, best);
	if (second.count > 0)
		add_part(p, second);
	return true;
}

/* False if nothing can match. */
static bool plan_terms(struct plan *p)
{
	for (size_t i = 0; i < p->query->term_count; i++) {
		struct span term = term_at(p->query, i);
		struct image_posting one;

		if (term.len > GRAM_LEN) {
			if (!plan_long(p, term))
				return false;
			p->verify[p->verify_count++] = (uint8_t)i;
			continue;
		}
		one = image_gram(p->image, term.ptr, term.len);
		if (one.count == 0)
			return false;
		add_part(p, one);
	}
	return true;
}

static bool verify(const struct plan *p, size_t row)
{
	struct span text;

	if (p->verify_count == 0)
		return true;
	text = image_search_text(p->image, &p->image->rows[row]);
	for (size_t i = 0; i < p->verify_count; i++)
		if (!find_term(text, term_at(p->query, p->verify[i])))
			return false;
	return true;
}

/* Whether a posting has row; rows are asked for in rising order. */
static inline bool part_has(struct part *part, uint32_t row)
{
	const struct le32 *at = part->posting.at;
	size_t count = part->posting.count, i = part->at;

	if (part->posting.words > 0)
		return row / 32 < part->posting.words &&
		       (le32(at[row / 32]) >> row % 32 & 1) != 0;
	while (count - i >= 8 && le32(at[i + 7]) < row)
		i += 8;
	while (i < count && le32(at[i]) < row)
		i++;
	part->at = i;
	return i < count && le32(at[i]) == row;
}

static void walk_list(struct plan *p, size_t base, struct sink *sink)
{
	struct image_posting list = p->parts[base].posting;

	for (size_t i = 0; i < list.count; i++) {
		uint32_t row = le32(list.at[i]);
		bool all = row < p->image->current_rows;

		for (size_t j = 0; all && j < p->part_count; j++)
			all = j == base || part_has(&p->parts[j], row);
		if (all && verify(p, row))
			emit(sink, row);
	}
}

/* A list that is the answer: only the page asked for is looked at. */
static void take_list(const struct plan *p, struct sink *sink)
{
	struct image_posting list = p->parts[0].posting;

	sink->total = list.count;
	for (size_t i = sink->first; i < list.count; i++) {
		uint32_t row = le32(list.at[i]);

		if (sink->count == sink->cap)
			return;
		if (row < p->image->current_rows)
			sink->rows[sink->count++] = row;
	}
}

static inline uint64_t posting_word(const struct image_posting *p, size_t i)
{
	if (i * 2 + 1 < p->words)
		return le_u64(p->at + i * 2);
	return i * 2 < p->words ? le32(p->at[i * 2]) : 0;
}

/* What the bits beyond the last current row must not be. */
static inline uint64_t tail_mask(size_t rows, size_t word)
{
	size_t left = rows - word * 64;

	return left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
}

/* The rows that all bitmaps have. */
static void intersect(
    const struct plan *p, uint64_t *restrict words, size_t word_count)
{
	const struct le32 *first, *second;
	size_t whole = word_count;

	for (size_t j = 0; j < p->part_count; j++)
		if (p->parts[j].posting.words / 2 < whole)
			whole = p->parts[j].posting.words / 2;
	first = p->parts[0].posting.at;
	second = p->parts[p->part_count > 1].posting.at;
	for (size_t i = 0; i < whole; i++)
		words[i] = le_u64(first + i * 2) & le_u64(second + i * 2);
	for (size_t j = 2; j < p->part_count; j++) {
		const struct le32 *at = p->parts[j].posting.at;

		for (size_t i = 0; i < whole; i++)
			words[i] &= le_u64(at + i * 2);
	}
	for (size_t i = whole; i < word_count; i++) {
		words[i] = UINT64_MAX;
		for (size_t j = 0; j < p->part_count; j++)
			words[i] &= posting_word(&p->parts[j].posting, i);
	}
	if (word_count > 0)
		words[word_count - 1] &=
		    tail_mask(p->image->current_rows, word_count - 1);
}

/* The rows of a page out of a bitmap. */
static void take_bits(
    const struct image_posting *bits, size_t rows, struct sink *sink)
{
	size_t word_count = bits_words(rows), skip = sink->first;

	for (size_t i = 0; i < word_count && sink->count < sink->cap; i++) {
		uint64_t w = posting_word(bits, i) & tail_mask(rows, i);
		size_t here = skip > 0 ? bits_count_word(w) : 0;

		if (skip > 0 && here <= skip) {
			skip -= here;
			continue;
		}
		for (; w != 0 && sink->count < sink->cap; w &= w - 1) {
			if (skip > 0) {
				skip--;
				continue;
			}
			sink->rows[sink->count++] =
			    (uint32_t)(i * 64 + bits_lowest(w));
		}
	}
}

static void walk_bits(struct plan *p, uint64_t *words, struct sink *sink)
{
	size_t rows = p->image->current_rows, word_count = bits_words(rows);
	bool exact = p->verify_count == 0;

	if (exact && p->part_count == 1 && sink->bits == NULL) {
		sink->total = p->parts[0].posting.count;
		if (sink->first < sink->total)
			take_bits(&p->parts[0].posting, rows, sink);
		return;
	}
	intersect(p, words, word_count);
	if (exact && sink->bits != NULL) {
		memcpy(sink->bits, words, word_count * sizeof(*words));
		return;
	}
	if (exact) {
		struct image_posting found = {
		    .at = (const struct le32 *)words, .words = word_count * 2};

		sink->total = bits_count(words, word_count);
		if (sink->first < sink->total &&
		    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
			take_bits(&found, rows, sink);
			return;
		}
		sink->total = 0;
	}
	for (size_t i = 0; i < word_count; i++)
		for (uint64_t w = words[i]; w != 0; w &= w - 1) {
			size_t row = i * 64 + bits_lowest(w);

			if (verify(p, row))
				emit(sink, row);
		}
}

/* Without grams: every row is looked at. */
static void walk_all(struct plan *p, struct sink *sink)
{
	p->verify_count = p->query->term_count;
	for (size_t i = 0; i < p->verify_count; i++)
		p->verify[i] = (uint8_t)i;
	for (size_t row = 0; row < p->image->current_rows; row++)
		if (verify(p, row))
			emit(sink, row);
}

/* All matches among the current rows. */
static void run_current(struct plan *p, uint64_t *words, struct sink *sink)
{
	size_t base = 0;

	if (p->query->term_count == 0 || p->image->gram_pairs == NULL) {
		walk_all(p, sink);
		return;
	}
	if (!plan_terms(p))
		return;
	for (size_t i = 1; i < p->part_count; i++)
		if (p->parts[i].posting.count < p->parts[base].posting.count)
			base = i;
	/* Lists are rarer than bitmaps, but a damaged image may say else. */
	for (size_t i = 0; i < p->part_count; i++)
		if (p->parts[base].posting.words > 0 &&
		    p->parts[i].posting.words == 0)
			base = i;
	if (p->parts[base].posting.words > 0)
		walk_bits(p, words, sink);
	else if (p->part_count == 1 && p->verify_count == 0 &&
		 sink->bits == NULL)
		take_list(p, sink);
	else
		walk_list(p, base, sink);
}

/* The whole registry; no row is looked at. */
static void take_all(const struct image *image, struct sink *sink)
{
	sink->total = image->current_rows;
	for (size_t row = sink->first; row < sink->total; row++) {
		if (sink->count == sink->cap)
			return;
		sink->rows[sink->count++] = (uint32_t)row;
	}
}

static inline uint32_t place(const struct image *image, size_t row)
{
	return row == BITS_END ? UINT32_MAX : le32(image->rows[row].place);
}

/* Of current and past rows those that stood in version, in its order. */
static void merge(const struct image *image, uint32_t version,
    const uint64_t *current, const uint64_t *past, struct sink *sink)
{
	size_t off = image->current_rows;
	size_t current_words = bits_words(off);
	size_t past_words = bits_words(image->row_count - off);
	size_t a = bits_next(current, current_words, 0);
	size_t b = bits_next(past, past_words, 0);

	while (a != BITS_END || b != BITS_END) {
		size_t row;

		if (b == BITS_END ||
		    (a != BITS_END &&
			place(image, a) <= place(image, off + b))) {
			row = a;
			a = bits_next(current, current_words, a + 1);
		} else {
			row = off + b;
			b = bits_next(past, past_words, b + 1);
		}
		if (image_row_is_in(&image->rows[row], version))
			emit(sink, row);
	}
}

static void run_version(
    struct plan *p, uint32_t version, uint64_t *words, struct sink *sink)
{
	const struct image *image = p->image;
	size_t off = image->current_rows;
	uint64_t *current = words + bits_words(off);
	uint64_t *past = current + bits_words(off);
	struct sink all = {.bits = current};

	memset(current, 0,
	    (bits_words(off) + bits_words(image->row_count - off)) *
		sizeof(*words));
	run_current(p, words, &all);
	p->verify_count = p->query->term_count;
	for (size_t i = 0; i < p->verify_count; i++)
		p->verify[i] = (uint8_t)i;
	for (size_t row = off; row < image->row_count; row++)
		if (image_row_is_in(&image->rows[row], version) &&
		    verify(p, row))
			bits_set(past, row - off);
	merge(image, version, current, past, sink);
}

size_t search_run(const struct image *image, const struct search_query *query,
    uint32_t version, size_t first, uint32_t *rows, size_t cap, size_t *total,
    void *scratch)
{
	struct sink sink = {.rows = rows, .first = first, .cap = cap};
	struct plan plan;

	plan.image = image;
	plan.query = query;
	plan.part_count = 0;
	plan.verify_count = 0;
	if (query->hopeless)
		sink.total = 0;
	else if (version != image->version_count - 1)
		run_version(&plan, version, scratch, &sink);
	else if (query->term_count == 0)
		take_all(image, &sink);
	else
		run_current(&plan, scratch, &sink);
	*total = sink.total;
	return sink.count;
}

size_t search_scratch_len(const struct image *image)
{
	size_t rows = 2 * bits_words(image->current_rows) +
		      bits_words(image->row_count - image->current_rows);
	size_t people = bits_words(image->person_count);

	return (rows > people ? rows : people) * sizeof(uint64_t);
}
