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

/* A name and its aliases.  Two lists are on the stack, which may be small. */
#define ENTRIES_MAX (LINE_ALIASES_MAX + 1)

/* A row that has a port and transport. */
struct entry {
	uint32_t row;
	struct span name;
};

/* All of a port and transport, in the registry's order. */
struct entries {
	uint32_t port;
	enum protocol protocol;
	size_t count;
	size_t best; /* the one that gives the port its name */
	struct entry at[ENTRIES_MAX];
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

/* Whether a byte of eight is no printable ASCII, or is "#". */
static bool has_odd(uint64_t w)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	const uint64_t high = each * 0x80;
	uint64_t hash = w ^ each * '#';

	/* Where no byte has its high bit, no addition carries into another. */
	if ((w & high) != 0)
		return true;
	return ((~(w + each * (0x7f - ' ')) | (w + each) |
		    ~(hash + each * 0x7f)) &
		   high) != 0;
}

static bool is_plain(struct span name)
{
	size_t i = 0;

	for (; name.len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, name.ptr + i, sizeof(word));
		if (has_odd(word))
			return false;
	}
	for (; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' ||
		    name.ptr[i] == '#')
			return false;
	return name.len > 0 && name.len <= LINE_NAME_MAX;
}

/* The name of a row, which is there; false if services(5) cannot hold it. */
static bool row_name(const struct view *v, uint32_t row, struct span *ret)
{
	struct span name =
	    image_text(&v->image, v->image.rows[row].text[FIELD_NAME]);

	/* Blanks around it are rare, and then it is not plain. */
	if (!is_plain(name)) {
		name = span_trim(name);
		if (!is_plain(name))
			return false;
	}
	*ret = name;
	return true;
}

static uint32_t row_first(const struct view *v, uint32_t row)
{
	return le16(v->image.rows[row].first);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The last port at which a row stands. */
static uint32_t row_last(const struct view *v, uint32_t row)
{
	uint32_t first = row_first(v, row);
	uint32_t last = le16(v->image.rows[row].last);

	return last - first >= RANGE_MAX ? first : last;
}

/* Whether a row is there, assigned and numbered, for a transport. */
static bool is_entry(const struct view *v, uint32_t n, enum protocol protocol)
{
	const struct image_row *row;

	if (n >= v->image.current_rows)
		return false;
	row = &v->image.rows[n];
	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       row->state == STATE_ASSIGNED &&
	       le16(row->first) <= le16(row->last) &&
	       image_row_speaks_for(row, protocol);
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
	lowest = weight(v, e->at[0].row);
	for (size_t i = 1; i < e->count; i++) {
		unsigned w = weight(v, e->at[i].row);

		if (w < lowest) {
			lowest = w;
			e->best = i;
		}
	}
}

/* The image has the row that tells the state first, then the others. */
static void insert(struct entries *e, uint32_t row, struct span name)
{
	size_t at = e->count++;

	for (; at > 0 && e->at[at - 1].row > row; at--)
		e->at[at] = e->at[at - 1];
	e->at[at] = (struct entry){row, name};
}

/* Nothing to do where that is what was gathered last. */
static void gather(const struct view *v, uint32_t port, enum protocol protocol,
    struct entries *e)
{
	struct image_numbers list;
	struct span name;

	if (e->port == port && e->protocol == protocol)
		return;
	list = image_by_port(&v->image, (uint16_t)port, protocol);
	e->port = port;
	e->protocol = protocol;
	e->count = 0;
	for (size_t i = 0; i < list.count && i < ROWS_MAX; i++) {
		uint32_t row = le32(list.at[i]);

		if (e->count == ENTRIES_MAX)
			break;
		if (is_entry(v, row, protocol) && port >= row_first(v, row) &&
		    port <= row_last(v, row) && row_name(v, row, &name))
			insert(e, row, name);
	}
	choose(v, e);
}

static void entries_init(struct entries *ret)
{
	ret->port = PORT_COUNT;
	ret->protocol = PROTOCOL_NONE;
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

/* Whether a port is called by the name of a row, which has it. */
static bool is_called(
    const struct view *v, uint32_t row, const struct entries *e)
{
	struct span name;

	return e->count > 0 &&
	       (e->at[e->best].row == row ||
		   (row_name(v, row, &name) &&
		       span_eq_fold(e->at[e->best].name, name)));
}

/*
 * The first port that is called by a name, PORT_COUNT if none is, but for
 * port except, of which it is known.
 */
static uint32_t port_called(const struct view *v, const struct image_name *name,
    enum protocol protocol, uint32_t except, struct entries *e)
{
	struct image_numbers rows = rows_of(v, name);
	uint32_t found = PORT_COUNT;

	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (!is_entry(v, row, protocol))
			continue;
		for (uint32_t p = row_first(v, row);
		     p <= row_last(v, row) && p < found; p++) {
			if (p == except)
				continue;
			gather(v, p, protocol, e);
			if (is_called(v, row, e))
				found = p;
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
	struct entries e;

	if (!v->official || span_eq_fold(name, line->name))
		return false;
	found = find_name(v, name);
	entries_init(&e);
	return found != NULL && port_called(v, found, line->protocol,
				    line->port, &e) != PORT_COUNT;
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
static bool is_everyday_of(
    const struct view *v, uint32_t row, const struct entries *e)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->at[i].row == row)
			return v->image.rows[row].protocol == e->protocol &&
			       row_first(v, row) ==
				   row_first(v, e->at[e->best].row);
	return false;
}

static bool may_be_everyday(const struct view *v, const struct entries *e)
{
	for (size_t i = 0; i < e->count; i++) {
		uint32_t bit = e->at[i].row % LINE_EVERYDAY_BITS;

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
		    is_everyday_of(v, le32(c->row), e))
			add_alias(v, image_text(&v->image, c->name), line);
	}
}

/* e is what was gathered last. */
static bool line_at(const struct view *v, uint32_t port, enum protocol protocol,
    struct entries *e, struct line *ret)
{
	gather(v, port, protocol, e);
	if (e->count == 0)
		return false;
	ret->port = (uint16_t)port;
	ret->protocol = protocol;
	ret->name = e->at[e->best].name;
	ret->alias_count = 0;
	for (size_t i = 0; e->count > 1 && i < e->count; i++)
		if (i != e->best)
			add_alias(v, e->at[i].name, ret);
	if (may_be_everyday(v, e))
		add_everyday(v, e, ret);
	return true;
}

bool line_by_port(const struct view *view, uint16_t port,
    enum protocol protocol, struct line *ret)
{
	struct entries e;

	entries_init(&e);
	if (protocol < PROTOCOL_COUNT)
		return line_at(view, port, protocol, &e, ret);
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if (line_at(view, port, (enum protocol)p, &e, ret))
			return true;
	return false;
}

/* The first port of which a name of the registry is an alias. */
static uint32_t port_alias(
    const struct view *v, const struct image_name *name, enum protocol protocol)
{
	struct image_numbers rows = rows_of(v, name);
	uint32_t found = PORT_COUNT;
	struct span plain;

	for (size_t i = 0; i < rows.count; i++) {
		uint32_t row = le32(rows.at[i]);

		if (is_entry(v, row, protocol) && row_name(v, row, &plain))
			found = least(found, row_first(v, row));
	}
	return found;
}

/* The first port of which an everyday name is an alias. */
static uint32_t port_everyday(const struct view *v,
    const struct image_name *name, enum protocol protocol, struct entries *e)
{
	const struct image *image = &v->image;
	struct span folded = image_text(image, name->name);
	uint32_t found = PORT_COUNT;

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
		gather(v, row_first(v, row), protocol, e);
		if (is_everyday_of(v, row, e))
			found = row_first(v, row);
	}
	return found;
}

/* Where a name leads for one transport. */
static uint32_t port_of(const struct view *v, const struct image_name *name,
    enum protocol protocol, struct entries *e)
{
	uint32_t called = port_called(v, name, protocol, PORT_COUNT, e);

	if (called != PORT_COUNT && v->official)
		return called;
	return least(called, least(port_alias(v, name, protocol),
				 port_everyday(v, name, protocol, e)));
}

bool line_by_name(const struct view *view, struct span name,
    enum protocol protocol, struct line *ret)
{
	const struct image_name *found = find_name(view, name);
	uint32_t port = PORT_COUNT;
	struct entries e;

	if (found == NULL)
		return false;
	entries_init(&e);
	if (protocol < PROTOCOL_COUNT) {
		port = port_of(view, found, protocol, &e);
		return port != PORT_COUNT &&
		       line_at(view, port, protocol, &e, ret);
	}
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		uint32_t other = port_of(view, found, (enum protocol)p, &e);

		if (other < port) {
			port = other;
			protocol = (enum protocol)p;
		}
	}
	return port != PORT_COUNT && line_at(view, port, protocol, &e, ret);
}

bool line_from(const struct view *view, uint32_t place, struct line *ret)
{
	uint32_t nameless = IMAGE_NONE;
	struct entries e;

	entries_init(&e);
	for (; place < LINE_PLACES; place++) {
		uint32_t port = place / PROTOCOL_COUNT;
		enum protocol protocol =
		    (enum protocol)(place % PROTOCOL_COUNT);
		struct image_numbers list =
		    image_by_port(&view->image, (uint16_t)port, protocol);

		/* Most ports have one row, that of many which are free. */
		if (list.count == 0 ||
		    (list.count == 1 && le32(list.at[0]) == nameless))
			continue;
		if (line_at(view, port, protocol, &e, ret))
			return true;
		if (list.count == 1)
			nameless = le32(list.at[0]);
	}
	return false;
}
