/* SPDX-License-Identifier: ISC */
/*
 * The order of records in the file.  Of numbers the fewest are told without
 * which the rest would be in order: those outside a longest run that does not
 * fall.  Names stand in several lists, one behind another, so that only
 * neighbours are compared.
 */
#include "base/mem.h"
#include "check/rows.h"
#include "base/banned.h"

/* Where records without number stand: behind all numbers. */
#define BEHIND 65536U

struct order {
	const struct check *c;
	uint32_t *rows;	  /* those with a place, in file order */
	uint32_t *before; /* of each of them: the one before it in its run */
	uint32_t *ends;	  /* the last of the best run of each length */
	size_t count, len;
};

/* CHECK_NONE for what has a number that is none. */
static uint32_t place_of(const struct check *c, size_t row)
{
	if (c->registry->records[row].has_number)
		return c->registry->records[row].number.first;
	return check_text(c, row, FIELD_NUMBER).len > 0 ? CHECK_NONE : BEHIND;
}

static uint32_t place(const struct order *o, uint32_t i)
{
	return place_of(o->c, o->rows[i]);
}

/* The longest run that ends with record i of the order. */
static void add(struct order *o, uint32_t i)
{
	size_t low = 0, high = o->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place(o, o->ends[middle]) <= place(o, i))
			low = middle + 1;
		else
			high = middle;
	}
	o->before[i] = low > 0 ? o->ends[low - 1] : CHECK_NONE;
	o->ends[low] = i;
	if (low == o->len)
		o->len++;
}

/* Puts the members of the longest run into ends, in their order. */
static void trace(struct order *o)
{
	uint32_t i = o->len > 0 ? o->ends[o->len - 1] : CHECK_NONE;

	for (size_t n = o->len; n > 0; n--) {
		o->ends[n - 1] = i;
		i = o->before[i];
	}
}

static void put_place(struct check *c, uint32_t row)
{
	if (c->registry->records[row].has_number)
		buf_printf(&c->message, "number %.*s",
		    SPAN_FMT(check_text(c, row, FIELD_NUMBER)));
	else
		buf_str(&c->message, "a record without number");
}

/* Record i of the order is not in the run; its n-th is the next that is. */
static void tell(struct check *c, const struct order *o, uint32_t i, size_t n)
{
	bool late = n > 0 && place(o, o->ends[n - 1]) > place(o, i);

	buf_str(&c->message, late ? "stands behind " : "stands before ");
	put_place(c, o->rows[o->ends[late ? n - 1 : n]]);
	check_add(c, FINDING_SORT_NUMBER, o->rows[i]);
}

static void check_numbers(struct check *c, struct order *o)
{
	size_t next = 0;

	for (size_t i = 0; i < c->registry->record_count; i++)
		if (place_of(c, i) != CHECK_NONE)
			o->rows[o->count++] = (uint32_t)i;
	for (uint32_t i = 0; i < o->count; i++)
		add(o, i);
	trace(o);
	for (uint32_t i = 0; i < o->count; i++) {
		if (next < o->len && o->ends[next] == i)
			next++;
		else
			tell(c, o, i, next);
	}
}

/* Whether record a of those without number may stand right before b. */
static bool is_ordered(const struct check *c, size_t a, size_t b)
{
	return check_fold_cmp(check_text(c, a, FIELD_NAME),
		   check_text(c, b, FIELD_NAME)) <= 0;
}

/* Of two that stand wrongly, the one without which the rest is in order. */
static void check_names_at(struct check *c, size_t i)
{
	size_t next = i + 1, count = c->registry->record_count;
	bool early =
	    i < 2 || place_of(c, i - 2) != BEHIND || is_ordered(c, i - 2, i);
	bool late = next == count || place_of(c, next) != BEHIND ||
		    is_ordered(c, i - 1, next);
	bool blame_first = early && !late;
	size_t other = blame_first ? i : i - 1;

	buf_printf(&c->message, "stands %s \"%.*s\"",
	    blame_first ? "before" : "behind",
	    SPAN_FMT(span_head(check_text(c, other, FIELD_NAME), 100)));
	check_add(c, FINDING_SORT_NAME, blame_first ? i - 1 : i);
}

int check_order(struct check *c)
{
	size_t count = c->registry->record_count;
	struct order o = {.c = c,
	    .rows = mem_alloc(count + 1, sizeof(*o.rows)),
	    .before = mem_alloc(count + 1, sizeof(*o.before)),
	    .ends = mem_alloc(count + 1, sizeof(*o.ends))};
	bool ready = o.rows != NULL && o.before != NULL && o.ends != NULL;

	if (ready)
		check_numbers(c, &o);
	for (size_t i = 1; ready && i < count; i++)
		if (place_of(c, i - 1) == BEHIND && place_of(c, i) == BEHIND &&
		    !is_ordered(c, i - 1, i))
			check_names_at(c, i);
	mem_release(o.rows);
	mem_release(o.before);
	mem_release(o.ends);
	return ready ? 0 : PORTBOOK_ENOMEM;
}
