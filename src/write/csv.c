/* SPDX-License-Identifier: ISC */
#include "write/csv.h"

#include "image/past.h"
#include "write/record.h"
#include "base/banned.h"

enum csv_column {
	CSV_ID,
	CSV_NAME,
	CSV_FIRST,
	CSV_LAST,
	CSV_PROTOCOL,
	CSV_STATE,
	CSV_CLASS,
	CSV_PREFERRED,
	CSV_ALIAS_OF,
	CSV_DESCRIPTION,
	CSV_ASSIGNEE,
	CSV_CONTACT,
	CSV_REGISTERED,
	CSV_MODIFIED,
	CSV_REFERENCES,
	CSV_SERVICE_CODE,
	CSV_UNAUTHORIZED,
	CSV_NOTE,
	CSV_COUNT,
};

static const char names[] =
    "id,name,first,last,protocol,state,class,preferred,alias_of,description,"
    "assignee,contact,registered,modified,references,service_code,"
    "unauthorized_use,note\n";

void csv_header(struct buf *b, enum csv_kind kind)
{
	for (const char *c = names; *c != '\0'; c++)
		buf_char(b, kind == CSV_TAB && *c == ',' ? '\t' : *c);
}

static void put_class(struct buf *b, const struct image_row *row)
{
	enum port_class class;

	if (image_row_class(row, &class))
		buf_add(b, port_class_name(class));
}

static void put_number(
    struct buf *b, const struct image_row *row, struct le16 number)
{
	if ((row->flags & IMAGE_ROW_NUMBERED) != 0)
		buf_u64(b, le16(number));
}

static void put_column(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version, enum csv_column column)
{
	switch (column) {
	case CSV_ID:
		image_row_key(image, row, b);
		break;
	case CSV_NAME:
		record_plain(b, image, row, FIELD_NAME);
		break;
	case CSV_FIRST:
		put_number(b, row, row->first);
		break;
	case CSV_LAST:
		put_number(b, row, row->last);
		break;
	case CSV_PROTOCOL:
		record_plain(b, image, row, FIELD_PROTOCOL);
		break;
	case CSV_STATE:
		buf_add(b, state_name(image_row_state(row)));
		break;
	case CSV_CLASS:
		put_class(b, row);
		break;
	case CSV_PREFERRED:
		buf_str(b,
		    image_is_preferred(image, row, version) ? "true" : "false");
		break;
	case CSV_ALIAS_OF:
		buf_add(b, image_text(image, row->alias_of));
		break;
	case CSV_DESCRIPTION:
		record_plain(b, image, row, FIELD_DESCRIPTION);
		break;
	case CSV_ASSIGNEE:
		record_labels(b, image, row, FIELD_ASSIGNEE, SPAN(" "));
		break;
	case CSV_CONTACT:
		record_labels(b, image, row, FIELD_CONTACT, SPAN(" "));
		break;
	case CSV_REGISTERED:
		record_plain(b, image, row, FIELD_DATE);
		break;
	case CSV_MODIFIED:
		record_plain(b, image, row, FIELD_UPDATED);
		break;
	case CSV_REFERENCES:
		record_labels(b, image, row, FIELD_REFERENCE, SPAN(" "));
		break;
	case CSV_SERVICE_CODE:
		record_plain(b, image, row, FIELD_SERVICE_CODE);
		break;
	case CSV_UNAUTHORIZED:
		record_plain(b, image, row, FIELD_UNAUTHORIZED);
		break;
	case CSV_NOTE:
		record_plain(b, image, row, FIELD_NOTE);
		break;
	case CSV_COUNT:
		break;
	}
}

static bool needs_quotes(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '"' || text.ptr[i] == ',' ||
		    text.ptr[i] == '\n')
			return true;
	return false;
}

/* A cell; clean is text without control characters. */
static void put_comma(struct buf *b, struct span clean)
{
	if (!needs_quotes(clean)) {
		buf_add(b, clean);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.ptr[i] == '"')
			buf_char(b, '"');
		buf_char(b, clean.ptr[i]);
	}
	buf_char(b, '"');
}

/* Puts text with blanks for tabs into clean, without control characters. */
static void clean_cell(struct buf *clean, struct buf *text, enum csv_kind kind)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->ptr[i] == '\t')
			text->ptr[i] = ' ';
	record_lines(
	    clean, buf_span(text), kind == CSV_TAB ? SPAN(" ") : SPAN("\n"));
}

void csv_cell(struct buf *b, struct buf *text, enum csv_kind kind)
{
	struct buf clean;

	buf_init(&clean);
	clean_cell(&clean, text, kind);
	if (kind == CSV_TAB)
		buf_add(b, buf_span(&clean));
	else
		put_comma(b, buf_span(&clean));
	b->failed = b->failed || buf_failed(text) || buf_failed(&clean);
	buf_release(&clean);
}

void csv_record(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version, enum csv_kind kind)
{
	struct buf text, clean;

	buf_init(&text);
	buf_init(&clean);
	for (unsigned i = 0; i < CSV_COUNT; i++) {
		if (i > 0)
			buf_char(b, kind == CSV_TAB ? '\t' : ',');
		put_column(&text, image, row, version, (enum csv_column)i);
		clean_cell(&clean, &text, kind);
		if (kind == CSV_TAB)
			buf_add(b, buf_span(&clean));
		else
			put_comma(b, buf_span(&clean));
		if (buf_failed(&text) || buf_failed(&clean))
			b->failed = true;
		buf_clear(&text);
		buf_clear(&clean);
	}
	buf_char(b, '\n');
	buf_release(&text);
	buf_release(&clean);
}
