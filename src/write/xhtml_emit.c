/* SPDX-License-Identifier: ISC */
#include "write/xhtml.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "base/banned.h"

#define GO SPAN("https://www.iana.org/go/")

void xhtml_line(struct xhtml *x, unsigned level)
{
	static const char blanks[] = "\n                    ";
	size_t len = 1 + 2 * (size_t)level;

	buf_add(x->out, (struct span){blanks,
			    len < sizeof(blanks) ? len : sizeof(blanks) - 1});
}

static bool is_plain(char c)
{
	uint8_t byte = (uint8_t)c;

	return byte >= ' ' && byte < 0x7f && c != '<' && c != '>' && c != '&' &&
	       c != '"';
}

/* XML has no other controls, and HTML none of those behind ASCII. */
static bool is_character(uint32_t c)
{
	if (c == UTF8_BAD || (c & 0xfffe) == 0xfffe)
		return false;
	if (c < ' ')
		return c == '\t' || c == '\n' || c == '\r';
	return c < 0x7f || c > 0x9f;
}

static void put_reference(struct buf *out, uint32_t c)
{
	buf_add(out, SPAN("&#"));
	buf_u64(out, is_character(c) ? c : 0xfffd);
	buf_char(out, ';');
}

/* In a value line ends and tabs are references, or a reader folds them. */
static void put_special(struct buf *out, uint32_t c, bool value)
{
	if (c == '<')
		buf_add(out, SPAN("&lt;"));
	else if (c == '>')
		buf_add(out, SPAN("&gt;"));
	else if (c == '&')
		buf_add(out, SPAN("&amp;"));
	else if (c == '"' && value)
		buf_add(out, SPAN("&quot;"));
	else if (c == '"' || (!value && (c == '\n' || c == '\t')))
		buf_char(out, (char)c);
	else
		put_reference(out, c);
}

static void put_escaped(struct buf *out, struct span text, bool value)
{
	while (text.len > 0) {
		size_t plain = 0;

		while (plain < text.len && is_plain(text.ptr[plain]))
			plain++;
		if (plain > 0)
			buf_add(out, span_head(text, plain));
		text = span_skip(text, plain);
		if (text.len > 0)
			put_special(out, utf8_next(&text), value);
	}
}

void xhtml_text(struct xhtml *x, struct span text)
{
	put_escaped(x->out, text, false);
}

void xhtml_attr(struct xhtml *x, struct span text)
{
	put_escaped(x->out, text, true);
}

void xhtml_query(struct xhtml *x, struct span text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (ascii_is_letter(c) || ascii_is_digit(c) || c == '-' ||
		    c == '.' || c == '_' || c == '*') {
			buf_char(x->out, c);
		} else if (c == ' ') {
			buf_char(x->out, '+');
		} else {
			buf_char(x->out, '%');
			buf_char(x->out, digits[(uint8_t)c >> 4]);
			buf_char(x->out, digits[(uint8_t)c & 15]);
		}
	}
}

void xhtml_element(struct xhtml *x, unsigned level, const char *tag,
    const char *class, struct span text)
{
	xhtml_line(x, level);
	buf_char(x->out, '<');
	buf_str(x->out, tag);
	if (class != NULL) {
		buf_add(x->out, SPAN(" class=\""));
		xhtml_attr(x, span_str(class));
		buf_char(x->out, '"');
	}
	buf_char(x->out, '>');
	xhtml_text(x, text);
	buf_add(x->out, SPAN("</"));
	buf_str(x->out, tag);
	buf_char(x->out, '>');
}

/* A script must never be a link, whatever a registry holds. */
static bool may_be_link(struct span url)
{
	static const struct span schemes[] = {
	    SPAN_INIT("mailto:"),
	    SPAN_INIT("https:"),
	    SPAN_INIT("http:"),
	    SPAN_INIT("ftp:"),
	    SPAN_INIT("tel:"),
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (span_eq_fold(span_head(url, schemes[i].len), schemes[i]))
			return true;
	return false;
}

static bool leads_somewhere(
    const struct xhtml *x, const struct xref *xref, struct span url)
{
	switch (xref->type) {
	case XREF_PERSON:
		return xhtml_has_person(x, xref->data);
	case XREF_NOTE:
		return xhtml_has_note(x, xref->data);
	default:
		return may_be_link(url);
	}
}

static void put_link(struct xhtml *x, struct span url)
{
	buf_add(x->out, SPAN("<a href=\""));
	if (!xhtml_has(x, XHTML_HTTPS) && span_starts(url, GO)) {
		buf_add(x->out, SPAN("http"));
		url = span_skip(url, 5);
	}
	xhtml_attr(x, url);
	buf_add(x->out, SPAN("\">"));
}

static void put_person_link(struct xhtml *x, struct span id)
{
	buf_add(x->out, SPAN("<a href=\"#"));
	xhtml_person_id(x, id);
	buf_add(x->out, SPAN("\">"));
}

/* Nearly all fit into storage of our own; the few others are made again. */
static void put_xref(struct xhtml *x, struct xref xref)
{
	struct buf url, label;
	char storage[2][256];
	bool link;

	if (!xhtml_has(x, XHTML_PARTS))
		xref.attributes = SPAN("");
	buf_init_fixed(&url, storage[0], sizeof(storage[0]));
	buf_init_fixed(&label, storage[1], sizeof(storage[1]));
	xref_url(&url, &xref);
	xref_label(&label, &xref);
	if (buf_failed(&url) || buf_failed(&label)) {
		buf_init(&url);
		buf_init(&label);
		xref_url(&url, &xref);
		xref_label(&label, &xref);
	}
	link = leads_somewhere(x, &xref, buf_span(&url));
	buf_char(x->out, '[');
	if (link && xref.type == XREF_PERSON)
		put_person_link(x, xref.data);
	else if (link)
		put_link(x, buf_span(&url));
	xhtml_text(x, buf_span(&label));
	if (link)
		buf_add(x->out, SPAN("</a>"));
	buf_char(x->out, ']');
	if (buf_failed(&url) || buf_failed(&label))
		x->out->failed = true;
	if (!url.fixed) {
		buf_release(&url);
		buf_release(&label);
	}
}

static void put_label(struct xhtml *x, const struct xref *xref)
{
	struct buf label;

	buf_init(&label);
	xref_label(&label, xref);
	buf_char(x->out, '[');
	xhtml_text(x, buf_span(&label));
	buf_char(x->out, ']');
	if (buf_failed(&label))
		x->out->failed = true;
	buf_release(&label);
}

void xhtml_flat(struct xhtml *x, struct span rich)
{
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		if (token.kind == RICH_IS_TEXT)
			xhtml_text(x, token.text);
		else if (token.kind == RICH_IS_XREF)
			put_label(x, &token.xref);
	}
}

/* Whether what stands before the next paragraph, or its end, has text. */
static bool has_text(struct span rich, bool in_paragraph)
{
	bool inside = in_paragraph;
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		bool text = token.kind == RICH_IS_XREF ||
			    (token.kind == RICH_IS_TEXT && token.text.len > 0);

		if (token.kind == RICH_IS_PARAGRAPH)
			inside = true;
		else if (token.kind == RICH_IS_PARAGRAPH_END)
			inside = false;
		else if (text && inside == in_paragraph)
			return true;
		if (in_paragraph && (token.kind == RICH_IS_PARAGRAPH ||
					token.kind == RICH_IS_PARAGRAPH_END))
			return false;
	}
	return false;
}

/* Where rich text goes: an element, and a paragraph within it. */
struct place {
	unsigned level;
	bool tight; /* it has text: nothing may be added */
	bool empty; /* nothing in it yet */
};

static void begin_child(struct xhtml *x, struct place *place)
{
	if (!place->tight)
		xhtml_line(x, place->level + 1);
	place->empty = false;
}

static void end_place(struct xhtml *x, const struct place *place)
{
	if (!place->tight && !place->empty)
		xhtml_line(x, place->level);
}

static void end_paragraph(struct xhtml *x, const struct place *paragraph)
{
	end_place(x, paragraph);
	buf_add(x->out, SPAN("</p>"));
}

void xhtml_rich(struct xhtml *x, struct span rich, unsigned level)
{
	struct place all = {level, has_text(rich, false), true};
	struct place paragraph = {0};
	struct place *place = &all;
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		if (token.kind == RICH_IS_TEXT) {
			xhtml_text(x, token.text);
		} else if (token.kind == RICH_IS_XREF) {
			put_xref(x, token.xref);
		} else if (token.kind == RICH_IS_BR) {
			begin_child(x, place);
			buf_add(x->out, SPAN("<br />"));
		}
		if (token.kind != RICH_IS_PARAGRAPH &&
		    token.kind != RICH_IS_PARAGRAPH_END)
			continue;
		if (place == &paragraph)
			end_paragraph(x, place);
		place = &all;
		if (token.kind == RICH_IS_PARAGRAPH) {
			begin_child(x, &all);
			buf_add(x->out, SPAN("<p>"));
			paragraph = (struct place){
			    level + 1, all.tight || has_text(rich, true), true};
			place = &paragraph;
		}
	}
	if (place == &paragraph)
		end_paragraph(x, place);
	end_place(x, &all);
}

void xhtml_pre(struct xhtml *x, struct span rich)
{
	struct rich_token token;

	buf_add(x->out, SPAN("<pre>"));
	while (rich_next(&rich, &token)) {
		if (token.kind == RICH_IS_TEXT)
			xhtml_text(x, token.text);
		else if (token.kind == RICH_IS_XREF)
			put_xref(x, token.xref);
		else if (token.kind == RICH_IS_BR)
			buf_add(x->out, SPAN("<br />"));
	}
	buf_add(x->out, SPAN("</pre>"));
}

static bool are_links(struct span uris)
{
	while (uris.len > 0)
		if (!may_be_link(span_cut(&uris, RICH_BR)))
			return false;
	return true;
}

void xhtml_uris(struct xhtml *x, struct span uris, unsigned level)
{
	struct place all = {level, !are_links(uris), true};

	while (uris.len > 0) {
		struct span uri = span_cut(&uris, RICH_BR);
		bool link = may_be_link(uri);

		if (!all.empty) {
			begin_child(x, &all);
			buf_add(x->out, SPAN("<br />"));
		}
		begin_child(x, &all);
		if (link)
			put_link(x, uri);
		xhtml_text(x, uri);
		if (link)
			buf_add(x->out, SPAN("</a>"));
	}
	end_place(x, &all);
}
