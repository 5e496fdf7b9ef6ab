/* SPDX-License-Identifier: ISC */
/*
 * The picture of the port space.  A port is a square of one unit:
 *
 *	     +0      +256    +512 ...
 *	0    [16x16] [16x16] [16x16] ... 16 blocks
 *	4096 [16x16] ...
 *
 * Each look is one path over the whole picture, so that nothing shows between
 * neighbours of a kind; the blocks lie above it, unfilled, as links.
 */
#include "web/map.h"

#include "web/svg.h"
#include "base/banned.h"

#define SIDE SVG_SIDE	 /* ports of a block, and blocks of the map */
#define PITCH (SIDE + 1) /* from one block to the next */
#define LEFT 22		 /* room for the labels */
#define TOP 20
#define RIGHT 10
#define MAP_SIDE (SIDE * PITCH - 1)

#define BLOCKS_SYSTEM ((PORT_LAST_SYSTEM + 1) / (int)SPACE_BLOCK)
#define ROWS_USER ((PORT_LAST_USER + 1) / (int)SPACE_BLOCK / SIDE)

static const struct {
	struct span name, word, class, fill;
} looks[MAP_LOOK_COUNT] = {
    [MAP_ASSIGNED] = {SPAN_INIT("Assigned"), SPAN_INIT("assigned"),
	SPAN_INIT("assigned"), SPAN_INIT("#083d35")},
    [MAP_RESERVED] = {SPAN_INIT("Reserved"), SPAN_INIT("reserved"),
	SPAN_INIT("reserved"), SPAN_INIT("#c96f1a")},
    [MAP_UNASSIGNED] = {SPAN_INIT("Unassigned"), SPAN_INIT("unassigned"),
	SPAN_INIT("unassigned"), SPAN_INIT("#eaf0ed")},
    [MAP_NOT_LISTED] = {SPAN_INIT("Not listed"), SPAN_INIT("not listed"),
	SPAN_INIT("unlisted"), SPAN_INIT("url(#map-dots)")},
    [MAP_DYNAMIC] = {SPAN_INIT("Dynamic, not listed"), SPAN_INIT("dynamic"),
	SPAN_INIT("dynamic"), SPAN_INIT("url(#map-lines)")},
};

enum map_look map_look(enum state state, uint16_t port)
{
	switch (state) {
	case STATE_ASSIGNED:
		return MAP_ASSIGNED;
	case STATE_RESERVED:
		return MAP_RESERVED;
	case STATE_UNASSIGNED:
		return MAP_UNASSIGNED;
	case STATE_NOT_LISTED:
		break;
	}
	return port_class_of(port) == PORT_DYNAMIC ? MAP_DYNAMIC
						   : MAP_NOT_LISTED;
}

struct span map_look_name(enum map_look look)
{
	return looks[look].name;
}

struct span map_look_word(enum map_look look)
{
	return looks[look].word;
}

struct span map_look_class(enum map_look look)
{
	return looks[look].class;
}

/* The port of the square is x to the right in line y of a block. */
static int block_x(unsigned block)
{
	return LEFT + (int)(block % SIDE) * PITCH;
}

static int block_y(unsigned block)
{
	return TOP + (int)(block / SIDE) * PITCH;
}

/* Which squares of a block have a look; false for none. */
static bool squares_of(const struct space *space, unsigned block,
    enum map_look look, uint16_t rows[SIDE])
{
	uint32_t port = block * SPACE_BLOCK;
	unsigned any = 0;

	for (unsigned line = 0; line < SIDE; line++) {
		unsigned bits = 0;

		for (unsigned i = 0; i < SIDE; i++, port++)
			if (map_look((enum state)space->state[port],
				(uint16_t)port) == look)
				bits |= 1U << i;
		rows[line] = (uint16_t)bits;
		any |= bits;
	}
	return any != 0;
}

static void put_fill(struct buf *out, enum map_look look)
{
	buf_str(out, " class=\"");
	buf_add(out, looks[look].class);
	buf_str(out, "\" fill=\"");
	buf_add(out, looks[look].fill);
	buf_char(out, '"');
}

static void draw_look(
    struct buf *out, const struct space *space, enum map_look look)
{
	struct svg_path path = {.out = out};
	uint16_t rows[SIDE];
	bool open = false;

	for (unsigned block = 0; block < SPACE_BLOCK_COUNT; block++) {
		if (!squares_of(space, block, look, rows))
			continue;
		if (!open) {
			buf_str(out, "<path");
			put_fill(out, look);
			buf_str(out, " d=\"");
			open = true;
		}
		svg_squares(&path, rows, block_x(block), block_y(block));
	}
	if (open)
		buf_str(out, "\"/>\n");
}

static void put_text(struct buf *out, int x, int y, const char *more)
{
	buf_str(out, "<text");
	svg_length(out, "x", x);
	svg_length(out, "y", y);
	buf_str(out, more);
	buf_char(out, '>');
}

/* The first port of each row of blocks, and what each column adds to it. */
static void draw_axes(struct buf *out)
{
	for (int i = 0; i < SIDE; i++) {
		int middle = i * PITCH * 100 + SIDE * 50;

		put_text(out, LEFT * 100 - 150, TOP * 100 + middle + 180,
		    " text-anchor=\"end\"");
		buf_u64(out, (uint64_t)i * SIDE * SPACE_BLOCK);
		buf_str(out, "</text>\n");
		put_text(out, LEFT * 100 + middle, TOP * 100 - 150,
		    " text-anchor=\"middle\" font-size=\"4\"");
		buf_char(out, '+');
		buf_u64(out, (uint64_t)i * SPACE_BLOCK);
		buf_str(out, "</text>\n");
	}
}

/* Frames around the three classes, half a unit outside of their blocks. */
static void draw_classes(struct buf *out)
{
	const int left = LEFT * 100 - 50, top = TOP * 100 - 50;
	const int right = left + SIDE * PITCH * 100;
	const int system = left + BLOCKS_SYSTEM * PITCH * 100;
	const int user = top + ROWS_USER * PITCH * 100;
	const int corners[] = {system, top, system, top + PITCH * 100, left,
	    top + PITCH * 100, left, user, right, user};

	buf_str(out, "<path class=\"classes\" fill=\"none\" "
		     "stroke=\"#1c2422\" d=\"");
	for (size_t i = 0; i < sizeof(corners) / sizeof(corners[0]); i++) {
		buf_char(out, i == 0 ? 'M' : i % 2 == 0 ? 'L' : ' ');
		svg_number(out, corners[i]);
	}
	buf_char(out, 'M');
	svg_number(out, left);
	buf_char(out, ' ');
	svg_number(out, top);
	buf_char(out, 'h');
	svg_number(out, right - left);
	buf_char(out, 'v');
	svg_number(out, SIDE * PITCH * 100);
	buf_char(out, 'h');
	svg_number(out, left - right);
	buf_str(out, "z\"/>\n");
}

/* Upright text in the margin, its middle at y. */
static void put_upright(struct buf *out, int y, const char *text)
{
	buf_str(out, "<text text-anchor=\"middle\" transform=\"translate(");
	svg_number(out, (LEFT + MAP_SIDE + 3) * 100);
	buf_char(out, ' ');
	svg_number(out, y);
	buf_str(out, ") rotate(90)\">");
	buf_str(out, text);
	buf_str(out, "</text>\n");
}

static void draw_class_names(struct buf *out)
{
	const int top = TOP * 100, row = PITCH * 100;

	put_text(out, LEFT * 100, top - 1000, "");
	buf_str(out, "System ports</text>\n");
	put_text(
	    out, (LEFT + MAP_SIDE) * 100, top - 1000, " text-anchor=\"end\"");
	buf_str(out, "User ports</text>\n");
	put_upright(out, top + ROWS_USER * row / 2, "User ports");
	put_upright(out, top + (ROWS_USER + SIDE) * row / 2, "Dynamic ports");
}

/* "0-255: 12 assigned, 3 reserved"; none is left out. */
static void put_title(struct buf *out, const struct map_block *block)
{
	static const enum state order[] = {
	    STATE_ASSIGNED, STATE_RESERVED, STATE_UNASSIGNED, STATE_NOT_LISTED};
	const char *sep = ": ";

	buf_u64(out, block->range.first);
	buf_str(out, "\xe2\x80\x93");
	buf_u64(out, block->range.last);
	for (size_t i = 0; i < 4; i++) {
		uint32_t count = block->count.of[order[i]];

		if (count == 0)
			continue;
		buf_str(out, sep);
		sep = ", ";
		buf_u64(out, count);
		buf_char(out, ' ');
		if (order[i] == STATE_NOT_LISTED)
			buf_str(out, "not listed");
		else
			buf_add(out, state_name(order[i]));
	}
}

static void draw_links(struct buf *out, const struct map *map)
{
	buf_str(out, "<g class=\"blocks\" fill=\"none\" stroke=\"#51605b\" "
		     "stroke-width=\".3\" pointer-events=\"all\">\n");
	for (unsigned i = 0; i < SPACE_BLOCK_COUNT; i++) {
		buf_str(out, "<a href=\"");
		html_link(out, &map->blocks[i].link);
		buf_str(out, "\"><title>");
		put_title(out, &map->blocks[i]);
		buf_str(out, "</title><rect");
		svg_length(out, "x", block_x(i) * 100);
		svg_length(out, "y", block_y(i) * 100);
		buf_str(out, " width=\"16\" height=\"16\"/></a>\n");
	}
	buf_str(out, "</g>\n");
}

/* A port is a unit of the picture: each that is not listed has a dot. */
static void put_patterns(struct buf *out)
{
	buf_str(out,
	    "<defs>"
	    "<pattern id=\"map-dots\" width=\"1\" height=\"1\" "
	    "patternUnits=\"userSpaceOnUse\">"
	    "<path class=\"ground\" fill=\"#fdfdfc\" d=\"M0 0h1v1H0z\"/>"
	    "<path class=\"mark\" fill=\"#5f6f69\" "
	    "d=\"M.2.2h.6v.6H.2z\"/></pattern>"
	    "<pattern id=\"map-lines\" width=\"4\" height=\"4\" "
	    "patternUnits=\"userSpaceOnUse\" "
	    "patternTransform=\"rotate(45)\">"
	    "<path class=\"ground\" fill=\"#fdfdfc\" d=\"M0 0h4v4H0z\"/>"
	    "<path class=\"mark\" fill=\"#5f6f69\" d=\"M0 0h.8v4H0z\"/>"
	    "</pattern></defs>\n");
}

void map_patterns(struct buf *out)
{
	buf_str(out, "<svg class=\"patterns\" width=\"0\" height=\"0\" "
		     "aria-hidden=\"true\">");
	put_patterns(out);
	buf_str(out, "</svg>\n");
}

void map_swatch(struct buf *out, enum map_look look)
{
	buf_str(out, "<svg class=\"swatch\" viewBox=\"0 0 4 4\" width=\"16\" "
		     "height=\"16\" aria-hidden=\"true\"><path");
	put_fill(out, look);
	buf_str(out, " stroke=\"#51605b\" stroke-width=\".25\" "
		     "d=\"M.1.1h3.8v3.8H.1z\"/></svg>");
}

void map_draw(struct buf *out, const struct map *map, const char *label_id)
{
	buf_str(out, "<svg class=\"map\" role=\"group\" aria-labelledby=\"");
	buf_str(out, label_id);
	buf_printf(out, "\" viewBox=\"0 0 %d %d\">\n", LEFT + MAP_SIDE + RIGHT,
	    TOP + MAP_SIDE + 2);
	put_patterns(out);
	for (unsigned look = 0; look < MAP_LOOK_COUNT; look++)
		draw_look(out, map->space, (enum map_look)look);
	buf_str(out, "<g class=\"axes\" aria-hidden=\"true\" "
		     "font-size=\"5\">\n");
	draw_axes(out);
	draw_class_names(out);
	draw_classes(out);
	buf_str(out, "</g>\n");
	draw_links(out, map);
	buf_str(out, "</svg>\n");
}
