/* SPDX-License-Identifier: ISC */
#include "web/svg.h"

#include "base/banned.h"

void svg_number(struct buf *out, int hundredths)
{
	unsigned n = (unsigned)(hundredths < 0 ? -hundredths : hundredths);

	if (hundredths < 0)
		buf_char(out, '-');
	if (n >= 100 || n == 0)
		buf_u64(out, n / 100);
	n %= 100;
	if (n == 0)
		return;
	buf_char(out, '.');
	buf_char(out, (char)('0' + n / 10));
	if (n % 10 != 0)
		buf_char(out, (char)('0' + n % 10));
}

void svg_length(struct buf *out, const char *name, int hundredths)
{
	buf_char(out, ' ');
	buf_str(out, name);
	buf_str(out, "=\"");
	svg_number(out, hundredths);
	buf_char(out, '"');
}

/* A letter and a whole number behind it. */
static void put(struct buf *out, char letter, int n)
{
	buf_char(out, letter);
	if (n < 0)
		buf_char(out, '-');
	buf_u64(out, (uint64_t)(n < 0 ? -n : n));
}

/* Steps are told from where the last one began, as it is closed there. */
void svg_rect(struct svg_path *path, int x, int y, int w, int h)
{
	struct buf *out = path->out;
	int down = y - path->y;

	put(out, 'm', x - path->x);
	put(out, down < 0 ? '-' : ' ', down < 0 ? -down : down);
	put(out, 'h', w);
	put(out, 'v', h);
	put(out, 'h', -w);
	buf_char(out, 'z');
	path->x = x;
	path->y = y;
}

/* The lowest run of bits, which are not all zero. */
static unsigned low_run(unsigned bits, int *first, int *len)
{
	int at = 0, end;

	while ((bits >> at & 1) == 0)
		at++;
	for (end = at; (bits >> end & 1) != 0; end++)
		;
	*first = at;
	*len = end - at;
	return ((1U << *len) - 1) << at;
}

void svg_squares(
    struct svg_path *path, const uint16_t rows[SVG_SIDE], int x, int y)
{
	uint16_t left[SVG_SIDE];

	memcpy(left, rows, sizeof(left));
	for (int line = 0; line < SVG_SIDE; line++) {
		while (left[line] != 0) {
			int first, len, end = line;
			unsigned run = low_run(left[line], &first, &len);

			while (end < SVG_SIDE && (left[end] & run) == run)
				left[end++] &= (uint16_t)~run;
			svg_rect(path, x + first, y + line, len, end - line);
		}
	}
}
