/* SPDX-License-Identifier: ISC */
/* Dates of records: YYYY-MM-DD or YYYY-MM, compared as far as both go. */
#include "check/rows.h"

#include "terms/date.h"
#include "base/banned.h"

/* Whether a is later than b by what both tell. */
static bool is_later(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;

	return span_cmp(span_head(a, len), span_head(b, len)) > 0;
}

static void check_date(struct check *c, size_t i, enum record_field field)
{
	struct span date = check_text(c, i, field);
	struct span edition =
	    registry_text(c->registry, c->registry->text[REGISTRY_UPDATED]);
	const char *what =
	    field == FIELD_DATE ? "registration" : "modification";

	if (date.len == 0)
		return;
	if (!date_is_valid(date)) {
		buf_printf(&c->message, "\"%.*s\" is no date of %s",
		    SPAN_FMT(span_head(date, 100)), what);
		check_add(c, FINDING_DATE_SYNTAX, i);
		return;
	}
	if (!date_is_day(date)) {
		buf_printf(&c->message, "the date of %s %.*s has no day", what,
		    SPAN_FMT(date));
		check_add(c, FINDING_DATE_MONTH_ONLY, i);
	}
	if (edition.len == 0 || !is_later(date, edition))
		return;
	buf_printf(&c->message,
	    "the date of %s %.*s is later than the registry, which is of %.*s",
	    what, SPAN_FMT(date), SPAN_FMT(edition));
	check_add(c, FINDING_DATE_FUTURE, i);
}

int check_dates(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		struct span date = check_text(c, i, FIELD_DATE);
		struct span updated = check_text(c, i, FIELD_UPDATED);

		check_date(c, i, FIELD_DATE);
		check_date(c, i, FIELD_UPDATED);
		if (!date_is_valid(date) || !date_is_valid(updated) ||
		    !is_later(date, updated))
			continue;
		buf_printf(&c->message, "modified %.*s, and registered %.*s",
		    SPAN_FMT(updated), SPAN_FMT(date));
		check_add(c, FINDING_DATE_ORDER, i);
	}
	return 0;
}
