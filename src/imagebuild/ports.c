/* SPDX-License-Identifier: ISC */
/*
 * The port tables.  The first and last ports of all rows cut the ports into
 * stretches within which every port has the same rows:
 *
 *	rows	 |-- 5000-5003 --|   |5005|
 *	cuts	 ^		 ^   ^	  ^
 *	stretch	 0	1	  2    3     4 ...
 *
 * How long all lists together will be is known from the cuts alone, so that
 * ranges that overlap beyond measure are refused before they cost memory.
 */
#include "imagebuild/build.h"

#include "imagebuild/names_table.h"
#include "terms/state.h"
#include "base/banned.h"

#define ENTRIES_PER_ROW 16
#define ENTRIES_MORE 1000000

#define NONE IMAGE_NONE
#define CLASS_COUNT 16

struct ports {
	struct le32 *tables;  /* the section's; NULL: only preferred rows */
	uint32_t *stretch_of; /* owned: by port, and one more */
	uint32_t *first;      /* owned: port, by stretch */
	size_t stretch_count;
	uint32_t *order;   /* owned: numbered rows, the strongest first */
	size_t row_count;  /* in order */
	uint8_t *class;	   /* owned: by row */
	uint32_t *off;	   /* owned: of a stretch's list, in entries */
	uint32_t *at;	   /* owned: where its next entry goes */
	uint32_t *entries; /* owned */
	uint32_t *preferred[PROTOCOL_COUNT]; /* owned: row, by stretch */
	uint64_t left; /* entries that may still be made */
};

/* Lower is stronger: a single port, a protocol, then the state. */
static uint8_t class_of(const struct image_row *row)
{
	unsigned class = le16(row->first) != le16(row->last) ? 8 : 0;

	class += row->protocol == PROTOCOL_NONE ? 4 : 0;
	return (uint8_t)(class + (STATE_ASSIGNED - row->state));
}

static bool speaks_for(const struct image_row *row, size_t table, bool named)
{
	if (table == IMAGE_PORT_ANY || row->protocol == table)
		return true;
	if (row->protocol != PROTOCOL_NONE)
		return false;
	return !named || table == PROTOCOL_TCP || table == PROTOCOL_UDP;
}

static bool is_named(const struct build *b, size_t row)
{
	return columns_text(b, row, COLUMN_NAME).len > 0;
}

/* Rows by class, each class in the order of the file. */
static int order_rows(struct build *b, struct ports *p)
{
	size_t count[CLASS_COUNT + 1] = {0};

	p->class = mem_alloc(b->current_rows, sizeof(*p->class));
	p->order = mem_alloc(b->current_rows, sizeof(*p->order));
	if (p->class == NULL || p->order == NULL)
		return build_nomem(b);
	for (size_t row = 0; row < b->current_rows; row++) {
		p->class[row] = class_of(&b->rows[row]);
		if ((b->rows[row].flags & IMAGE_ROW_NUMBERED) != 0)
			count[p->class[row] + 1]++;
	}
	for (size_t i = 1; i <= CLASS_COUNT; i++)
		count[i] += count[i - 1];
	p->row_count = count[CLASS_COUNT];
	for (size_t row = 0; row < b->current_rows; row++)
		if ((b->rows[row].flags & IMAGE_ROW_NUMBERED) != 0)
			p->order[count[p->class[row]]++] = (uint32_t)row;
	return 0;
}

static int cut(struct build *b, struct ports *p)
{
	uint32_t stretch = 0;

	p->stretch_of = mem_zalloc(PORT_COUNT + 1, sizeof(*p->stretch_of));
	p->first = mem_alloc(PORT_COUNT + 1, sizeof(*p->first));
	if (p->stretch_of == NULL || p->first == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < p->row_count; i++) {
		const struct image_row *row = &b->rows[p->order[i]];

		p->stretch_of[le16(row->first)] = 1;
		p->stretch_of[le16(row->last) + 1U] = 1;
	}
	for (size_t i = 0; i < names_line_count; i++) {
		if (names_lines[i].kind != IMAGE_CURATED_PREFER)
			continue;
		p->stretch_of[names_lines[i].port] = 1;
		p->stretch_of[names_lines[i].port + 1U] = 1;
	}
	p->first[0] = 0;
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		if (port > 0 && p->stretch_of[port] != 0)
			p->first[++stretch] = port;
		p->stretch_of[port] = stretch;
	}
	p->stretch_count = stretch + 1;
	p->first[p->stretch_count] = PORT_COUNT;
	return 0;
}

/*
 * Sets off to where the list of each stretch begins, with one entry free
 * before each; refuses too much.
 */
static int measure(struct build *b, struct ports *p, size_t table)
{
	uint64_t total = 0;
	uint32_t here = 0;

	memset(p->at, 0, (p->stretch_count + 1) * sizeof(*p->at));
	for (size_t i = 0; i < p->row_count; i++) {
		const struct image_row *row = &b->rows[p->order[i]];

		if (!speaks_for(row, table, is_named(b, p->order[i])))
			continue;
		p->at[p->stretch_of[le16(row->first)]]++;
		p->at[p->stretch_of[le16(row->last)] + 1]--;
	}
	for (size_t i = 0; i < p->stretch_count; i++) {
		here += p->at[i];
		p->off[i] = p->at[i] = (uint32_t)(total + i + 1);
		total += here;
		if (total > p->left)
			return error_set(b->err, PORTBOOK_ELIMIT, 0,
			    "the registry's ranges of ports overlap too much: "
			    "its lists would hold more than %d rows a record",
			    ENTRIES_PER_ROW);
	}
	p->off[p->stretch_count] = (uint32_t)(total + p->stretch_count + 1);
	p->left -= total;
	return 0;
}

static size_t list_len(const struct ports *p, size_t stretch)
{
	return p->off[stretch + 1] - p->off[stretch] - 1;
}

static void enter(struct build *b, struct ports *p, size_t table, uint32_t row)
{
	const struct image_row *r = &b->rows[row];
	uint32_t last = p->stretch_of[le16(r->last)];

	if (!speaks_for(r, table, is_named(b, row)))
		return;
	for (uint32_t i = p->stretch_of[le16(r->first)]; i <= last; i++)
		p->entries[p->at[i]++] = row;
}

/* The row of a list that a line of names.tsv prefers; count if none. */
static size_t curated_choice(const struct build *b, const uint32_t *list,
    size_t count, uint16_t port, enum protocol protocol)
{
	for (size_t i = 0; i < names_line_count; i++) {
		const struct names_line *line = &names_lines[i];

		if (line->kind != IMAGE_CURATED_PREFER || line->port != port ||
		    line->protocol != protocol)
			continue;
		for (size_t n = 0; n < count; n++)
			if (span_eq_fold(columns_text(b, list[n], COLUMN_NAME),
				line->target))
				return n;
	}
	return count;
}

/* A services(5) file says itself, by its order, what a port is called. */
static bool is_users(const struct build *b)
{
	return b->t->versions[b->newest].source == REGISTRY_SERVICES;
}

/* Where the preferred row of a list stands; len if it has none. */
static size_t choose(const struct build *b, const struct ports *p,
    const uint32_t *list, size_t len, uint16_t port, enum protocol protocol)
{
	size_t count = 0, first_named = len, choice;

	if (len == 0 || b->rows[list[0]].state != STATE_ASSIGNED)
		return len;
	while (count < len && p->class[list[count]] == p->class[list[0]])
		count++;
	if (count > 1 && !is_users(b)) {
		choice = curated_choice(b, list, count, port, protocol);
		if (choice < count)
			return choice;
	}
	for (size_t n = 0; n < count; n++) {
		if (!is_named(b, list[n]))
			continue;
		if (b->weak[list[n]] == 0)
			return n;
		if (first_named == len)
			first_named = n;
	}
	return first_named;
}

static void move_front(uint32_t *list, size_t n)
{
	uint32_t row = list[n];

	memmove(list + 1, list, n * sizeof(*list));
	list[0] = row;
}

static bool is_preferred(const struct ports *p, size_t stretch, uint32_t row)
{
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		if (p->preferred[i][stretch] == row)
			return true;
	return false;
}

/* Preferred rows first, in the order that they have. */
static void arrange_any(
    const struct ports *p, size_t stretch, uint32_t *list, size_t len)
{
	size_t front = 0;

	for (size_t n = 0; n < len; n++)
		if (is_preferred(p, stretch, list[n])) {
			move_front(list + front, n - front);
			front++;
		}
}

/* Makes the item of ports with a list of len rows; list[-1] is free. */
static int put_list(
    struct build *b, uint32_t *list, size_t len, struct le32 *item)
{
	struct image_list place;
	int code;

	if (len < 2) {
		*item = le32_of(len == 1 ? list[0] : IMAGE_NONE);
		return 0;
	}
	list[-1] = (uint32_t)len;
	code = lists_put(b, list - 1, len + 1, &place);
	if (code < 0)
		return code;
	if (le32(place.off) >= IMAGE_NONE - IMAGE_PORT_LIST)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "the lists of ports would be longer than 8 GB");
	*item = le32_of(le32(place.off) + IMAGE_PORT_LIST);
	return 0;
}

/* Stores the lists of a table and points its ports at them. */
static int put_lists(struct build *b, struct ports *p, size_t table)
{
	struct le32 *ports = p->tables + table * PORT_COUNT;
	struct le32 item = le32_of(IMAGE_NONE);
	const uint32_t *last = p->entries;
	size_t last_len = 0;

	for (size_t i = 0; i < p->stretch_count; i++) {
		uint32_t *list = p->entries + p->off[i];
		size_t len = list_len(p, i);

		if (len != last_len ||
		    memcmp(list, last, len * sizeof(*list)) != 0) {
			int code = put_list(b, list, len, &item);

			if (code < 0)
				return code;
		}
		last = list;
		last_len = len;
		for (uint32_t n = p->first[i]; n < p->first[i + 1]; n++)
			ports[n] = item;
	}
	return 0;
}

static int make_table(struct build *b, struct ports *p, size_t table)
{
	bool any = table == IMAGE_PORT_ANY;
	int code = measure(b, p, table);

	if (code < 0)
		return code;
	mem_release(p->entries);
	p->entries = mem_alloc(p->off[p->stretch_count], sizeof(*p->entries));
	if (p->entries == NULL)
		return build_nomem(b);
	if (any)
		for (size_t row = 0; row < b->current_rows; row++) {
			if ((b->rows[row].flags & IMAGE_ROW_NUMBERED) != 0)
				enter(b, p, table, (uint32_t)row);
		}
	else
		for (size_t i = 0; i < p->row_count; i++)
			enter(b, p, table, p->order[i]);
	for (size_t i = 0; i < p->stretch_count; i++) {
		uint32_t *list = p->entries + p->off[i];
		size_t len = list_len(p, i), n;

		if (any) {
			arrange_any(p, i, list, len);
			continue;
		}
		n = choose(b, p, list, len, (uint16_t)p->first[i],
		    (enum protocol)table);
		p->preferred[table][i] = n < len ? list[n] : NONE;
		if (n < len)
			move_front(list, n);
	}
	return p->tables != NULL ? put_lists(b, p, table) : 0;
}

static int ports_begin(struct build *b, struct ports *p)
{
	int code;

	p->left = ENTRIES_MORE + (uint64_t)ENTRIES_PER_ROW * b->current_rows;
	if (!b->options->rows_only) {
		p->tables = build_section(
		    b, IMAGE_PORTS, (size_t)IMAGE_PORT_TABLES * PORT_COUNT);
		if (p->tables == NULL)
			return build_nomem(b);
	}
	code = order_rows(b, p);
	if (code == 0)
		code = cut(b, p);
	if (code < 0)
		return code;
	p->off = mem_alloc(p->stretch_count + 1, sizeof(*p->off));
	p->at = mem_alloc(p->stretch_count + 1, sizeof(*p->at));
	if (p->off == NULL || p->at == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
		p->preferred[i] =
		    mem_alloc(p->stretch_count, sizeof(*p->preferred[i]));
		if (p->preferred[i] == NULL)
			return build_nomem(b);
	}
	return 0;
}

/* Marks the rows that are preferred at their own first port. */
static void mark(struct build *b, const struct ports *p)
{
	for (size_t i = 0; i < p->row_count; i++) {
		struct image_row *row = &b->rows[p->order[i]];
		size_t protocol = row->protocol;

		if (protocol == PROTOCOL_NONE)
			protocol = PROTOCOL_TCP;
		if (protocol < PROTOCOL_COUNT &&
		    p->preferred[protocol][p->stretch_of[le16(row->first)]] ==
			p->order[i])
			row->flags |= IMAGE_ROW_PREFERRED;
	}
}

int ports_make(struct build *b)
{
	struct ports p = {0};
	int code = ports_begin(b, &p);
	size_t tables = p.tables != NULL ? IMAGE_PORT_TABLES : PROTOCOL_COUNT;

	for (size_t table = 0; code == 0 && table < tables; table++)
		code = make_table(b, &p, table);
	if (code == 0)
		mark(b, &p);
	mem_release(p.stretch_of);
	mem_release(p.first);
	mem_release(p.order);
	mem_release(p.class);
	mem_release(p.off);
	mem_release(p.at);
	mem_release(p.entries);
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		mem_release(p.preferred[i]);
	return code;
}
