/* SPDX-License-Identifier: ISC */
/* Bars by year, with lines at round counts. */
#include "web/map.h"

#include "web/svg.h"
#include "base/banned.h"

#define LEFT 38 /* room for the labels */
#define TOP 8
#define HEIGHT 160
#define BOTTOM 16
#define BAR 14 /* and what lies between two */
#define PITCH 18
#define LINES 6 /* at most */
#define MANY 15 /* years; beyond, those that end with 0 or 5 are named */

/* 1, 2 or 5 with zeros, so that few lines reach the top. */
static uint64_t step_of(uint64_t most)
{
	static const unsigned factors[] = {2, 5, 10};
	uint64_t ten = 1;

	for (;;) {
		if (most / ten < LINES)
			return ten;
		for (size_t i = 0; i < 3; i++)
			if (most / (factors[i] * ten) < LINES)
				return factors[i] * ten;
		ten *= 10;
	}
}

static uint64_t most_of(const struct plot *plot)
{
	uint64_t most = 1;

	for (size_t i = 0; i < plot->count; i++)
		if (plot->bars[i].count > most)
			most = plot->bars[i].count;
	return most;
}

/* In hundredths; counts are those of rows, which 32 bits hold. */
static int height_of(uint64_t count, uint64_t top)
{
	return (int)(count * HEIGHT * 100 / top);
}

static void draw_line(struct buf *out, uint64_t at, uint64_t top, int width)
{
	int y = (TOP + HEIGHT) * 100 - height_of(at, top);

	buf_str(out, "<path fill=\"none\" stroke=\"#51605b\" "
		     "stroke-width=\".5\" d=\"M");
	svg_number(out, LEFT * 100);
	buf_char(out, ' ');
	svg_number(out, y);
	buf_char(out, 'h');
	svg_number(out, width * 100);
	buf_str(out, "\"/><text text-anchor=\"end\"");
	svg_length(out, "x", (LEFT - 3) * 100);
	svg_length(out, "y", y + 300);
	buf_char(out, '>');
	buf_count(out, at);
	buf_str(out, "</text>\n");
}

static void draw_bar(
    struct buf *out, const struct plot_bar *bar, size_t i, uint64_t top)
{
	int height = height_of(bar->count, top);

	buf_str(out, "<rect class=\"assigned\" fill=\"#083d35\"");
	svg_length(out, "x", (LEFT + (int)i * PITCH + 2) * 100);
	svg_length(out, "y", (TOP + HEIGHT) * 100 - height);
	svg_length(out, "width", BAR * 100);
	svg_length(out, "height", height);
	buf_str(out, "><title>");
	buf_u64(out, bar->year);
	buf_str(out, ": ");
	buf_count(out, bar->count);
	buf_str(out, "</title></rect>\n");
}

static void draw_year(struct buf *out, uint64_t year, size_t i)
{
	buf_str(out, "<text text-anchor=\"middle\"");
	svg_length(out, "x", (LEFT + (int)i * PITCH + PITCH / 2) * 100);
	svg_length(out, "y", (TOP + HEIGHT + 12) * 100);
	buf_char(out, '>');
	buf_u64(out, year);
	buf_str(out, "</text>\n");
}

/* A name is wider than its bar: the last year has one, and each second. */
static bool is_named(const struct plot *plot, size_t i)
{
	if (plot->count > MANY)
		return plot->bars[i].year % 5 == 0;
	return (plot->count - 1 - i) % 2 == 0;
}

void plot_draw(struct buf *out, const struct plot *plot, const char *label_id)
{
	uint64_t most = most_of(plot), step = step_of(most);
	uint64_t top = (most + step - 1) / step * step;
	int width = (int)plot->count * PITCH;

	if (plot->count == 0)
		return;
	buf_str(out, "<svg class=\"plot\" role=\"img\" aria-labelledby=\"");
	buf_str(out, label_id);
	buf_printf(out,
	    "\" viewBox=\"0 0 %d %d\" width=\"%d\">\n<g font-size=\"9\">\n",
	    LEFT + width + 6, TOP + HEIGHT + BOTTOM, LEFT + width + 6);
	for (uint64_t at = 0; at <= top; at += step)
		draw_line(out, at, top, width);
	for (size_t i = 0; i < plot->count; i++)
		draw_bar(out, &plot->bars[i], i, top);
	for (size_t i = 0; i < plot->count; i++)
		if (is_named(plot, i))
			draw_year(out, plot->bars[i].year, i);
	buf_str(out, "</g>\n</svg>\n");
}
