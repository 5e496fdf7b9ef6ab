/* SPDX-License-Identifier: ISC */
#include "base/unicode.h"

#include "base/ascii.h"
#include "base/unicode_tables.h"
#include "base/utf8.h"
#include "base/banned.h"

uint32_t unicode_fold(uint32_t c)
{
	size_t low = 0, high = unicode_fold_count;

	if (c < 0x80)
		return (uint8_t)ascii_lower((char)c);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (unicode_folds[mid].from < c)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < unicode_fold_count && unicode_folds[low].from == c)
		return unicode_folds[low].to;
	return c;
}

int unicode_width(uint32_t c)
{
	size_t low = 0, high = unicode_width_count;

	if (c < 0x7f)
		return c >= 0x20;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (unicode_widths[mid].last < c)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < unicode_width_count && unicode_widths[low].first <= c)
		return unicode_widths[low].width;
	return 1;
}

void unicode_fold_text(struct buf *b, struct span text)
{
	while (text.len > 0) {
		char first = text.ptr[0];
		uint32_t c = utf8_next(&text);

		if (c == UTF8_BAD)
			buf_char(b, first);
		else
			utf8_put(b, unicode_fold(c));
	}
}

size_t unicode_text_width(struct span text)
{
	size_t width = 0;

	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		width += c == UTF8_BAD ? 1 : (size_t)unicode_width(c);
	}
	return width;
}
