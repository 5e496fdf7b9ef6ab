/* SPDX-License-Identifier: ISC */
/*
 * services(5): a line for each port and transport, by port,
 *
 *	name port/protocol [alias...] [# description]
 *
 * The C library takes the first line that has a name or a port.  So an alias
 * is left out where it is the first name of another port: the name leads there.
 * A file of the user's keeps its aliases, and is given no others.
 */
#include "base/arena.h"
#include "base/ascii.h"
#include "base/error.h"
#include "base/intern.h"
#include "write/portnames.h"
#include "write/profile.h"
#include "base/banned.h"

/* musl reads lines of 127 bytes: comments, at least, do not exceed them. */
#define LINE_LEN 126

/* Larger ranges stand at their first port; x11 has 64. */
#define RANGE_MAX 64

/* A line holds this many, the first of them; no port has more than 5. */
#define ALIASES_MAX 64

/* services(5) has columns of tabs. */
#define TAB 8

struct services {
	const struct write_job *job;
	struct portnames names;
	enum profile profile;
	bool official; /* the registry, not a user's services(5) file */
	uint8_t everyday[PORT_COUNT / 8]; /* a bit: everyday names lead there */
	struct arena arena;
	struct intern folded; /* transport and first name, in lower case */
	size_t first_count;   /* of those; behind them are aliases */
	struct span aliases[ALIASES_MAX];
	size_t alias_count;
};

static int fold(struct services *s, size_t protocol, struct span name,
    uint32_t *ret, struct portbook_error *err)
{
	char key[1 + PORTNAMES_NAME_MAX];
	size_t len = 0;

	key[len++] = (char)('0' + protocol);
	for (size_t i = 0; i < name.len && len < sizeof(key); i++)
		key[len++] = ascii_lower(name.ptr[i]);
	return intern_add(&s->folded, span_of(key, len), ret) < 0
		   ? error_nomem(err)
		   : 0;
}

/* Notes all first names. */
static int gather_first(struct services *s, struct portbook_error *err)
{
	uint32_t number;

	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		for (uint32_t port = 0; port < PORT_COUNT; port++) {
			const struct feed_port *first =
			    portnames_first(&s->names, port, i);
			int code = 0;

			if (first != NULL)
				code = fold(s, i, first->name, &number, err);
			if (code < 0)
				return code;
		}
	s->first_count = s->folded.count;
	return 0;
}

static bool has_alias(const struct services *s, struct span name)
{
	for (size_t i = 0; i < s->alias_count; i++)
		if (span_eq(s->aliases[i], name))
			return true;
	return false;
}

static int add_alias(struct services *s, const struct feed_port *first,
    struct span name, struct portbook_error *err)
{
	uint32_t number;
	int code;

	if (s->alias_count == ALIASES_MAX || !portnames_is_plain(name) ||
	    span_eq(name, first->name) || has_alias(s, name))
		return 0;
	code = fold(s, first->protocol, name, &number, err);
	if (code < 0)
		return code;
	if (number >= s->first_count || !s->official ||
	    span_eq_fold(name, first->name))
		s->aliases[s->alias_count++] = name;
	return 0;
}

/* Everyday names; their rows are the newest version's, hence by name. */
static int add_curated(struct services *s, const struct feed_port *first,
    struct portnames_list list, struct portbook_error *err)
{
	const struct image *image = s->job->image;

	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		const struct image_row *row = image_row(image, le32(line->row));
		int code;

		if (row == NULL || le32(line->kind) != IMAGE_CURATED_NAME ||
		    le16(row->first) != first->first ||
		    row->protocol != first->protocol ||
		    !portnames_have(&s->names, list, image, row))
			continue;
		code = add_alias(s, first, image_text(image, line->name), err);
		if (code < 0)
			return code;
	}
	return 0;
}

/* Few ports have any: the others need not look through the list. */
static void note_everyday(struct services *s)
{
	const struct image *image = s->job->image;

	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_row *row =
		    image_row(image, le32(image->curated[i].row));
		uint16_t port = row != NULL ? le16(row->first) : 0;

		if (row != NULL)
			s->everyday[port / 8] |= (uint8_t)(1U << port % 8);
	}
}

static bool is_everyday(const struct services *s, uint16_t port)
{
	return (s->everyday[port / 8] >> port % 8 & 1) != 0;
}

static int gather_aliases(struct services *s, const struct feed_port *first,
    struct portnames_list list, struct portbook_error *err)
{
	int code = 0;

	s->alias_count = 0;
	for (size_t i = 1; code == 0 && i < list.count; i++)
		code = add_alias(
		    s, first, s->names.feed.ports[list.at[i]].name, err);
	return code == 0 && s->official && is_everyday(s, first->first)
		   ? add_curated(s, first, list, err)
		   : code;
}

/* Tabs from where the line is, len bytes of column width later. */
static void put_tabs(struct buf *b, size_t len, size_t column)
{
	buf_char(b, '\t');
	for (len = (len / TAB + 1) * TAB; len < column; len += TAB)
		buf_char(b, '\t');
}

static void put_line(const struct services *s, const struct feed_port *first,
    uint32_t port, struct buf *b)
{
	size_t start = b->len, at, used;

	buf_add(b, first->name);
	put_tabs(b, first->name.len, 2 * TAB);
	at = b->len;
	buf_printf(b, "%u/", port);
	buf_add(b, protocol_name((enum protocol)first->protocol));
	if (s->alias_count > 0)
		put_tabs(b, b->len - at, 2 * TAB);
	for (size_t i = 0; i < s->alias_count; i++) {
		if (i > 0)
			buf_char(b, ' ');
		buf_add(b, s->aliases[i]);
	}
	used = b->len - start;
	if (s->profile != PROFILE_MINIMAL && used < LINE_LEN)
		portnames_comment(s->job->image, first,
		    (uint32_t)first->last - first->first >= RANGE_MAX,
		    LINE_LEN - used, b);
	buf_char(b, '\n');
}

static int put_port(struct services *s, uint32_t port, size_t protocol,
    struct buf *b, struct portbook_error *err)
{
	struct portnames_list list = portnames_at(&s->names, port, protocol);
	const struct feed_port *first =
	    portnames_first(&s->names, port, protocol);
	int code;

	if (first == NULL || !profile_has(s->profile, s->job->image, &s->names,
				 list, (uint16_t)port))
		return 0;
	code = gather_aliases(s, first, list, err);
	if (code < 0)
		return code;
	put_line(s, first, port, b);
	return write_drain(s->job, b, err);
}

static void put_head(const struct services *s, struct buf *b)
{
	feed_header(s->job, b, "# ",
	    "Names of ports, for getservbyname(3) and others: services(5)");
	buf_printf(b, "# Profile: %.*s\n", SPAN_FMT(profile_name(s->profile)));
	portnames_tell_left_out(&s->names, b);
	buf_str(b, "#\n# A name tells what a port is registered for, not what "
		   "uses it.\n\n");
}

static int put_file(
    struct services *s, struct buf *b, struct portbook_error *err)
{
	int code = portnames_init(s->job, RANGE_MAX, &s->names, err);

	if (code == 0)
		code = gather_first(s, err);
	if (code < 0)
		return code;
	put_head(s, b);
	for (uint32_t port = 0; code == 0 && port < PORT_COUNT; port++)
		for (size_t i = 0; code == 0 && i < PROTOCOL_COUNT; i++)
			code = put_port(s, port, i, b, err);
	return code;
}

int write_services(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct services s = {.job = job,
	    .profile = profile_parse(job->style),
	    .official =
		le32(write_version(job)->source) != IMAGE_SOURCE_SERVICES};
	int code;

	note_everyday(&s);
	arena_init(&s.arena);
	intern_init(&s.folded, &s.arena);
	code = put_file(&s, b, err);
	portnames_release(&s.names);
	intern_release(&s.folded);
	arena_release(&s.arena);
	return code;
}
