/* SPDX-License-Identifier: ISC */
#include "terms/layout.h"

#include "base/le.h"
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

/*
 * Where the layout goes: to a buffer, or along a source for as long as that
 * is the same.  Behind a difference there is nothing left to compare with.
 */
struct sink {
	struct buf *into; /* or NULL to compare */
	const char *at;	  /* what is left of the source */
	const char *end;
	bool differs;
};

static inline void put(struct sink *s, struct span text)
{
	if (s->into != NULL) {
		buf_add(s->into, text);
	} else if (text.len <= (size_t)(s->end - s->at) &&
		   memcmp(s->at, text.ptr, text.len) == 0) {
		s->at += text.len;
	} else {
		s->at = s->end;
		s->differs = true;
	}
}

static size_t plain_len(struct span text)
{
	size_t len = 0;

	while (len < text.len && !special[(unsigned char)text.ptr[len]])
		len++;
	return len;
}

/*
 * Whether a byte of v is special, or looks so: < and > differ in one bit, so
 * do " and &, and all below a blank may be a mark.
 */
static inline bool any_special(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t angle = (v & ~(2 * ones)) ^ '<' * ones;
	uint64_t quote = (v & ~(4 * ones)) ^ '"' * ones;
	uint64_t found = ((angle - ones) & ~angle) | ((quote - ones) & ~quote) |
			 ((v - ' ' * ones) & ~v);

	return (found & 0x80 * ones) != 0;
}

/* Whether text stands for itself; false also for some that do. */
static inline bool is_plain(struct span text)
{
	const char *p = text.ptr;
	size_t len = text.len;

	if (len < 4)
		return plain_len(text) == len;
	if (len < 8)
		return !any_special(
		    (uint64_t)le_u32(p) << 32 | le_u32(p + len - 4));
	for (; len > 8; p += 8, len -= 8)
		if (any_special(le_u64(p)))
			return false;
	return !any_special(le_u64(p + len - 8));
}

/* A text that was taken from the source, uncopied, need not be compared. */
static inline void put_plain(struct sink *s, struct span text)
{
	if (text.ptr == s->at && text.len <= (size_t)(s->end - s->at))
		s->at += text.len;
	else
		put(s, text);
}

static void escape_slowly(struct sink *s, struct span text, bool quote)
{
	while (text.len > 0) {
		size_t len = plain_len(text);

		put(s, span_head(text, len));
		if (len == text.len)
			return;
		switch (text.ptr[len]) {
		case '&':
			put(s, SPAN("&amp;"));
			break;
		case '<':
			put(s, SPAN("&lt;"));
			break;
		case '>':
			put(s, SPAN("&gt;"));
			break;
		case '"':
			put(s, quote ? SPAN("&quot;") : SPAN("\""));
			break;
		default:
			put(s, (struct span){text.ptr + len, 1});
			break;
		}
		text = span_skip(text, len + 1);
	}
}

static inline void escape(struct sink *s, struct span text, bool quote)
{
	if (is_plain(text))
		put_plain(s, text);
	else
		escape_slowly(s, text, quote);
}

static inline void attribute(
    struct sink *s, struct span begin, struct span value)
{
	put(s, begin);
	escape(s, value, true);
	put(s, SPAN("\""));
}

static void xref(struct sink *s, const struct xref *x)
{
	struct span rest = x->attributes, name, value;

	attribute(s, SPAN("<xref type=\""), xref_type_name(x->type));
	if (x->data.len > 0)
		attribute(s, SPAN(" data=\""), x->data);
	while (xref_next_attribute(&rest, &name, &value)) {
		put(s, SPAN(" "));
		put(s, name);
		attribute(s, SPAN("=\""), value);
	}
	if (x->body.len == 0) {
		put(s, SPAN("/>"));
		return;
	}
	put(s, SPAN(">"));
	escape(s, x->body, false);
	put(s, SPAN("</xref>"));
}

static void rich_slowly(struct sink *s, struct span rich)
{
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		switch (token.kind) {
		case RICH_IS_TEXT:
			escape(s, token.text, false);
			break;
		case RICH_IS_BR:
			put(s, SPAN("<br/>"));
			break;
		case RICH_IS_PARAGRAPH:
			put(s, SPAN("<paragraph>"));
			break;
		case RICH_IS_PARAGRAPH_END:
			put(s, SPAN("</paragraph>"));
			break;
		case RICH_IS_ARTWORK:
			put(s, SPAN("<artwork>"));
			break;
		case RICH_IS_ARTWORK_END:
			put(s, SPAN("</artwork>"));
			break;
		case RICH_IS_XREF:
			xref(s, &token.xref);
			break;
		}
	}
}

/* Most texts are nothing but text. */
static inline void put_rich(struct sink *s, struct span rich)
{
	if (is_plain(rich))
		put_plain(s, rich);
	else
		rich_slowly(s, rich);
}

/* What stands behind the name of a tag; whether an end tag must follow. */
static bool content(struct sink *s, struct span rich)
{
	if (rich.len == 0) {
		put(s, SPAN("/>"));
		return false;
	}
	put(s, SPAN(">"));
	put_rich(s, rich);
	return true;
}

/* The name is a literal: its comparison is a few instructions. */
#define ELEMENT(s, indent, name, rich)                                         \
	do {                                                                   \
		put(s, SPAN(indent "<" name));                                 \
		if (content(s, rich))                                          \
			put(s, SPAN("</" name ">"));                           \
	} while (0)

static void next_xref(struct sink *s, struct span *rest)
{
	struct rich_token token;

	put(s, SPAN("\n    "));
	if (rich_next(rest, &token) && token.kind == RICH_IS_XREF)
		xref(s, &token.xref);
}

static void assignee(struct sink *s, struct span rich, bool apart)
{
	put(s, SPAN("\n    <assignee>"));
	if (apart)
		put(s, SPAN("\n      "));
	put_rich(s, rich);
	if (apart)
		put(s, SPAN("\n    "));
	put(s, SPAN("</assignee>"));
}

static void put_record(struct sink *s, const struct record_text *record)
{
	const struct span *at = record->at;
	struct span contacts = at[FIELD_CONTACT];
	struct span references = at[FIELD_REFERENCE];

	put(s, SPAN("<record"));
	if (at[FIELD_DATE].len > 0)
		attribute(s, SPAN(" date=\""), at[FIELD_DATE]);
	if (at[FIELD_UPDATED].len > 0)
		attribute(s, SPAN(" updated=\""), at[FIELD_UPDATED]);
	put(s, SPAN(">"));
	for (size_t i = 0; i < at[FIELD_FORM].len; i++) {
		switch (at[FIELD_FORM].ptr[i]) {
		case 'n':
			ELEMENT(s, "\n    ", "name", at[FIELD_NAME]);
			break;
		case 'p':
			ELEMENT(s, "\n    ", "protocol", at[FIELD_PROTOCOL]);
			break;
		case 'd':
			ELEMENT(
			    s, "\n    ", "description", at[FIELD_DESCRIPTION]);
			break;
		case 'm':
			ELEMENT(s, "\n    ", "number", at[FIELD_NUMBER]);
			break;
		case 't':
			ELEMENT(s, "\n    ", "note", at[FIELD_NOTE]);
			break;
		case 'u':
			ELEMENT(s, "\n    ", "unauthorized",
			    at[FIELD_UNAUTHORIZED]);
			break;
		case 's':
			ELEMENT(s, "\n    ", "sc", at[FIELD_SERVICE_CODE]);
			break;
		case 'a':
			assignee(s, at[FIELD_ASSIGNEE], false);
			break;
		case 'A':
			assignee(s, at[FIELD_ASSIGNEE], true);
			break;
		case 'c':
			next_xref(s, &contacts);
			break;
		case 'r':
			next_xref(s, &references);
			break;
		default:
			put(s, SPAN("\n    "));
			break;
		}
	}
	put(s, SPAN("\n  </record>"));
}

static void put_person(struct sink *s, const struct person_text *person)
{
	const struct span *at = person->at;
	struct span uris = at[PERSON_URIS];

	attribute(s, SPAN("<person id=\""), at[PERSON_ID]);
	put(s, SPAN(">"));
	for (size_t i = 0; i < at[PERSON_FORM].len; i++) {
		switch (at[PERSON_FORM].ptr[i]) {
		case 'n':
			ELEMENT(s, "\n      ", "name", at[PERSON_NAME]);
			break;
		case 'o':
			ELEMENT(s, "\n      ", "org", at[PERSON_ORG]);
			break;
		case 'u':
			ELEMENT(s, "\n      ", "uri", span_cut(&uris, RICH_BR));
			break;
		case 'd':
			ELEMENT(s, "\n      ", "updated", at[PERSON_UPDATED]);
			break;
		default:
			put(s, SPAN("\n      "));
			break;
		}
	}
	put(s, SPAN("\n    </person>"));
}

static struct sink sink_to(struct buf *b)
{
	return (struct sink){.into = b, .at = "", .end = ""};
}

static struct sink sink_along(struct span source)
{
	return (struct sink){.at = source.ptr, .end = source.ptr + source.len};
}

static bool is_same(const struct sink *s)
{
	return !s->differs && s->at == s->end;
}

void layout_text(struct buf *b, struct span text)
{
	struct sink s = sink_to(b);

	escape(&s, text, false);
}

void layout_rich(struct buf *b, struct span rich)
{
	struct sink s = sink_to(b);

	put_rich(&s, rich);
}

void layout_record(struct buf *b, const struct record_text *record)
{
	struct sink s = sink_to(b);

	put_record(&s, record);
}

void layout_person(struct buf *b, const struct person_text *person)
{
	struct sink s = sink_to(b);

	put_person(&s, person);
}

bool layout_is_record(struct span source, const struct record_text *record)
{
	struct sink s = sink_along(source);

	put_record(&s, record);
	return is_same(&s);
}

bool layout_is_person(struct span source, const struct person_text *person)
{
	struct sink s = sink_along(source);

	put_person(&s, person);
	return is_same(&s);
}
