/* SPDX-License-Identifier: ISC */
#include "web/emit.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "terms/rich.h"
#include "base/banned.h"

#define REPLACEMENT SPAN("\xef\xbf\xbd")

static bool is_plain(char c)
{
	uint8_t byte = (uint8_t)c;

	return byte >= ' ' && byte < 0x7f && c != '<' && c != '>' && c != '&' &&
	       c != '"' && c != '\'';
}

/* One character that is not plain ASCII. */
static void put_special(struct buf *out, struct span *text)
{
	struct span from = *text;
	uint32_t c = utf8_next(text);

	switch (c) {
	case '<':
		buf_add(out, SPAN("&lt;"));
		return;
	case '>':
		buf_add(out, SPAN("&gt;"));
		return;
	case '&':
		buf_add(out, SPAN("&amp;"));
		return;
	case '"':
		buf_add(out, SPAN("&quot;"));
		return;
	case '\'':
		buf_add(out, SPAN("&#39;"));
		return;
	case '\n':
	case '\t':
	case '\f':
		buf_char(out, (char)c);
		return;
	case '\r':
		buf_add(out, SPAN("&#13;"));
		return;
	default:
		break;
	}
	/* Controls, and the characters that Unicode says are none. */
	if (c == UTF8_BAD || c < ' ' || (c >= 0x7f && c <= 0x9f) ||
	    (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))
		buf_add(out, REPLACEMENT);
	else
		buf_add(out, span_head(from, from.len - text->len));
}

static void put_escaped(struct buf *out, struct span text)
{
	while (text.len > 0) {
		size_t plain = 0;

		while (plain < text.len && is_plain(text.ptr[plain]))
			plain++;
		buf_add(out, span_head(text, plain));
		text = span_skip(text, plain);
		if (text.len > 0)
			put_special(out, &text);
	}
}

void html_text(struct buf *out, struct span text)
{
	put_escaped(out, text);
}

void html_attr(struct buf *out, struct span text)
{
	put_escaped(out, text);
}

static void put_escape(struct buf *out, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t byte = (uint8_t)c;

	buf_char(out, '%');
	buf_char(out, digits[byte >> 4]);
	buf_char(out, digits[byte & 15]);
}

void url_arg(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (ascii_is_letter(c) || ascii_is_digit(c) || c == '-' ||
		    c == '.' || c == '_' || c == '~') {
			buf_char(out, c);
		} else if (c == ' ') {
			buf_char(out, '+');
		} else {
			put_escape(out, c);
		}
	}
}

static void put_path(struct buf *out, struct span text, const char *kept)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (ascii_is_letter(c) || ascii_is_digit(c) ||
		    (c != '\0' && strchr(kept, c) != NULL))
			buf_char(out, c);
		else
			put_escape(out, c);
	}
}

void url_segment(struct buf *out, struct span text)
{
	put_path(out, text, "-._~!$()*+,:=@");
}

void url_path(struct buf *out, struct span text)
{
	put_path(out, text, "-._~!$()*+,:=@/");
}

/* A script must never be a link, whatever a registry holds. */
static bool may_be_link(struct span url)
{
	static const struct span schemes[] = {
	    SPAN_INIT("https:"),
	    SPAN_INIT("http:"),
	    SPAN_INIT("mailto:"),
	    SPAN_INIT("ftp:"),
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (span_eq_fold(span_head(url, schemes[i].len), schemes[i]))
			return true;
	return false;
}

/*
 * What may not stand in a URL is escaped, all else left: an escape that is
 * there already stays one.
 */
static void put_url(struct buf *out, struct span url)
{
	while (url.len > 0) {
		size_t good = 0;

		while (good < url.len && (uint8_t)url.ptr[good] > ' ' &&
		       (uint8_t)url.ptr[good] < 0x7f &&
		       strchr("\"<>\\^`{|}", url.ptr[good]) == NULL)
			good++;
		html_attr(out, span_head(url, good));
		url = span_skip(url, good);
		if (url.len == 0)
			break;
		put_escape(out, url.ptr[0]);
		url = span_skip(url, 1);
	}
}

static void put_uri(struct buf *out, struct span uri)
{
	bool link = may_be_link(uri);

	if (link) {
		buf_add(out, SPAN("<a href=\""));
		put_url(out, uri);
		buf_add(out, SPAN("\">"));
	}
	html_text(out, uri);
	if (link)
		buf_add(out, SPAN("</a>"));
}

void html_uris(struct buf *out, struct span uris)
{
	bool first = true;

	while (uris.len > 0) {
		if (!first)
			buf_add(out, SPAN("<br>"));
		put_uri(out, span_cut(&uris, RICH_BR));
		first = false;
	}
}

static bool has_anchor(const struct anchors *anchors, struct span id)
{
	size_t from = 0, to = anchors->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = span_cmp(anchors->ids[middle], id);

		if (order == 0)
			return true;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

static bool leads_somewhere(
    const struct xref *x, struct span url, const struct anchors *anchors)
{
	if (x->type == XREF_PERSON && anchors->person_pages)
		return x->data.len > 0;
	if (x->type == XREF_PERSON || x->type == XREF_NOTE)
		return has_anchor(anchors, span_skip(url, 1));
	return may_be_link(url);
}

/* The page of a person. */
static void put_person(
    struct buf *out, struct span id, const struct anchors *anchors)
{
	buf_str(out, "/person/");
	url_segment(out, id);
	if (anchors->as_of.len > 0) {
		buf_str(out, "?as-of=");
		url_arg(out, anchors->as_of);
	}
}

static void put_xref(
    struct buf *out, const struct xref *x, const struct anchors *anchors)
{
	char storage[512];
	struct buf url, label;
	bool link;

	buf_init_fixed(&url, storage, sizeof(storage));
	buf_init(&label);
	xref_url(&url, x);
	xref_label(&label, x);
	link = !buf_failed(&url) && leads_somewhere(x, buf_span(&url), anchors);
	buf_char(out, '[');
	if (link) {
		buf_add(out, SPAN("<a href=\""));
		if (x->type == XREF_PERSON && anchors->person_pages)
			put_person(out, x->data, anchors);
		else
			put_url(out, buf_span(&url));
		buf_add(out, SPAN("\">"));
	}
	html_text(out, buf_span(&label));
	if (link)
		buf_add(out, SPAN("</a>"));
	buf_char(out, ']');
	out->failed = out->failed || buf_failed(&label);
	buf_release(&label);
}

void html_rich(struct buf *out, struct span rich, const struct anchors *anchors)
{
	struct rich_token token;
	bool paragraph = false;

	while (rich_next(&rich, &token)) {
		switch (token.kind) {
		case RICH_IS_TEXT:
			html_text(out, token.text);
			break;
		case RICH_IS_BR:
			buf_add(out, SPAN("<br>"));
			break;
		case RICH_IS_PARAGRAPH:
			if (paragraph)
				buf_add(out, SPAN("</p>"));
			buf_add(out, SPAN("<p>"));
			paragraph = true;
			break;
		case RICH_IS_PARAGRAPH_END:
			if (paragraph)
				buf_add(out, SPAN("</p>"));
			paragraph = false;
			break;
		case RICH_IS_ARTWORK:
		case RICH_IS_ARTWORK_END:
			break;
		case RICH_IS_XREF:
			put_xref(out, &token.xref, anchors);
			break;
		}
	}
	if (paragraph)
		buf_add(out, SPAN("</p>"));
}

/* "?name=" or "&amp;name="; *sep is what the next one begins with. */
static void put_name(struct buf *out, char *sep, struct span name)
{
	buf_str(out, *sep == '?' ? "?" : "&amp;");
	*sep = '&';
	html_attr(out, name);
	buf_char(out, '=');
}

static void put_order(struct buf *out, const struct link *link, char *sep)
{
	for (size_t i = 0; i < link->order_count; i++) {
		const struct search_order *o = &link->order[i];

		if (link->official)
			put_name(out, sep, SPAN("skey"));
		else if (i == 0)
			put_name(out, sep, SPAN("sort"));
		else
			buf_char(out, ',');
		if (o->falling)
			buf_char(out, '-');
		if (link->official)
			buf_u64(out, (uint64_t)o->column + 1);
		else
			url_arg(out, column_key(o->column));
	}
}

static void put_value(
    struct buf *out, char *sep, struct span name, struct span value)
{
	if (value.len == 0)
		return;
	put_name(out, sep, name);
	url_arg(out, value);
}

void html_link(struct buf *out, const struct link *link)
{
	char sep = '?';

	if (link->path.len > 0)
		html_attr(out, link->path);
	put_value(out, &sep, SPAN("search"), link->search);
	if (link->filter.len > 0)
		put_value(out, &sep, link->filter, link->value);
	put_value(out, &sep, SPAN("protocol"), link->protocol);
	put_value(out, &sep, SPAN("state"), link->state);
	put_value(out, &sep, SPAN("class"), link->class);
	put_order(out, link, &sep);
	if (link->upkeep)
		put_value(out, &sep, SPAN("upkeep"), SPAN("1"));
	if (link->page > 1) {
		put_name(out, &sep, SPAN("page"));
		buf_u64(out, link->page);
	}
	put_value(out, &sep, SPAN("as-of"), link->as_of);
	if (sep == '?' && link->path.len == 0)
		buf_char(out, '?');
}
