/* SPDX-License-Identifier: ISC */
/* What a record of a service has (RFC 6335 section 8.1.1). */
#include "check/rows.h"

#include "base/ascii.h"
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

/* Contacts past this many are not compared; the registry has two at most. */
#define CONTACTS_MAX 16

static void check_contacts(struct check *c, size_t i)
{
	struct span seen[CONTACTS_MAX], rest = check_text(c, i, FIELD_CONTACT);
	struct rich_token token;
	size_t count = 0;

	while (count < CONTACTS_MAX && rich_next(&rest, &token)) {
		if (token.kind != RICH_IS_XREF)
			continue;
		seen[count] = token.xref.data;
		for (size_t k = 0; k < count; k++) {
			if (!span_eq(seen[k], token.xref.data))
				continue;
			buf_printf(&c->message,
			    "the contact \"%.*s\" stands twice",
			    SPAN_FMT(span_head(token.xref.data, 100)));
			check_add(c, FINDING_FIELD_CONTACT_DUP, i);
			return;
		}
		count++;
	}
}

/* "rfc6335" */
static bool is_rfc(struct span data)
{
	struct span number = span_skip(data, 3);

	return span_starts(data, SPAN("rfc")) && ascii_all_digits(number) &&
	       number.ptr[0] != '0' && number.len <= 5;
}

static void check_rfcs(struct check *c, size_t i)
{
	static const enum record_field fields[] = {
	    FIELD_DESCRIPTION, FIELD_REFERENCE, FIELD_NOTE, FIELD_UNAUTHORIZED};
	struct rich_token token;

	for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
		struct span rest = check_text(c, i, fields[k]);

		while (rich_next(&rest, &token)) {
			if (token.kind != RICH_IS_XREF ||
			    token.xref.type != XREF_RFC ||
			    is_rfc(token.xref.data))
				continue;
			buf_printf(&c->message,
			    "\"%.*s\" is not rfc and a number",
			    SPAN_FMT(span_head(token.xref.data, 100)));
			check_add(c, FINDING_FIELD_REF_RFC, i);
		}
	}
}

/* Readers find what stands around a text, and leave it out. */
static void check_blanks(struct check *c, size_t i)
{
	struct span name = check_text(c, i, FIELD_NAME);

	for (size_t k = 0; k < name.len; k++) {
		if (!ascii_is_space(name.ptr[k]))
			continue;
		check_tell(c, FINDING_FIELD_WS, i, "white space in the name");
		return;
	}
}

int check_fields(struct check *c)
{
	bool xml = c->registry->source == REGISTRY_XML;

	for (size_t i = 0; i < c->registry->record_count; i++) {
		check_protocol(c, i);
		check_blanks(c, i);
		if (xml) {
			check_contacts(c, i);
			check_rfcs(c, i);
		}
		if (!c->rows[i].named)
			continue;
		check_required(c, i);
		check_iesg(c, i);
	}
	return 0;
}
