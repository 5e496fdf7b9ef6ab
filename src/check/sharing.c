/* SPDX-License-Identifier: ISC */
/* Services that share a number (RFC 6335 section 5, RFC 7605 section 7.6). */
#include <stdlib.h>

#include "base/mem.h"
#include "check/rows.h"
#include "base/banned.h"

static bool is_held(const struct check *c, size_t row)
{
	return c->rows[row].named && c->registry->records[row].has_number;
}

/* What names share a number and protocol; CHECK_NONE where there is none. */
struct shared {
	size_t names;
	size_t own;	 /* of these no aliases */
	uint32_t oldest; /* own */
	uint32_t first;	 /* own, in the file */
	uint32_t alias;	 /* the first alias */
};

static bool is_own(const struct check *c, uint32_t row)
{
	return c->rows[row].alias.len == 0 && c->rows[row].ordinal == 1;
}

/* A second record of one key is found as that, and shares nothing more. */
static struct shared look(
    const struct check *c, const uint32_t *rows, size_t count)
{
	struct shared s = {0, 0, CHECK_NONE, CHECK_NONE, CHECK_NONE};

	for (size_t i = 0; i < count; i++) {
		s.names += c->rows[rows[i]].ordinal == 1;
		if (!is_own(c, rows[i])) {
			if (c->rows[rows[i]].alias.len > 0 && rows[i] < s.alias)
				s.alias = rows[i];
			continue;
		}
		s.own++;
		if (rows[i] < s.first)
			s.first = rows[i];
		if (s.oldest == CHECK_NONE ||
		    check_is_older(c, rows[i], s.oldest))
			s.oldest = rows[i];
	}
	return s;
}

/* New services that no RFC brings here, each told; whether there are any. */
static bool tell_new(
    struct check *c, const uint32_t *rows, size_t count, const struct shared *s)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!is_own(c, rows[i]) || rows[i] == s->oldest ||
		    !c->rows[rows[i]].is_new ||
		    check_cites(check_text(c, rows[i], FIELD_REFERENCE),
			XREF_RFC, SPAN("")))
			continue;
		buf_str(&c->message,
		    "a new service, where the number and protocol are those "
		    "of ");
		check_put_row(c, s->oldest);
		check_add(c, FINDING_PORT_OVERLOAD, rows[i]);
		any = true;
	}
	return any;
}

/* Told at the first of the new era, but for the oldest; else at the second. */
static void tell_own(
    struct check *c, const uint32_t *rows, size_t count, const struct shared *s)
{
	uint32_t told = CHECK_NONE, second = CHECK_NONE;

	for (size_t i = 0; i < count; i++) {
		if (!is_own(c, rows[i]))
			continue;
		if (c->rows[rows[i]].is_new && rows[i] != s->oldest &&
		    rows[i] < told)
			told = rows[i];
		if (rows[i] != s->first && rows[i] < second)
			second = rows[i];
	}
	buf_printf(
	    &c->message, "%zu names share the number and protocol", s->names);
	check_add_kind(c, FINDING_PORT_OVERLOAD,
	    told != CHECK_NONE ? FINDING_INFORMATION : FINDING_HISTORY,
	    told != CHECK_NONE ? told : second);
}

/* Records of one number and protocol; those of names follow each other. */
static void check_shared(struct check *c, const uint32_t *rows, size_t count)
{
	struct shared s = look(c, rows, count);

	if (s.names < 2)
		return;
	if (s.own > 1) {
		if (!tell_new(c, rows, count, &s))
			tell_own(c, rows, count, &s);
		return;
	}
	if (s.alias == CHECK_NONE)
		return;
	buf_printf(
	    &c->message, "%zu names share the number and protocol", s.names);
	check_add(c, FINDING_PORT_OVERLOAD_ALIAS, s.alias);
}

static void check_overloads(struct check *c)
{
	const uint32_t *rows = c->by_key;
	size_t count = c->registry->record_count, end;

	for (size_t at = 0; at < count; at = end) {
		for (end = at + 1;
		     end < count &&
		     check_same(c, rows[at], rows[end], FIELD_NUMBER) &&
		     check_same(c, rows[at], rows[end], FIELD_PROTOCOL);)
			end++;
		/* Nameless ones come first. */
		while (at < end && !is_held(c, rows[at]))
			at++;
		if (end - at > 1)
			check_shared(c, rows + at, end - at);
	}
}

/* By number as text, then folded name, then file order. */
static int by_number(const void *a, const void *b, void *ctx)
{
	const struct check *c = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	uint32_t s = c->registry->records[x].text[FIELD_NUMBER];
	uint32_t t = c->registry->records[y].text[FIELD_NUMBER];
	int order;

	if (s != t)
		return s < t ? -1 : 1;
	order = check_fold_cmp(
	    check_text(c, x, FIELD_NAME), check_text(c, y, FIELD_NAME));
	if (order != 0)
		return order;
	return x < y ? -1 : x > y;
}

/* The records of one number on tcp and udp. */
static void check_split(struct check *c, const uint32_t *rows, size_t count)
{
	uint32_t first[2] = {CHECK_NONE, CHECK_NONE};
	unsigned seen = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned t = c->registry->records[rows[i]].protocol;

		if (i > 0 &&
		    check_fold_cmp(check_text(c, rows[i - 1], FIELD_NAME),
			check_text(c, rows[i], FIELD_NAME)) != 0)
			seen = 0;
		seen |= 1U << t;
		if (seen == (1U << PROTOCOL_TCP | 1U << PROTOCOL_UDP))
			return;
		if (rows[i] < first[t])
			first[t] = rows[i];
	}
	if (first[PROTOCOL_TCP] == CHECK_NONE ||
	    first[PROTOCOL_UDP] == CHECK_NONE)
		return;
	check_add(c, FINDING_PORT_SPLITNAME,
	    first[first[PROTOCOL_TCP] < first[PROTOCOL_UDP] ? PROTOCOL_UDP
							    : PROTOCOL_TCP]);
}

int check_sharing(struct check *c)
{
	size_t count = 0, end;
	uint32_t *rows = mem_alloc(c->named_count + 1, sizeof(*rows));

	if (rows == NULL)
		return PORTBOOK_ENOMEM;
	check_overloads(c);
	for (size_t i = 0; i < c->named_count; i++) {
		uint32_t row = c->by_name[i];

		if (is_held(c, row) &&
		    c->registry->records[row].protocol <= PROTOCOL_UDP)
			rows[count++] = row;
	}
	qsort_r(rows, count, sizeof(*rows), by_number, c);
	for (size_t at = 0; at < count; at = end) {
		for (end = at + 1; end < count && check_same(c, rows[at],
						      rows[end], FIELD_NUMBER);)
			end++;
		check_split(c, rows + at, end - at);
	}
	mem_release(rows);
	return 0;
}
