/* SPDX-License-Identifier: ISC */
/*
 *	address = local ( "@" / "&" ) label 1*( "." label )
 *	local   = 1*( letter / digit / "." / "_" / "+" / "-" / "%" )
 *	label   = 1*( letter / digit / "-" )
 */
#include "web/hide_text.h"

#include "base/ascii.h"
#include "terms/rich.h"
#include "base/banned.h"

static bool is_label(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) || c == '-';
}

static bool is_local(char c)
{
	return is_label(c) || c == '.' || c == '_' || c == '+' || c == '%';
}

/* Bytes of a domain with a dot in it at the start of text, or 0. */
static size_t domain_len(struct span text)
{
	size_t len = 0, good = 0;

	while (len < text.len && is_label(text.ptr[len])) {
		while (len < text.len && is_label(text.ptr[len]))
			len++;
		if (span_find_char(span_head(text, len), 0, '.') < len)
			good = len;
		/* A dot that ends a sentence is none of the address. */
		if (len + 1 >= text.len || text.ptr[len] != '.')
			break;
		len++;
	}
	return good;
}

/* Something to be hidden: where it is, and what stands in its place. */
struct found {
	size_t start, end;
	const char *shown;
};

/* An address whose "@" or "&" is at i; nothing before done is of it. */
static bool find_address(
    struct span text, size_t i, size_t done, struct found *ret)
{
	size_t start = i, len;

	if (text.ptr[i] != '@' && text.ptr[i] != '&')
		return false;
	while (start > done && is_local(text.ptr[start - 1]))
		start--;
	len = start < i ? domain_len(span_skip(text, i + 1)) : 0;
	*ret = (struct found){start, i + 1 + len, HIDDEN_ADDRESS};
	return len > 0;
}

/* A name whose first word begins at i. */
static bool find_name(struct span text, size_t i,
    const struct hide_names *names, struct found *ret)
{
	size_t len = 0;

	if (names != NULL && (i == 0 || !hide_names_word(text.ptr[i - 1])))
		len = hide_names_len(names, span_skip(text, i));
	*ret = (struct found){i, i + len, HIDDEN_NAME};
	return len > 0;
}

static bool hide_plain(
    struct buf *out, struct span text, const struct hide_names *names)
{
	struct found found;
	size_t done = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!find_address(text, i, done, &found) &&
		    !find_name(text, i, names, &found))
			continue;
		buf_add(out, span_of(text.ptr + done, found.start - done));
		buf_str(out, found.shown);
		done = found.end;
		i = done - 1;
	}
	buf_add(out, span_skip(text, done));
	return done > 0;
}

static bool is_personal(const struct xref *x)
{
	return x->type == XREF_PERSON ||
	       (x->type == XREF_URI &&
		   span_eq_fold(span_head(x->data, 7), SPAN("mailto:")));
}

static bool hide_xref(
    struct buf *out, const struct xref *x, const struct hide_names *names)
{
	struct xref shown = *x;
	struct buf body, data;
	bool any;

	if (is_personal(x))
		return true;
	buf_init(&body);
	buf_init(&data);
	any = hide_plain(&body, x->body, names);
	/* The text of an xref may be in its data; a link is none. */
	if (x->type == XREF_TEXT || x->type == XREF_OTHER)
		any |= hide_plain(&data, x->data, names);
	else
		buf_add(&data, x->data);
	shown.body = buf_span(&body);
	shown.data = buf_span(&data);
	xref_put(out, &shown);
	out->failed |= buf_failed(&body) || buf_failed(&data);
	buf_release(&body);
	buf_release(&data);
	return any;
}

bool hide_rich(
    struct buf *out, struct span rich, const struct hide_names *names)
{
	static const char marks[] = {
	    [RICH_IS_BR] = RICH_BR,
	    [RICH_IS_PARAGRAPH] = RICH_PARAGRAPH,
	    [RICH_IS_PARAGRAPH_END] = RICH_PARAGRAPH_END,
	    [RICH_IS_ARTWORK] = RICH_ARTWORK,
	    [RICH_IS_ARTWORK_END] = RICH_ARTWORK_END,
	};
	struct rich_token token;
	bool any = false;

	while (rich_next(&rich, &token)) {
		if (token.kind == RICH_IS_TEXT)
			any |= hide_plain(out, token.text, names);
		else if (token.kind == RICH_IS_XREF)
			any |= hide_xref(out, &token.xref, names);
		else
			buf_char(out, marks[token.kind]);
	}
	return any;
}
