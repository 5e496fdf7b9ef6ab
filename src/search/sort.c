/* SPDX-License-Identifier: ISC */
/*
 * Sorting by columns.  Rows of the newest version have their places in the
 * image, by number or folded text; of others the texts are compared.
 */
#include "search/search.h"

#include "base/unicode.h"
#include "base/banned.h"

struct sorter {
	const struct image *image;
	const struct search_order *order;
	size_t order_count;
	struct buf a, b; /* texts being compared */
};

static bool is_empty(
    const struct sorter *s, const struct image_row *row, enum column column)
{
	enum record_field field;

	if (column == COLUMN_NUMBER)
		return (row->flags & IMAGE_ROW_NUMBERED) == 0;
	field = column_field(column, SPAN("a"), SPAN(""));
	if (le32(row->text[field]) != 0)
		return false;
	if (column != COLUMN_ASSIGNEE)
		return true;
	field = column_field(
	    column, image_text(s->image, row->text[FIELD_FORM]), SPAN(""));
	return le32(row->text[field]) == 0;
}

static void fold_column(const struct sorter *s, const struct image_row *row,
    enum column column, struct buf *b)
{
	struct record_text text;
	size_t start;

	image_row_text(s->image, row, &text);
	buf_clear(b);
	column_text(b, &text, column);
	start = b->len;
	if (buf_room(b, start * 4) == NULL) /* the text must not move */
		return;
	unicode_fold_text(b, span_of(b->ptr, start));
	memmove(b->ptr, b->ptr + start, b->len - start);
	b->len -= start;
}

static int compare_numbers(const struct image_row *a, const struct image_row *b)
{
	uint32_t x = (uint32_t)le16(a->first) << 16 | le16(a->last);
	uint32_t y = (uint32_t)le16(b->first) << 16 | le16(b->last);

	return x < y ? -1 : x > y;
}

static int compare_texts(struct sorter *s, const struct image_row *a,
    const struct image_row *b, enum column column)
{
	if (column == COLUMN_NUMBER)
		return compare_numbers(a, b);
	fold_column(s, a, column, &s->a);
	fold_column(s, b, column, &s->b);
	return span_cmp(buf_span(&s->a), buf_span(&s->b));
}

static bool are_ranked(const struct sorter *s, uint32_t x, uint32_t y)
{
	return s->image->orders != NULL && x < s->image->current_rows &&
	       y < s->image->current_rows;
}

/* Rank 0 is a column with nothing in it. */
static int compare_ranks(const struct sorter *s, uint32_t x, uint32_t y,
    const struct search_order *order)
{
	uint32_t p = image_order(s->image, order->column, x);
	uint32_t q = image_order(s->image, order->column, y);

	if (p == q)
		return 0;
	if (p == 0 || q == 0)
		return p == 0 ? 1 : -1;
	return (p < q) != order->falling ? -1 : 1;
}

static int compare_rows(
    struct sorter *s, uint32_t x, uint32_t y, const struct search_order *order)
{
	const struct image_row *a = &s->image->rows[x];
	const struct image_row *b = &s->image->rows[y];
	bool empty = is_empty(s, a, order->column);
	int ret;

	if (empty || is_empty(s, b, order->column))
		return (int)empty - (int)is_empty(s, b, order->column);
	ret = compare_texts(s, a, b, order->column);
	return order->falling ? -ret : ret;
}

static int compare(struct sorter *s, uint32_t x, uint32_t y)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < s->order_count; i++)
		ret = are_ranked(s, x, y) ? compare_ranks(s, x, y, &s->order[i])
					  : compare_rows(s, x, y, &s->order[i]);
	return ret;
}

/* Merges the runs [0, half) and [half, count) of from into to. */
static void merge(struct sorter *s, const uint32_t *from, size_t half,
    size_t count, uint32_t *to)
{
	size_t a = 0, b = half;

	for (size_t i = 0; i < count; i++) {
		bool left = b >= count ||
			    (a < half && compare(s, from[a], from[b]) <= 0);

		to[i] = left ? from[a++] : from[b++];
	}
}

static void merge_sort(
    struct sorter *s, uint32_t *rows, size_t count, uint32_t *scratch)
{
	uint32_t *from = rows, *to = scratch;

	for (size_t width = 1; width < count; width *= 2) {
		uint32_t *swap = from;

		for (size_t at = 0; at < count;) {
			size_t left = count - at;
			size_t half = width < left ? width : left;
			size_t len = half < left - half ? 2 * half : left;

			merge(s, from + at, half, len, to + at);
			at += len;
		}
		from = to;
		to = swap;
	}
	if (from != rows)
		memcpy(rows, from, count * sizeof(*rows));
}

void search_sort(const struct image *image, uint32_t *rows, size_t count,
    const struct search_order *order, size_t order_count, uint32_t *scratch)
{
	struct sorter s = {
	    .image = image,
	    .order = order,
	    .order_count = order_count,
	};

	for (size_t i = 0; i < count; i++)
		if (rows[i] >= image->row_count)
			return;
	buf_init(&s.a);
	buf_init(&s.b);
	if (order_count > 0)
		merge_sort(&s, rows, count, scratch);
	buf_release(&s.a);
	buf_release(&s.b);
}
