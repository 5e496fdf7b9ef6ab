/* SPDX-License-Identifier: ISC */
#include "terms/layout.h"

#include "terms/rich.h"
#include "base/banned.h"

static void escape(struct buf *b, struct span text, bool quote)
{
	size_t done = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *entity;

		switch (text.ptr[i]) {
		case '&':
			entity = "&amp;";
			break;
		case '<':
			entity = "&lt;";
			break;
		case '>':
			entity = "&gt;";
			break;
		case '"':
			if (!quote)
				continue;
			entity = "&quot;";
			break;
		default:
			continue;
		}
		buf_add(b, span_head(span_skip(text, done), i - done));
		buf_str(b, entity);
		done = i + 1;
	}
	buf_add(b, span_skip(text, done));
}

void layout_text(struct buf *b, struct span text)
{
	escape(b, text, false);
}

static void attribute(struct buf *b, struct span name, struct span value)
{
	buf_char(b, ' ');
	buf_add(b, name);
	buf_str(b, "=\"");
	escape(b, value, true);
	buf_char(b, '"');
}

static void xref(struct buf *b, const struct xref *x)
{
	struct span rest = x->attributes, name, value;

	buf_str(b, "<xref");
	attribute(b, SPAN("type"), xref_type_name(x->type));
	if (x->data.len > 0)
		attribute(b, SPAN("data"), x->data);
	while (xref_next_attribute(&rest, &name, &value))
		attribute(b, name, value);
	if (x->body.len == 0) {
		buf_str(b, "/>");
		return;
	}
	buf_char(b, '>');
	escape(b, x->body, false);
	buf_str(b, "</xref>");
}

void layout_rich(struct buf *b, struct span rich)
{
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		switch (token.kind) {
		case RICH_IS_TEXT:
			escape(b, token.text, false);
			break;
		case RICH_IS_BR:
			buf_str(b, "<br/>");
			break;
		case RICH_IS_PARAGRAPH:
			buf_str(b, "<paragraph>");
			break;
		case RICH_IS_PARAGRAPH_END:
			buf_str(b, "</paragraph>");
			break;
		case RICH_IS_ARTWORK:
			buf_str(b, "<artwork>");
			break;
		case RICH_IS_ARTWORK_END:
			buf_str(b, "</artwork>");
			break;
		case RICH_IS_XREF:
			xref(b, &token.xref);
			break;
		}
	}
}

static void element(struct buf *b, const char *name, struct span rich)
{
	buf_char(b, '<');
	buf_str(b, name);
	if (rich.len == 0) {
		buf_str(b, "/>");
		return;
	}
	buf_char(b, '>');
	layout_rich(b, rich);
	buf_str(b, "</");
	buf_str(b, name);
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
	buf_str(b, apart ? "<assignee>\n      " : "<assignee>");
	layout_rich(b, rich);
	buf_str(b, apart ? "\n    </assignee>" : "</assignee>");
}

void layout_record(struct buf *b, const struct record_text *record)
{
	const struct span *at = record->at;
	struct span contacts = at[FIELD_CONTACT];
	struct span references = at[FIELD_REFERENCE];

	buf_str(b, "<record");
	if (at[FIELD_DATE].len > 0)
		attribute(b, SPAN("date"), at[FIELD_DATE]);
	if (at[FIELD_UPDATED].len > 0)
		attribute(b, SPAN("updated"), at[FIELD_UPDATED]);
	buf_char(b, '>');
	for (size_t i = 0; i < at[FIELD_FORM].len; i++) {
		buf_str(b, "\n    ");
		switch (at[FIELD_FORM].ptr[i]) {
		case 'n':
			element(b, "name", at[FIELD_NAME]);
			break;
		case 'p':
			element(b, "protocol", at[FIELD_PROTOCOL]);
			break;
		case 'd':
			element(b, "description", at[FIELD_DESCRIPTION]);
			break;
		case 'm':
			element(b, "number", at[FIELD_NUMBER]);
			break;
		case 't':
			element(b, "note", at[FIELD_NOTE]);
			break;
		case 'u':
			element(b, "unauthorized", at[FIELD_UNAUTHORIZED]);
			break;
		case 's':
			element(b, "sc", at[FIELD_SERVICE_CODE]);
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
	buf_str(b, "\n  </record>");
}

void layout_person(struct buf *b, const struct person_text *person)
{
	const struct span *at = person->at;
	struct span uris = at[PERSON_URIS];

	buf_str(b, "<person");
	attribute(b, SPAN("id"), at[PERSON_ID]);
	buf_char(b, '>');
	for (size_t i = 0; i < at[PERSON_FORM].len; i++) {
		buf_str(b, "\n      ");
		switch (at[PERSON_FORM].ptr[i]) {
		case 'n':
			element(b, "name", at[PERSON_NAME]);
			break;
		case 'o':
			element(b, "org", at[PERSON_ORG]);
			break;
		case 'u':
			element(b, "uri", span_cut(&uris, RICH_BR));
			break;
		case 'd':
			element(b, "updated", at[PERSON_UPDATED]);
			break;
		default:
			break;
		}
	}
	buf_str(b, "\n    </person>");
}
