/* SPDX-License-Identifier: ISC */
/* What is listed as Unassigned or Reserved: once, and in one piece. */
#include <stdlib.h>

#include "base/mem.h"
#include "check/rows.h"
#include "base/banned.h"

/* By protocol, state and first number; of those the widest first. */
static int by_place(const void *a, const void *b, void *ctx)
{
	const struct check *c = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct record *s = &c->registry->records[x];
	const struct record *t = &c->registry->records[y];

	if (s->text[FIELD_PROTOCOL] != t->text[FIELD_PROTOCOL])
		return s->text[FIELD_PROTOCOL] < t->text[FIELD_PROTOCOL] ? -1
									 : 1;
	if (c->rows[x].state != c->rows[y].state)
		return c->rows[x].state < c->rows[y].state ? -1 : 1;
	if (s->number.first != t->number.first)
		return s->number.first < t->number.first ? -1 : 1;
	if (s->number.last != t->number.last)
		return s->number.last > t->number.last ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Whether two records differ in nothing but numbers and dates. */
static bool are_alike(const struct check *c, size_t a, size_t b)
{
	static const enum record_field fields[] = {FIELD_DESCRIPTION,
	    FIELD_ASSIGNEE, FIELD_CONTACT, FIELD_REFERENCE, FIELD_NOTE,
	    FIELD_UNAUTHORIZED, FIELD_SERVICE_CODE};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!check_same(c, a, b, fields[i]))
			return false;
	return true;
}

/*
 * a stands before b in the order, and of all before it furthest has the last
 * number.
 */
static void check_pair(struct check *c, size_t a, size_t b, size_t furthest)
{
	const struct record *s = &c->registry->records[a];
	const struct record *t = &c->registry->records[b];

	if (t->number.first <= c->registry->records[furthest].number.last) {
		buf_printf(&c->message, "%d is listed as %.*s by ",
		    t->number.first, SPAN_FMT(state_name(c->rows[b].state)));
		check_put_row(c, furthest);
		buf_str(&c->message, " too");
		check_add(c, FINDING_PORT_DUPSTATE, b);
		check_overlap(c, furthest, (uint32_t)b);
	}
	/* Records of a transport stand beside those of others. */
	if (c->rows[b].state != STATE_UNASSIGNED ||
	    t->protocol != PROTOCOL_NONE ||
	    t->number.first > s->number.last + 1 || !are_alike(c, a, b))
		return;
	buf_printf(&c->message,
	    "differs in nothing from %.*s, which it continues",
	    SPAN_FMT(check_text(c, a, FIELD_NUMBER)));
	check_add(c, FINDING_PORT_UNMERGED, b);
}

/* What check_states and this found to overlap ranges, once a range. */
static void tell_unsplit(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		if (c->rows[i].inside == CHECK_NONE)
			continue;
		buf_str(&c->message, "the range overlaps ");
		check_put_row(c, c->rows[i].inside);
		buf_str(&c->message,
		    ", which speaks for itself: split or shorten the range");
		check_add(c, FINDING_PORT_UNSPLIT, i);
	}
}

int check_listed(struct check *c)
{
	size_t count = 0, furthest = 0;
	uint32_t *rows =
	    mem_alloc(c->registry->record_count + 1, sizeof(*rows));

	if (rows == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < c->registry->record_count; i++)
		if (c->registry->records[i].has_number &&
		    c->rows[i].state != STATE_ASSIGNED)
			rows[count++] = (uint32_t)i;
	qsort_r(rows, count, sizeof(*rows), by_place, c);
	for (size_t i = 0; i < count; i++) {
		const struct record *all = c->registry->records;

		if (i == 0 ||
		    !check_same(c, rows[i - 1], rows[i], FIELD_PROTOCOL) ||
		    c->rows[rows[i - 1]].state != c->rows[rows[i]].state) {
			furthest = rows[i];
			continue;
		}
		check_pair(c, rows[i - 1], rows[i], furthest);
		if (all[rows[i]].number.last > all[furthest].number.last)
			furthest = rows[i];
	}
	mem_release(rows);
	tell_unsplit(c);
	return 0;
}
