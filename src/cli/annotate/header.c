/* SPDX-License-Identifier: ISC */
#include "cli/annotate/header.h"

#include "base/error.h"
#include "base/mem.h"
#include "cli/annotate/fields.h"
#include "base/banned.h"

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

/* The first line that is not blank, from *start to *end; false: none. */
static bool first_line(
    const struct chunk *chunk, size_t *start, size_t *end, size_t *newline)
{
	for (*start = chunk->begin; *start < chunk->end;
	     *start = *newline + 1) {
		*newline = marks_next(chunk->marks.lines, *start);
		*end = chunk_line_end(chunk->text, *start, *newline);
		if (span_trim(span_of(chunk->text + *start, *end - *start))
			.len > 0)
			return true;
	}
	return false;
}

static int read_table(
    struct shape *shape, struct chunk *chunk, struct portbook_error *err)
{
	struct fields fields = {0};
	size_t start, end, newline;
	bool header = false;
	int code = 0;

	if (first_line(chunk, &start, &end, &newline)) {
		code = split(shape, chunk, start, end, &fields, err);
		header = code == 0 && is_header(shape, &fields);
	}
	if (code == 0)
		code = shape_find_columns(
		    shape, header ? fields.at : NULL, fields.count, err);
	if (code == 0 && header) {
		buf_add(&chunk->out, span_of(chunk->text, end));
		shape_put_header(shape, &chunk->out);
		chunk->done = end;
		chunk->begin = newline < chunk->end ? newline + 1 : newline;
	}
	mem_release(fields.at);
	return code < 0 ? code : 1;
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
			SPAN("#fields\t"))) {
			code =
			    split(shape, chunk, start + 8, end, &fields, err);
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

int header_read(struct shape *shape, struct chunk *chunk, bool at_end,
    struct portbook_error *err)
{
	if (shape->zeek)
		return read_zeek(shape, chunk, at_end, err);
	if (shape->kind == SHAPE_JSON || shape->kind == SHAPE_PAIRS)
		return header_missing(shape, err);
	return read_table(shape, chunk, err);
}

int header_missing(struct shape *shape, struct portbook_error *err)
{
	int code = shape_find_columns(shape, NULL, 0, err);

	return code < 0 ? code : 1;
}
