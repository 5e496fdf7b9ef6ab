/* SPDX-License-Identifier: ISC */
/* What a record of a service has (RFC 6335 section 8.1.1). */
#include "check/rows.h"

#include "base/banned.h"

static void check_required(struct check *c, size_t i)
{
	static const struct {
		enum record_field field;
		enum finding_code code;
	} required[] = {
	    {FIELD_PROTOCOL, FINDING_FIELD_PROTO},
	    {FIELD_DESCRIPTION, FINDING_FIELD_DESC},
	    {FIELD_ASSIGNEE, FINDING_FIELD_ASSIGNEE},
	    {FIELD_CONTACT, FINDING_FIELD_CONTACT},
	    {FIELD_REFERENCE, FINDING_FIELD_REF},
	    {FIELD_DATE, FINDING_FIELD_DATE},
	};

	for (size_t k = 0; k < sizeof(required) / sizeof(required[0]); k++)
		if (span_trim(check_text(c, i, required[k].field)).len == 0)
			check_add(c, required[k].code, i);
	if (check_text(c, i, FIELD_ASSIGNEE).len == 0 &&
	    check_text(c, i, FIELD_CONTACT).len == 0 &&
	    check_text(c, i, FIELD_REFERENCE).len == 0)
		check_add(c, FINDING_FIELD_NOBODY, i);
}

/* Whether rich text is one person and nothing else. */
static bool is_person(struct span rich, struct span id)
{
	struct rich_token token;

	return rich_next(&rich, &token) && token.kind == RICH_IS_XREF &&
	       token.xref.type == XREF_PERSON && span_eq(token.xref.data, id) &&
	       rich.len == 0;
}

static void check_iesg(struct check *c, size_t i)
{
	struct span reference = check_text(c, i, FIELD_REFERENCE);
	bool iesg = is_person(check_text(c, i, FIELD_ASSIGNEE), SPAN("IESG"));

	if (iesg && reference.len == 0)
		check_add(c, FINDING_FIELD_REF_IESG, i);
	if (!c->rows[i].is_new || !check_cites(reference, XREF_RFC, SPAN("")))
		return;
	if (iesg && check_cites(check_text(c, i, FIELD_CONTACT), XREF_PERSON,
			SPAN("IETF_Chair")))
		return;
	check_add(c, FINDING_IESG_PARTY, i);
}

static void check_protocol(struct check *c, size_t i)
{
	const struct record *record = &c->registry->records[i];
	struct span text = check_text(c, i, FIELD_PROTOCOL);

	if (record->protocol == PROTOCOL_NONE ||
	    (record->protocol < PROTOCOL_COUNT &&
		span_eq(text, protocol_name((enum protocol)record->protocol))))
		return;
	buf_printf(&c->message,
	    "\"%.*s\" is not tcp, udp, sctp or dccp in lower case",
	    SPAN_FMT(span_head(text, 100)));
	check_add(c, FINDING_FIELD_PROTO_NAME, i);
}

int check_fields(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		check_protocol(c, i);
		if (!c->rows[i].named)
			continue;
		check_required(c, i);
		check_iesg(c, i);
	}
	return 0;
}
