/* SPDX-License-Identifier: ISC */
#include "write/record.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "terms/rich.h"
#include "base/banned.h"

/* Nothing for rich_plain to do: no marks, no lines, no blanks at the ends. */
static bool is_plain(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.ptr[i] < 0x20)
			return false;
	return text.len == 0 ||
	       (text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' ');
}

void record_plain(struct buf *b, const struct image *image,
    const struct image_row *row, enum record_field field)
{
	struct span text = image_text(image, row->text[field]);

	if (is_plain(text))
		buf_add(b, text);
	else
		rich_plain(b, text);
}

void record_labels(struct buf *b, const struct image *image,
    const struct image_row *row, enum record_field field, struct span sep)
{
	struct span rest = image_text(image, row->text[field]);
	struct rich_token token;
	bool any = false;

	while (rich_next(&rest, &token)) {
		if (token.kind != RICH_IS_XREF)
			continue;
		if (any)
			buf_add(b, sep);
		xref_label(b, &token.xref);
		any = true;
	}
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == UTF8_BAD;
}

/* Unicode's property Bidi_Control. */
static bool is_turning(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void put_clean(
    struct buf *b, struct span text, struct span newline, bool terminal)
{
	bool on_one_line = span_find_char(newline, 0, '\n') == newline.len;

	while (text.len > 0) {
		struct span from;
		size_t len = 0;
		uint32_t c;

		while (len < text.len && (uint8_t)text.ptr[len] >= 0x20 &&
		       (uint8_t)text.ptr[len] < 0x7f)
			len++;
		buf_add(b, span_head(text, len));
		text = span_skip(text, len);
		if (text.len == 0)
			return;
		from = text;
		c = utf8_next(&text);
		if (c == '\n') {
			/* On one line several are no more than one. */
			while (
			    on_one_line && text.len > 0 && text.ptr[0] == '\n')
				text = span_skip(text, 1);
			buf_add(b, newline);
		} else if (is_control(c) || (terminal && is_turning(c))) {
			utf8_put(b, 0xfffd);
		} else {
			buf_add(b, span_head(from, from.len - text.len));
		}
	}
}

void record_lines(struct buf *b, struct span text, struct span newline)
{
	put_clean(b, text, newline, false);
}

void record_clean(struct buf *b, struct span text, struct span newline)
{
	put_clean(b, text, newline, true);
}
