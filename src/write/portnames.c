/* SPDX-License-Identifier: ISC */
#include "write/portnames.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/banned.h"

/* Names of ports in all; the registry has 12,000, a full one 262,144. */
#define ENTRIES_MAX (UINT32_C(1) << 24)

bool portnames_is_plain(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' ||
		    name.ptr[i] == '#')
			return false;
	return name.len > 0 && name.len <= PORTNAMES_NAME_MAX;
}

/* The last port at which an entry is to stand. */
static uint32_t last_of(const struct feed_port *port, uint32_t range_max)
{
	if ((uint32_t)port->last - port->first >= range_max)
		return port->first;
	return port->last;
}

/* Sets first[port + 1] to how many names a port has, then sums up. */
static int measure(
    struct portnames *p, uint32_t range_max, struct portbook_error *err)
{
	uint64_t total = 0;

	for (size_t i = 0; i < p->feed.count; i++) {
		const struct feed_port *port = &p->feed.ports[i];
		uint32_t last = last_of(port, range_max);

		if (!portnames_is_plain(port->name)) {
			p->left_out++;
			continue;
		}
		total += last - port->first + 1;
		if (total > ENTRIES_MAX)
			return error_set(err, PORTBOOK_ELIMIT, 0,
			    "the registry's ranges overlap too much: its "
			    "ports would have more than %u names",
			    ENTRIES_MAX);
		for (uint32_t n = port->first; n <= last; n++)
			p->first[port->protocol][n + 1]++;
	}
	for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
		if (i > 0)
			p->first[i][0] = p->first[i - 1][PORT_COUNT];
		for (uint32_t n = 0; n < PORT_COUNT; n++)
			p->first[i][n + 1] += p->first[i][n];
	}
	return 0;
}

/* In file order; first[port] becomes the end of the port's names. */
static void enter(struct portnames *p, uint32_t range_max)
{
	for (size_t i = 0; i < p->feed.count; i++) {
		const struct feed_port *port = &p->feed.ports[i];

		if (!portnames_is_plain(port->name))
			continue;
		for (uint32_t n = port->first; n <= last_of(port, range_max);
		     n++)
			p->entries[p->first[port->protocol][n]++] = (uint32_t)i;
	}
}

/* Back to where the names of each port begin. */
static void rewind_ports(struct portnames *p)
{
	uint32_t start = 0;

	for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
		for (uint32_t n = 0; n <= PORT_COUNT; n++) {
			uint32_t end = p->first[i][n];

			p->first[i][n] = start;
			if (n < PORT_COUNT)
				start = end;
		}
	}
}

/* Lower is stronger. */
static unsigned weight(const struct feed_port *port)
{
	unsigned range = port->first != port->last;
	unsigned generic = port->generic, other = !port->preferred;

	return range << 3 | generic << 2 | other << 1 | port->alias;
}

static void put_strongest_first(
    const struct portnames *p, uint32_t *list, size_t count)
{
	size_t best = 0;
	uint32_t entry;

	for (size_t i = 1; i < count; i++)
		if (weight(&p->feed.ports[list[i]]) <
		    weight(&p->feed.ports[list[best]]))
			best = i;
	if (best == 0)
		return;
	entry = list[best];
	memmove(list + 1, list, best * sizeof(*list));
	list[0] = entry;
}

int portnames_init(const struct write_job *job, uint32_t range_max,
    struct portnames *ret, struct portbook_error *err)
{
	int code;

	*ret = (struct portnames){.left_out = 0};
	code = feed_gather(job, &ret->feed, err);
	for (size_t i = 0; code == 0 && i < PROTOCOL_COUNT; i++) {
		ret->first[i] =
		    mem_zalloc(PORT_COUNT + 1, sizeof(*ret->first[i]));
		if (ret->first[i] == NULL)
			code = error_nomem(err);
	}
	if (code == 0)
		code = measure(ret, range_max, err);
	if (code < 0)
		return code;
	ret->entries =
	    mem_alloc(ret->first[PROTOCOL_COUNT - 1][PORT_COUNT] + (size_t)1,
		sizeof(*ret->entries));
	if (ret->entries == NULL)
		return error_nomem(err);
	enter(ret, range_max);
	rewind_ports(ret);
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		for (uint32_t n = 0; n < PORT_COUNT; n++)
			put_strongest_first(ret,
			    ret->entries + ret->first[i][n],
			    portnames_at(ret, n, i).count);
	return 0;
}

void portnames_release(struct portnames *p)
{
	feed_release(&p->feed);
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		mem_release(p->first[i]);
	mem_release(p->entries);
	*p = (struct portnames){.left_out = 0};
}

bool portnames_have(const struct portnames *p, struct portnames_list list,
    const struct image *image, const struct image_row *row)
{
	struct span name = feed_name(image, row);

	for (size_t i = 0; i < list.count; i++) {
		const struct feed_port *port = &p->feed.ports[list.at[i]];

		if (port->first == le16(row->first) &&
		    port->last == le16(row->last) && span_eq(port->name, name))
			return true;
	}
	return false;
}

/* Text with runs of white space as one blank; cut at room bytes. */
static void put_squeezed(struct buf *b, struct span text, size_t room)
{
	size_t start = b->len, last = start;
	bool blank = false;

	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c == UTF8_BAD || c < ' ' || (c >= 0x7f && c < 0xa0) ||
		    utf8_is_space(c)) {
			blank = b->len > start;
			continue;
		}
		if (blank)
			buf_char(b, ' ');
		blank = false;
		utf8_put(b, c);
		if (b->len - start > room) {
			b->len = last;
			return;
		}
		last = b->len;
	}
}

void portnames_comment(const struct image *image, const struct feed_port *port,
    bool range, size_t room, struct buf *b)
{
	struct record_text text;
	struct buf column;
	size_t start = b->len;

	if (room < 16)
		return;
	buf_init(&column);
	image_row_text(image, &image->rows[port->row], &text);
	if (range)
		buf_printf(&column, "%u-%u ", port->first, port->last);
	column_text(&column, &text, COLUMN_DESCRIPTION);
	buf_str(b, "\t# ");
	put_squeezed(b, buf_span(&column), room - 3);
	if (b->len == start + 3)
		b->len = start;
	if (buf_failed(&column))
		b->failed = true;
	buf_release(&column);
}

void portnames_tell_left_out(const struct portnames *p, struct buf *b)
{
	if (p->left_out > 0)
		buf_printf(b,
		    "# Left out: %zu names that are not plain ASCII without "
		    "blanks and \"#\".\n",
		    p->left_out);
}
