/* SPDX-License-Identifier: ISC */
/*
 * Lookups at an earlier version.  Rows that still stand are found by the tables
 * of today, others by those of the past; where a port had just the rows that it
 * has now, today's answer is the answer.
 */
#include "search/lookup.h"

#include "image/past.h"
#include "search/rows.h"
#include "base/banned.h"

/*
 * While rows are put into order their highest bit is set for those that come
 * behind.  An image of so many rows would be larger than any there is.
 */
#define BEHIND (UINT32_C(1) << 31)

struct past {
	const struct image *image;
	const struct query *q;
	uint32_t version;
	struct match *m;
	bool by_weight; /* the stronger row comes first */
};

static const struct image_row *row_at(const struct past *p, uint32_t entry)
{
	return &p->image->rows[entry & ~BEHIND];
}

/* Whether x comes behind y. */
static bool is_behind(const struct past *p, uint32_t x, uint32_t y)
{
	const struct image_row *a = row_at(p, x), *b = row_at(p, y);

	if (p->by_weight && image_row_weight(a) != image_row_weight(b))
		return image_row_weight(a) < image_row_weight(b);
	if ((x & BEHIND) != (y & BEHIND))
		return (x & BEHIND) != 0;
	return le32(a->place) > le32(b->place);
}

static void sift(const struct past *p, uint32_t *heap, size_t at, size_t count)
{
	for (;;) {
		size_t child = 2 * at + 1;
		uint32_t swap;

		if (child >= count)
			return;
		if (child + 1 < count &&
		    is_behind(p, heap[child + 1], heap[child]))
			child++;
		if (!is_behind(p, heap[child], heap[at]))
			return;
		swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
		at = child;
	}
}

static void heap_sort(const struct past *p, uint32_t *rows, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift(p, rows, i - 1, count);
	for (size_t i = count; i > 1; i--) {
		uint32_t swap = rows[0];

		rows[0] = rows[i - 1];
		rows[i - 1] = swap;
		sift(p, rows, 0, i - 1);
	}
}

/* By insertion, as they are nearly in order; unless that goes on for long. */
static void sort_rows(const struct past *p, uint32_t *rows, size_t count)
{
	size_t moves = 8 * count;

	for (size_t i = 1; i < count; i++) {
		uint32_t row = rows[i];
		size_t at = i;

		for (; at > 0 && moves > 0 && is_behind(p, rows[at - 1], row);
		     moves--) {
			rows[at] = rows[at - 1];
			at--;
		}
		rows[at] = row;
		if (moves == 0) {
			heap_sort(p, rows, count);
			return;
		}
	}
}

/* Puts the rows from first on into order, those marked BEHIND at the end. */
static void finish(const struct past *p, size_t first)
{
	struct match *m = p->m;

	sort_rows(p, m->rows + first, m->count - first);
	for (size_t i = first; i < m->count; i++)
		m->rows[i] &= ~BEHIND;
}

static void take(const struct past *p, uint32_t n, bool behind)
{
	size_t count = p->m->count;

	lookup_add(p->m, p->image, n);
	if (behind && p->m->count > count)
		p->m->rows[count] |= BEHIND;
}

static bool is_preferred(const struct past *p, uint32_t n)
{
	return image_row_is_preferred(p->image, n, p->version, NULL);
}

/* What a row says of its port, where no other one weighs more. */
static void weigh(const struct past *p, uint32_t n, unsigned *best)
{
	const struct image_row *row = &p->image->rows[n];
	unsigned weight = image_row_weight(row);

	for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
		if (image_row_speaks_for(row, (enum protocol)i) &&
		    weight > best[i]) {
			best[i] = weight;
			p->m->states[i] = image_row_state(row);
		}
}

/* The line of names.tsv that chose one of the preferred rows. */
static uint32_t decided_by(const struct past *p)
{
	const struct match *m = p->m;
	uint32_t line = IMAGE_NONE;

	if (m->total < 2)
		return line; /* nothing was to be decided */
	for (size_t i = 0; i < m->count && i < PROTOCOL_COUNT; i++)
		if (line == IMAGE_NONE)
			image_row_is_preferred(
			    p->image, m->rows[i], p->version, &line);
	return line;
}

static void past_port(struct past *p)
{
	struct port_range range = p->q->range;
	unsigned best[PROTOCOL_COUNT] = {0};
	struct image_port_walk walk;
	uint32_t n, line;

	if (image_port_is_as_now(p->image, range.first, p->version)) {
		lookup_port(p->image, p->q, p->m);
		return;
	}
	p->by_weight = p->q->protocol != PROTOCOL_NONE;
	image_port_walk_begin(&walk, p->image, range.first, p->version);
	while ((n = image_port_walk_next(&walk)) != IMAGE_NONE) {
		weigh(p, n, best);
		if (image_row_speaks_for(&p->image->rows[n], p->q->protocol))
			take(p, n,
			    !image_row_is_preferred(
				p->image, n, p->version, &line));
	}
	finish(p, 0);
	p->m->curated = decided_by(p);
}

static void take_within(struct past *p, uint32_t n, struct port_range range)
{
	const struct image_row *row = image_row(p->image, n);

	if (row != NULL && image_row_is_in(row, p->version) &&
	    row_is_within(row, range) &&
	    image_row_speaks_for(row, p->q->protocol))
		take(p, n, false);
}

/* Rows that still stand, each at the first port of the range that it has. */
static void take_current(struct past *p)
{
	struct port_range range = p->q->range;
	struct image_numbers last = {NULL, 0};

	for (uint32_t port = range.first; port <= range.last; port++) {
		struct port_range here = {(uint16_t)port, (uint16_t)port};
		struct image_numbers list =
		    image_by_port(p->image, (uint16_t)port, PROTOCOL_NONE);

		if (list.at == last.at && list.count == last.count)
			continue;
		last = list;
		for (size_t i = 0; i < list.count; i++) {
			const struct image_row *row =
			    image_row(p->image, le32(list.at[i]));

			if (row != NULL &&
			    (port == range.first || le16(row->first) == port))
				take_within(p, le32(list.at[i]), here);
		}
	}
}

/* Past rows begin where an item of their index does. */
static void take_past(struct past *p)
{
	const struct image *image = p->image;
	struct port_range range = p->q->range;
	struct image_numbers list = image_past_by_port(image, range.first);
	size_t block = range.first / IMAGE_PAST_BLOCK, n;

	for (size_t i = 0; i < list.count; i++)
		take_within(p, le32(list.at[i]), range);
	n = image->past_blocks != NULL ? le32(image->past_blocks[block])
				       : SIZE_MAX;
	for (; n < image->past_port_count; n++) {
		uint32_t first = le32(image->past_ports[n].first);

		if (first <= range.first)
			continue;
		if (first > range.last)
			return;
		list = image_list(image, &image->past_ports[n].rows);
		for (size_t i = 0; i < list.count; i++) {
			const struct image_row *row =
			    image_row(image, le32(list.at[i]));

			if (row != NULL && le16(row->first) == first)
				take_within(p, le32(list.at[i]), range);
		}
	}
}

static void past_range(struct past *p)
{
	struct image_numbers wide = image_past_wide(p->image);

	take_current(p);
	take_past(p);
	for (size_t i = 0; i < wide.count; i++)
		take_within(p, le32(wide.at[i]), p->q->range);
	finish(p, 0);
}

/* Row n of the version and transport that are asked for, or NULL. */
static const struct image_row *named_row(const struct past *p, uint32_t n)
{
	const struct image_row *row = image_row(p->image, n);

	if (row == NULL || !image_row_is_in(row, p->version) ||
	    !image_row_speaks_for(row, p->q->protocol))
		return NULL;
	return row;
}

/* Whether one of these rows has a port. */
static bool any_numbered(const struct past *p, struct image_numbers list)
{
	for (size_t i = 0; i < list.count; i++) {
		const struct image_row *row = named_row(p, le32(list.at[i]));

		if (row != NULL && (row->flags & IMAGE_ROW_NUMBERED) != 0)
			return true;
	}
	return false;
}

/*
 * Rows of one rank, 0 being that of the preferred ones, 2 that of those
 * without a port.
 */
static void take_named(struct past *p, struct image_numbers list, unsigned rank)
{
	for (size_t i = 0; i < list.count; i++) {
		uint32_t n = le32(list.at[i]);
		const struct image_row *row = named_row(p, n);
		bool numbered;

		if (row == NULL)
			continue;
		numbered = (row->flags & IMAGE_ROW_NUMBERED) != 0;
		if (numbered != (rank < 2))
			continue;
		if (rank == 2 || is_preferred(p, n) == (rank == 0))
			take(p, n, false);
	}
}

/*
 * Whether the rows of a name are those of today, and their ports have had no
 * others: then they are in order as they stand.
 */
static bool is_as_now(
    const struct past *p, struct image_numbers now, struct image_numbers past)
{
	uint32_t known = PORT_COUNT; /* the port looked at before */

	for (size_t i = 0; i < past.count; i++)
		if (named_row(p, le32(past.at[i])) != NULL)
			return false;
	for (size_t i = 0; i < now.count; i++) {
		const struct image_row *row = named_row(p, le32(now.at[i]));

		if (row == NULL || (row->flags & IMAGE_ROW_NUMBERED) == 0 ||
		    le16(row->first) == known)
			continue;
		known = le16(row->first);
		if (!image_port_is_as_now(
			p->image, (uint16_t)known, p->version))
			return false;
	}
	return true;
}

static void take_ranks(
    struct past *p, struct image_numbers now, struct image_numbers past)
{
	if (is_as_now(p, now, past)) {
		for (size_t i = 0; i < now.count; i++)
			if (named_row(p, le32(now.at[i])) != NULL)
				take(p, le32(now.at[i]), false);
		return;
	}
	for (unsigned rank = 0; rank < 3; rank++) {
		size_t first = p->m->count;

		take_named(p, now, rank);
		take_named(p, past, rank);
		finish(p, first);
	}
}

/* The row of the version with number, protocol and name of a current one. */
static uint32_t past_self(const struct past *p, uint32_t now)
{
	const struct image_row *row = &p->image->rows[now];
	struct span name = row_name(p->image, row);
	struct image_port_walk walk;
	uint32_t n;

	if (image_row_is_in(row, p->version))
		return now;
	image_port_walk_begin(&walk, p->image, le16(row->first), p->version);
	while ((n = image_port_walk_next(&walk)) != IMAGE_NONE) {
		const struct image_row *other = &p->image->rows[n];

		if (other->protocol == row->protocol &&
		    le16(other->first) == le16(row->first) &&
		    le16(other->last) == le16(row->last) &&
		    row_name_is(p->image, other, name))
			return n;
	}
	return IMAGE_NONE;
}

/* Rows that everyday names led to. */
static void take_curated(struct past *p, const struct image_name *name)
{
	const struct image *image = p->image;
	struct span folded = image_text(image, name->name);

	for (size_t i = le32(name->curated); i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		uint32_t row = le32(line->row);

		if (le32(line->kind) != IMAGE_CURATED_NAME ||
		    !span_eq_fold(image_text(image, line->name), folded))
			return;
		if (row >= image->current_rows ||
		    !image_row_speaks_for(&image->rows[row], p->q->protocol))
			continue;
		row = past_self(p, row);
		if (row == IMAGE_NONE || lookup_has(p->m, p->m->count, row))
			continue;
		if (p->m->curated == IMAGE_NONE)
			p->m->curated = (uint32_t)i;
		lookup_add(p->m, image, row);
	}
}

/* Whether the image says that a name is answered as it is now. */
static bool name_is_as_now(const struct past *p, const struct image_name *name)
{
	const struct image *image = p->image;

	return name != NULL && image->name_since != NULL &&
	       le32(image->name_since[name - image->names]) <= p->version;
}

static void past_name(struct past *p)
{
	const struct image_name *name = image_by_name(p->image, p->q->name);
	struct image_numbers now = {NULL, 0}, past;
	bool curated = name != NULL && le32(name->curated) != IMAGE_NONE;
	bool numbered = false;

	if (name_is_as_now(p, name)) {
		lookup_name(p->image, p->q, name, p->m);
		return;
	}
	past = image_past_by_name(p->image, p->q->name);
	if (name != NULL)
		now = image_list(p->image, &name->rows);
	if (curated)
		numbered = any_numbered(p, now) || any_numbered(p, past);
	if (curated && !numbered)
		take_curated(p, name);
	take_ranks(p, now, past);
	if (curated && numbered)
		take_curated(p, name);
}

void lookup_past(const struct image *image, const struct query *q,
    uint32_t version, struct match *m)
{
	struct past p = {.image = image, .q = q, .version = version, .m = m};

	switch (q->kind) {
	case QUERY_PORT:
		past_port(&p);
		break;
	case QUERY_RANGE:
		past_range(&p);
		break;
	case QUERY_NAME:
		past_name(&p);
		break;
	}
}
