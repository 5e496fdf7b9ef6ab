/* SPDX-License-Identifier: ISC */
/*
 * The types of DNS-SD, as the source of avahi's database has them:
 *
 *	_http._tcp:World Wide Web HTTP
 *
 * RFC 6763 section 7: the second label is _tcp for TCP and _udp for every
 * other transport; only a service's own name is for discovery, no alias.  A
 * row without protocol may be either, and is written as both.
 */
#include "write/format.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "terms/name.h"
#include "write/feed.h"
#include "write/record.h"
#include "base/banned.h"

struct type {
	struct span name;
	uint32_t row;
	uint32_t place; /* in the version's file */
	uint8_t rank;	/* of rows for one type the lowest speaks for it */
	bool tcp;
};

struct types {
	struct type *at; /* owned */
	size_t count, cap;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Takes blanks and then word, in any case, off the front of *rest. */
static bool take_word(struct span *rest, struct span word)
{
	while (rest->len > 0 && is_blank(rest->ptr[0]))
		*rest = span_skip(*rest, 1);
	if (!span_eq_fold(span_head(*rest, word.len), word))
		return false;
	*rest = span_skip(*rest, word.len);
	return true;
}

/* Whether a note says what TXT keys there are, wherever its lines break. */
static bool has_txt_keys(struct span note)
{
	for (size_t i = 0; i < note.len; i++) {
		struct span rest = span_skip(note, i);

		if ((note.ptr[i] | 0x20) == 'd' &&
		    take_word(&rest, SPAN("defined")) &&
		    take_word(&rest, SPAN("txt")) &&
		    take_word(&rest, SPAN("keys")))
			return true;
	}
	return false;
}

static bool is_wanted(const struct write_job *job, const struct image_row *row)
{
	const struct image *image = job->image;

	if (image_row_state(row) != STATE_ASSIGNED ||
	    row->protocol > PROTOCOL_NONE ||
	    image_text(image, row->alias_of).len > 0 ||
	    !name_is_valid(feed_name(image, row)))
		return false;
	return span_eq(job->style, SPAN("full")) ||
	       (row->flags & IMAGE_ROW_NUMBERED) == 0 ||
	       has_txt_keys(image_text(image, row->text[FIELD_NOTE]));
}

static int add(struct types *types, const struct write_job *job, uint32_t n,
    uint32_t place, bool tcp, struct portbook_error *err)
{
	const struct image_row *row = &job->image->rows[n];
	struct type *grown =
	    mem_grow(types->at, types->count, &types->cap, sizeof(*types->at));

	if (grown == NULL)
		return error_nomem(err);
	types->at = grown;
	/* UDP's own row before those of SCTP, of DCCP and of no protocol. */
	types->at[types->count++] = (struct type){
	    .name = feed_name(job->image, row),
	    .row = n,
	    .place = place,
	    .rank = row->protocol,
	    .tcp = tcp,
	};
	return 0;
}

static int gather(const struct write_job *job, struct types *types,
    struct portbook_error *err)
{
	struct image_walk walk = image_walk_begin(job->image, job->version);
	uint32_t n, place = 0;
	int code = 0;

	while (code == 0 && (n = image_walk_row(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &job->image->rows[n];

		place++;
		if (!is_wanted(job, row))
			continue;
		if (row->protocol == PROTOCOL_TCP ||
		    row->protocol == PROTOCOL_NONE)
			code = add(types, job, n, place, true, err);
		if (code == 0 && row->protocol != PROTOCOL_TCP)
			code = add(types, job, n, place, false, err);
	}
	return code;
}

static int type_cmp(const void *x, const void *y)
{
	const struct type *a = x, *b = y;
	int order = feed_name_cmp(a->name, b->name);

	if (order == 0 && a->tcp != b->tcp)
		order = a->tcp ? -1 : 1;
	if (order == 0 && a->rank != b->rank)
		order = a->rank < b->rank ? -1 : 1;
	if (order == 0)
		order = a->place < b->place ? -1 : 1;
	return order;
}

/* One line without blanks at its ends: the database's builder drops them. */
static void put_type(const struct write_job *job, const struct type *type,
    struct buf *text, struct buf *clean, struct buf *b)
{
	struct span line;

	buf_clear(text);
	buf_clear(clean);
	record_plain(
	    text, job->image, &job->image->rows[type->row], FIELD_DESCRIPTION);
	for (size_t i = 0; i < text->len; i++)
		if (is_blank(text->ptr[i]))
			text->ptr[i] = ' ';
	record_lines(clean, span_trim(buf_span(text)), SPAN(" "));
	line = buf_span(clean);
	buf_char(b, '_');
	buf_add(b, type->name);
	buf_str(b, type->tcp ? "._tcp:" : "._udp:");
	buf_add(b, line.len > 0 ? line : type->name);
	buf_char(b, '\n');
	if (buf_failed(text) || buf_failed(clean))
		b->failed = true;
}

static int put_types(const struct write_job *job, const struct types *types,
    struct buf *b, struct portbook_error *err)
{
	struct buf text, clean;
	int code = 0;

	buf_init(&text);
	buf_init(&clean);
	for (size_t i = 0; code == 0 && i < types->count; i++) {
		const struct type *type = &types->at[i];

		if (i > 0 && type->tcp == type[-1].tcp &&
		    feed_name_cmp(type->name, type[-1].name) == 0)
			continue;
		put_type(job, type, &text, &clean, b);
		code = write_drain(job, b, err);
	}
	buf_release(&text);
	buf_release(&clean);
	return code;
}

int write_avahi(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct types types = {NULL, 0, 0};
	int code = gather(job, &types, err);

	if (code == 0) {
		feed_header(job, b, "# ",
		    "Types of service for DNS-SD, as avahi's service-types.");
		buf_char(b, '\n');
		if (types.count > 0)
			qsort(
			    types.at, types.count, sizeof(*types.at), type_cmp);
		code = put_types(job, &types, b, err);
	}
	mem_release(types.at);
	return code;
}
