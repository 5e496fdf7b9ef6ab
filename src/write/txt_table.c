/* SPDX-License-Identifier: ISC */
#include "write/txt_table.h"

#include "base/ckd.h"
#include "base/error.h"
#include "write/txt_cell.h"
#include "base/banned.h"

/*
 * How many characters, blanks included, the lines of a table may have: the
 * official ones have about twice the bytes of their XML.
 */
#define ROOM_LEAST (UINT64_C(256) << 20)
#define ROOM_PER_BYTE 16

struct cell {
	size_t off, len; /* of its lines in setter.lines */
	size_t height;
};

/* A column that is not left out. */
struct place {
	size_t column; /* its number in the table */
	size_t width;
};

/* A table while it is set. */
struct setter {
	const struct txt_table *table;
	const struct write_job *job;
	struct buf *b;
	struct place places[TXT_COLUMN_MAX];
	size_t count;  /* of places */
	size_t width;  /* of all, and of the blanks between */
	uint64_t rows; /* and the headings */
	uint64_t room;
	struct buf raw, lines; /* owned: of a cell, of a row */
};

static void measure(struct setter *s, struct txt_extent *extents)
{
	const struct txt_table *t = s->table;

	s->rows = 1;
	t->begin(t->ctx);
	while (t->next(t->ctx)) {
		s->rows++;
		for (size_t i = 0; i < t->column_count; i++) {
			buf_clear(&s->raw);
			t->cell(t->ctx, i, &s->raw);
			if (buf_failed(&s->raw))
				s->b->failed = true;
			txt_extend(&extents[i], buf_span(&s->raw), t->bytes);
		}
	}
}

/*
 * Shares out what the page leaves: to each column what its longest line
 * wants, or its part of that where there is not enough for all.
 */
static void widen(struct setter *s, const struct txt_extent *extents)
{
	size_t spare = TXT_PAGE_WIDTH - s->width, wanted = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct txt_extent *e = &extents[s->places[i].column];

		wanted += e->line - e->word;
	}
	for (size_t i = 0; i < s->count; i++) {
		const struct txt_extent *e = &extents[s->places[i].column];
		size_t grow = e->line - e->word;

		if (wanted > spare)
			grow = grow * spare / wanted;
		s->places[i].width += grow;
		s->width += grow;
	}
}

/* Finds the columns and their widths. */
static void place_columns(struct setter *s)
{
	struct txt_extent extents[TXT_COLUMN_MAX] = {0};
	const struct txt_table *t = s->table;

	measure(s, extents);
	for (size_t i = 0; i < t->column_count; i++) {
		if (t->columns[i].optional && extents[i].word == 0)
			continue;
		txt_extend(&extents[i], t->columns[i].heading, t->bytes);
		s->width += extents[i].word + (s->count > 0);
		s->places[s->count++] = (struct place){i, extents[i].word};
	}
	if (s->width < TXT_PAGE_WIDTH)
		widen(s, extents);
}

static int too_large(const struct setter *s, struct portbook_error *err)
{
	const struct place *widest = &s->places[0];

	for (size_t i = 1; i < s->count; i++)
		if (s->places[i].width > widest->width)
			widest = &s->places[i];
	return error_set(err, PORTBOOK_ELIMIT, 0,
	    "as plain text the table would be %zu columns wide, too much for "
	    "its rows, as %s has a word of %zu characters; other formats have "
	    "no such limit",
	    s->width, s->table->columns[widest->column].heading.ptr,
	    widest->width);
}

/* Takes the room for so many lines. */
static int take_room(
    struct setter *s, uint64_t lines, struct portbook_error *err)
{
	uint64_t len;

	if (ckd_mul(&len, lines, (uint64_t)s->width + 1) || len > s->room)
		return too_large(s, err);
	s->room -= len;
	return 0;
}

/* Line number at of a cell; nothing above and below it. */
static struct span cell_line(
    struct setter *s, struct cell *cell, size_t height, size_t at)
{
	size_t top = (height - cell->height) / 2;
	struct span rest, line;

	if (at < top || at - top >= cell->height)
		return SPAN("");
	rest = span_of(s->lines.ptr + cell->off, cell->len);
	line = span_cut(&rest, '\n');
	cell->off += cell->len - rest.len;
	cell->len = rest.len;
	return line;
}

/* The blanks before a text are written with it, so that none end a line. */
static void put_line(struct setter *s, struct cell *cells, bool headings,
    size_t height, size_t at)
{
	size_t blanks = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct place *place = &s->places[i];
		struct span line = cell_line(s, &cells[i], height, at);
		size_t left = place->width - txt_width(line, s->table->bytes);
		size_t indent = 0;

		if (headings || s->table->columns[place->column].centred)
			indent = left / 2;
		if (line.len > 0) {
			buf_fill(s->b, ' ', blanks + indent);
			buf_add(s->b, line);
			blanks = left - indent + 1;
		} else {
			blanks += place->width + 1;
		}
	}
	buf_char(s->b, '\n');
}

/* Wraps the cells of a row, or the headings, and writes them. */
static int put_row(struct setter *s, bool headings, struct portbook_error *err)
{
	const struct txt_table *t = s->table;
	struct cell cells[TXT_COLUMN_MAX];
	size_t height = 1;
	int code;

	buf_clear(&s->lines);
	for (size_t i = 0; i < s->count; i++) {
		size_t column = s->places[i].column;

		buf_clear(&s->raw);
		if (headings)
			buf_add(&s->raw, t->columns[column].heading);
		else
			t->cell(t->ctx, column, &s->raw);
		cells[i].off = s->lines.len;
		cells[i].height = txt_wrap(
		    &s->lines, buf_span(&s->raw), s->places[i].width, t->bytes);
		cells[i].len = s->lines.len - cells[i].off;
		if (cells[i].height > height)
			height = cells[i].height;
		if (buf_failed(&s->raw) || buf_failed(&s->lines))
			return error_nomem(err);
	}
	code = take_room(s, height - 1, err);
	for (size_t at = 0; code == 0 && at < height; at++) {
		put_line(s, cells, headings, height, at);
		code = write_drain(s->job, s->b, err);
	}
	return code;
}

static int put_rows(struct setter *s, struct portbook_error *err)
{
	const struct txt_table *t = s->table;
	int code = put_row(s, true, err);

	t->begin(t->ctx);
	while (code == 0 && t->next(t->ctx))
		code = put_row(s, false, err);
	return code;
}

int txt_table(const struct txt_table *table, const struct write_job *job,
    struct buf *b, struct portbook_error *err)
{
	struct setter s = {.table = table, .job = job, .b = b};
	int code;

	s.room =
	    ROOM_LEAST + le64(write_version(job)->source_len) * ROOM_PER_BYTE;
	buf_init(&s.raw);
	buf_init(&s.lines);
	place_columns(&s);
	code = buf_failed(b) ? error_nomem(err) : 0;
	if (code == 0)
		code = take_room(&s, s.rows, err); /* a line a row */
	if (code == 0)
		code = put_rows(&s, err);
	buf_release(&s.raw);
	buf_release(&s.lines);
	return code;
}
