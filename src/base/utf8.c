/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

#include "base/ascii.h"
#include "base/banned.h"

uint32_t utf8_next(struct span *s)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *p = (const uint8_t *)s->ptr;
	size_t len = s->len;
	uint32_t c = p[0];
	size_t need;

	if (c < 0x80) {
		*s = span_skip(*s, 1);
		return c;
	}
	need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc2 || c > 0xf4 || need > len)
		goto bad;
	c &= 0xffU >> (need + 1);
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			goto bad;
		c = c << 6 | (p[i] & 0x3fU);
	}
	if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		goto bad;
	*s = span_skip(*s, need);
	return c;
bad:
	*s = span_skip(*s, 1);
	return UTF8_BAD;
}

void utf8_put(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_char(b, (char)c);
	} else if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
		buf_char(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_char(b, (char)(0xe0 | c >> 12));
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_char(b, (char)(0xf0 | c >> 18));
		buf_char(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(b, (char)(0x80 | (c & 0x3f)));
	}
}

size_t utf8_check(struct span s)
{
	struct span rest = s;

	while (rest.len > 0) {
		size_t at = s.len - rest.len;

		if (utf8_next(&rest) == UTF8_BAD)
			return at;
	}
	return s.len;
}

bool utf8_is_space(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_space((char)c);
	return c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202f || c == 0x205f || c == 0x3000;
}
