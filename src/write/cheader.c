/* SPDX-License-Identifier: ISC */
/*
 * A C header with the named ports as a table, single ports first:
 *
 *	{22, 22, 0, "ssh"},
 *	...
 *	{6000, 6063, 0, "x11"},
 *
 * an index of it by name, and functions that look things up.  The names of
 * all that are pasted behind a prefix that who includes it may choose.
 */
#include "write/format.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "write/cheader.h"
#include "write/feed.h"
#include "write/record.h"
#include "base/banned.h"

/* C99 promises no more than 4095 characters in a literal. */
#define LITERAL_MAX 4000

/* An entry of the index, to be sorted. */
struct by_name {
	const struct feed_port *port;
	size_t at; /* in the table */
};

/*
 * Order of the table: within a port and transport the row that counts most is
 * first (a protocol before none, the preferred, no alias).
 */
static int port_cmp(const void *x, const void *y)
{
	const struct feed_port *a = x, *b = y;
	bool range = a->first != a->last;

	if (range != (b->first != b->last))
		return range ? 1 : -1;
	if (!range && a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (!range && a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	if (a->generic != b->generic)
		return a->generic ? 1 : -1;
	if (a->preferred != b->preferred)
		return a->preferred ? -1 : 1;
	if (a->alias != b->alias)
		return a->alias ? 1 : -1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->protocol - b->protocol;
}

static int name_cmp(const void *x, const void *y)
{
	const struct by_name *a = x, *b = y;
	int order = feed_name_cmp(a->port->name, b->port->name);

	if (order == 0 && a->port->preferred != b->port->preferred)
		order = a->port->preferred ? -1 : 1;
	if (order == 0)
		order = a->at < b->at ? -1 : 1;
	return order;
}

/* No trigraphs, and no digit that an escape could take in. */
static void put_literal(struct buf *b, struct span text)
{
	buf_char(b, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == '"' || c == '\\' || c == '?')
			buf_char(b, '\\');
		if (c >= ' ' && c <= '~')
			buf_char(b, (char)c);
		else
			buf_printf(b, "\\%03o", (unsigned)c);
	}
	buf_char(b, '"');
}

/* At most LITERAL_MAX bytes, cut between two characters. */
static struct span cut(struct span text)
{
	size_t len = LITERAL_MAX;

	if (text.len <= len)
		return text;
	while (len > 0 && (text.ptr[len] & 0xc0) == 0x80)
		len--;
	return span_head(text, len);
}

static void put_description(const struct write_job *job,
    const struct feed_port *port, struct buf *text, struct buf *b)
{
	buf_clear(text);
	record_plain(
	    text, job->image, &job->image->rows[port->row], FIELD_DESCRIPTION);
	if (buf_failed(text))
		b->failed = true;
	buf_str(b, ", ");
	put_literal(b, cut(buf_span(text)));
}

static int put_ports(const struct write_job *job, const struct feed *feed,
    bool full, struct buf *b, struct portbook_error *err)
{
	struct buf text;
	int code = 0;

	buf_init(&text);
	buf_str(b, "static const struct IANA_PORTS_(service) "
		   "IANA_PORTS_(services)[] = {\n");
	for (size_t i = 0; code == 0 && i < feed->count; i++) {
		const struct feed_port *port = &feed->ports[i];

		buf_printf(b, "\t{%u, %u, %u, ", (unsigned)port->first,
		    (unsigned)port->last, (unsigned)port->protocol);
		put_literal(b, port->name);
		if (full)
			put_description(job, port, &text, b);
		buf_str(b, "},\n");
		code = write_drain(job, b, err);
	}
	/* A table of nothing is no C. */
	buf_printf(b, "\t{0, 0, IANA_PORTS_(any), \"\"%s}\n};\n\n",
	    full ? ", \"\"" : "");
	buf_release(&text);
	return code;
}

static int put_index(const struct write_job *job, const struct feed *feed,
    struct buf *b, struct portbook_error *err)
{
	struct by_name *names = mem_alloc(feed->count + 1, sizeof(*names));
	int code = 0;

	if (names == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < feed->count; i++)
		names[i] = (struct by_name){&feed->ports[i], i};
	if (feed->count > 0)
		qsort(names, feed->count, sizeof(*names), name_cmp);
	buf_printf(b,
	    "/* The services by name, as places in the table. */\n"
	    "static const uint_least%u_t IANA_PORTS_(names)[] = {",
	    feed->count < 65536 ? 16U : 32U);
	for (size_t i = 0; code == 0 && i < feed->count; i++) {
		buf_str(b, i % 12 == 0 ? "\n\t" : " ");
		buf_u64(b, names[i].at);
		buf_char(b, ',');
		code = write_drain(job, b, err);
	}
	buf_str(b, "\n\t0\n};\n\n");
	mem_release(names);
	return code;
}

static size_t count_single(const struct feed *feed)
{
	size_t count = 0;

	while (count < feed->count &&
	       feed->ports[count].first == feed->ports[count].last)
		count++;
	return count;
}

static void put_top(const struct write_job *job, const struct feed *feed,
    bool full, struct buf *b)
{
	buf_str(b, "/*\n");
	feed_header(
	    job, b, " * ", "Services and their ports, as a table in C.");
	buf_str(b, cheader_about);
	buf_str(b, "#define IANA_PORTS_DATE ");
	put_literal(b, cut(write_date(job)));
	buf_printf(b,
	    "\n#define IANA_PORTS_COUNT %zuU /* services in the table */\n"
	    "#define IANA_PORTS_SINGLE %zuU /* of one port, before ranges */\n",
	    feed->count, count_single(feed));
	buf_str(b, cheader_types);
	if (full)
		buf_str(b, "\tconst char *description; /* UTF-8 */\n");
	buf_str(b, "};\n\n");
}

int write_cheader(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	bool full = span_eq(job->style, SPAN("full"));
	struct feed feed;
	int code = feed_gather(job, &feed, err);

	if (code == 0) {
		if (feed.count > 0)
			qsort(feed.ports, feed.count, sizeof(*feed.ports),
			    port_cmp);
		put_top(job, &feed, full, b);
		code = put_ports(job, &feed, full, b, err);
	}
	if (code == 0)
		code = put_index(job, &feed, b, err);
	if (code == 0)
		buf_str(b, cheader_functions);
	feed_release(&feed);
	return code;
}
