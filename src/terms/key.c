/* SPDX-License-Identifier: ISC */
#include "terms/key.h"

#include "base/ascii.h"
#include "base/banned.h"

static void part(struct buf *b, struct span text)
{
	if (text.len == 0)
		buf_char(b, '-');
	else
		buf_add(b, text);
}

void key_format(struct buf *b, const struct record_key *key)
{
	part(b, key->number);
	buf_char(b, '/');
	part(b, key->protocol);
	buf_char(b, '/');
	part(b, key->name);
	if (key->ordinal > 1) {
		buf_char(b, '~');
		buf_u64(b, key->ordinal);
	}
}

static struct span unpart(struct span text)
{
	return span_eq(text, SPAN("-")) ? SPAN("") : text;
}

bool key_parse(struct span text, struct record_key *ret)
{
	size_t first = span_find_char(text, 0, '/');
	size_t second = span_find_char(text, first + 1, '/');
	size_t tilde = text.len;
	uint64_t ordinal = 1;

	if (first >= text.len || second >= text.len)
		return false;
	for (size_t i = text.len; i > second + 1; i--) {
		if (text.ptr[i - 1] == '~') {
			tilde = i - 1;
			break;
		}
	}
	if (tilde < text.len &&
	    (!ascii_u64(span_skip(text, tilde + 1), UINT32_MAX, &ordinal) ||
		ordinal < 2)) {
		tilde = text.len;
		ordinal = 1;
	}
	ret->number = unpart(span_head(text, first));
	ret->protocol = unpart(span_skip(span_head(text, second), first + 1));
	ret->name = unpart(span_skip(span_head(text, tilde), second + 1));
	ret->ordinal = (uint32_t)ordinal;
	return true;
}
