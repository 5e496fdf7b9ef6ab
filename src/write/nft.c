/* SPDX-License-Identifier: ISC */
/*
 * Files for nftables to include.  Style "defines", a variable a service:
 *
 *	define https_tcp = 443
 *	define x11_tcp = 6000-6063
 *	define http_alt_tcp = { 591, 8008, 8080 }
 *
 * An identifier is the name in lower case, with an underscore for whatever is
 * no letter or digit and before a digit at its start, and the transport.
 * Where several names make one identifier, one that is no alias and is valid
 * has it; an alias for the same ports is left out, any other is given _2, _3
 *...
 *
 * Styles "sets" and "table" are in nft_sets.c.
 */
#include "write/nft.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "terms/name.h"
#include "write/feed.h"
#include "base/banned.h"

#define STEM_MAX 64 /* bytes of a name in an identifier; nft bears 128 */

/* The ports of one name and transport. */
struct define {
	size_t ident;	  /* place of the identifier in struct defines */
	size_t ident_len; /* with the transport */
	size_t from;	  /* in the feed, sorted */
	size_t count;
	bool alias; /* each of its rows is one */
};

struct defines {
	struct feed feed;
	struct buf idents;
	struct define *at; /* owned */
	size_t count, cap;
};

struct sorting {
	const struct define *define;
	struct span ident;
	struct span name;
};

static int port_cmp(const void *x, const void *y)
{
	const struct feed_port *a = x, *b = y;
	int order = feed_name_cmp(a->name, b->name);

	if (order == 0)
		order = a->protocol - b->protocol;
	if (order == 0)
		order = a->first - b->first;
	if (order == 0)
		order = a->last - b->last;
	if (order == 0 && a->place != b->place)
		order = a->place < b->place ? -1 : 1;
	return order;
}

static void put_stem(struct buf *b, struct span name)
{
	name = span_head(name, STEM_MAX);
	if (ascii_is_digit(name.ptr[0]))
		buf_char(b, '_');
	for (size_t i = 0; i < name.len; i++) {
		char c = ascii_lower(name.ptr[i]);

		buf_char(b, ascii_is_letter(c) || ascii_is_digit(c) ? c : '_');
	}
}

static void put_transport(struct buf *b, uint8_t protocol)
{
	buf_char(b, '_');
	buf_add(b, protocol_name((enum protocol)protocol));
}

static int add_define(
    struct defines *d, size_t from, size_t count, struct portbook_error *err)
{
	const struct feed_port *ports = &d->feed.ports[from];
	struct define *grown =
	    mem_grow(d->at, d->count, &d->cap, sizeof(*d->at));
	struct define *define;

	if (grown == NULL)
		return error_nomem(err);
	d->at = grown;
	define = &d->at[d->count++];
	*define = (struct define){.ident = d->idents.len,
	    .from = from,
	    .count = count,
	    .alias = true};
	for (size_t i = 0; i < count; i++)
		define->alias = define->alias && ports[i].alias;
	put_stem(&d->idents, ports[0].name);
	put_transport(&d->idents, ports[0].protocol);
	define->ident_len = d->idents.len - define->ident;
	return 0;
}

/* Entries of one name and transport make one define. */
static int group(struct defines *d, struct portbook_error *err)
{
	const struct feed_port *ports = d->feed.ports;
	size_t from = 0;
	int code = 0;

	if (d->feed.count > 0)
		qsort(d->feed.ports, d->feed.count, sizeof(*ports), port_cmp);
	for (size_t i = 1; code == 0 && i <= d->feed.count; i++) {
		if (i < d->feed.count &&
		    ports[i].protocol == ports[from].protocol &&
		    feed_name_cmp(ports[i].name, ports[from].name) == 0)
			continue;
		code = add_define(d, from, i - from, err);
		from = i;
	}
	if (code == 0 && buf_failed(&d->idents))
		code = error_nomem(err);
	return code;
}

static int sorting_cmp(const void *x, const void *y)
{
	const struct sorting *a = x, *b = y;
	int order = span_cmp(a->ident, b->ident);

	if (order == 0 && a->define->alias != b->define->alias)
		order = a->define->alias ? 1 : -1;
	if (order == 0)
		order = name_is_valid(b->name) - name_is_valid(a->name);
	return order != 0 ? order : feed_name_cmp(a->name, b->name);
}

static int order_defines(
    struct defines *d, struct sorting **ret, struct portbook_error *err)
{
	struct sorting *s = mem_alloc(d->count + 1, sizeof(*s));

	if (s == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < d->count; i++)
		s[i] = (struct sorting){
		    .define = &d->at[i],
		    .ident = span_of(
			d->idents.ptr + d->at[i].ident, d->at[i].ident_len),
		    .name = d->feed.ports[d->at[i].from].name,
		};
	if (d->count > 0)
		qsort(s, d->count, sizeof(*s), sorting_cmp);
	*ret = s;
	return 0;
}

static bool same_ports(
    const struct defines *d, const struct define *a, const struct define *b)
{
	const struct feed_port *p = &d->feed.ports[a->from];
	const struct feed_port *q = &d->feed.ports[b->from];

	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (p[i].first != q[i].first || p[i].last != q[i].last)
			return false;
	return true;
}

static bool is_taken(const struct sorting *s, size_t count, struct span ident)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (span_cmp(s[mid].ident, ident) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < count && span_eq(s[low].ident, ident);
}

/*
 * The identifier with the next number that no name makes by itself.  Two
 * names cannot come to the same one: what stands before the number differs.
 */
static void put_numbered(struct buf *b, const struct defines *d,
    const struct sorting *all, const struct sorting *s, unsigned *number)
{
	uint8_t protocol = d->feed.ports[s->define->from].protocol;
	size_t tail = protocol_name((enum protocol)protocol).len + 1;
	size_t start = b->len;

	do {
		b->len = start;
		buf_add(b, span_head(s->ident, s->ident.len - tail));
		buf_printf(b, "_%u", (*number)++);
		put_transport(b, protocol);
	} while (!buf_failed(b) &&
		 is_taken(all, d->count, span_skip(buf_span(b), start)));
}

static void put_range(struct buf *b, uint32_t first, uint32_t last)
{
	buf_u64(b, first);
	if (last == first)
		return;
	buf_char(b, '-');
	buf_u64(b, last);
}

/* Ports that overlap or touch as one range: nft refuses the former. */
static void put_value(struct buf *b, const struct feed_port *p, size_t count)
{
	size_t ranges = 0;
	uint32_t first = p[0].first, last = p[0].last;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && p[i].first <= last + 1) {
			last = p[i].last > last ? p[i].last : last;
			continue;
		}
		if (ranges++ > 0)
			buf_str(b, ", ");
		else if (i < count)
			buf_str(b, "{ ");
		put_range(b, first, last);
		if (i < count) {
			first = p[i].first;
			last = p[i].last;
		}
	}
	if (ranges > 1)
		buf_str(b, " }");
}

/* The name, where the identifier does not say it. */
static void put_name(struct buf *b, struct span name, struct span ident)
{
	for (size_t i = 0; i < name.len; i++) {
		if (i < ident.len && ident.ptr[i] == ascii_lower(name.ptr[i]))
			continue;
		buf_str(b, " # ");
		feed_comment(b, span_head(name, STEM_MAX));
		return;
	}
}

static int put_defines(const struct write_job *job, const struct defines *d,
    const struct sorting *s, struct buf *b, struct portbook_error *err)
{
	const struct define *holder = NULL;
	unsigned number = 2;
	int code = 0;

	for (size_t i = 0; code == 0 && i < d->count; i++) {
		const struct define *define = s[i].define;
		bool same = i > 0 && span_eq(s[i].ident, s[i - 1].ident);

		if (same && define->alias && same_ports(d, define, holder))
			continue;
		buf_str(b, "define ");
		if (!same) {
			holder = define;
			number = 2;
			buf_add(b, s[i].ident);
		} else {
			put_numbered(b, d, s, &s[i], &number);
		}
		buf_str(b, " = ");
		put_value(b, &d->feed.ports[define->from], define->count);
		put_name(b, s[i].name, same ? SPAN("") : s[i].ident);
		buf_char(b, '\n');
		code = write_drain(job, b, err);
	}
	return code;
}

static int write_defines(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct defines d = {.at = NULL};
	struct sorting *s = NULL;
	int code = feed_gather(job, &d.feed, err);

	buf_init(&d.idents);
	if (code == 0)
		code = group(&d, err);
	if (code == 0)
		code = order_defines(&d, &s, err);
	if (code == 0) {
		feed_header(job, b, "# ",
		    "Ports of services for nftables: one define a name and "
		    "transport.");
		buf_char(b, '\n');
		code = put_defines(job, &d, s, b, err);
	}
	mem_release(s);
	mem_release(d.at);
	buf_release(&d.idents);
	feed_release(&d.feed);
	return code;
}

int write_nft(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	if (span_eq(job->style, SPAN("sets")))
		return nft_write_sets(job, false, b, err);
	if (span_eq(job->style, SPAN("table")))
		return nft_write_sets(job, true, b, err);
	return write_defines(job, b, err);
}
