/* SPDX-License-Identifier: ISC */
/*
 * Wireshark's "services": a line for each name of a port or a range, with all
 * of the transports that have it there,
 *
 *	name first[-last]/tcp[/udp...] [# description]
 *
 * A port has one name a transport; aliases mean nothing to it.
 */
#include "write/portnames.h"
#include "base/banned.h"

#define COMMENT_LEN 160

/* First names of a port, by transport. */
struct row {
	const struct feed_port *at[PROTOCOL_COUNT];
};

static struct row row_at(const struct portnames *names, uint32_t port)
{
	struct row row;

	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		row.at[i] = portnames_first(names, port, i);
	return row;
}

static bool same_row(const struct row *a, const struct row *b)
{
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		if (a->at[i] != b->at[i])
			return false;
	return true;
}

/* A line for the name of transport n, unless an earlier one has it. */
static void put_line(const struct image *image, const struct row *row, size_t n,
    struct port_range range, struct buf *b)
{
	struct span name = row->at[n]->name;

	for (size_t i = 0; i < n; i++)
		if (row->at[i] != NULL && span_eq(row->at[i]->name, name))
			return;
	buf_add(b, name);
	buf_char(b, '\t');
	if (name.len < 8)
		buf_char(b, '\t');
	buf_u64(b, range.first);
	if (range.last > range.first)
		buf_printf(b, "-%u", range.last);
	for (size_t i = n; i < PROTOCOL_COUNT; i++) {
		if (row->at[i] == NULL || !span_eq(row->at[i]->name, name))
			continue;
		buf_char(b, '/');
		buf_add(b, protocol_name((enum protocol)i));
	}
	portnames_comment(image, row->at[n], false, COMMENT_LEN, b);
	buf_char(b, '\n');
}

static int put_file(const struct write_job *job, const struct portnames *names,
    struct buf *b, struct portbook_error *err)
{
	uint32_t port = 0;
	int code = 0;

	while (code == 0 && port < PORT_COUNT) {
		struct row row = row_at(names, port), next;
		uint32_t end = port + 1;

		for (; end < PORT_COUNT; end++) {
			next = row_at(names, end);
			if (!same_row(&row, &next))
				break;
		}
		for (size_t i = 0; i < PROTOCOL_COUNT; i++)
			if (row.at[i] != NULL)
				put_line(job->image, &row, i,
				    (struct port_range){
					(uint16_t)port, (uint16_t)(end - 1)},
				    b);
		port = end;
		code = write_drain(job, b, err);
	}
	return code;
}

int write_wireshark(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct portnames names;
	int code = portnames_init(job, PORT_COUNT, &names, err);

	if (code == 0) {
		feed_header(job, b, "# ",
		    "Names of ports for Wireshark: its \"services\"");
		portnames_tell_left_out(&names, b);
		buf_char(b, '\n');
		code = put_file(job, &names, b, err);
	}
	portnames_release(&names);
	return code;
}
