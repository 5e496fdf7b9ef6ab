/* SPDX-License-Identifier: ISC */
/*
 * What somebody searches for, folded and cut into terms.
 *
 *	query = *space [term *(1*space term)] *space
 */
#include "search/search.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "base/banned.h"

static int end_term(struct search_query *q, size_t start, size_t end,
    struct portbook_error *err)
{
	if (start == end)
		return 0;
	if (q->term_count == SEARCH_TERM_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a search takes at most %d terms", SEARCH_TERM_MAX);
	q->terms[q->term_count].off = (uint32_t)start;
	q->terms[q->term_count].len = (uint32_t)(end - start);
	q->term_count++;
	return 0;
}

/* Appends a character to the text at out; false for white space. */
static bool add_folded(struct search_query *q, struct span *text, size_t *out)
{
	struct buf b;
	uint32_t c = utf8_next(text);

	if (c == UTF8_BAD) {
		q->hopeless = true;
		c = 0xfffd; /* it counts as part of a term all the same */
	} else if (utf8_is_space(c)) {
		return false;
	}
	buf_init_fixed(&b, q->folded + *out, sizeof(q->folded) - *out);
	utf8_put(&b, unicode_fold(c));
	*out += b.len;
	return true;
}

int search_parse(
    struct span text, struct search_query *ret, struct portbook_error *err)
{
	size_t out = 0, start = 0;
	int code;

	ret->term_count = 0;
	ret->hopeless = false;
	if (text.len > SEARCH_QUERY_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a search of %zu bytes: at most %d are taken", text.len,
		    SEARCH_QUERY_MAX);
	while (text.len > 0) {
		char c = text.ptr[0];

		if ((uint8_t)c < 0x80 && !ascii_is_space(c)) {
			ret->folded[out++] = ascii_lower(c);
			if (c == '\0')
				ret->hopeless = true;
			text = span_skip(text, 1);
			continue;
		}
		if ((uint8_t)c < 0x80)
			text = span_skip(text, 1);
		else if (add_folded(ret, &text, &out))
			continue;
		code = end_term(ret, start, out, err);
		if (code < 0)
			return code;
		start = out;
	}
	return end_term(ret, start, out, err);
}
