/* SPDX-License-Identifier: ISC */
/* The records of one name, in whatever case. */
#include "check/rows.h"

#include "terms/name.h"
#include "base/banned.h"

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

/* Told at the first record whose number is another. */
static void check_numbers(struct check *c, const struct group *g)
{
	uint32_t first = CHECK_NONE;

	for (size_t i = 0; i < g->count; i++) {
		uint32_t row = g->rows[i];

		if (check_text(c, row, FIELD_NUMBER).len == 0)
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

static void check_duplicates(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		size_t next = i + 1;
		uint32_t row = c->by_key[i];
		bool followed = next < c->registry->record_count &&
				c->rows[c->by_key[next]].ordinal > 1;

		if (!c->rows[row].named ||
		    (!followed && c->rows[row].ordinal == 1))
			continue;
		check_tell(c, FINDING_NAME_DUP_ROW, row,
		    "another record has the same name, protocol and number");
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
