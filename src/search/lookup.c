/* SPDX-License-Identifier: ISC */
/*
 * Lookups by port, range and name at the newest version, where the tables of
 * the image lead to the rows.  For the past see past.c.
 */
#include "search/lookup.h"

#include "search/rows.h"

#include "base/banned.h"

/* The line that made row the preferred one; IMAGE_NONE if none did. */
static uint32_t prefer_line(const struct image *image, uint32_t row)
{
	for (size_t i = 0; i < image->curated_count; i++)
		if (le32(image->curated[i].row) == row &&
		    le32(image->curated[i].kind) == IMAGE_CURATED_PREFER)
			return (uint32_t)i;
	return IMAGE_NONE;
}

/* Whether other rows of its transport share a row's port. */
static bool shares_port(const struct image *image, const struct image_row *row)
{
	return row->protocol < PROTOCOL_COUNT &&
	       image_by_port(
		   image, le16(row->first), (enum protocol)row->protocol)
		       .count > 1;
}

static uint32_t decided_by(const struct image *image, const struct match *m)
{
	uint32_t line = IMAGE_NONE;

	for (size_t i = 0; line == IMAGE_NONE && i < m->count; i++) {
		const struct image_row *row = &image->rows[m->rows[i]];

		if (i == PROTOCOL_COUNT ||
		    (row->flags & IMAGE_ROW_PREFERRED) == 0)
			break;
		if (shares_port(image, row))
			line = prefer_line(image, m->rows[i]);
	}
	return line;
}

/* A row that a table of ports gives, if it is what the table says. */
static bool take_row(const struct image *image, struct le32 number,
    struct port_range range, uint32_t *ret)
{
	uint32_t row = le32(number);

	if (row >= image->current_rows ||
	    !row_is_within(&image->rows[row], range))
		return false;
	*ret = row;
	return true;
}

void lookup_port(
    const struct image *image, const struct query *q, struct match *m)
{
	struct image_numbers list =
	    image_by_port(image, q->range.first, q->protocol);
	uint32_t row;

	for (size_t i = 0; i < list.count; i++)
		if (take_row(image, list.at[i], q->range, &row))
			lookup_add(m, image, row);
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		list = image_by_port(image, q->range.first, (enum protocol)p);
		if (list.count > 0 &&
		    take_row(image, list.at[0], q->range, &row))
			m->states[p] = image_row_state(&image->rows[row]);
	}
	m->curated = decided_by(image, m);
}

static void sift(uint32_t *heap, size_t at, size_t count)
{
	for (;;) {
		size_t child = 2 * at + 1;
		uint32_t swap;

		if (child >= count)
			return;
		if (child + 1 < count && heap[child + 1] > heap[child])
			child++;
		if (heap[at] >= heap[child])
			return;
		swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
		at = child;
	}
}

static void heap_sort(uint32_t *rows, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift(rows, i - 1, count);
	for (size_t i = count; i > 1; i--) {
		uint32_t swap = rows[0];

		rows[0] = rows[i - 1];
		rows[i - 1] = swap;
		sift(rows, 0, i - 1);
	}
}

/*
 * Rows of neighbouring ports are nearly in order, which a sort by insertion
 * is made for; no image makes it go on for long.
 */
static void sort_rows(uint32_t *rows, size_t count)
{
	size_t moves = 8 * count;

	for (size_t i = 1; i < count; i++) {
		uint32_t row = rows[i];
		size_t at = i;

		for (; at > 0 && rows[at - 1] > row && moves > 0; moves--) {
			rows[at] = rows[at - 1];
			at--;
		}
		rows[at] = row;
		if (moves == 0) {
			heap_sort(rows, count);
			return;
		}
	}
}

/* A row is taken at the first port of the range that it has. */
static void newest_range(
    const struct image *image, const struct query *q, struct match *m)
{
	struct image_numbers last = {NULL, 0};

	for (uint32_t port = q->range.first; port <= q->range.last; port++) {
		struct image_numbers list =
		    image_by_port(image, (uint16_t)port, q->protocol);
		struct port_range here = {(uint16_t)port, (uint16_t)port};
		uint32_t row;

		if (list.at == last.at && list.count == last.count)
			continue; /* the rows of the port before, no other */
		last = list;
		for (size_t i = 0; i < list.count; i++)
			if (take_row(image, list.at[i], here, &row) &&
			    (port == q->range.first ||
				le16(image->rows[row].first) == port))
				lookup_add(m, image, row);
	}
	sort_rows(m->rows, m->count);
}

/* Rows that everyday names lead to. */
static void add_curated(const struct image *image, const struct query *q,
    const struct image_name *name, struct match *m)
{
	struct span folded = image_text(image, name->name);

	for (size_t i = le32(name->curated); i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		uint32_t row = le32(line->row);

		if (le32(line->kind) != IMAGE_CURATED_NAME ||
		    !span_eq_fold(image_text(image, line->name), folded))
			return;
		if (row >= image->current_rows ||
		    !image_row_speaks_for(&image->rows[row], q->protocol) ||
		    lookup_has(m, m->count, row))
			continue;
		if (m->curated == IMAGE_NONE)
			m->curated = (uint32_t)i;
		lookup_add(m, image, row);
	}
}

void lookup_name(const struct image *image, const struct query *q,
    const struct image_name *name, struct match *m)
{
	struct image_numbers rows;
	bool numbered = false;
	size_t curated;

	rows = image_list(image, &name->rows);
	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (row < image->current_rows &&
		    (image->rows[row].flags & IMAGE_ROW_NUMBERED) != 0 &&
		    image_row_speaks_for(&image->rows[row], q->protocol))
			numbered = true;
	}
	if (!numbered)
		add_curated(image, q, name, m);
	curated = m->count;
	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (row < image->current_rows &&
		    image_row_speaks_for(&image->rows[row], q->protocol) &&
		    !lookup_has(m, curated, row))
			lookup_add(m, image, row);
	}
	if (numbered)
		add_curated(image, q, name, m);
}

static void newest_name(
    const struct image *image, const struct query *q, struct match *m)
{
	const struct image_name *name = image_by_name(image, q->name);

	if (name != NULL)
		lookup_name(image, q, name, m);
}

void search_lookup(const struct image *image, const struct query *query,
    uint32_t version, struct match *ret)
{
	ret->count = 0;
	ret->total = 0;
	ret->found = false;
	ret->curated = IMAGE_NONE;
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		ret->states[p] = STATE_NOT_LISTED;
	if (version != image->version_count - 1)
		lookup_past(image, query, version, ret);
	else if (query->kind == QUERY_PORT)
		lookup_port(image, query, ret);
	else if (query->kind == QUERY_RANGE)
		newest_range(image, query, ret);
	else
		newest_name(image, query, ret);
}
