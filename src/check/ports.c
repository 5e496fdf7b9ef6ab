/* SPDX-License-Identifier: ISC */
/* Numbers, record by record (RFC 6335 sections 6, 7.2, 8.1 and 10.2). */
#include "check/rows.h"

#include "base/ascii.h"
#include "base/banned.h"

#define FIRST_DYNAMIC (PORT_LAST_USER + 1)

/* The ports for experiments, and what their records hold. */
static const struct {
	uint16_t number;
	struct span name;
} experiments[] = {{1021, SPAN_INIT("exp1")}, {1022, SPAN_INIT("exp2")}};

#define EXPERIMENT_COUNT (sizeof(experiments) / sizeof(experiments[0]))

/* Whether text is N or N-M, whatever the numbers. */
static bool is_number(struct span text)
{
	size_t hyphen = span_find_char(text, 0, '-');

	return ascii_all_digits(span_head(text, hyphen)) &&
	       (hyphen == text.len ||
		   ascii_all_digits(span_skip(text, hyphen + 1)));
}

static void check_syntax(struct check *c, size_t i)
{
	struct span text = span_trim(check_text(c, i, FIELD_NUMBER));

	if (text.len == 0)
		return;
	buf_printf(&c->message, "\"%.*s\" is no port and no range of ports",
	    SPAN_FMT(span_head(text, 100)));
	check_add(
	    c, is_number(text) ? FINDING_PORT_RANGE : FINDING_PORT_SYNTAX, i);
}

static void check_edge(struct check *c, size_t i, struct port_range range)
{
	static const uint16_t edges[] = {
	    0, PORT_LAST_SYSTEM, PORT_LAST_SYSTEM + 1, PORT_LAST_USER};

	if (c->rows[i].state == STATE_RESERVED)
		return;
	for (size_t k = 0; k < sizeof(edges) / sizeof(edges[0]); k++) {
		if (!port_range_has(range, edges[k]))
			continue;
		buf_printf(&c->message, "%d is Reserved, and is %.*s here",
		    edges[k], SPAN_FMT(state_name(c->rows[i].state)));
		check_add(c, FINDING_PORT_EDGE, i);
	}
}

/* What the record of an experiment lacks; NULL if nothing. */
static const char *lacks(const struct check *c, size_t i, size_t experiment)
{
	struct span reference = check_text(c, i, FIELD_REFERENCE);

	if (!span_eq(
		check_text(c, i, FIELD_NAME), experiments[experiment].name))
		return "the name";
	if (!check_cites(
		check_text(c, i, FIELD_ASSIGNEE), XREF_PERSON, SPAN("IESG")))
		return "the assignee IESG";
	if (!check_cites(check_text(c, i, FIELD_CONTACT), XREF_PERSON,
		SPAN("IETF_Chair")))
		return "the contact IETF_Chair";
	if (!check_cites(reference, XREF_RFC, SPAN("rfc4727")) ||
	    !check_cites(reference, XREF_RFC, SPAN("rfc6335")))
		return "the references to RFC 4727 and RFC 6335";
	return NULL;
}

/* Transports with a record of their own, and the first of all. */
struct experiment {
	unsigned transports;
	uint32_t first;
};

static void check_experiment(
    struct check *c, size_t i, size_t k, struct experiment *seen)
{
	const char *missing = lacks(c, i, k);

	if (seen->first == CHECK_NONE)
		seen->first = (uint32_t)i;
	if (c->registry->records[i].protocol < PROTOCOL_COUNT)
		seen->transports |= 1U << c->registry->records[i].protocol;
	if (missing == NULL)
		return;
	buf_printf(&c->message, "%d is %.*s, and its record has not %s",
	    experiments[k].number, SPAN_FMT(experiments[k].name), missing);
	check_add(c, FINDING_PORT_EXP, i);
}

static void end_experiment(
    struct check *c, size_t k, const struct experiment *seen)
{
	if (seen->first == CHECK_NONE)
		return;
	for (unsigned t = 0; t < PROTOCOL_COUNT; t++) {
		if ((seen->transports & 1U << t) != 0)
			continue;
		buf_printf(&c->message, "%.*s has no record of %.*s",
		    SPAN_FMT(experiments[k].name),
		    SPAN_FMT(protocol_name((enum protocol)t)));
		check_add(c, FINDING_PORT_EXP, seen->first);
	}
}

static void check_named(struct check *c, size_t i, struct port_range range)
{
	if (range.first != range.last)
		check_tell(c, FINDING_PORT_NAMED_RANGE, i,
		    "a service with a range of ports");
	if (check_text(c, i, FIELD_PROTOCOL).len == 0)
		check_tell(c, FINDING_PORT_NOPROTO, i,
		    "a service with a number and no transport");
	if (port_class_of(range.first) == PORT_SYSTEM &&
	    check_text(c, i, FIELD_REFERENCE).len == 0)
		check_tell(c, FINDING_FIELD_REF_SYSTEM, i,
		    "a System port without a reference");
}

static void check_status(struct check *c, size_t i)
{
	struct span text = check_text(c, i, FIELD_DESCRIPTION);

	if (span_eq(span_trim(text), SPAN("Unassigned")) ||
	    span_eq(span_trim(text), SPAN("Reserved")))
		return;
	buf_printf(&c->message, "%.*s, by the words \"%.*s\"",
	    SPAN_FMT(state_name(c->rows[i].state)),
	    SPAN_FMT(span_head(text, 100)));
	check_add(c, FINDING_PORT_STATUSWORD, i);
}

int check_ports(struct check *c)
{
	struct experiment seen[EXPERIMENT_COUNT] = {
	    {0, CHECK_NONE}, {0, CHECK_NONE}};

	for (size_t i = 0; i < c->registry->record_count; i++) {
		const struct record *record = &c->registry->records[i];
		struct port_range range = record->number;

		if (!record->has_number) {
			check_syntax(c, i);
			continue;
		}
		if (range.last >= FIRST_DYNAMIC)
			check_tell(c, FINDING_PORT_DYNAMIC, i,
			    "a number in 49152 to 65535, which are never "
			    "assigned");
		check_edge(c, i, range);
		for (size_t k = 0; k < EXPERIMENT_COUNT; k++)
			if (port_range_has(range, experiments[k].number))
				check_experiment(c, i, k, &seen[k]);
		if (c->rows[i].named)
			check_named(c, i, range);
		else if (c->rows[i].state != STATE_ASSIGNED)
			check_status(c, i);
	}
	for (size_t k = 0; k < EXPERIMENT_COUNT; k++)
		end_experiment(c, k, &seen[k]);
	return 0;
}
