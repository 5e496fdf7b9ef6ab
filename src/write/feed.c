/* SPDX-License-Identifier: ISC */
#include "write/feed.h"

#include <time.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "image/past.h"
#include "base/banned.h"

struct span feed_name(const struct image *image, const struct image_row *row)
{
	struct span name = span_trim(image_text(image, row->text[FIELD_NAME]));

	if (name.len > FEED_NAME_MAX ||
	    span_find_char(name, 0, '\0') < name.len)
		return SPAN("");
	return name;
}

static int add(
    struct feed *feed, const struct feed_port *port, struct portbook_error *err)
{
	struct feed_port *grown = mem_grow(
	    feed->ports, feed->count, &feed->cap, sizeof(*feed->ports));

	if (grown == NULL)
		return error_nomem(err);
	feed->ports = grown;
	feed->ports[feed->count++] = *port;
	return 0;
}

static int add_row(struct feed *feed, const struct write_job *job, uint32_t n,
    uint32_t place, struct portbook_error *err)
{
	const struct image_row *row = &job->image->rows[n];
	struct feed_port port = {
	    .name = feed_name(job->image, row),
	    .row = n,
	    .place = place,
	    .first = le16(row->first),
	    .last = le16(row->last),
	    .protocol = row->protocol,
	    .generic = row->protocol == PROTOCOL_NONE,
	    .alias = image_text(job->image, row->alias_of).len > 0,
	    .preferred = image_is_preferred(job->image, row, job->version),
	};
	int code;

	if (port.name.len == 0 || (row->flags & IMAGE_ROW_NUMBERED) == 0 ||
	    image_row_state(row) != STATE_ASSIGNED || port.first > port.last)
		return 0;
	if (!port.generic)
		return port.protocol < PROTOCOL_COUNT ? add(feed, &port, err)
						      : 0;
	port.protocol = PROTOCOL_TCP;
	code = add(feed, &port, err);
	if (code < 0)
		return code;
	port.protocol = PROTOCOL_UDP;
	return add(feed, &port, err);
}

int feed_gather(
    const struct write_job *job, struct feed *ret, struct portbook_error *err)
{
	struct image_walk walk = image_walk_begin(job->image, job->version);
	uint32_t n, place = 0;
	int code = 0;

	*ret = (struct feed){NULL, 0, 0};
	while (code == 0 && (n = image_walk_row(&walk)) != IMAGE_NONE)
		code = add_row(ret, job, n, place++, err);
	return code;
}

void feed_release(struct feed *feed)
{
	mem_release(feed->ports);
	*feed = (struct feed){NULL, 0, 0};
}

int feed_name_cmp(struct span a, struct span b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		uint8_t x = (uint8_t)ascii_lower(a.ptr[i]);
		uint8_t y = (uint8_t)ascii_lower(b.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

/* Whether the star or slash at i is part of what begins or ends a comment. */
static bool is_mark(struct span text, size_t i)
{
	char other = text.ptr[i] == '*' ? '/' : '*';

	return (i > 0 && text.ptr[i - 1] == other) ||
	       (i + 1 < text.len && text.ptr[i + 1] == other);
}

void feed_comment(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool good = c >= ' ' && c <= '~' && c != '"' && c != '\'' &&
			    c != '\\' && c != '?' && c != '`';

		if (c == '*' || c == '/')
			good = !is_mark(text, i);
		buf_char(b, good ? c : '_');
	}
}

static void put_digest(struct buf *b, const struct image_version *v)
{
	for (size_t i = 0; i < sizeof(v->digest); i++)
		buf_printf(b, "%02x", (unsigned)v->digest[i]);
}

/* "Made: 2026-08-17T00:00:00Z", of the epoch given. */
static void put_made(struct buf *b, const char *lead, int64_t epoch)
{
	time_t when = (time_t)epoch;
	struct tm tm;

	if (epoch < 0 || gmtime_r(&when, &tm) == NULL)
		return;
	buf_printf(b, "%sMade: %04d-%02d-%02dT%02d:%02d:%02dZ\n", lead,
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

/*
 * A services(5) file is the user's own: neither the registry's licence nor its
 * date hold of it.  Without a digest, what is made of what was made of it is
 * the same.
 */
static bool is_users(const struct write_job *job)
{
	return le32(write_version(job)->source) == IMAGE_SOURCE_SERVICES;
}

void feed_header(const struct write_job *job, struct buf *b, const char *lead,
    const char *what)
{
	struct span date = write_date(job);

	buf_printf(b, "%s%s\n", lead, what);
	if (is_users(job)) {
		buf_printf(b, "%sSource: a services(5) file\n", lead);
		put_made(b, lead, job->epoch);
		return;
	}
	buf_printf(b,
	    "%sService Name and Transport Protocol Port Number Registry\n",
	    lead);
	buf_printf(b, "%sRegistry: ", lead);
	feed_comment(b, date.len > 0 ? date : SPAN("undated"));
	if (job->as_of.len > 0) {
		buf_str(b, ", as of ");
		feed_comment(b, job->as_of);
	}
	buf_printf(b,
	    "\n%sSource: https://www.iana.org/assignments/"
	    "service-names-port-numbers\n",
	    lead);
	buf_printf(b, "%sSHA-256: ", lead);
	put_digest(b, write_version(job));
	buf_printf(b,
	    "\n%sLicence: CC0 1.0, "
	    "https://creativecommons.org/publicdomain/zero/1.0/\n",
	    lead);
	put_made(b, lead, job->epoch);
}
