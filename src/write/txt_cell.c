/* SPDX-License-Identifier: ISC */
#include "write/txt_cell.h"

#include "base/ascii.h"
#include "base/unicode.h"
#include "terms/rich.h"
#include "base/banned.h"

void txt_raw(struct buf *raw, struct span rich)
{
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		switch (token.kind) {
		case RICH_IS_TEXT:
			buf_add(raw, token.text);
			break;
		case RICH_IS_BR:
			buf_char(raw, RICH_BR);
			break;
		case RICH_IS_XREF:
			buf_char(raw, '[');
			xref_label(raw, &token.xref);
			buf_char(raw, ']');
			break;
		default:
			buf_char(raw, RICH_PARAGRAPH);
			break;
		}
	}
}

size_t txt_width(struct span text, bool bytes)
{
	size_t ascii = 0;

	if (bytes)
		return text.len;
	while (ascii < text.len && (unsigned char)text.ptr[ascii] < 0x80)
		ascii++;
	return ascii + unicode_text_width(span_skip(text, ascii));
}

/* Asked of every character: most are beyond the blank. */
static inline bool parts_words(char c)
{
	return (unsigned char)c <= ' ' &&
	       (ascii_is_space(c) || c == RICH_BR || c == RICH_PARAGRAPH);
}

struct word {
	struct span text;
	size_t width;
	size_t breaks; /* newlines that belong before it */
};

/* Takes a word off raw text; false at its end. */
static bool next_word(struct span *raw, bool bytes, struct word *ret)
{
	size_t at = 0, end, breaks = 0;
	unsigned char all = 0;

	while (at < raw->len && parts_words(raw->ptr[at])) {
		if (raw->ptr[at] == RICH_BR)
			breaks++;
		else if (raw->ptr[at] == RICH_PARAGRAPH && breaks < 2)
			breaks = 2;
		at++;
	}
	for (end = at; end < raw->len && !parts_words(raw->ptr[end]); end++)
		all |= (unsigned char)raw->ptr[end];
	if (end == at)
		return false;
	ret->text = (struct span){raw->ptr + at, end - at};
	ret->width = all < 0x80 ? end - at : txt_width(ret->text, bytes);
	ret->breaks = breaks;
	*raw = (struct span){raw->ptr + end, raw->len - end};
	return true;
}

void txt_extend(struct txt_extent *extent, struct span raw, bool bytes)
{
	struct word word;
	size_t line = 0;

	/* No character takes more columns than bytes. */
	if (raw.len <= extent->word)
		return;
	while (next_word(&raw, bytes, &word)) {
		if (line > 0 && word.breaks == 0)
			line += 1 + word.width;
		else
			line = word.width;
		if (word.width > extent->word)
			extent->word = word.width;
		if (line > extent->line)
			extent->line = line;
	}
}

size_t txt_wrap(struct buf *b, struct span raw, size_t width, bool bytes)
{
	size_t lines = 0, line = 0;
	struct word word;

	while (next_word(&raw, bytes, &word)) {
		if (lines == 0) {
			lines = 1;
		} else if (word.breaks > 0 || line + 1 + word.width > width) {
			size_t breaks = word.breaks > 0 ? word.breaks : 1;

			buf_fill(b, '\n', breaks);
			lines += breaks;
			line = 0;
		} else {
			buf_char(b, ' ');
			line++;
		}
		buf_add(b, word.text);
		line += word.width;
	}
	return lines;
}

/* A line without its newline; tabs are every eight columns. */
static void put_line(struct buf *b, struct span line, size_t indent)
{
	size_t column = 0;

	while (line.len > 0 && ascii_is_space(line.ptr[line.len - 1]))
		line.len--;
	if (line.len > 0)
		buf_fill(b, ' ', indent);
	while (line.len > 0) {
		size_t tab = span_find_char(line, 0, '\t');
		struct span part = span_head(line, tab);

		buf_add(b, part);
		column += txt_width(part, false);
		if (tab < line.len) {
			buf_fill(b, ' ', 8 - column % 8);
			column += 8 - column % 8;
		}
		line = span_skip(line, tab + 1);
	}
	buf_char(b, '\n');
}

void txt_preformatted(
    struct buf *b, struct span rich, size_t first, size_t indent)
{
	struct span rest;
	struct buf raw;

	buf_init(&raw);
	txt_raw(&raw, rich);
	for (size_t i = 0; i < raw.len; i++)
		if (raw.ptr[i] == RICH_BR || raw.ptr[i] == RICH_PARAGRAPH)
			raw.ptr[i] = '\n';
	rest = buf_span(&raw);
	if (span_starts(rest, SPAN("\n")))
		rest = span_skip(rest, 1);
	do {
		put_line(b, span_cut(&rest, '\n'), first);
		first = indent;
	} while (rest.len > 0);
	if (buf_failed(&raw))
		b->failed = true;
	buf_release(&raw);
}
