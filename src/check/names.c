/* SPDX-License-Identifier: ISC */
/* Names, each for itself (RFC 6335 section 5.1). */
#include "check/rows.h"

#include "terms/name.h"
#include "base/banned.h"

static void check_syntax(struct check *c, size_t i)
{
	struct span name = check_text(c, i, FIELD_NAME);
	unsigned faults = name_faults(name) & NAME_MUST;

	for (unsigned rule = 0; faults != 0; rule++, faults >>= 1) {
		if ((faults & 1) == 0)
			continue;
		if (rule == NAME_RULE_LEN)
			buf_printf(&c->message,
			    "the name has %zu characters, and 15 are allowed",
			    name.len);
		else
			buf_printf(&c->message, "the name \"%.*s\": %s",
			    SPAN_FMT(span_head(name, 100)),
			    finding_rule(
				(enum finding_code)(FINDING_NAME_LEN + rule))
				->text);
		check_add(c, (enum finding_code)(FINDING_NAME_LEN + rule), i);
	}
}

static void check_nameless(struct check *c, size_t i)
{
	struct span form = check_text(c, i, FIELD_FORM);

	if (span_find_char(form, 0, 'n') < form.len)
		check_tell(c, FINDING_NAME_EMPTY_ELEMENT, i,
		    "the element of the name is empty");
	if (c->rows[i].state != STATE_ASSIGNED)
		return;
	buf_printf(&c->message,
	    "in use without a name, and neither Unassigned nor Reserved: "
	    "\"%.*s\"",
	    SPAN_FMT(span_head(check_text(c, i, FIELD_DESCRIPTION), 100)));
	check_add(c, FINDING_NAME_MISSING, i);
}

int check_names(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		if (c->rows[i].named)
			check_syntax(c, i);
		else
			check_nameless(c, i);
	}
	return 0;
}
