/* SPDX-License-Identifier: ISC */
/*
 *	object = "{" [member {"," member}] "}"
 *	member = string ":" value
 *	array  = "[" [value {"," value}] "]"
 *	value  = string | number | object | array | "true" | "false" | "null"
 *
 * RFC 8259, with blanks between any two of these.
 */
#include "cli/annotate/json.h"

#include <stdint.h>

#include "base/ascii.h"
#include "base/banned.h"

struct reader {
	struct span text;
	size_t at;
	bool bad;
};

static char peek(const struct reader *r)
{
	return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->text.len) {
		char c = r->text.ptr[r->at];

		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return;
		r->at++;
	}
}

static bool take(struct reader *r, char c)
{
	if (r->at >= r->text.len || r->text.ptr[r->at] != c)
		return false;
	r->at++;
	return true;
}

static void read_escape(struct reader *r)
{
	char c = peek(r);

	r->at++;
	if (c == 'u') {
		for (unsigned i = 0; i < 4; i++, r->at++)
			if (ascii_hex(peek(r)) < 0)
				r->bad = true;
		return;
	}
	if (c == '\0' || memchr("\"\\/bfnrt", c, 8) == NULL)
		r->bad = true;
}

/* What stands between quotes. */
static struct span read_string(struct reader *r)
{
	size_t start = r->at + 1;

	if (!take(r, '"'))
		r->bad = true;
	while (!r->bad) {
		char c;

		if (r->at >= r->text.len) {
			r->bad = true;
			break;
		}
		c = r->text.ptr[r->at++];
		if (c == '"')
			return span_of(r->text.ptr + start, r->at - 1 - start);
		if (c == '\\')
			read_escape(r);
		else if ((uint8_t)c < ' ')
			r->bad = true;
	}
	return SPAN("");
}

static void read_digits(struct reader *r)
{
	if (!ascii_is_digit(peek(r)))
		r->bad = true;
	while (ascii_is_digit(peek(r)))
		r->at++;
}

static void read_number(struct reader *r)
{
	take(r, '-');
	if (!take(r, '0'))
		read_digits(r);
	if (take(r, '.'))
		read_digits(r);
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			take(r, '-');
		read_digits(r);
	}
}

static void read_word(struct reader *r, struct span word)
{
	if (span_starts(span_skip(r->text, r->at), word))
		r->at += word.len;
	else
		r->bad = true;
}

static void read_scalar(struct reader *r)
{
	switch (peek(r)) {
	case '"':
		(void)read_string(r);
		break;
	case 't':
		read_word(r, SPAN("true"));
		break;
	case 'f':
		read_word(r, SPAN("false"));
		break;
	case 'n':
		read_word(r, SPAN("null"));
		break;
	default:
		read_number(r);
		break;
	}
}

static void read_key(struct reader *r)
{
	skip_blanks(r);
	(void)read_string(r);
	skip_blanks(r);
	if (!take(r, ':'))
		r->bad = true;
}

/* Whether what is open, an object or an array, ends here. */
static bool closes(struct reader *r, bool object)
{
	skip_blanks(r);
	return take(r, object ? '}' : ']');
}

/*
 * A value with all that is in it.  open has a bit for each level: whether it
 * is an object.
 */
static void read_value(struct reader *r)
{
	uint64_t open[JSON_DEPTH_MAX / 64] = {0};
	unsigned depth = 0;

	do {
		bool object;
		char c;

		skip_blanks(r);
		c = peek(r);
		if (c == '{' || c == '[') {
			uint64_t bit = UINT64_C(1) << depth % 64;

			if (depth == JSON_DEPTH_MAX) {
				r->bad = true;
				return;
			}
			r->at++;
			open[depth / 64] &= ~bit;
			open[depth / 64] |= c == '{' ? bit : 0;
			depth++;
			if (!closes(r, c == '{')) {
				if (c == '{')
					read_key(r);
				continue;
			}
			depth--;
		} else {
			read_scalar(r);
		}
		/* Behind a value: the next one, or the end of what is open. */
		while (depth > 0 && !r->bad) {
			object = (open[(depth - 1) / 64] >> (depth - 1) % 64 &
				     1) != 0;
			if (closes(r, object)) {
				depth--;
				continue;
			}
			if (!take(r, ','))
				r->bad = true;
			else if (object)
				read_key(r);
			break;
		}
	} while (depth > 0 && !r->bad);
}

bool json_object_read(
    struct span line, json_member_fn *member, void *ctx, size_t *end)
{
	struct reader r = {line, 0, false};
	bool first = true;

	skip_blanks(&r);
	if (!take(&r, '{'))
		return false;
	while (!r.bad && !closes(&r, true)) {
		struct span key;
		size_t start;

		if (!first && !take(&r, ','))
			return false;
		first = false;
		skip_blanks(&r);
		key = read_string(&r);
		skip_blanks(&r);
		if (r.bad || !take(&r, ':'))
			return false;
		skip_blanks(&r);
		start = r.at;
		read_value(&r);
		if (!r.bad)
			member(
			    ctx, key, span_of(line.ptr + start, r.at - start));
	}
	*end = r.at - 1;
	skip_blanks(&r);
	return !r.bad && r.at == line.len;
}
