/* SPDX-License-Identifier: ISC */
#include "write/table.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "image/past.h"
#include "write/record.h"
#include "base/banned.h"

#define GAP 2
#define FIELD_INDENT 2
#define FIELD_WIDTH 18
#define LEAST_REST 8 /* columns of a description that are worth having */
#define WIDEST 64    /* of a column; what is wider stands out */

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

static const char *state_colour(enum state state)
{
	if (state == STATE_ASSIGNED)
		return GREEN;
	return state == STATE_RESERVED ? YELLOW : DIM;
}

/* "443/tcp", "288-307", "-/tcp", "-". */
static void put_number(
    struct buf *b, const struct image *image, const struct image_row *row)
{
	struct span protocol = image_text(image, row->text[FIELD_PROTOCOL]);

	if ((row->flags & IMAGE_ROW_NUMBERED) == 0) {
		buf_char(b, '-');
	} else {
		buf_u64(b, le16(row->first));
		if (le16(row->first) != le16(row->last)) {
			buf_char(b, '-');
			buf_u64(b, le16(row->last));
		}
	}
	if (protocol.len > 0) {
		buf_char(b, '/');
		record_clean(b, protocol, SPAN(" "));
	}
}

static void put_name(
    struct buf *b, const struct image *image, const struct image_row *row)
{
	struct span name = image_text(image, row->text[FIELD_NAME]);

	record_clean(b, name.len > 0 ? name : SPAN("-"), SPAN(" "));
}

static size_t width_from(const struct buf *b, size_t start)
{
	if (buf_failed(b))
		return 0;
	return unicode_text_width(span_of(b->ptr + start, b->len - start));
}

static void widen(size_t *width, size_t other)
{
	if (other > *width)
		*width = other < WIDEST ? other : WIDEST;
}

void table_measure(const struct image *image, const struct image_row *row,
    struct table_widths *widths)
{
	struct buf b;

	buf_init(&b);
	put_number(&b, image, row);
	widen(&widths->number, width_from(&b, 0));
	buf_clear(&b);
	put_name(&b, image, row);
	widen(&widths->name, width_from(&b, 0));
	widen(&widths->state, state_name(image_row_state(row)).len);
	buf_release(&b);
}

static void colour(
    struct buf *b, const struct table_style *style, const char *code)
{
	if (style->colour)
		buf_str(b, code);
}

static void pad(struct buf *b, size_t width, size_t have)
{
	buf_fill(b, ' ', (width > have ? width - have : 0) + GAP);
}

/* As much of text as width columns hold, with "..." where that is not all. */
static void put_cut(struct buf *b, struct span text, size_t width)
{
	struct span rest = text;
	size_t used = 0;

	if (unicode_text_width(text) <= width) {
		buf_add(b, text);
		return;
	}
	while (rest.len > 0) {
		struct span before = rest;
		uint32_t c = utf8_next(&rest);
		size_t one = c == UTF8_BAD ? 1 : (size_t)unicode_width(c);

		if (used + one + 3 > width) {
			rest = before;
			break;
		}
		used += one;
	}
	text.len -= rest.len;
	while (text.len > 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	buf_add(b, text);
	buf_str(b, "...");
}

static void put_description(struct buf *b, const struct image *image,
    const struct image_row *row, size_t used, const struct table_style *style)
{
	struct buf text, clean;

	buf_init(&text);
	buf_init(&clean);
	record_plain(&text, image, row, FIELD_DESCRIPTION);
	record_clean(&clean, buf_span(&text), SPAN(" "));
	if (buf_failed(&text) || buf_failed(&clean))
		b->failed = true;
	else if (style->width == 0)
		buf_add(b, buf_span(&clean));
	else if (style->width >= used + LEAST_REST)
		put_cut(b, buf_span(&clean), style->width - used);
	else
		put_cut(b, buf_span(&clean), LEAST_REST);
	buf_release(&text);
	buf_release(&clean);
}

void table_line(struct buf *b, const struct image *image,
    const struct image_row *row, const struct table_widths *widths,
    const struct table_style *style)
{
	struct span state = state_name(image_row_state(row));
	size_t start, have;

	colour(b, style, BOLD);
	start = b->len;
	put_number(b, image, row);
	have = width_from(b, start);
	colour(b, style, PLAIN);
	pad(b, widths->number, have);
	start = b->len;
	put_name(b, image, row);
	pad(b, widths->name, width_from(b, start));
	colour(b, style, state_colour(image_row_state(row)));
	buf_add(b, state);
	colour(b, style, PLAIN);
	if (le32(row->text[FIELD_DESCRIPTION]) != 0) {
		pad(b, widths->state, state.len);
		put_description(b, image, row,
		    widths->number + widths->name + widths->state + 3 * GAP,
		    style);
	}
	buf_char(b, '\n');
}

static void begin_line(struct buf *b)
{
	buf_char(b, '\n');
	buf_fill(b, ' ', FIELD_INDENT + FIELD_WIDTH);
}

/* A line of a field, broken at blanks where it would not fit. */
static void put_words(struct buf *b, struct span line, size_t width)
{
	size_t used = 0;

	if (width == 0 || unicode_text_width(line) <= width) {
		buf_add(b, line);
		return;
	}
	while (line.len > 0) {
		struct span word = span_cut(&line, ' ');
		size_t len = unicode_text_width(word);

		if (used > 0 && used + 1 + len > width) {
			begin_line(b);
			used = 0;
		} else if (used > 0) {
			buf_char(b, ' ');
			used++;
		}
		buf_add(b, word);
		used += len;
	}
}

static void put_paragraphs(
    struct buf *b, struct span text, const struct table_style *style)
{
	size_t left = FIELD_INDENT + FIELD_WIDTH, width = 0;

	if (style->width >= left + LEAST_REST)
		width = style->width - left;
	while (text.len > 0) {
		struct span line = span_cut(&text, '\n');

		put_words(b, line, width);
		while (text.len > 0 && text.ptr[0] == '\n') {
			buf_char(b, '\n');
			text = span_skip(text, 1);
		}
		if (text.len > 0)
			begin_line(b);
	}
}

void table_field(struct buf *b, const char *name, struct span text,
    const struct table_style *style)
{
	struct buf clean;

	if (text.len == 0)
		return;
	buf_init(&clean);
	record_clean(&clean, text, SPAN("\n"));
	buf_fill(b, ' ', FIELD_INDENT);
	colour(b, style, DIM);
	buf_str(b, name);
	colour(b, style, PLAIN);
	buf_fill(b, ' ', FIELD_WIDTH - strlen(name));
	if (buf_failed(&clean))
		b->failed = true;
	else
		put_paragraphs(b, buf_span(&clean), style);
	buf_char(b, '\n');
	buf_release(&clean);
}

static void put_state(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	buf_add(b, state_name(image_row_state(row)));
	if (image_is_preferred(image, row, version))
		buf_str(b, ", preferred");
}

static void put_class(struct buf *b, const struct image_row *row)
{
	enum port_class class;

	if (image_row_class(row, &class))
		buf_add(b, port_class_name(class));
}

/* The fields of a block behind the number, in their order. */
static const struct {
	const char *name;
	enum record_field field;
	bool labels;
} fields[] = {
    {"description", FIELD_DESCRIPTION, false},
    {"assignee", FIELD_ASSIGNEE, true},
    {"contact", FIELD_CONTACT, true},
    {"registered", FIELD_DATE, false},
    {"modified", FIELD_UPDATED, false},
    {"references", FIELD_REFERENCE, true},
    {"service_code", FIELD_SERVICE_CODE, false},
    {"unauthorized_use", FIELD_UNAUTHORIZED, false},
    {"note", FIELD_NOTE, false},
};

static void take_field(struct buf *b, const char *name, struct buf *text,
    const struct table_style *style)
{
	if (buf_failed(text))
		b->failed = true;
	table_field(b, name, buf_span(text), style);
	buf_clear(text);
}

void table_block(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version,
    const struct table_style *style)
{
	struct buf text;

	buf_init(&text);
	image_row_key(image, row, &text);
	colour(b, style, BOLD);
	record_clean(b, buf_span(&text), SPAN(" "));
	colour(b, style, PLAIN);
	buf_char(b, '\n');
	buf_clear(&text);
	put_state(&text, image, row, version);
	take_field(b, "state", &text, style);
	put_class(&text, row);
	take_field(b, "class", &text, style);
	table_field(b, "alias_of", image_text(image, row->alias_of), style);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].labels)
			record_labels(
			    &text, image, row, fields[i].field, SPAN(", "));
		else
			record_plain(&text, image, row, fields[i].field);
		take_field(b, fields[i].name, &text, style);
	}
	buf_release(&text);
}
