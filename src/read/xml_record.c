/* SPDX-License-Identifier: ISC */
#include "read/xml_half.h"

#include "base/error.h"
#include "terms/layout.h"
#include "terms/rich.h"
#include "base/banned.h"

/* The plain and rich children: their field, their letter in the form. */
static const struct {
	enum record_field field;
	char letter;
	bool rich;
} children[] = {
    [ELEMENT_NAME] = {FIELD_NAME, 'n', false},
    [ELEMENT_PROTOCOL] = {FIELD_PROTOCOL, 'p', false},
    [ELEMENT_DESCRIPTION] = {FIELD_DESCRIPTION, 'd', true},
    [ELEMENT_NUMBER] = {FIELD_NUMBER, 'm', false},
    [ELEMENT_NOTE] = {FIELD_NOTE, 't', true},
    [ELEMENT_UNAUTHORIZED] = {FIELD_UNAUTHORIZED, 'u', true},
    [ELEMENT_SERVICE_CODE] = {FIELD_SERVICE_CODE, 's', false},
};

/* Attributes are gone with their tag. */
static void keep_attribute(
    struct xml *x, enum record_field field, struct span value)
{
	x->kept[field] = (struct xml_kept){x->text.len, value.len, false};
	buf_add(&x->text, value);
}

/* What stands between this record and what came before. */
static void take_gap(struct xml *x, uint64_t from)
{
	struct span text;
	struct gap *gap;

	if (x->registry->record_count == 0) {
		xml_head_end(x, from);
		return;
	}
	text = window_span(x->window, x->piece, from);
	if (span_eq(text, SPAN(LAYOUT_RECORD_GAP)))
		return;
	gap = registry_record_gap_new(x->registry);
	if (gap == NULL) {
		xml_stop_nomem(x);
		return;
	}
	gap->index = (uint32_t)x->registry->record_count;
	gap->text = xml_intern(x, text);
}

void xml_record_begin(struct xml *x, const char **attributes)
{
	uint64_t from = xml_from(x);

	if (x->registry->person_count > 0) {
		xml_stop(x,
		    error_set(x->err, PORTBOOK_EFORMAT, 0,
			"a record behind the people: put all records first"));
		return;
	}
	if (x->registry->record_count >= LIMIT_RECORDS) {
		xml_stop(x, error_set(x->err, PORTBOOK_ELIMIT, 0,
				"more than %zu records", LIMIT_RECORDS));
		return;
	}
	take_gap(x, from);
	xml_piece_begin(x, from);
	if (from == x->half_at && x->code == 0 && xml_half_take(x))
		return;
	x->seen = 0;
	x->record = (struct record){.line = x->line};
	memset(x->kept, 0, sizeof(x->kept));
	buf_clear(&x->text);
	buf_clear(&x->form);
	buf_clear(&x->contact);
	buf_clear(&x->reference);
	buf_clear(&x->assignee);
	keep_attribute(x, FIELD_DATE, xml_attribute(attributes, "date"));
	keep_attribute(x, FIELD_UPDATED, xml_attribute(attributes, "updated"));
}

static void xref(struct xml *x, const char **attributes)
{
	bool person = span_eq(
	    xml_attribute(attributes, "type"), xref_type_name(XREF_PERSON));
	struct buf *into = person ? &x->contact : &x->reference;

	buf_char(&x->form, person ? 'c' : 'r');
	xml_xref_begin(x, into, attributes);
	xml_text_begin(x, into, false);
}

void xml_record_child(
    struct xml *x, enum element element, const char **attributes)
{
	switch (element) {
	case ELEMENT_XREF:
		xref(x, attributes);
		break;
	case ELEMENT_ASSIGNEE:
		/* The letter comes when its layout is known. */
		if (xml_once(x, &x->seen, element))
			x->assignee_start = xml_to(x);
		else
			x->assignee_start = 0;
		break;
	case ELEMENT_ASSIGNEE_XREF:
		/* Of a second assignee the text goes nowhere. */
		if (x->assignee_start == 0) {
			xml_text_begin(x, &x->text, false);
			break;
		}
		xml_xref_begin(x, &x->assignee, attributes);
		xml_text_begin(x, &x->assignee, false);
		break;
	default:
		xml_text_begin(x, &x->text, children[element].rich);
		break;
	}
}

static void take_number(struct xml *x, struct span text)
{
	x->record.has_number = port_range_parse(text, &x->record.number);
	if (!x->record.has_number && text.len > 0)
		xml_finding(x, FINDING_READ_NUMBER, text);
}

static void take_protocol(struct xml *x, struct span text)
{
	x->record.protocol = (uint8_t)protocol_of(text);
	if (x->record.protocol == PROTOCOL_OTHER)
		xml_finding(x, FINDING_READ_PROTOCOL, text);
}

/* White space around the text of a plain child goes, and is found before. */
static void tell_space(struct xml *x, enum element element, size_t len)
{
	static const struct span names[] = {
	    [ELEMENT_NAME] = SPAN_INIT("white space around the name"),
	    [ELEMENT_PROTOCOL] = SPAN_INIT("white space around the protocol"),
	    [ELEMENT_NUMBER] = SPAN_INIT("white space around the number"),
	    [ELEMENT_SERVICE_CODE] =
		SPAN_INIT("white space around the service code"),
	};

	if (xml_whole(x).len != len)
		xml_tell(x, FINDING_FIELD_WS, names[element]);
}

static void take_child(struct xml *x, enum element element)
{
	struct span text = children[element].rich ? xml_whole(x) : xml_plain(x);

	if (!xml_once(x, &x->seen, element))
		return;
	if (!children[element].rich && text.len > 0)
		tell_space(x, element, text.len);
	buf_char(&x->form, children[element].letter);
	xml_keep(x, children[element].field, text);
	if (element == ELEMENT_NUMBER)
		take_number(x, text);
	else if (element == ELEMENT_PROTOCOL)
		take_protocol(x, text);
}

static void end_assignee(struct xml *x)
{
	bool apart;

	if (x->assignee_start == 0)
		return;
	apart = x->assignee_start < xml_from(x) &&
		window_span(x->window, x->assignee_start, xml_from(x)).ptr[0] ==
		    '\n';
	buf_char(&x->form, apart ? 'A' : 'a');
}

void xml_record_child_end(struct xml *x, enum element element)
{
	switch (element) {
	case ELEMENT_XREF:
	case ELEMENT_ASSIGNEE_XREF:
		xml_xref_end(x, x->into);
		break;
	case ELEMENT_ASSIGNEE:
		end_assignee(x);
		break;
	default:
		take_child(x, element);
		break;
	}
	if (x->into != NULL)
		xml_text_end(x);
}

static void take_residue(
    struct xml *x, const struct record_text *text, uint64_t to)
{
	struct span source = window_span(x->window, x->piece, to);

	if (!layout_is_record(source, text))
		x->record.residue = xml_intern(x, source);
}

void xml_record_end(struct xml *x)
{
	uint64_t to = xml_to(x);
	struct record_text text;
	struct record *record;

	if (buf_failed(&x->form) || buf_failed(&x->text)) {
		xml_stop_nomem(x);
		return;
	}
	if ((x->seen & 1U << ELEMENT_PROTOCOL) == 0)
		x->record.protocol = PROTOCOL_NONE;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		text.at[i] = xml_kept(x, &x->kept[i]);
	text.at[FIELD_FORM] = buf_span(&x->form);
	text.at[FIELD_CONTACT] = buf_span(&x->contact);
	text.at[FIELD_REFERENCE] = buf_span(&x->reference);
	text.at[FIELD_ASSIGNEE] = buf_span(&x->assignee);
	xml_intern_many(x, text.at, FIELD_COUNT, x->last.text, x->record.text);
	if (x->code < 0)
		return;
	take_residue(x, &text, to);
	record = registry_record_new(x->registry);
	if (record == NULL) {
		xml_stop_nomem(x);
		return;
	}
	*record = x->record;
	x->last = x->record;
	xml_piece_begin(x, to);
}
