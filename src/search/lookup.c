/* SPDX-License-Identifier: ISC */
/*
 * Lookups by port, range and name.  At the newest version the tables of the
 * image lead to the rows; an earlier one is read through row by row.
 */
#include "search/search.h"

#include "base/banned.h"

static void add(struct match *m, const struct image *image, uint32_t row)
{
	if (image->rows[row].state == STATE_ASSIGNED)
		m->found = true;
	if (m->total++ < m->cap)
		m->rows[m->count++] = row;
}

/* Whether row is one of the first count rows. */
static bool has(const struct match *m, size_t count, uint32_t row)
{
	for (size_t i = 0; i < count; i++)
		if (m->rows[i] == row)
			return true;
	return false;
}

/*
 * Whether a row speaks for a transport: its own, or any for a nameless row
 * without one, or TCP and UDP for a named one with a number.
 */
static bool speaks_for(const struct image_row *row, enum protocol protocol)
{
	if (protocol == PROTOCOL_NONE || row->protocol == protocol)
		return true;
	if (row->protocol != PROTOCOL_NONE)
		return false;
	if (le32(row->text[FIELD_NAME]) == 0)
		return true;
	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP);
}

static bool is_within(const struct image_row *row, struct port_range range)
{
	struct port_range own = {le16(row->first), le16(row->last)};

	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       port_range_meets(own, range);
}

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

	if (row >= image->current_rows || !is_within(&image->rows[row], range))
		return false;
	*ret = row;
	return true;
}

static void newest_port(
    const struct image *image, const struct query *q, struct match *m)
{
	struct image_numbers list =
	    image_by_port(image, q->range.first, q->protocol);
	uint32_t row;

	for (size_t i = 0; i < list.count; i++)
		if (take_row(image, list.at[i], q->range, &row))
			add(m, image, row);
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
				add(m, image, row);
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
		    !speaks_for(&image->rows[row], q->protocol) ||
		    has(m, m->count, row))
			continue;
		if (m->curated == IMAGE_NONE)
			m->curated = (uint32_t)i;
		add(m, image, row);
	}
}

static void newest_name(
    const struct image *image, const struct query *q, struct match *m)
{
	const struct image_name *name = image_by_name(image, q->name);
	struct image_numbers rows;
	bool numbered = false;
	size_t curated;

	if (name == NULL)
		return;
	rows = image_list(image, &name->rows);
	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (row < image->current_rows &&
		    (image->rows[row].flags & IMAGE_ROW_NUMBERED) != 0 &&
		    speaks_for(&image->rows[row], q->protocol))
			numbered = true;
	}
	if (!numbered)
		add_curated(image, q, name, m);
	curated = m->count;
	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (row < image->current_rows &&
		    speaks_for(&image->rows[row], q->protocol) &&
		    !has(m, curated, row))
			add(m, image, row);
	}
	if (numbered)
		add_curated(image, q, name, m);
}

/*
 * The past.  Rows of one version in its order: current and past ones, both
 * rising by place.
 */
struct walk {
	const struct image *image;
	uint32_t version;
	size_t current, past;
};

static bool skip_others(const struct walk *w, size_t *at, size_t end)
{
	while (*at < end && !image_row_is_in(&w->image->rows[*at], w->version))
		++*at;
	return *at < end;
}

static bool walk_next(struct walk *w, uint32_t *ret)
{
	const struct image_row *rows = w->image->rows;
	bool a = skip_others(w, &w->current, w->image->current_rows);
	bool b = skip_others(w, &w->past, w->image->row_count);

	if (!a && !b)
		return false;
	if (!b ||
	    (a && le32(rows[w->current].place) <= le32(rows[w->past].place)))
		*ret = (uint32_t)w->current++;
	else
		*ret = (uint32_t)w->past++;
	return true;
}

static bool name_is(
    const struct image *image, const struct image_row *row, struct span name)
{
	return span_eq_fold(
	    span_trim(image_text(image, row->text[FIELD_NAME])), name);
}

/* Which rows pass, in rounds: those of an earlier round come first. */
typedef unsigned round_fn(const struct image *image, const struct query *q,
    const struct image_row *row);

#define ROUNDS 32U

/*
 * How much a row's word weighs for a transport: a single number beats a
 * range, a protocol beats none, then the stronger state.
 */
static unsigned weight(const struct image_row *row)
{
	unsigned single = le16(row->first) == le16(row->last);
	unsigned own = row->protocol != PROTOCOL_NONE;

	return single << 3 | own << 2 | ((unsigned)image_row_state(row) & 3);
}

/*
 * As in the port tables: preferred rows before others, and for one transport
 * those first that weigh more.
 */
static unsigned port_round(const struct image *image, const struct query *q,
    const struct image_row *row)
{
	unsigned lighter = 0;

	(void)image;
	if (!is_within(row, q->range) || !speaks_for(row, q->protocol))
		return ROUNDS;
	if (q->protocol != PROTOCOL_NONE)
		lighter = 15 - weight(row);
	return 2 * lighter + ((row->flags & IMAGE_ROW_PREFERRED) == 0);
}

static unsigned range_round(const struct image *image, const struct query *q,
    const struct image_row *row)
{
	(void)image;
	return is_within(row, q->range) && speaks_for(row, q->protocol)
		   ? 0
		   : ROUNDS;
}

static unsigned name_round(const struct image *image, const struct query *q,
    const struct image_row *row)
{
	if (!name_is(image, row, q->name) || !speaks_for(row, q->protocol))
		return ROUNDS;
	return (row->flags & IMAGE_ROW_PREFERRED) != 0 ? 0 : 1;
}

static void past_rows(const struct image *image, const struct query *q,
    uint32_t version, round_fn *round, struct match *m)
{
	struct walk first = {image, version, 0, image->current_rows};
	uint64_t rounds = 0; /* in which there is a row */
	uint32_t row;

	while (walk_next(&first, &row))
		rounds |= UINT64_C(1) << round(image, q, &image->rows[row]);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct walk w = {image, version, 0, image->current_rows};

		if ((rounds >> i & 1) == 0)
			continue;
		while (walk_next(&w, &row))
			if (round(image, q, &image->rows[row]) == i)
				add(m, image, row);
	}
}

static void past_states(
    const struct image *image, uint16_t port, uint32_t version, struct match *m)
{
	struct port_range range = {port, port};
	struct walk w = {image, version, 0, image->current_rows};
	unsigned best[PROTOCOL_COUNT] = {0};
	uint32_t n;

	while (walk_next(&w, &n)) {
		const struct image_row *row = &image->rows[n];

		if (!is_within(row, range))
			continue;
		for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
			if (speaks_for(row, (enum protocol)p) &&
			    weight(row) > best[p]) {
				best[p] = weight(row);
				m->states[p] = image_row_state(row);
			}
	}
}

/* The row of a version with number, protocol and name of a current one. */
static uint32_t past_self(
    const struct image *image, uint32_t version, const struct image_row *now)
{
	struct walk w = {image, version, 0, image->current_rows};
	uint32_t n;

	while (walk_next(&w, &n)) {
		const struct image_row *row = &image->rows[n];

		if (row->protocol == now->protocol &&
		    (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
		    le16(row->first) == le16(now->first) &&
		    le16(row->last) == le16(now->last) &&
		    name_is(
			image, row, image_text(image, now->text[FIELD_NAME])))
			return n;
	}
	return IMAGE_NONE;
}

static void past_curated(const struct image *image, const struct query *q,
    uint32_t version, struct match *m)
{
	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		uint32_t row = le32(line->row);

		if (le32(line->kind) != IMAGE_CURATED_NAME ||
		    row >= image->current_rows ||
		    !span_eq_fold(image_text(image, line->name), q->name) ||
		    !speaks_for(&image->rows[row], q->protocol))
			continue;
		row = past_self(image, version, &image->rows[row]);
		if (row == IMAGE_NONE || has(m, m->count, row))
			continue;
		if (m->curated == IMAGE_NONE)
			m->curated = (uint32_t)i;
		add(m, image, row);
	}
}

static bool past_has_number(
    const struct image *image, const struct query *q, uint32_t version)
{
	struct walk w = {image, version, 0, image->current_rows};
	uint32_t row;

	while (walk_next(&w, &row))
		if ((image->rows[row].flags & IMAGE_ROW_NUMBERED) != 0 &&
		    name_round(image, q, &image->rows[row]) < ROUNDS)
			return true;
	return false;
}

static void past_lookup(const struct image *image, const struct query *q,
    uint32_t version, struct match *m)
{
	bool numbered;

	switch (q->kind) {
	case QUERY_PORT:
		past_rows(image, q, version, port_round, m);
		past_states(image, q->range.first, version, m);
		break;
	case QUERY_RANGE:
		past_rows(image, q, version, range_round, m);
		break;
	case QUERY_NAME:
		numbered = past_has_number(image, q, version);
		if (!numbered)
			past_curated(image, q, version, m);
		past_rows(image, q, version, name_round, m);
		if (numbered)
			past_curated(image, q, version, m);
		break;
	}
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
		past_lookup(image, query, version, ret);
	else if (query->kind == QUERY_PORT)
		newest_port(image, query, ret);
	else if (query->kind == QUERY_RANGE)
		newest_range(image, query, ret);
	else
		newest_name(image, query, ret);
}
