/* SPDX-License-Identifier: ISC */
/* The order of records in the file, neighbour by neighbour. */
#include "check/rows.h"

#include "base/banned.h"

static void check_neighbours(struct check *c, size_t before, size_t i)
{
	const struct record *a = &c->registry->records[before];
	const struct record *b = &c->registry->records[i];

	if (!b->has_number) {
		if (a->has_number ||
		    check_text(c, before, FIELD_NUMBER).len > 0 ||
		    check_text(c, i, FIELD_NUMBER).len > 0)
			return;
		if (check_fold_cmp(check_text(c, before, FIELD_NAME),
			check_text(c, i, FIELD_NAME)) <= 0)
			return;
		buf_printf(&c->message, "stands behind \"%.*s\"",
		    SPAN_FMT(
			span_head(check_text(c, before, FIELD_NAME), 100)));
		check_add(c, FINDING_SORT_NAME, i);
		return;
	}
	if (a->has_number && a->number.first <= b->number.first)
		return;
	if (a->has_number)
		buf_printf(&c->message, "stands behind number %.*s",
		    SPAN_FMT(check_text(c, before, FIELD_NUMBER)));
	else if (check_text(c, before, FIELD_NUMBER).len > 0)
		return;
	else
		buf_str(&c->message, "stands behind a record without number");
	check_add(c, FINDING_SORT_NUMBER, i);
}

int check_order(struct check *c)
{
	for (size_t i = 1; i < c->registry->record_count; i++)
		check_neighbours(c, i - 1, i);
	return 0;
}
