/* SPDX-License-Identifier: ISC */
#include "read/xml.h"

#include "base/error.h"
#include "terms/date.h"
#include "terms/layout.h"
#include "terms/rich.h"
#include "base/banned.h"

/* Notes, references and experts come in pieces; the rest stands once. */
void xml_header_begin(
    struct xml *x, enum element element, const char **attributes)
{
	switch (element) {
	case ELEMENT_HEADER_XREF:
		xml_xref_begin(x, &x->references, attributes);
		xml_text_begin(x, &x->references, false);
		return;
	case ELEMENT_HEADER_NOTE:
		x->title = xml_intern(x, xml_attribute(attributes, "title"));
		break;
	case ELEMENT_FOOTNOTE:
		x->title = xml_intern(x, xml_attribute(attributes, "anchor"));
		break;
	case ELEMENT_EDITION:
		if ((x->header_seen & 1U << element) == 0)
			x->edition_from = xml_to(x);
		break;
	default:
		break;
	}
	buf_clear(&x->text);
	xml_text_begin(x, &x->text,
	    element == ELEMENT_HEADER_NOTE || element == ELEMENT_FOOTNOTE ||
		element == ELEMENT_EXPERT);
}

/* The mark stands in the head only for a date that is written plainly. */
static void take_edition(struct xml *x)
{
	struct span text = xml_plain(x);
	uint64_t to = xml_from(x);

	if (!xml_once(x, &x->header_seen, ELEMENT_EDITION))
		return;
	if (!date_is_day(text)) {
		xml_finding(x, FINDING_READ_UPDATED, text);
		return;
	}
	x->registry->text[REGISTRY_UPDATED] = xml_intern(x, text);
	if (x->registry->record_count == 0 && x->edition_from < to &&
	    span_eq(window_span(x->window, x->edition_from, to), text))
		x->edition_to = to;
}

static void take_note(struct xml *x, struct registry_note *note)
{
	if (note == NULL) {
		xml_stop_nomem(x);
		return;
	}
	note->title = x->title;
	note->text = xml_intern(x, xml_whole(x));
}

static void take_text(struct xml *x, enum element element,
    enum registry_field field, struct span text)
{
	if (xml_once(x, &x->header_seen, element))
		x->registry->text[field] = xml_intern(x, text);
}

void xml_header_end(struct xml *x, enum element element)
{
	switch (element) {
	case ELEMENT_TITLE:
		take_text(x, element, REGISTRY_TITLE, xml_plain(x));
		break;
	case ELEMENT_CATEGORY:
		take_text(x, element, REGISTRY_CATEGORY, xml_plain(x));
		break;
	case ELEMENT_EXPERT:
		take_text(x, element, REGISTRY_EXPERT, xml_whole(x));
		break;
	case ELEMENT_EDITION:
		take_edition(x);
		break;
	case ELEMENT_HEADER_XREF:
		xml_xref_end(x, &x->references);
		break;
	case ELEMENT_HEADER_NOTE:
		take_note(x, registry_note_new(x->registry));
		break;
	case ELEMENT_FOOTNOTE:
		take_note(x, registry_footnote_new(x->registry));
		break;
	default:
		break;
	}
	xml_text_end(x);
}

void xml_head_end(struct xml *x, uint64_t to)
{
	struct span head = window_span(x->window, 0, to);

	if (x->is_half)
		return;
	if (x->edition_to == 0) {
		x->registry->text[REGISTRY_HEAD] = xml_intern(x, head);
		return;
	}
	buf_clear(&x->head);
	buf_add(&x->head, span_head(head, (size_t)x->edition_from));
	buf_char(&x->head, LAYOUT_UPDATED_MARK);
	buf_add(&x->head, span_skip(head, (size_t)x->edition_to));
	if (buf_failed(&x->head))
		xml_stop_nomem(x);
	else
		x->registry->text[REGISTRY_HEAD] =
		    xml_intern(x, buf_span(&x->head));
}

void xml_middle_end(struct xml *x, uint64_t to)
{
	x->registry->text[REGISTRY_MIDDLE] =
	    xml_intern(x, window_span(x->window, x->piece, to));
}

static void take_gap(struct xml *x, uint64_t from)
{
	struct span text;
	struct gap *gap;

	if (x->registry->person_count == 0) {
		xml_middle_end(x, from);
		return;
	}
	text = window_span(x->window, x->piece, from);
	if (span_eq(text, SPAN(LAYOUT_PERSON_GAP)))
		return;
	gap = registry_person_gap_new(x->registry);
	if (gap == NULL) {
		xml_stop_nomem(x);
		return;
	}
	gap->index = (uint32_t)x->registry->person_count;
	gap->text = xml_intern(x, text);
}

void xml_person_begin(struct xml *x, const char **attributes)
{
	uint64_t from = xml_from(x);
	struct span id;

	if (x->registry->person_count >= LIMIT_PEOPLE) {
		xml_stop(x, error_set(x->err, PORTBOOK_ELIMIT, 0,
				"more than %zu people", LIMIT_PEOPLE));
		return;
	}
	take_gap(x, from);
	xml_piece_begin(x, from);
	x->seen = 0;
	x->person = (struct person){.line = x->line};
	memset(x->kept, 0, sizeof(x->kept));
	buf_clear(&x->text);
	buf_clear(&x->form);
	buf_clear(&x->uris);
	id = xml_attribute(attributes, "id");
	buf_add(&x->text, id);
	x->kept[PERSON_ID].len = id.len;
}

void xml_person_child(struct xml *x, enum element element)
{
	(void)element;
	xml_text_begin(x, &x->text, false);
}

static void take_uri(struct xml *x)
{
	if (span_find_char(buf_span(&x->form), 0, 'u') < x->form.len)
		buf_char(&x->uris, RICH_BR);
	buf_add(&x->uris, xml_plain(x));
	buf_char(&x->form, 'u');
	if (x->uris.len > LIMIT_TEXT_LEN)
		xml_stop(
		    x, error_set(x->err, PORTBOOK_ELIMIT, 0,
			   "addresses of more than %zu bytes", LIMIT_TEXT_LEN));
}

static void take_child(
    struct xml *x, enum element element, enum person_field field, char letter)
{
	if (!xml_once(x, &x->seen, element))
		return;
	buf_char(&x->form, letter);
	xml_keep(x, field, xml_plain(x));
}

void xml_person_child_end(struct xml *x, enum element element)
{
	switch (element) {
	case ELEMENT_PERSON_NAME:
		take_child(x, element, PERSON_NAME, 'n');
		break;
	case ELEMENT_PERSON_ORG:
		take_child(x, element, PERSON_ORG, 'o');
		break;
	case ELEMENT_PERSON_UPDATED:
		take_child(x, element, PERSON_UPDATED, 'd');
		break;
	default:
		take_uri(x);
		break;
	}
	xml_text_end(x);
}

static void take_residue(
    struct xml *x, const struct person_text *text, uint64_t to)
{
	struct span source = window_span(x->window, x->piece, to);

	if (!layout_is_person(source, text))
		x->person.residue = xml_intern(x, source);
}

void xml_person_end(struct xml *x)
{
	static const uint32_t none[PERSON_FIELD_COUNT];
	uint64_t to = xml_to(x);
	struct person_text text;
	struct person *person;

	if (buf_failed(&x->form) || buf_failed(&x->uris) ||
	    buf_failed(&x->text)) {
		xml_stop_nomem(x);
		return;
	}
	for (unsigned i = 0; i < PERSON_FIELD_COUNT; i++)
		text.at[i] = xml_kept(x, &x->kept[i]);
	text.at[PERSON_FORM] = buf_span(&x->form);
	text.at[PERSON_URIS] = buf_span(&x->uris);
	xml_intern_many(x, text.at, PERSON_FIELD_COUNT, none, x->person.text);
	if (x->code < 0)
		return;
	take_residue(x, &text, to);
	person = registry_person_new(x->registry);
	if (person == NULL) {
		xml_stop_nomem(x);
		return;
	}
	*person = x->person;
	xml_piece_begin(x, to);
}
