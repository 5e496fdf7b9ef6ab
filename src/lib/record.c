/* SPDX-License-Identifier: ISC */
/* What a record says, field by field. */
#include "image/past.h"
#include "lib/own.h"
#include "terms/rich.h"
#include "base/banned.h"

static const char *field_string(
    const struct portbook_record *record, enum record_field field)
{
	return own_string(&record->image_->image, own_row(record)->text[field]);
}

static struct span field_span(
    const struct portbook_record *record, enum record_field field)
{
	return image_text(&record->image_->image, own_row(record)->text[field]);
}

const char *portbook_record_name(const struct portbook_record *record)
{
	return field_string(record, FIELD_NAME);
}

static bool is_numbered(const struct portbook_record *record)
{
	return (own_row(record)->flags & IMAGE_ROW_NUMBERED) != 0;
}

int portbook_record_first(const struct portbook_record *record)
{
	return is_numbered(record) ? le16(own_row(record)->first) : -1;
}

int portbook_record_last(const struct portbook_record *record)
{
	return is_numbered(record) ? le16(own_row(record)->last) : -1;
}

enum portbook_protocol portbook_record_protocol(
    const struct portbook_record *record)
{
	uint8_t protocol = own_row(record)->protocol;

	return protocol <= PROTOCOL_NONE ? (enum portbook_protocol)protocol
					 : PORTBOOK_OTHER;
}

enum portbook_state portbook_record_state(const struct portbook_record *record)
{
	return (enum portbook_state)image_row_state(own_row(record));
}

enum portbook_class portbook_record_class(const struct portbook_record *record)
{
	enum port_class class;

	return image_row_class(own_row(record), &class)
		   ? (enum portbook_class) class
		   : PORTBOOK_UNNUMBERED;
}

int portbook_record_is_preferred(const struct portbook_record *record)
{
	return image_is_preferred(
	    &record->image_->image, own_row(record), record->version_);
}

const char *portbook_record_alias_of(const struct portbook_record *record)
{
	return own_string(&record->image_->image, own_row(record)->alias_of);
}

const char *portbook_record_registered(const struct portbook_record *record)
{
	return field_string(record, FIELD_DATE);
}

const char *portbook_record_modified(const struct portbook_record *record)
{
	return field_string(record, FIELD_UPDATED);
}

size_t portbook_record_key(
    const struct portbook_record *record, char *buf, size_t size)
{
	size_t most = own_text_most(field_span(record, FIELD_NAME)) +
		      own_text_most(field_span(record, FIELD_PROTOCOL)) +
		      own_text_most(field_span(record, FIELD_NUMBER));
	struct own_text text;

	own_text_begin(&text, buf, size, most);
	image_row_key(&record->image_->image, own_row(record), &text.buf);
	return own_text_end(&text, buf, size);
}

static size_t plain(const struct portbook_record *record,
    enum record_field field, char *buf, size_t size)
{
	struct span rich = field_span(record, field);
	struct own_text text;

	own_text_begin(&text, buf, size, own_text_most(rich));
	rich_plain(&text.buf, rich);
	return own_text_end(&text, buf, size);
}

size_t portbook_record_description(
    const struct portbook_record *record, char *buf, size_t size)
{
	return plain(record, FIELD_DESCRIPTION, buf, size);
}

size_t portbook_record_note(
    const struct portbook_record *record, char *buf, size_t size)
{
	return plain(record, FIELD_NOTE, buf, size);
}

size_t portbook_record_unauthorized_use(
    const struct portbook_record *record, char *buf, size_t size)
{
	return plain(record, FIELD_UNAUTHORIZED, buf, size);
}

size_t portbook_record_service_code(
    const struct portbook_record *record, char *buf, size_t size)
{
	return plain(record, FIELD_SERVICE_CODE, buf, size);
}

/* The n-th cross reference of a field. */
static bool find_xref(const struct portbook_record *record,
    enum record_field field, size_t n, struct xref *ret)
{
	struct span rest = field_span(record, field);
	struct rich_token token;

	while (rich_next(&rest, &token)) {
		if (token.kind != RICH_IS_XREF || n-- > 0)
			continue;
		*ret = token.xref;
		return true;
	}
	return false;
}

static size_t label(const struct portbook_record *record,
    enum record_field field, size_t n, char *buf, size_t size)
{
	struct own_text text;
	struct xref x;

	own_text_begin(
	    &text, buf, size, own_text_most(field_span(record, field)));
	if (find_xref(record, field, n, &x))
		xref_label(&text.buf, &x);
	return own_text_end(&text, buf, size);
}

size_t portbook_record_assignee(
    const struct portbook_record *record, size_t n, char *buf, size_t size)
{
	return label(record, FIELD_ASSIGNEE, n, buf, size);
}

size_t portbook_record_contact(
    const struct portbook_record *record, size_t n, char *buf, size_t size)
{
	return label(record, FIELD_CONTACT, n, buf, size);
}

static void put_part(
    struct buf *b, const struct xref *x, enum portbook_reference part)
{
	struct span type = xref_type_name(x->type), section;

	switch (part) {
	case PORTBOOK_REFERENCE_TYPE:
		buf_add(b, type.len > 0 ? type : SPAN("other"));
		break;
	case PORTBOOK_REFERENCE_LABEL:
		xref_label(b, x);
		break;
	case PORTBOOK_REFERENCE_TARGET:
		buf_add(b, x->data);
		break;
	case PORTBOOK_REFERENCE_SECTION:
		if (xref_attribute(x, SPAN("section"), &section))
			buf_add(b, section);
		break;
	case PORTBOOK_REFERENCE_URL:
		xref_url(b, x);
		break;
	}
}

size_t portbook_record_reference(const struct portbook_record *record, size_t n,
    enum portbook_reference part, char *buf, size_t size)
{
	struct own_text text;
	struct xref x;

	own_text_begin(&text, buf, size,
	    own_text_most(field_span(record, FIELD_REFERENCE)));
	if (find_xref(record, FIELD_REFERENCE, n, &x))
		put_part(&text.buf, &x, part);
	return own_text_end(&text, buf, size);
}
