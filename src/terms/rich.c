/* SPDX-License-Identifier: ISC */
#include "terms/rich.h"

#include "base/ascii.h"
#include "base/banned.h"

static const struct {
	enum xref_type type;
	struct span name;
} types[] = {
    {XREF_PERSON, SPAN_INIT("person")},
    {XREF_RFC, SPAN_INIT("rfc")},
    {XREF_DRAFT, SPAN_INIT("draft")},
    {XREF_URI, SPAN_INIT("uri")},
    {XREF_NOTE, SPAN_INIT("note")},
    {XREF_TEXT, SPAN_INIT("text")},
    {XREF_RFC_ERRATA, SPAN_INIT("rfc-errata")},
    {XREF_REGISTRY, SPAN_INIT("registry")},
    {XREF_UNICODE, SPAN_INIT("unicode")},
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

struct span xref_type_name(enum xref_type type)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (types[i].type == type)
			return types[i].name;
	return SPAN("");
}

enum xref_type xref_type_parse(struct span name)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (span_eq(types[i].name, name))
			return types[i].type;
	return XREF_OTHER;
}

static bool is_mark(char c)
{
	return (c >= RICH_BR && c <= RICH_XREF_END) || c == RICH_ARTWORK ||
	       c == RICH_ARTWORK_END;
}

/* *rest stands behind the RICH_XREF. */
static struct xref take_xref(struct span *rest)
{
	size_t end = span_find_char(*rest, 0, RICH_XREF_END);
	struct span whole = span_head(*rest, end);
	size_t body = span_find_char(whole, 0, RICH_BODY);
	struct span head = span_head(whole, body);
	size_t attributes;

	*rest = span_skip(*rest, end + 1);
	if (head.len == 0)
		return (struct xref){
		    XREF_OTHER, SPAN(""), SPAN(""), span_skip(whole, body + 1)};
	attributes = span_find_char(head, 1, RICH_ATTRIBUTE);
	return (struct xref){
	    .type = (enum xref_type)(unsigned char)head.ptr[0],
	    .data = span_skip(span_head(head, attributes), 1),
	    .attributes = span_skip(head, attributes),
	    .body = span_skip(whole, body + 1),
	};
}

bool rich_next(struct span *rest, struct rich_token *ret)
{
	size_t len = 0;
	char mark;

	if (rest->len == 0)
		return false;
	while (len < rest->len && !is_mark(rest->ptr[len]))
		len++;
	if (len > 0) {
		ret->kind = RICH_IS_TEXT;
		ret->text = span_head(*rest, len);
		*rest = span_skip(*rest, len);
		return true;
	}
	mark = rest->ptr[0];
	*rest = span_skip(*rest, 1);
	switch (mark) {
	case RICH_BR:
		ret->kind = RICH_IS_BR;
		break;
	case RICH_PARAGRAPH:
		ret->kind = RICH_IS_PARAGRAPH;
		break;
	case RICH_PARAGRAPH_END:
		ret->kind = RICH_IS_PARAGRAPH_END;
		break;
	case RICH_ARTWORK:
		ret->kind = RICH_IS_ARTWORK;
		break;
	case RICH_ARTWORK_END:
		ret->kind = RICH_IS_ARTWORK_END;
		break;
	case RICH_XREF:
		ret->kind = RICH_IS_XREF;
		ret->xref = take_xref(rest);
		break;
	default: /* a part of an xref that stands alone */
		ret->kind = RICH_IS_TEXT;
		ret->text = SPAN("");
		break;
	}
	return true;
}

bool xref_next_attribute(
    struct span *rest, struct span *name, struct span *value)
{
	struct span one;
	size_t end;

	if (rest->len == 0)
		return false;
	end = span_find_char(*rest, 1, RICH_ATTRIBUTE);
	one = span_skip(span_head(*rest, end), 1);
	*rest = span_skip(*rest, end);
	*name = span_cut(&one, '=');
	*value = one;
	return true;
}

bool xref_attribute(const struct xref *x, struct span name, struct span *ret)
{
	struct span rest = x->attributes, key, value;

	while (xref_next_attribute(&rest, &key, &value)) {
		if (span_eq(key, name)) {
			*ret = value;
			return true;
		}
	}
	return false;
}

/*
 * Parts of a document: the tail of a label without text of its own, and the
 * fragment of its address (the official stylesheet since 2025-11-06).
 */
static const struct {
	struct span attribute;
	struct span label;
	struct span fragment;
} parts[] = {
    {SPAN_INIT("section"), SPAN_INIT(", Section "), SPAN_INIT("#section-")},
    {SPAN_INIT("page"), SPAN_INIT(", Page "), SPAN_INIT("#page-")},
    {SPAN_INIT("appendix"), SPAN_INIT(", Appendix "), SPAN_INIT("#appendix-")},
    {SPAN_INIT("table"), SPAN_INIT(", Table "), SPAN_INIT("#table-")},
    {SPAN_INIT("figure"), SPAN_INIT(", Figure "), SPAN_INIT("#figure-")},
    {SPAN_INIT("anchor"), SPAN_INIT("#"), SPAN_INIT("#")},
};

static void put_part(struct buf *b, const struct xref *x, bool fragment)
{
	struct span value;

	if (x->attributes.len == 0 ||
	    (x->type != XREF_RFC && x->type != XREF_DRAFT))
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!xref_attribute(x, parts[i].attribute, &value))
			continue;
		buf_add(b, fragment ? parts[i].fragment : parts[i].label);
		buf_add(b, value);
		return;
	}
}

void xref_label(struct buf *b, const struct xref *x)
{
	bool has_body = span_trim(x->body).len > 0;

	if (x->type == XREF_PERSON || x->type == XREF_NOTE) {
		buf_add(b, x->data);
		return;
	}
	if (x->type == XREF_TEXT || has_body) {
		buf_add(b, x->body);
		return;
	}
	if (x->type != XREF_RFC) {
		buf_add(b, x->data);
	} else {
		for (size_t i = 0; i < x->data.len; i++) {
			char c = x->data.ptr[i];

			buf_char(b,
			    c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c);
		}
	}
	put_part(b, x, false);
}

void xref_url(struct buf *b, const struct xref *x)
{
	struct span data = x->data;

	switch (x->type) {
	case XREF_PERSON:
		buf_char(b, '#');
		buf_add(b, data);
		break;
	case XREF_NOTE:
		buf_add(b, SPAN("#note"));
		buf_add(b, data);
		break;
	case XREF_RFC:
	case XREF_DRAFT:
		buf_add(b, SPAN("https://www.iana.org/go/"));
		if (x->type == XREF_DRAFT && span_starts(data, SPAN("RFC-"))) {
			buf_add(b, SPAN("draft-"));
			data = span_skip(data, 4);
		}
		buf_add(b, data);
		put_part(b, x, true);
		break;
	case XREF_URI:
		buf_add(b, data);
		break;
	default:
		break;
	}
}

void xref_put(struct buf *b, const struct xref *x)
{
	buf_char(b, RICH_XREF);
	buf_char(b, (char)x->type);
	buf_add(b, x->data);
	buf_add(b, x->attributes);
	buf_char(b, RICH_BODY);
	buf_add(b, x->body);
	buf_char(b, RICH_XREF_END);
}

static void put_label(struct buf *b, const struct xref *x)
{
	buf_char(b, '[');
	xref_label(b, x);
	buf_char(b, ']');
}

/* Whether a run of white space has a newline with white space on each side. */
static bool folds(struct span run)
{
	size_t at = span_find_char(run, 1, '\n');

	return run.len > 2 && at < run.len - 1;
}

/* Folds text in place, to out, which lies in it; returns where it ends. */
static char *fold_lines(char *out, struct span text)
{
	size_t at;

	while ((at = span_find_char(text, 0, '\n')) < text.len) {
		size_t start = at, end = at + 1;

		while (start > 0 && ascii_is_space(text.ptr[start - 1]))
			start--;
		while (end < text.len && ascii_is_space(text.ptr[end]))
			end++;
		if (folds(span_of(text.ptr + start, end - start))) {
			memmove(out, text.ptr, start);
			out += start;
			*out++ = ' ';
		} else {
			memmove(out, text.ptr, end);
			out += end;
		}
		text = span_skip(text, end);
	}
	memmove(out, text.ptr, text.len);
	return out + text.len;
}

/* Trims b's text from start on, in place, and folds it if it is to be. */
static void finish_column(struct buf *b, size_t start, bool fold)
{
	struct span text;
	char *out;

	if (buf_failed(b) || b->ptr == NULL)
		return;
	out = b->ptr + start;
	text = span_trim(span_of(out, b->len - start));
	if (fold) {
		out = fold_lines(out, text);
	} else {
		memmove(out, text.ptr, text.len);
		out += text.len;
	}
	b->len = (size_t)(out - b->ptr);
}

void rich_column_of(struct buf *b, struct span rich, enum rich_era era)
{
	size_t start = b->len;
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		if (token.kind == RICH_IS_TEXT)
			buf_add(b, token.text);
		else if (token.kind == RICH_IS_XREF)
			put_label(b, &token.xref);
		else if (token.kind == RICH_IS_PARAGRAPH && era == RICH_ERA_D)
			buf_fill(b, ' ', 8);
		else if (token.kind == RICH_IS_BR &&
			 (era == RICH_ERA_B || era == RICH_ERA_C))
			buf_char(b, '\n');
	}
	finish_column(b, start, era >= RICH_ERA_C);
}

void rich_column(struct buf *b, struct span rich)
{
	rich_column_of(b, rich, RICH_ERA_D);
}

/*
 * Text of a line, its indentation dropped.  A newline with nothing but blanks
 * behind the last mark belongs to the layout of the file.
 */
static void put_lines(struct buf *b, size_t start, struct span text)
{
	while (text.len > 0) {
		bool ended = span_find_char(text, 0, '\n') < text.len;
		struct span line = span_cut(&text, '\n');
		bool fresh = b->len == start || b->ptr[b->len - 1] == '\n';

		if (fresh)
			while (line.len > 0 && ascii_is_space(line.ptr[0]))
				line = span_skip(line, 1);
		if (ended)
			while (line.len > 0 &&
			       ascii_is_space(line.ptr[line.len - 1]))
				line.len--;
		buf_add(b, line);
		if (ended && !(fresh && line.len == 0))
			buf_char(b, '\n');
		if (buf_failed(b))
			return;
	}
}

static void drop_space(struct buf *b, size_t start)
{
	while (b->len > start && ascii_is_space(b->ptr[b->len - 1]))
		b->len--;
}

void rich_plain(struct buf *b, struct span rich)
{
	size_t start = b->len;
	struct rich_token token;

	while (!buf_failed(b) && rich_next(&rich, &token)) {
		switch (token.kind) {
		case RICH_IS_TEXT:
			put_lines(b, start, token.text);
			break;
		case RICH_IS_XREF:
			put_label(b, &token.xref);
			break;
		case RICH_IS_BR:
			buf_char(b, '\n');
			break;
		default:
			drop_space(b, start);
			if (b->len > start)
				buf_str(b, "\n\n");
			break;
		}
	}
	if (!buf_failed(b))
		drop_space(b, start);
}
