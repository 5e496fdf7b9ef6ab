/* SPDX-License-Identifier: ISC */
#include "cli/annotate/shape.h"

#include "base/ascii.h"
#include "base/error.h"
#include "write/csv.h"
#include "write/record.h"
#include "base/banned.h"

#define COLUMN_MAX 100000U

void shape_init(const struct annotate_ask *ask, struct shape *ret)
{
	*ret = (struct shape){.ask = ask, .protocol = SHAPE_NO_COLUMN};
	buf_init(&ret->text);
	buf_init(&ret->fields);
}

void shape_release(struct shape *shape)
{
	buf_release(&shape->text);
	buf_release(&shape->fields);
}

bool shape_column_number(struct span column, size_t *ret)
{
	uint64_t n;

	if (!ascii_u64(column, COLUMN_MAX, &n) || n == 0)
		return false;
	*ret = (size_t)n - 1;
	return true;
}

bool shape_is_numbered(const struct annotate_ask *ask)
{
	size_t n;

	for (size_t i = 0; i < ask->port_count; i++)
		if (!shape_column_number(ask->ports[i], &n))
			return false;
	return ask->protocol.len == 0 || shape_column_number(ask->protocol, &n);
}

/* Takes the next word of a line; empty behind the last one. */
static struct span take_word(struct span *line)
{
	struct span word;
	size_t len = 0;

	*line = span_trim(*line);
	while (len < line->len && !ascii_is_space(line->ptr[len]))
		len++;
	word = span_head(*line, len);
	*line = span_skip(*line, len);
	return word;
}

/*
 * Whether the words of the first line are NAME=VALUE: one is of a port asked
 * for, or there are such words and none is the name of that port.  The first
 * connection may be of a protocol without ports.
 */
static bool has_pairs(const struct annotate_ask *ask, struct span line)
{
	bool any = false, header = shape_is_numbered(ask);
	struct span word;

	while ((word = take_word(&line)).len > 0) {
		size_t equals = span_find_char(word, 0, '=');
		struct span name = span_head(word, equals);

		any = any || (equals > 0 && equals < word.len);
		for (size_t i = 0; i < ask->port_count; i++) {
			if (equals < word.len && span_eq(name, ask->ports[i]))
				return true;
			header = header || span_eq_fold(word, ask->ports[i]);
		}
	}
	return any && !header;
}

static bool tells_zeek(struct span line)
{
	return span_starts(line, SPAN("#separator")) ||
	       span_starts(line, SPAN("#fields\t"));
}

static enum shape_kind guess_kind(struct span line)
{
	if (line.ptr[0] == '{')
		return SHAPE_JSON;
	if (span_starts(line, SPAN("#separator")) ||
	    span_find_char(line, 0, '\t') < line.len)
		return SHAPE_TSV;
	return span_find_char(line, 0, ',') < line.len ? SHAPE_CSV
						       : SHAPE_BLANKS;
}

static void set_kind(struct shape *shape, struct span line)
{
	static const enum shape_kind kinds[] = {
	    [INPUT_CSV] = SHAPE_CSV,
	    [INPUT_TSV] = SHAPE_TSV,
	    [INPUT_SPACE] = SHAPE_BLANKS,
	    [INPUT_JSONL] = SHAPE_JSON,
	};

	if (shape->ask->input != INPUT_GUESSED)
		shape->kind = kinds[shape->ask->input];
	else if (line.len > 0)
		shape->kind = guess_kind(line);
	shape->zeek = shape->kind == SHAPE_TSV && tells_zeek(line);
	if (shape->kind == SHAPE_BLANKS && has_pairs(shape->ask, line))
		shape->kind = SHAPE_PAIRS;
}

/* What does not tell of what follows; Zeek's lines do. */
static bool is_remark(const struct annotate_ask *ask, struct span line)
{
	return ask->input == INPUT_GUESSED && line.ptr[0] == '#' &&
	       !tells_zeek(line);
}

bool shape_detect(struct shape *shape, struct span text, bool at_end)
{
	struct span remark = SPAN("");

	for (;;) {
		size_t end = span_find_char(text, 0, '\n');
		struct span line = span_trim(span_head(text, end));

		if (end == text.len && !at_end)
			return false;
		if (end == text.len ||
		    (line.len > 0 && !is_remark(shape->ask, line))) {
			set_kind(shape, line.len > 0 ? line : remark);
			return true;
		}
		if (remark.len == 0)
			remark = line;
		text = span_skip(text, end + 1);
	}
}

struct marks_bytes shape_bytes(const struct shape *shape)
{
	switch (shape->kind) {
	case SHAPE_CSV:
		return (struct marks_bytes){',', '"', MARKS_QUOTED, 0};
	case SHAPE_TSV:
		return (struct marks_bytes){'\t', '\t', MARKS_PLAIN, 0};
	case SHAPE_JSON:
		return (struct marks_bytes){'"', '"', MARKS_PLAIN, 0};
	default:
		return (struct marks_bytes){' ', '\t', MARKS_RUNS, 0};
	}
}

static void keep_name(struct shape *shape, struct span name)
{
	record_clean(&shape->text, name, SPAN(" "));
	buf_char(&shape->text, '\0');
}

/* As written, else in any case. */
static bool find_name(
    const struct span *header, size_t count, struct span name, size_t *ret)
{
	for (size_t i = 0; i < count; i++)
		if (span_eq(header[i], name)) {
			*ret = i;
			return true;
		}
	for (size_t i = 0; i < count; i++)
		if (span_eq_fold(header[i], name)) {
			*ret = i;
			return true;
		}
	return false;
}

bool shape_has_columns(
    const struct shape *shape, const struct span *header, size_t count)
{
	const struct annotate_ask *ask = shape->ask;

	for (size_t i = 0; i <= ask->port_count; i++) {
		struct span name =
		    i < ask->port_count ? ask->ports[i] : ask->protocol;
		size_t at;

		if (name.len > 0 && !shape_column_number(name, &at) &&
		    !find_name(header, count, name, &at))
			return false;
	}
	return true;
}

static int no_column(const struct span *header, size_t count, struct span name,
    struct portbook_error *err)
{
	struct buf names;
	int code;

	buf_init(&names);
	for (size_t i = 0; i < count && names.len < 120; i++) {
		buf_str(&names, i > 0 ? ", " : "");
		record_clean(&names, span_head(header[i], 40), SPAN(" "));
	}
	code = error_set(err, PORTBOOK_EUSAGE, 0,
	    "no column %.*s in the header: %.*s", SPAN_FMT(span_head(name, 40)),
	    SPAN_FMT(buf_span(&names)));
	buf_release(&names);
	return code;
}

static int find_column(const struct span *header, size_t count,
    struct span name, size_t *ret, struct portbook_error *err)
{
	if (shape_column_number(name, ret))
		return 0;
	if (header == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "without a header columns are numbers from 1, not %.*s",
		    SPAN_FMT(span_head(name, 40)));
	if (find_name(header, count, name, ret))
		return 0;
	return no_column(header, count, name, err);
}

/* What is to be appended may be there already, as in Zeek's conn.log. */
static int check_keys(const struct shape *shape, const struct span *header,
    size_t count, struct portbook_error *err)
{
	struct buf key;
	int code = 0;

	buf_init(&key);
	for (size_t g = 0; g < shape_groups(shape); g++)
		for (size_t f = 0; f < shape->ask->field_count; f++) {
			size_t at;

			buf_clear(&key);
			shape_key(shape, g, shape->ask->fields[f], &key);
			if (code == 0 &&
			    find_name(header, count, buf_span(&key), &at))
				code = error_set(err, PORTBOOK_EUSAGE, 0,
				    "there is a column %.*s already; --prefix "
				    "iana_ names the new one otherwise",
				    SPAN_FMT(buf_span(&key)));
		}
	if (code == 0 && buf_failed(&key))
		code = error_nomem(err);
	buf_release(&key);
	return code;
}

static void add_step(struct shape *shape, size_t column, size_t target)
{
	size_t i = shape->step_count++;

	while (i > 0 && shape->steps[i - 1].column > column) {
		shape->steps[i] = shape->steps[i - 1];
		i--;
	}
	shape->steps[i] = (struct shape_step){column, target};
}

int shape_find_columns(struct shape *shape, const struct span *header,
    size_t count, struct portbook_error *err)
{
	const struct annotate_ask *ask = shape->ask;
	bool by_key = shape->kind == SHAPE_PAIRS || shape->kind == SHAPE_JSON;

	shape->step_count = 0;
	buf_clear(&shape->text);
	for (size_t i = 0; i <= ask->port_count; i++) {
		bool port = i < ask->port_count;
		struct span name = port ? ask->ports[i] : ask->protocol;
		size_t at = SHAPE_NO_COLUMN;
		int code = 0;

		if (!by_key && name.len > 0)
			code = find_column(header, count, name, &at, err);
		else if (shape->kind == SHAPE_PAIRS)
			shape_column_number(name, &at);
		if (code < 0)
			return code;
		if (at != SHAPE_NO_COLUMN)
			add_step(shape, at, port ? i : SHAPE_PROTOCOL);
		if (port)
			shape->ports[i] = at;
		else
			shape->protocol = at;
		if (port)
			keep_name(shape,
			    header != NULL && at < count ? header[at] : name);
	}
	if (buf_failed(&shape->text))
		return error_nomem(err);
	return header != NULL ? check_keys(shape, header, count, err) : 0;
}

void shape_key(const struct shape *shape, size_t group,
    enum annotate_field field, struct buf *ret)
{
	struct span names = buf_span(&shape->text), name = SPAN("");

	buf_add(ret, shape->ask->prefix);
	if (shape_groups(shape) > 1) {
		for (size_t i = 0; i <= group; i++)
			name = span_cut(&names, '\0');
		buf_add(ret, name);
		buf_char(ret, '_');
	}
	buf_add(ret, annotate_field_name(field));
}

static void put_name(
    const struct shape *shape, struct buf *name, struct buf *ret)
{
	switch (shape->kind) {
	case SHAPE_CSV:
		buf_char(ret, ',');
		csv_cell(ret, name, CSV_COMMA);
		break;
	case SHAPE_TSV:
		buf_char(ret, '\t');
		csv_cell(ret, name, CSV_TAB);
		break;
	default:
		buf_char(ret, ' ');
		buf_add(ret, buf_span(name));
		break;
	}
}

void shape_put_header(const struct shape *shape, struct buf *ret)
{
	struct buf name;

	buf_init(&name);
	for (size_t g = 0; g < shape_groups(shape); g++)
		for (size_t f = 0; f < shape->ask->field_count; f++) {
			buf_clear(&name);
			shape_key(shape, g, shape->ask->fields[f], &name);
			put_name(shape, &name, ret);
		}
	ret->failed |= buf_failed(&name);
	buf_release(&name);
}
