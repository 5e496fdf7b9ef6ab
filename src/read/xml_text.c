/* SPDX-License-Identifier: ISC */
#include "read/xml.h"

#include "base/error.h"
#include "terms/rich.h"
#include "base/banned.h"

static void refuse_len(struct xml *x)
{
	xml_stop(x, error_set(x->err, PORTBOOK_ELIMIT, 0,
			"a text of more than %zu bytes", LIMIT_TEXT_LEN));
}

static void check_len(struct xml *x, const struct buf *b)
{
	if (buf_failed(b))
		xml_stop_nomem(x);
	else if (b->len - x->into_from > LIMIT_TEXT_LEN)
		refuse_len(x);
}

/* Expat's buffer is the window at first: what has no entities lies there. */
static bool in_window(const struct window *w, const char *text)
{
	return (uintptr_t)text - (uintptr_t)w->bytes.ptr < w->bytes.len;
}

/* More is to come: what was left in the window goes before it. */
static void gather(struct xml *x)
{
	if (x->one.in_window)
		buf_add(&x->text, xml_kept(x, &x->one));
	x->one.in_window = false;
}

static void XMLCALL take_text(void *ctx, const XML_Char *text, int len)
{
	struct xml *x = ctx;
	const struct window *w = x->window;

	if (x->code < 0)
		return;
	if (x->into == &x->text && x->text.len == x->into_from &&
	    !x->one.in_window && in_window(w, text)) {
		x->one =
		    (struct xml_kept){w->base + (uint64_t)(text - w->bytes.ptr),
			(size_t)len, true};
		if ((size_t)len > LIMIT_TEXT_LEN)
			refuse_len(x);
		return;
	}
	gather(x);
	buf_add(x->into, span_of(text, (size_t)len));
	check_len(x, x->into);
}

void xml_text_begin(struct xml *x, struct buf *into, bool rich)
{
	x->into = into;
	x->into_from = into == &x->text ? into->len : 0;
	x->into_depth = x->depth;
	x->rich = rich;
	x->in_xref = false;
	XML_SetCharacterDataHandler(x->parser, take_text);
}

void xml_text_end(struct xml *x)
{
	x->into = NULL;
	x->into_from = 0;
	x->one.in_window = false;
	XML_SetCharacterDataHandler(x->parser, NULL);
}

static bool is_name(const char *a, const char *b)
{
	return a[0] == b[0] && strcmp(a, b) == 0;
}

void xml_xref_begin(struct xml *x, struct buf *into, const char **attributes)
{
	struct span type = SPAN(""), data = SPAN("");
	bool others = false;

	for (const char **a = attributes; a[0] != NULL; a += 2) {
		if (is_name(a[0], "type"))
			type = span_str(a[1]);
		else if (is_name(a[0], "data"))
			data = span_str(a[1]);
		else
			others = true;
	}
	buf_char(into, RICH_XREF);
	buf_char(into, (char)xref_type_parse(type));
	buf_add(into, data);
	for (const char **a = attributes; others && a[0] != NULL; a += 2) {
		if (is_name(a[0], "type") || is_name(a[0], "data"))
			continue;
		buf_char(into, RICH_ATTRIBUTE);
		buf_str(into, a[0]);
		buf_char(into, '=');
		buf_str(into, a[1]);
	}
	buf_char(into, RICH_BODY);
	check_len(x, into);
}

void xml_xref_end(struct xml *x, struct buf *into)
{
	buf_char(into, RICH_XREF_END);
	check_len(x, into);
}

static enum element find(const char *name)
{
	if (strcmp(name, "br") == 0)
		return ELEMENT_BR;
	if (strcmp(name, "xref") == 0)
		return ELEMENT_TEXT_XREF;
	if (strcmp(name, "paragraph") == 0)
		return ELEMENT_PARAGRAPH;
	if (strcmp(name, "artwork") == 0)
		return ELEMENT_ARTWORK;
	return ELEMENT_SKIPPED;
}

/* Markup that is not known goes, its text stays. */
enum element xml_text_element(
    struct xml *x, const char *name, const char **attributes)
{
	enum element element =
	    x->rich && !x->in_xref ? find(name) : ELEMENT_SKIPPED;

	gather(x);
	switch (element) {
	case ELEMENT_BR:
		buf_char(x->into, RICH_BR);
		break;
	case ELEMENT_PARAGRAPH:
		buf_char(x->into, RICH_PARAGRAPH);
		break;
	case ELEMENT_ARTWORK:
		buf_char(x->into, RICH_ARTWORK);
		break;
	case ELEMENT_TEXT_XREF:
		x->in_xref = true;
		xml_xref_begin(x, x->into, attributes);
		break;
	default:
		xml_finding(x, FINDING_READ_ELEMENT, span_str(name));
		break;
	}
	check_len(x, x->into);
	return element;
}

void xml_text_element_end(struct xml *x, enum element element)
{
	gather(x);
	if (element == ELEMENT_PARAGRAPH)
		buf_char(x->into, RICH_PARAGRAPH_END);
	else if (element == ELEMENT_ARTWORK)
		buf_char(x->into, RICH_ARTWORK_END);
	else if (element == ELEMENT_TEXT_XREF) {
		x->in_xref = false;
		buf_char(x->into, RICH_XREF_END);
	}
	check_len(x, x->into);
}
