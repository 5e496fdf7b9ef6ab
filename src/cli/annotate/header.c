/* SPDX-License-Identifier: ISC */
#include "cli/annotate/header.h"

#include "base/error.h"
#include "base/mem.h"
#include "cli/annotate/fields.h"
#include "base/banned.h"

#define ZEEK_FIELDS "#fields\t"
#define BYTE_ORDER_MARK SPAN("\xef\xbb\xbf")

/* The fields of a line; owned. */
struct fields {
	struct span *at;
	size_t count, cap;
};

bool header_detect(struct shape *shape, struct chunk *chunk, bool at_end)
{
	struct span text = span_of(chunk->text, chunk->len);

	if (span_starts(text, BYTE_ORDER_MARK))
		chunk->begin = BYTE_ORDER_MARK.len;
	return shape_detect(shape, span_skip(text, chunk->begin), at_end);
}

static struct span clean(const struct shape *shape, struct span field)
{
	if (shape->kind == SHAPE_BLANKS)
		return span_trim(field);
	if (shape->kind == SHAPE_CSV && field.len >= 2 && field.ptr[0] == '"' &&
	    span_ends(field, SPAN("\"")))
		return span_of(field.ptr + 1, field.len - 2);
	return field;
}

/* Fields of the line at start, which ends at end. */
static int split(const struct shape *shape, const struct chunk *chunk,
    size_t start, size_t end, struct fields *ret, struct portbook_error *err)
{
	size_t at = start;

	while (at <= end) {
		const uint64_t *parts = chunk->marks.parts;
		struct span *more =
		    mem_grow(ret->at, ret->count, &ret->cap, sizeof(*ret->at));
		size_t stop = at;

		if (more == NULL)
			return error_nomem(err);
		ret->at = more;
		while (
		    stop < end &&
		    (parts[stop / MARKS_BLOCK] >> stop % MARKS_BLOCK & 1) == 0)
			stop++;
		ret->at[ret->count++] =
		    clean(shape, span_of(chunk->text + at, stop - at));
		at = stop + 1;
	}
	return 0;
}

/* Names asked for need one; else a word where a port should be tells it. */
static bool is_header(const struct shape *shape, const struct fields *fields)
{
	const struct annotate_ask *ask = shape->ask;
	struct span field;
	size_t n;

	if (ask->header != HEADER_GUESSED)
		return ask->header == HEADER_YES;
	if (!shape_is_numbered(ask))
		return true;
	shape_column_number(ask->ports[0], &n);
	if (n >= fields->count)
		return false;
	field = span_trim(fields->at[n]);
	return field.len > 0 && !span_eq(field, SPAN("-")) &&
	       !(field.ptr[0] >= '0' && field.ptr[0] <= '9');
}

/* A line from start to end, and its fields. */
struct first {
	size_t start, end, newline;
	struct fields fields;
	bool header;
};

/*
 * "# sport dport", "#Fields: sport dport": a remark that has all names asked
 * for is a header, and how it begins is no column.
 */
static bool is_remarked_header(const struct shape *shape, struct fields *fields)
{
	struct span *at = fields->at;

	if (shape->ask->header == HEADER_NO || shape_is_numbered(shape->ask))
		return false;
	if (span_eq(at[0], SPAN("#")) || span_eq(at[0], SPAN("#Fields:"))) {
		fields->count--;
		memmove(at, at + 1, fields->count * sizeof(*at));
	}
	return shape_has_columns(shape, at, fields->count);
}

/* Looks at the line; 1 if it tells of the columns. */
static int look_at_line(const struct shape *shape, const struct chunk *chunk,
    struct first *line, struct portbook_error *err)
{
	struct fields *fields = &line->fields;
	bool remark =
	    shape->kind == SHAPE_BLANKS && chunk->text[line->start] == '#';
	int code;

	fields->count = 0;
	code = split(shape, chunk, line->start, line->end, fields, err);
	if (code < 0)
		return code;
	line->header = remark ? is_remarked_header(shape, fields)
			      : is_header(shape, fields);
	return line->header || !remark;
}

/* The first line that tells of the columns: 1, or 0 if there is none. */
static int find_first(const struct shape *shape, const struct chunk *chunk,
    struct first *ret, struct portbook_error *err)
{
	int code = 0;

	for (ret->start = chunk->begin; code == 0 && ret->start < chunk->end;) {
		struct span line;

		ret->newline = marks_next(chunk->marks.lines, ret->start);
		ret->end =
		    chunk_line_end(chunk->text, ret->start, ret->newline);
		line = span_of(chunk->text + ret->start, ret->end - ret->start);
		if (span_trim(line).len > 0)
			code = look_at_line(shape, chunk, ret, err);
		ret->start = ret->newline + 1;
	}
	return code;
}

static int read_table(struct shape *shape, struct chunk *chunk, bool at_end,
    struct portbook_error *err)
{
	struct first first = {0};
	struct fields *fields = &first.fields;
	int code = find_first(shape, chunk, &first, err);
	bool wait = code == 0 && !at_end;

	if (code >= 0 && !wait)
		code = shape_find_columns(shape,
		    first.header ? fields->at : NULL, fields->count, err);
	if (code == 0 && first.header) {
		buf_add(&chunk->out, span_of(chunk->text, first.end));
		shape_put_header(shape, &chunk->out);
		chunk->done = first.end;
		chunk->begin = first.newline < chunk->end ? first.newline + 1
							  : first.newline;
	}
	mem_release(fields->at);
	return code < 0 ? code : !wait;
}

/* Zeek's columns stand behind "#fields". */
static int read_zeek(struct shape *shape, struct chunk *chunk, bool at_end,
    struct portbook_error *err)
{
	struct fields fields = {0};
	size_t start = chunk->begin, newline, end;
	int code = 0;

	while (start < chunk->end && chunk->text[start] == '#') {
		newline = marks_next(chunk->marks.lines, start);
		end = chunk_line_end(chunk->text, start, newline);
		if (span_starts(span_of(chunk->text + start, end - start),
			SPAN(ZEEK_FIELDS))) {
			buf_add(&shape->fields,
			    span_of(chunk->text + start, end - start));
			code =
			    split(shape, chunk, start + 8, end, &fields, err);
			if (code == 0 && buf_failed(&shape->fields))
				code = error_nomem(err);
			if (code == 0)
				code = shape_find_columns(
				    shape, fields.at, fields.count, err);
			mem_release(fields.at);
			return code < 0 ? code : 1;
		}
		start = newline + 1;
	}
	if (start >= chunk->end && !at_end)
		return 0;
	code = shape_find_columns(shape, NULL, 0, err);
	return code < 0 ? code : 1;
}

int header_check(const struct shape *shape, const struct chunk *chunk,
    struct portbook_error *err)
{
	struct span rest = span_of(chunk->text, chunk->end);

	while (shape->fields.len > 0 && rest.len > 0) {
		size_t at = span_starts(rest, SPAN(ZEEK_FIELDS))
				? 0
				: span_find(rest, SPAN("\n" ZEEK_FIELDS)) + 1;
		struct span line;

		if (at >= rest.len)
			return 0;
		rest = span_skip(rest, at);
		line = span_cut(&rest, '\n');
		if (span_ends(line, SPAN("\r")))
			line.len--;
		if (!span_eq(line, buf_span(&shape->fields)))
			return error_set(err, PORTBOOK_EFORMAT, 0,
			    "a second #fields line tells of other columns: "
			    "annotate such logs one by one");
	}
	return 0;
}

int header_read(struct shape *shape, struct chunk *chunk, bool at_end,
    struct portbook_error *err)
{
	if (shape->zeek)
		return read_zeek(shape, chunk, at_end, err);
	if (shape->kind == SHAPE_JSON || shape->kind == SHAPE_PAIRS)
		return header_missing(shape, err);
	return read_table(shape, chunk, at_end, err);
}

int header_missing(struct shape *shape, struct portbook_error *err)
{
	int code = shape_find_columns(shape, NULL, 0, err);

	return code < 0 ? code : 1;
}
