/* SPDX-License-Identifier: ISC */
/* What a record of a service has (RFC 6335 section 8.1.1). */
#include "check/rows.h"

#include "base/banned.h"

/*
 * The official CSV shows the contact where there is no assignee, so that only
 * the XML tells whether there is one.
 */
static bool is_untold(const struct check *c, size_t i, enum record_field field)
{
	return field == FIELD_ASSIGNEE && c->registry->source != REGISTRY_XML &&
	       check_text(c, i, FIELD_CONTACT).len > 0;
}

static void check_required(struct check *c, size_t i)
{
	static const struct {
		enum record_field field;
		enum finding_code code;
		const char *message;
	} required[] = {
	    {FIELD_PROTOCOL, FINDING_FIELD_PROTO, "no transport"},
	    {FIELD_DESCRIPTION, FINDING_FIELD_DESC, "no description"},
	    {FIELD_ASSIGNEE, FINDING_FIELD_ASSIGNEE, "no assignee"},
	    {FIELD_CONTACT, FINDING_FIELD_CONTACT, "no contact"},
	    {FIELD_REFERENCE, FINDING_FIELD_REF, "no reference"},
	    {FIELD_DATE, FINDING_FIELD_DATE, "no date of registration"},
	};

	for (size_t k = 0; k < sizeof(required) / sizeof(required[0]); k++)
		if (span_trim(check_text(c, i, required[k].field)).len == 0 &&
		    !is_untold(c, i, required[k].field))
			check_tell(c, required[k].code, i, required[k].message);
	if (check_text(c, i, FIELD_ASSIGNEE).len == 0 &&
	    check_text(c, i, FIELD_CONTACT).len == 0 &&
	    check_text(c, i, FIELD_REFERENCE).len == 0)
		check_tell(c, FINDING_FIELD_NOBODY, i,
		    "no assignee, no contact and no reference");
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
		check_tell(c, FINDING_FIELD_REF_IESG, i,
		    "held by the IESG, and no reference");
	if (!c->rows[i].is_new || !check_cites(reference, XREF_RFC, SPAN("")))
		return;
	if (iesg && check_cites(check_text(c, i, FIELD_CONTACT), XREF_PERSON,
			SPAN("IETF_Chair")))
		return;
	check_tell(c, FINDING_IESG_PARTY, i,
	    "refers to an RFC, and is not held by IESG with the contact "
	    "IETF_Chair");
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
