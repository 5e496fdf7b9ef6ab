/* SPDX-License-Identifier: ISC */
#include "nss/line.h"

#include "base/ascii.h"
#include "image/past.h"
#include "base/banned.h"

/* Larger ranges stand at their first port; x11 has 64. */
#define RANGE_MAX 64

/* Longer names, and those that are not plain, are left out. */
#define LINE_NAME_MAX 127

/* Of any list in the image this many numbers are read. */
#define ROWS_MAX 256

/* Rows that have a port and transport, in the registry's order. */
struct entries {
	uint32_t rows[ROWS_MAX];
	size_t count;
	size_t best; /* the one that gives the port its name */
};

void view_init(struct view *ret)
{
	const struct image *image = &ret->image;

	ret->official =
	    le32(image_newest(image)->source) != IMAGE_SOURCE_SERVICES;
	memset(ret->everyday, 0, sizeof(ret->everyday));
	for (size_t i = 0; ret->official && i < image->curated_count; i++) {
		uint32_t row = le32(image->curated[i].row) % LINE_EVERYDAY_BITS;

		if (le32(image->curated[i].kind) == IMAGE_CURATED_NAME &&
		    le32(image->curated[i].row) != IMAGE_NONE)
			ret->everyday[row / 64] |= UINT64_C(1) << row % 64;
	}
}

static struct span row_name(const struct view *v, uint32_t row)
{
	return span_trim(
	    image_text(&v->image, v->image.rows[row].text[FIELD_NAME]));
}

static bool is_plain(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' ||
		    name.ptr[i] == '#')
			return false;
	return name.len > 0 && name.len <= LINE_NAME_MAX;
}

static uint32_t row_first(const struct view *v, uint32_t row)
{
	return le16(v->image.rows[row].first);
}

/* The last port at which a row stands. */
static uint32_t row_last(const struct view *v, uint32_t row)
{
	uint32_t first = row_first(v, row);
	uint32_t last = le16(v->image.rows[row].last);

	return last - first >= RANGE_MAX ? first : last;
}

/* Whether a row is there, assigned, named and numbered, for a transport. */
static bool is_entry(const struct view *v, uint32_t n, enum protocol protocol)
{
	const struct image_row *row;

	if (n >= v->image.current_rows)
		return false;
	row = &v->image.rows[n];
	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       row->state == STATE_ASSIGNED &&
	       le16(row->first) <= le16(row->last) &&
	       image_row_speaks_for(row, protocol) && is_plain(row_name(v, n));
}

/* Lower is stronger. */
static unsigned weight(const struct view *v, uint32_t n)
{
	const struct image_row *row = &v->image.rows[n];
	unsigned range = le16(row->first) != le16(row->last);
	unsigned generic = row->protocol == PROTOCOL_NONE;
	unsigned other = (row->flags & IMAGE_ROW_PREFERRED) == 0;
	unsigned alias = image_text(&v->image, row->alias_of).len > 0;

	return range << 3 | generic << 2 | other << 1 | alias;
}

static void choose(const struct view *v, struct entries *e)
{
	unsigned lowest;

	e->best = 0;
	if (e->count < 2)
		return;
	lowest = weight(v, e->rows[0]);
	for (size_t i = 1; i < e->count; i++) {
		unsigned w = weight(v, e->rows[i]);

		if (w < lowest) {
			lowest = w;
			e->best = i;
		}
	}
}

/* The image has the row that tells the state first, then the others. */
static void gather(const struct view *v, uint32_t port, enum protocol protocol,
    struct entries *ret)
{
	struct image_numbers list =
	    image_by_port(&v->image, (uint16_t)port, protocol);
	size_t count = list.count < ROWS_MAX ? list.count : ROWS_MAX;

	ret->count = 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t row = le32(list.at[i]);
		size_t at = ret->count;

		if (!is_entry(v, row, protocol) || port < row_first(v, row) ||
		    port > row_last(v, row))
			continue;
		for (; at > 0 && ret->rows[at - 1] > row; at--)
			ret->rows[at] = ret->rows[at - 1];
		ret->rows[at] = row;
		ret->count++;
	}
	choose(v, ret);
}

/* Plain names alone, folded by ASCII: what is_plain lets pass. */
static const struct image_name *find_name(
    const struct view *v, struct span name)
{
	const struct image_name *found;
	char storage[LINE_NAME_MAX];
	struct span folded = {storage, name.len};
	struct name_windows w;

	if (namehash_fold(name, &w)) {
		found = image_name_at(
		    &v->image, namehash_short(w, name.len, v->image.name_salt));
		return found != NULL && namehash_is(found->key, w, name.len)
			   ? found
			   : NULL;
	}
	if (name.len <= NAMEHASH_SHORT || name.len > sizeof(storage))
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		storage[i] = ascii_lower(name.ptr[i]);
	found = image_name_at(&v->image, namehash(folded, v->image.name_salt));
	return found != NULL &&
		       span_eq(image_text(&v->image, found->name), folded)
		   ? found
		   : NULL;
}

/* The current rows that have a name, no more than are read. */
static struct image_numbers rows_of(
    const struct view *v, const struct image_name *name)
{
	struct image_numbers rows = image_list(&v->image, &name->rows);

	if (rows.count > ROWS_MAX)
		rows.count = ROWS_MAX;
	return rows;
}

/* The first of the row's ports that is called by the row's name. */
static uint32_t first_called(
    const struct view *v, uint32_t row, enum protocol protocol)
{
	for (uint32_t p = row_first(v, row); p <= row_last(v, row); p++) {
		struct entries e;

		gather(v, p, protocol, &e);
		if (e.count > 0 &&
		    span_eq_fold(row_name(v, e.rows[e.best]), row_name(v, row)))
			return p;
	}
	return PORT_COUNT;
}

/* The first port that is called by a name; PORT_COUNT if none is. */
static uint32_t port_called(
    const struct view *v, const struct image_name *name, enum protocol protocol)
{
	struct image_numbers rows = rows_of(v, name);
	uint32_t found = PORT_COUNT;

	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (is_entry(v, row, protocol) && row_first(v, row) < found) {
			uint32_t port = first_called(v, row, protocol);

			if (port < found)
				found = port;
		}
	}
	return found;
}

static bool has_alias(const struct line *line, struct span name)
{
	for (size_t i = 0; i < line->alias_count; i++)
		if (span_eq(line->aliases[i], name))
			return true;
	return false;
}

/* A name that another port is called by leads there, and is no alias. */
static bool leads_elsewhere(
    const struct view *v, const struct line *line, struct span name)
{
	const struct image_name *found;

	if (!v->official || span_eq_fold(name, line->name))
		return false;
	found = find_name(v, name);
	return found != NULL &&
	       port_called(v, found, line->protocol) != PORT_COUNT;
}

static void add_alias(const struct view *v, struct span name, struct line *line)
{
	if (line->alias_count == LINE_ALIASES_MAX ||
	    span_eq(name, line->name) || has_alias(line, name) ||
	    !is_plain(name) || leads_elsewhere(v, line, name))
		return;
	line->aliases[line->alias_count++] = name;
}

/*
 * Whether an everyday name that leads to a row is an alias of a port: if that
 * is called by a row of the same first port, and for the row's own transport.
 */
static bool is_everyday_of(const struct view *v, uint32_t row,
    const struct entries *e, enum protocol protocol)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->rows[i] == row)
			return v->image.rows[row].protocol == protocol &&
			       row_first(v, row) ==
				   row_first(v, e->rows[e->best]);
	return false;
}

static bool may_be_everyday(const struct view *v, const struct entries *e)
{
	for (size_t i = 0; i < e->count; i++) {
		uint32_t bit = e->rows[i] % LINE_EVERYDAY_BITS;

		if ((v->everyday[bit / 64] >> bit % 64 & 1) != 0)
			return true;
	}
	return false;
}

static void add_everyday(
    const struct view *v, const struct entries *e, struct line *line)
{
	for (size_t i = 0; i < v->image.curated_count; i++) {
		const struct image_curated *c = &v->image.curated[i];

		if (le32(c->kind) == IMAGE_CURATED_NAME &&
		    is_everyday_of(v, le32(c->row), e, line->protocol))
			add_alias(v, image_text(&v->image, c->name), line);
	}
}

static bool line_at(const struct view *v, uint32_t port, enum protocol protocol,
    struct line *ret)
{
	struct entries e;

	gather(v, port, protocol, &e);
	if (e.count == 0)
		return false;
	ret->port = (uint16_t)port;
	ret->protocol = protocol;
	ret->name = row_name(v, e.rows[e.best]);
	ret->alias_count = 0;
	for (size_t i = 0; e.count > 1 && i < e.count; i++)
		if (i != e.best)
			add_alias(v, row_name(v, e.rows[i]), ret);
	if (may_be_everyday(v, &e))
		add_everyday(v, &e, ret);
	return true;
}

bool line_by_port(const struct view *view, uint16_t port,
    enum protocol protocol, struct line *ret)
{
	if (protocol < PROTOCOL_COUNT)
		return line_at(view, port, protocol, ret);
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if (line_at(view, port, (enum protocol)p, ret))
			return true;
	return false;
}

/* The first port of which a name of the registry is an alias. */
static uint32_t port_alias(
    const struct view *v, const struct image_name *name, enum protocol protocol)
{
	struct image_numbers rows = rows_of(v, name);
	uint32_t found = PORT_COUNT;

	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (is_entry(v, row, protocol) && row_first(v, row) < found)
			found = row_first(v, row);
	}
	return found;
}

/* The first port of which an everyday name is an alias. */
static uint32_t port_everyday(
    const struct view *v, const struct image_name *name, enum protocol protocol)
{
	const struct image *image = &v->image;
	struct span folded = image_text(image, name->name);
	uint32_t found = PORT_COUNT;
	struct entries e;

	if (!v->official)
		return found;
	for (size_t i = le32(name->curated), n = 0;
	     i < image->curated_count && n < ROWS_MAX; i++, n++) {
		const struct image_curated *c = &image->curated[i];
		uint32_t row = le32(c->row);

		if (le32(c->kind) != IMAGE_CURATED_NAME ||
		    !span_eq_fold(image_text(image, c->name), folded))
			break;
		if (!is_entry(v, row, protocol) || row_first(v, row) >= found)
			continue;
		gather(v, row_first(v, row), protocol, &e);
		if (is_everyday_of(v, row, &e, protocol))
			found = row_first(v, row);
	}
	return found;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Where a name leads for one transport. */
static uint32_t port_of(
    const struct view *v, const struct image_name *name, enum protocol protocol)
{
	uint32_t called = port_called(v, name, protocol);

	if (called != PORT_COUNT && v->official)
		return called;
	return least(called, least(port_alias(v, name, protocol),
				 port_everyday(v, name, protocol)));
}

bool line_by_name(const struct view *view, struct span name,
    enum protocol protocol, struct line *ret)
{
	const struct image_name *found = find_name(view, name);
	uint32_t port = PORT_COUNT;

	if (found == NULL)
		return false;
	if (protocol < PROTOCOL_COUNT) {
		port = port_of(view, found, protocol);
		return port != PORT_COUNT && line_at(view, port, protocol, ret);
	}
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		uint32_t other = port_of(view, found, (enum protocol)p);

		if (other < port) {
			port = other;
			protocol = (enum protocol)p;
		}
	}
	return port != PORT_COUNT && line_at(view, port, protocol, ret);
}

bool line_from(const struct view *view, uint32_t place, struct line *ret)
{
	for (; place < LINE_PLACES; place++) {
		uint32_t port = place / PROTOCOL_COUNT;
		enum protocol protocol =
		    (enum protocol)(place % PROTOCOL_COUNT);

		if (image_first_by_port(
			&view->image, (uint16_t)port, protocol) != IMAGE_NONE &&
		    line_at(view, port, protocol, ret))
			return true;
	}
	return false;
}
