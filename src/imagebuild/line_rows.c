/* SPDX-License-Identifier: ISC */
/* The rows that name a port in services(5). */
#include "imagebuild/lines.h"
#include "terms/state.h"
#include "base/banned.h"

/* Larger ranges stand at their first port; x11 has 64. */
#define RANGE_MAX 64

/* Of the rows of a port this many are looked at. */
#define LOOK_AT 256

static bool is_plain(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' ||
		    name.ptr[i] == '#')
			return false;
	return name.len > 0 && name.len <= IMAGE_LINE_NAME_MAX;
}

/* The name that a row gives its ports; empty if services(5) has no place. */
static struct span name_of(const struct build *b, size_t n)
{
	const struct image_row *row = &b->rows[n];
	struct span name = span_trim(
	    timeline_text(b->t, build_row(b, n)->record.text[FIELD_NAME]));

	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
		       row->state == STATE_ASSIGNED && is_plain(name)
		   ? name
		   : SPAN("");
}

/* Everyday names are for the registry: a user's file has what it has. */
static void mark_everyday(const struct build *b, uint8_t *marks)
{
	const struct image_curated *lines = build_section_at(b, IMAGE_CURATED);

	for (size_t i = 0; i < b->sections[IMAGE_CURATED].count; i++)
		if (le32(lines[i].kind) == IMAGE_CURATED_NAME &&
		    le32(lines[i].row) != IMAGE_NONE)
			marks[le32(lines[i].row)] = 1;
}

int line_rows_begin(struct build *b, struct lines *l)
{
	l->official = b->t->versions[b->newest].source != REGISTRY_SERVICES;
	l->names = mem_alloc(b->current_rows, sizeof(*l->names));
	l->everyday = mem_zalloc(b->current_rows, sizeof(*l->everyday));
	if (l->names == NULL || l->everyday == NULL)
		return build_nomem(b);
	for (size_t n = 0; n < b->current_rows; n++)
		l->names[n] = name_of(b, n);
	if (l->official)
		mark_everyday(b, l->everyday);
	return 0;
}

/* Whether a row that may name ports names this one. */
static bool names_port(
    const struct build *b, const struct lines *l, uint32_t row, uint32_t port)
{
	uint32_t first = le16(b->rows[row].first);
	uint32_t last = le16(b->rows[row].last);

	return l->names[row].len > 0 &&
	       (last - first < RANGE_MAX || port == first);
}

/* Lower is stronger. */
static unsigned weight(const struct build *b, uint32_t n)
{
	const struct image_row *row = &b->rows[n];
	unsigned range = le16(row->first) != le16(row->last);
	unsigned generic = row->protocol == PROTOCOL_NONE;
	unsigned other = (row->flags & IMAGE_ROW_PREFERRED) == 0;
	unsigned alias = le32(row->alias_of) != 0;

	return range << 3 | generic << 2 | other << 1 | alias;
}

static void choose(const struct build *b, struct line_rows *r)
{
	unsigned lowest = weight(b, r->at[0].row);

	r->best = 0;
	for (size_t i = 1; i < r->count; i++) {
		unsigned w = weight(b, r->at[i].row);

		if (w < lowest) {
			lowest = w;
			r->best = i;
		}
	}
}

/* The list has the row that tells the state first, then the others. */
static void insert(struct line_rows *r, uint32_t row, struct span name)
{
	size_t at = r->count++;

	for (; at > 0 && r->at[at - 1].row > row; at--)
		r->at[at] = r->at[at - 1];
	r->at[at] = (struct line_row){row, name};
}

/* What ports_make has put down for a port. */
static const struct le32 *list_of(
    const struct build *b, const struct le32 *item, size_t *count)
{
	const struct le32 *lists = (const void *)b->lists.ptr;
	size_t off = le32(*item) - IMAGE_PORT_LIST;

	if (le32(*item) == IMAGE_NONE) {
		*count = 0;
		return item;
	}
	if (le32(*item) < IMAGE_PORT_LIST) {
		*count = 1;
		return item;
	}
	*count = le32(lists[off]);
	return lists + off + 1;
}

bool line_rows_get(const struct build *b, const struct lines *l, uint32_t port,
    enum protocol protocol, struct line_rows *ret)
{
	const struct le32 *ports = build_section_at(b, IMAGE_PORTS);
	const struct le32 *list;
	size_t count;

	list = list_of(b, &ports[(size_t)protocol * PORT_COUNT + port], &count);
	ret->port = port;
	ret->protocol = protocol;
	ret->count = 0;
	for (size_t i = 0; i < count && i < LOOK_AT; i++) {
		uint32_t row = le32(list[i]);

		if (ret->count == LINE_ROWS_MAX)
			break;
		if (names_port(b, l, row, port))
			insert(ret, row, l->names[row]);
	}
	if (ret->count == 0)
		return false;
	choose(b, ret);
	return true;
}
