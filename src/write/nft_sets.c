/* SPDX-License-Identifier: ISC */
/*
 * Sets of ports for nftables: for each transport the ports that are assigned,
 * reserved and unassigned, and the assigned ones by class.
 *
 *	set tcp_assigned {
 *		type inet_service
 *		flags interval
 *		elements = { 1-3, 5, 7 }
 *	}
 *
 * "sets" is to be included inside a table, "table" is a table of its own.  It
 * is loaded as one transaction, in which the sets are made, emptied and
 * filled: so a newer file takes the place of an older one, and rules and
 * chains that have been added to the table stay.
 */
#include "write/nft.h"

#include "base/error.h"
#include "base/mem.h"
#include "write/feed.h"
#include "base/banned.h"

#define TABLE "portbook"
#define LINE_MAX_LEN 72 /* of elements */

#define STRENGTH_COUNT 16

/*
 * For each strength how many more rows of it begin than end at a port, then
 * what all rows together say of each port.
 */
struct ports {
	uint32_t change[STRENGTH_COUNT][PORT_COUNT + 1];
	uint8_t state[PORT_COUNT];
};

struct set {
	const char *name; /* behind the transport */
	enum state state;
	uint16_t first, last;
};

static const struct set sets[] = {
    {"assigned", STATE_ASSIGNED, 0, 65535},
    {"assigned_system", STATE_ASSIGNED, 0, PORT_LAST_SYSTEM},
    {"assigned_user", STATE_ASSIGNED, PORT_LAST_SYSTEM + 1, PORT_LAST_USER},
    {"reserved", STATE_RESERVED, 0, 65535},
    {"unassigned", STATE_UNASSIGNED, 0, 65535},
};

#define SET_COUNT (sizeof(sets) / sizeof(sets[0]))

/*
 * A single port before a range, a protocol before none, then the state, which
 * is in the last two bits.
 */
static unsigned strength_of(const struct image_row *row)
{
	unsigned strength = le16(row->first) == le16(row->last) ? 8 : 0;

	strength += row->protocol != PROTOCOL_NONE ? 4 : 0;
	return strength + image_row_state(row);
}

static bool speaks_for(
    const struct image *image, const struct image_row *row, unsigned protocol)
{
	struct span name = image_text(image, row->text[FIELD_NAME]);

	if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
		return false;
	if (row->protocol != PROTOCOL_NONE)
		return row->protocol == protocol;
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP ||
	       span_trim(name).len == 0;
}

static void settle(struct ports *ports)
{
	uint32_t here[STRENGTH_COUNT] = {0};

	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		unsigned strongest = 0;

		for (unsigned i = 0; i < STRENGTH_COUNT; i++) {
			here[i] += ports->change[i][port];
			if (here[i] > 0)
				strongest = i;
		}
		ports->state[port] = strongest % 4;
	}
}

static void enter(
    const struct write_job *job, unsigned protocol, struct ports *ports)
{
	struct image_walk walk = image_walk_begin(job->image, job->version);
	uint32_t n;

	memset(ports, 0, sizeof(*ports));
	while ((n = image_walk_row(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &job->image->rows[n];
		uint32_t *change = ports->change[strength_of(row)];

		if (!speaks_for(job->image, row, protocol))
			continue;
		change[le16(row->first)]++;
		change[le16(row->last) + 1U]--;
	}
	settle(ports);
}

/* The next range of the set at or behind *port; false at its end. */
static bool put_next(struct buf *b, const struct set *set,
    const struct ports *ports, uint32_t *port)
{
	uint32_t first = *port, last;

	while (first <= set->last && ports->state[first] != set->state)
		first++;
	if (first > set->last)
		return false;
	last = first;
	while (last < set->last && ports->state[last + 1] == set->state)
		last++;
	buf_u64(b, first);
	if (last > first) {
		buf_char(b, '-');
		buf_u64(b, last);
	}
	*port = last + 1;
	return true;
}

static void put_elements(
    struct buf *b, const struct set *set, const struct ports *ports)
{
	char storage[16];
	struct buf one;
	size_t column = 0;
	uint32_t port = set->first;

	buf_init_fixed(&one, storage, sizeof(storage));
	while (put_next(&one, set, ports, &port)) {
		if (column == 0)
			buf_str(b, "\t\telements = { ");
		else if (column + one.len > LINE_MAX_LEN)
			buf_str(b, ",\n\t\t\t");
		else
			buf_str(b, ", ");
		if (column == 0 || column + one.len > LINE_MAX_LEN)
			column = 28;
		buf_add(b, buf_span(&one));
		column += one.len + 2;
		buf_clear(&one);
	}
	if (column > 0)
		buf_str(b, " }\n");
}

static void put_set_head(struct buf *b, unsigned protocol, size_t set)
{
	buf_str(b, "\tset ");
	buf_add(b, protocol_name((enum protocol)protocol));
	buf_printf(b, "_%s {\n\t\ttype inet_service\n\t\tflags interval\n",
	    sets[set].name);
}

/* The sets without elements, and orders to empty what is there. */
static void put_emptied(struct buf *b)
{
	buf_str(b, "table inet " TABLE " {\n");
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++) {
		for (size_t n = 0; n < SET_COUNT; n++) {
			put_set_head(b, i, n);
			buf_str(b, "\t}\n");
		}
	}
	buf_str(b, "}\n");
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++) {
		for (size_t n = 0; n < SET_COUNT; n++) {
			buf_str(b, "flush set inet " TABLE " ");
			buf_add(b, protocol_name((enum protocol)i));
			buf_printf(b, "_%s\n", sets[n].name);
		}
	}
}

static int put_sets(const struct write_job *job, struct ports *ports,
    struct buf *b, struct portbook_error *err)
{
	int code = 0;

	for (unsigned i = 0; code == 0 && i < PROTOCOL_COUNT; i++) {
		enter(job, i, ports);
		for (size_t n = 0; n < SET_COUNT; n++) {
			put_set_head(b, i, n);
			put_elements(b, &sets[n], ports);
			buf_str(b, "\t}\n");
		}
		code = write_drain(job, b, err);
	}
	return code;
}

int nft_write_sets(const struct write_job *job, bool in_table, struct buf *b,
    struct portbook_error *err)
{
	struct ports *ports = mem_alloc(1, sizeof(*ports));
	int code;

	if (ports == NULL)
		return error_nomem(err);
	feed_header(job, b, "# ",
	    in_table ? "Ports by state for nftables: table inet " TABLE "."
		     : "Ports by state for nftables, to include in a table.");
	buf_char(b, '\n');
	if (in_table) {
		put_emptied(b);
		buf_str(b, "table inet " TABLE " {\n");
	}
	code = put_sets(job, ports, b, err);
	if (in_table)
		buf_str(b, "}\n");
	mem_release(ports);
	return code;
}
