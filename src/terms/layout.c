/* SPDX-License-Identifier: ISC */
#include "terms/layout.h"

#include "terms/rich.h"
#include "base/banned.h"

/* Bytes that do not stand for themselves: markup, and the marks of rich.h. */
static const bool special[256] = {
    ['&'] = true,
    ['<'] = true,
    ['>'] = true,
    ['"'] = true,
    [RICH_BR] = true,
    [RICH_PARAGRAPH] = true,
    [RICH_PARAGRAPH_END] = true,
    [RICH_XREF] = true,
    [RICH_ATTRIBUTE] = true,
    [RICH_BODY] = true,
    [RICH_XREF_END] = true,
    [RICH_ARTWORK] = true,
    [RICH_ARTWORK_END] = true,
};

static size_t plain_len(struct span text)
{
	size_t len = 0;

	while (len < text.len && !special[(unsigned char)text.ptr[len]])
		len++;
	return len;
}

static void escape(struct buf *b, struct span text, bool quote)
{
	while (text.len > 0) {
		size_t len = plain_len(text);

		buf_add(b, span_head(text, len));
		if (len == text.len)
			return;
		switch (text.ptr[len]) {
		case '&':
			buf_add(b, SPAN("&amp;"));
			break;
		case '<':
			buf_add(b, SPAN("&lt;"));
			break;
		case '>':
			buf_add(b, SPAN("&gt;"));
			break;
		case '"':
			buf_add(b, quote ? SPAN("&quot;") : SPAN("\""));
			break;
		default:
			buf_char(b, text.ptr[len]);
			break;
		}
		text = span_skip(text, len + 1);
	}
}

void layout_text(struct buf *b, struct span text)
{
	escape(b, text, false);
}

static void attribute(struct buf *b, struct span name, struct span value)
{
	buf_char(b, ' ');
	buf_add(b, name);
	buf_add(b, SPAN("=\""));
	escape(b, value, true);
	buf_char(b, '"');
}

static void xref(struct buf *b, const struct xref *x)
{
	struct span rest = x->attributes, name, value;

	buf_add(b, SPAN("<xref"));
	attribute(b, SPAN("type"), xref_type_name(x->type));
	if (x->data.len > 0)
		attribute(b, SPAN("data"), x->data);
	while (xref_next_attribute(&rest, &name, &value))
		attribute(b, name, value);
	if (x->body.len == 0) {
		buf_add(b, SPAN("/>"));
		return;
	}
	buf_char(b, '>');
	escape(b, x->body, false);
	buf_add(b, SPAN("</xref>"));
}

void layout_rich(struct buf *b, struct span rich)
{
	struct rich_token token;

	/* Most texts are nothing but text. */
	if (plain_len(rich) == rich.len) {
		buf_add(b, rich);
		return;
	}
	while (rich_next(&rich, &token)) {
		switch (token.kind) {
		case RICH_IS_TEXT:
			escape(b, token.text, false);
			break;
		case RICH_IS_BR:
			buf_add(b, SPAN("<br/>"));
			break;
		case RICH_IS_PARAGRAPH:
			buf_add(b, SPAN("<paragraph>"));
			break;
		case RICH_IS_PARAGRAPH_END:
			buf_add(b, SPAN("</paragraph>"));
			break;
		case RICH_IS_ARTWORK:
			buf_add(b, SPAN("<artwork>"));
			break;
		case RICH_IS_ARTWORK_END:
			buf_add(b, SPAN("</artwork>"));
			break;
		case RICH_IS_XREF:
			xref(b, &token.xref);
			break;
		}
	}
}

static inline void element(struct buf *b, struct span name, struct span rich)
{
	buf_char(b, '<');
	buf_add(b, name);
	if (rich.len == 0) {
		buf_add(b, SPAN("/>"));
		return;
	}
	buf_char(b, '>');
	layout_rich(b, rich);
	buf_add(b, SPAN("</"));
	buf_add(b, name);
	buf_char(b, '>');
}

static void next_xref(struct buf *b, struct span *rest)
{
	struct rich_token token;

	if (rich_next(rest, &token) && token.kind == RICH_IS_XREF)
		xref(b, &token.xref);
}

static void assignee(struct buf *b, struct span rich, bool apart)
{
	buf_add(b, apart ? SPAN("<assignee>\n      ") : SPAN("<assignee>"));
	layout_rich(b, rich);
	if (apart)
		buf_add(b, SPAN("\n    "));
	buf_add(b, SPAN("</assignee>"));
}

void layout_record(struct buf *b, const struct record_text *record)
{
	const struct span *at = record->at;
	struct span contacts = at[FIELD_CONTACT];
	struct span references = at[FIELD_REFERENCE];

	buf_add(b, SPAN("<record"));
	if (at[FIELD_DATE].len > 0)
		attribute(b, SPAN("date"), at[FIELD_DATE]);
	if (at[FIELD_UPDATED].len > 0)
		attribute(b, SPAN("updated"), at[FIELD_UPDATED]);
	buf_char(b, '>');
	for (size_t i = 0; i < at[FIELD_FORM].len; i++) {
		buf_add(b, SPAN("\n    "));
		switch (at[FIELD_FORM].ptr[i]) {
		case 'n':
			element(b, SPAN("name"), at[FIELD_NAME]);
			break;
		case 'p':
			element(b, SPAN("protocol"), at[FIELD_PROTOCOL]);
			break;
		case 'd':
			element(b, SPAN("description"), at[FIELD_DESCRIPTION]);
			break;
		case 'm':
			element(b, SPAN("number"), at[FIELD_NUMBER]);
			break;
		case 't':
			element(b, SPAN("note"), at[FIELD_NOTE]);
			break;
		case 'u':
			element(b, SPAN("unauthorized"), at[FIELD_UNAUTHORIZED]);
			break;
		case 's':
			element(b, SPAN("sc"), at[FIELD_SERVICE_CODE]);
			break;
		case 'a':
			assignee(b, at[FIELD_ASSIGNEE], false);
			break;
		case 'A':
			assignee(b, at[FIELD_ASSIGNEE], true);
			break;
		case 'c':
			next_xref(b, &contacts);
			break;
		case 'r':
			next_xref(b, &references);
			break;
		default:
			break;
		}
	}
	buf_add(b, SPAN("\n  </record>"));
}

void layout_person(struct buf *b, const struct person_text *person)
{
	const struct span *at = person->at;
	struct span uris = at[PERSON_URIS];

	buf_add(b, SPAN("<person"));
	attribute(b, SPAN("id"), at[PERSON_ID]);
	buf_char(b, '>');
	for (size_t i = 0; i < at[PERSON_FORM].len; i++) {
		buf_add(b, SPAN("\n      "));
		switch (at[PERSON_FORM].ptr[i]) {
		case 'n':
			element(b, SPAN("name"), at[PERSON_NAME]);
			break;
		case 'o':
			element(b, SPAN("org"), at[PERSON_ORG]);
			break;
		case 'u':
			element(b, SPAN("uri"), span_cut(&uris, RICH_BR));
			break;
		case 'd':
			element(b, SPAN("updated"), at[PERSON_UPDATED]);
			break;
		default:
			break;
		}
	}
	buf_add(b, SPAN("\n    </person>"));
}
