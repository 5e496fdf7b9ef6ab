/* SPDX-License-Identifier: ISC */
#include "cli/where.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/unicode.h"
#include "image/past.h"
#include "search/search.h"
#include "terms/port.h"
#include "write/record.h"
#include "base/banned.h"

/* Fields by the names of the JSON. */
struct where_field {
	const char *name;
	enum where_kind kind;
	void (*put)(struct buf *b, const struct image *image,
	    const struct image_row *row, uint32_t version);
	enum record_field field; /* where put is NULL */
	bool labels;
};

static void put_id(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	(void)version;
	image_row_key(image, row, b);
}

static void put_layer(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	(void)version;
	(void)image;
	(void)row;
	buf_str(b, "iana");
}

static void put_state(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	(void)version;
	(void)image;
	buf_add(b, state_name(image_row_state(row)));
}

static void put_class(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	(void)version;
	enum port_class class;

	(void)image;
	if (image_row_class(row, &class))
		buf_add(b, port_class_name(class));
}

static void put_preferred(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	buf_str(b, image_is_preferred(image, row, version) ? "true" : "false");
}

static void put_alias(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	(void)version;
	buf_add(b, image_text(image, row->alias_of));
}

static const struct where_field fields[] = {
    {"id", WHERE_TEXT, put_id, 0, false},
    {"layer", WHERE_TEXT, put_layer, 0, false},
    {"name", WHERE_TEXT, NULL, FIELD_NAME, false},
    {"number", WHERE_NUMBER, NULL, 0, false},
    {"first", WHERE_FIRST, NULL, 0, false},
    {"last", WHERE_LAST, NULL, 0, false},
    {"protocol", WHERE_TEXT, NULL, FIELD_PROTOCOL, false},
    {"state", WHERE_TEXT, put_state, 0, false},
    {"class", WHERE_TEXT, put_class, 0, false},
    {"preferred", WHERE_TEXT, put_preferred, 0, false},
    {"alias_of", WHERE_TEXT, put_alias, 0, false},
    {"description", WHERE_TEXT, NULL, FIELD_DESCRIPTION, false},
    {"assignee", WHERE_TEXT, NULL, FIELD_ASSIGNEE, true},
    {"contact", WHERE_TEXT, NULL, FIELD_CONTACT, true},
    {"registered", WHERE_TEXT, NULL, FIELD_DATE, false},
    {"modified", WHERE_TEXT, NULL, FIELD_UPDATED, false},
    {"references", WHERE_TEXT, NULL, FIELD_REFERENCE, true},
    {"service_code", WHERE_TEXT, NULL, FIELD_SERVICE_CODE, false},
    {"unauthorized_use", WHERE_TEXT, NULL, FIELD_UNAUTHORIZED, false},
    {"note", WHERE_TEXT, NULL, FIELD_NOTE, false},
};

const char *where_field_name(size_t n)
{
	return n < sizeof(fields) / sizeof(fields[0]) ? fields[n].name : NULL;
}

static const struct {
	struct span sign;
	enum where_operator operator;
} operators[] = {
    {SPAN_INIT("!="), WHERE_NOT},
    {SPAN_INIT("<="), WHERE_AT_MOST},
    {SPAN_INIT(">="), WHERE_AT_LEAST},
    {SPAN_INIT("="), WHERE_EQUAL},
    {SPAN_INIT("~"), WHERE_HAS},
};

static bool is_field_char(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

/* FIELD OPERATOR VALUE; *known tells whether there is such a field. */
static bool split(struct span text, struct condition *ret, bool *known)
{
	struct span rest, name;
	size_t len = 0;

	while (len < text.len && is_field_char(text.ptr[len]))
		len++;
	name = span_head(text, len);
	rest = span_skip(text, len);
	*known = false;
	ret->field = NULL;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (span_eq(span_str(fields[i].name), name))
			ret->field = &fields[i];
	*known = ret->field != NULL;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (!span_starts(rest, operators[i].sign))
			continue;
		ret->operator= operators[i].operator;
		ret->value = span_skip(rest, operators[i].sign.len);
		return len > 0;
	}
	return false;
}

static int check_value(const struct condition *c, struct portbook_error *err)
{
	struct port_range range;

	if (c->field->kind == WHERE_TEXT || c->value.len == 0 ||
	    c->operator== WHERE_HAS || port_range_parse(c->value, &range))
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0, "--where %s: %.*s is no port",
	    c->field->name, SPAN_FMT(span_head(c->value, 40)));
}

/* A condition that says nothing, and what it may say. */
static int complain(struct span text, struct portbook_error *err)
{
	char names[240];
	size_t len = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct span name = span_str(fields[i].name);

		if (len + 1 + name.len >= sizeof(names))
			break;
		names[len++] = ' ';
		memcpy(names + len, name.ptr, name.len);
		len += name.len;
	}
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "--where %.*s: write FIELD=VALUE, or != <= >= ~; fields are%.*s",
	    SPAN_FMT(span_head(text, 16)), (int)len, names);
}

static int add(
    struct where *where, struct span text, struct portbook_error *err)
{
	struct condition *last = NULL, c = {0};
	bool known;

	if (where->count == WHERE_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--where takes at most %d conditions", WHERE_MAX);
	if (where->count > 0)
		last = &where->conditions[where->count - 1];
	if (split(text, &c, &known) && known) {
		where->conditions[where->count++] = c;
		return check_value(&c, err);
	}
	/* A slip in a field's name would be a value that nothing has. */
	if (last == NULL || c.value.ptr != NULL)
		return complain(text, err);
	c = *last;
	c.value = text;
	c.more = true;
	where->conditions[where->count++] = c;
	return check_value(&c, err);
}

int where_parse(
    struct span text, struct where *where, struct portbook_error *err)
{
	size_t start = where->count;

	if (text.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--where takes FIELD=VALUE, and it is empty");
	do {
		struct span one = span_cut(&text, ',');
		int code;

		if (where->count == start) {
			/* The first of an option begins anew. */
			struct condition c;
			bool known;

			if (!split(one, &c, &known) || !known)
				return complain(one, err);
		}
		code = add(where, one, err);
		if (code < 0)
			return code;
	} while (text.len > 0);
	return 0;
}

static bool compare_order(int order, enum where_operator operator)
{
	if (operator== WHERE_AT_MOST)
		return order <= 0;
	return order >= 0;
}

/* number=443 is a row that has the port, number=0-5 the range itself. */
static bool number_fits(const struct condition *c, const struct image_row *row)
{
	struct port_range own = {le16(row->first), le16(row->last)}, asked;
	bool numbered = (row->flags & IMAGE_ROW_NUMBERED) != 0, same;

	if (c->value.len == 0 || !port_range_parse(c->value, &asked))
		return (c->operator== WHERE_NOT) == numbered &&
		       (c->operator== WHERE_NOT || c->operator== WHERE_EQUAL);
	if (!numbered)
		return c->operator== WHERE_NOT;
	if (c->field->kind == WHERE_FIRST)
		own.last = own.first;
	else if (c->field->kind == WHERE_LAST)
		own.first = own.last;
	if (c->operator== WHERE_AT_MOST)
		return own.last <= asked.last;
	if (c->operator== WHERE_AT_LEAST)
		return own.first >= asked.first;
	same = asked.first == asked.last
		   ? port_range_has(own, asked.first)
		   : own.first == asked.first && own.last == asked.last;
	return same == (c->operator== WHERE_EQUAL);
}

static void put_number(
    struct buf *b, const struct where_field *field, const struct image_row *row)
{
	if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
		return;
	buf_u64(
	    b, field->kind == WHERE_LAST ? le16(row->last) : le16(row->first));
	if (field->kind == WHERE_NUMBER &&
	    le16(row->last) != le16(row->first)) {
		buf_char(b, '-');
		buf_u64(b, le16(row->last));
	}
}

/* Dates are compared as far as the value goes: <=2024 is all of that year. */
static struct span as_far_as(
    const struct condition *c, struct span text, struct span value)
{
	bool date =
	    c->field->put == NULL &&
	    (c->field->field == FIELD_DATE || c->field->field == FIELD_UPDATED);

	return date ? span_head(text, value.len) : text;
}

/* The field's text, folded. */
static struct span field_text(const struct condition *c,
    const struct image *image, const struct image_row *row, uint32_t version,
    struct buf *b)
{
	size_t start;

	buf_clear(b);
	if (c->field->kind != WHERE_TEXT)
		put_number(b, c->field, row);
	else if (c->field->put != NULL)
		c->field->put(b, image, row, version);
	else if (c->field->labels)
		record_labels(b, image, row, c->field->field, SPAN(" "));
	else
		record_plain(b, image, row, c->field->field);
	start = b->len;
	if (buf_room(b, start * 4 + 1) == NULL) /* the text must not move */
		return SPAN("");
	unicode_fold_text(b, span_of(b->ptr, start));
	return span_of(b->ptr + start, b->len - start);
}

/* An id among several is as good as all of them. */
static bool text_is(
    const struct where_field *field, struct span text, struct span value)
{
	if (span_eq(text, value))
		return true;
	while (field->labels && text.len > 0)
		if (span_eq(span_cut(&text, ' '), value))
			return true;
	return false;
}

static bool value_fits(const struct condition *c, const struct image *image,
    const struct image_row *row, uint32_t version, struct buf *scratch)
{
	struct span text, value;
	size_t start;

	if (c->field->kind != WHERE_TEXT && c->operator!= WHERE_HAS)
		return number_fits(c, row);
	text = field_text(c, image, row, version, scratch);
	start = scratch->len;
	if (buf_room(scratch, c->value.len * 4 + 1) == NULL)
		return false;
	text.ptr = scratch->ptr + start - text.len;
	unicode_fold_text(scratch, c->value);
	value = span_of(scratch->ptr + start, scratch->len - start);
	switch (c->operator) {
	case WHERE_EQUAL:
		return text_is(c->field, text, value);
	case WHERE_NOT:
		return !text_is(c->field, text, value);
	case WHERE_HAS:
		return value.len == 0 || span_find(text, value) < text.len;
	default:
		return text.len > 0 &&
		       compare_order(span_cmp(as_far_as(c, text, value), value),
			   c->operator);
	}
}

bool where_fits(const struct where *where, const struct image *image,
    const struct image_row *row, uint32_t version, struct buf *scratch)
{
	for (size_t i = 0; i < where->count;) {
		const struct condition *c = &where->conditions[i];
		bool all = c->operator== WHERE_NOT;
		bool fits = value_fits(c, image, row, version, scratch);

		for (i++; i < where->count && where->conditions[i].more; i++) {
			bool one = value_fits(&where->conditions[i], image, row,
			    version, scratch);

			fits = all ? fits && one : fits || one;
		}
		if (!fits)
			return false;
	}
	return true;
}
