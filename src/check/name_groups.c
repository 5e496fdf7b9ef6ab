/* SPDX-License-Identifier: ISC */
/* The records of one name, in whatever case. */
#include "check/rows.h"

#include "terms/name.h"
#include "base/banned.h"

/* Names of more records than this are looked at as old ones are. */
#define GROUP_MAX 64

/* Records of one folded name, in file order. */
struct group {
	const uint32_t *rows;
	size_t count;
};

/* Advice, told once a name. */
static void check_advice(struct check *c, const struct group *g)
{
	struct span name = check_text(c, g->rows[0], FIELD_NAME);
	unsigned faults = name_faults(name);

	if ((faults & NAME_BIT(NAME_RULE_REDUNDANT)) != 0)
		check_add(c, FINDING_NAME_REDUNDANT, g->rows[0]);
	if ((faults & NAME_BIT(NAME_RULE_VERSION)) != 0)
		check_add(c, FINDING_NAME_VERSION, g->rows[0]);
}

static void check_case(struct check *c, const struct group *g)
{
	struct span first = check_text(c, g->rows[0], FIELD_NAME);

	for (size_t i = 1; i < g->count; i++) {
		if (check_same(c, g->rows[0], g->rows[i], FIELD_NAME))
			continue;
		buf_printf(&c->message, "the name is written \"%.*s\" before",
		    SPAN_FMT(span_head(first, 100)));
		check_add(c, FINDING_NAME_CASE, g->rows[i]);
	}
}

static bool has_number(const struct check *c, uint32_t row)
{
	return check_text(c, row, FIELD_NUMBER).len > 0;
}

/* The oldest record with a number; CHECK_NONE. */
static uint32_t find_oldest(const struct check *c, const struct group *g)
{
	uint32_t ret = CHECK_NONE;

	for (size_t i = 0; i < g->count; i++)
		if (has_number(c, g->rows[i]) &&
		    (ret == CHECK_NONE || check_is_older(c, g->rows[i], ret)))
			ret = g->rows[i];
	return ret;
}

/*
 * Whether the number of a new record came with it: no old record has it, and
 * no new one before it.
 */
static bool brings_number(
    const struct check *c, const struct group *g, uint32_t row)
{
	for (size_t i = 0; i < g->count; i++)
		if (check_same(c, row, g->rows[i], FIELD_NUMBER) &&
		    (!c->rows[g->rows[i]].is_new || g->rows[i] < row))
			return false;
	return true;
}

/* Told at each new number of a name that has one; whether there is any. */
static bool check_new_numbers(
    struct check *c, const struct group *g, uint32_t oldest)
{
	bool any = false;

	for (size_t i = 0; i < g->count && g->count <= GROUP_MAX; i++) {
		uint32_t row = g->rows[i];

		if (!c->rows[row].is_new || !has_number(c, row) ||
		    check_same(c, row, oldest, FIELD_NUMBER) ||
		    !brings_number(c, g, row))
			continue;
		buf_str(&c->message, "the name is taken (NAME-UNIQ): it is "
				     "that of ");
		check_put_row(c, oldest);
		check_add(c, FINDING_NAME_MULTIPORT, row);
		any = true;
	}
	return any;
}

/* Else told at the first old record whose number is another. */
static void check_numbers(struct check *c, const struct group *g)
{
	uint32_t oldest = find_oldest(c, g), first = CHECK_NONE;

	if (oldest == CHECK_NONE || check_new_numbers(c, g, oldest))
		return;
	for (size_t i = 0; i < g->count; i++) {
		uint32_t row = g->rows[i];

		if (!has_number(c, row) || c->rows[row].is_new)
			continue;
		if (first == CHECK_NONE)
			first = row;
		if (check_same(c, first, row, FIELD_NUMBER))
			continue;
		buf_printf(&c->message, "the name has the number %.*s too",
		    SPAN_FMT(check_text(c, first, FIELD_NUMBER)));
		check_add(c, FINDING_NAME_MULTIPORT, row);
		return;
	}
}

/* Told at the first record that differs from the first in this. */
static void check_both(struct check *c, const struct group *g)
{
	bool numbered = check_text(c, g->rows[0], FIELD_NUMBER).len > 0;

	for (size_t i = 1; i < g->count; i++) {
		uint32_t row = g->rows[i];

		if ((check_text(c, row, FIELD_NUMBER).len > 0) == numbered)
			continue;
		buf_printf(&c->message, "the name stands %s a number too",
		    numbered ? "with" : "without");
		check_add(c, FINDING_NAME_BOTH, row);
		return;
	}
}

/* Records of one key: told at each but the oldest. */
static void check_alike(struct check *c, const uint32_t *rows, size_t count)
{
	uint32_t oldest = rows[0];

	for (size_t i = 1; i < count; i++)
		if (check_is_older(c, rows[i], oldest))
			oldest = rows[i];
	for (size_t i = 0; i < count; i++) {
		if (rows[i] == oldest)
			continue;
		buf_str(
		    &c->message, "the name, protocol and number are those of ");
		check_put_row(c, oldest);
		check_add(c, FINDING_NAME_DUP_ROW, rows[i]);
	}
}

static void check_duplicates(struct check *c)
{
	size_t count = c->registry->record_count, end;

	for (size_t at = 0; at < count; at = end) {
		for (end = at + 1;
		     end < count && c->rows[c->by_key[end]].ordinal > 1;)
			end++;
		if (end - at > 1 && c->rows[c->by_key[at]].named)
			check_alike(c, c->by_key + at, end - at);
	}
}

int check_name_groups(struct check *c)
{
	size_t end;

	for (size_t at = 0; at < c->named_count; at = end) {
		struct group g = {c->by_name + at, 0};
		struct span name = check_text(c, g.rows[0], FIELD_NAME);

		for (end = at + 1;
		     end < c->named_count &&
		     check_fold_cmp(name,
			 check_text(c, c->by_name[end], FIELD_NAME)) == 0;)
			end++;
		g.count = end - at;
		check_advice(c, &g);
		check_case(c, &g);
		check_numbers(c, &g);
		check_both(c, &g);
	}
	check_duplicates(c);
	return 0;
}
