/* SPDX-License-Identifier: ISC */
#include "check/baseline.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "check/undated.h"
#include "terms/date.h"
#include "base/banned.h"

#define UNTIL "until="
#define UNDATED "UNDATED\t"

static int refuse(const char *name, uint64_t line, size_t column,
    struct portbook_error *err, const char *text)
{
	error_set(err, PORTBOOK_EFORMAT, 0,
	    "%s; a line is CODE, a tab, and a record's key or until=DATE",
	    text);
	error_locate(err, name, line, column);
	return PORTBOOK_EFORMAT;
}

/* Offset of the first byte that may not be in a line; its length if none. */
static size_t bad_byte(struct span line)
{
	size_t valid = utf8_check(line);

	for (size_t i = 0; i < valid; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return i;
	}
	return valid;
}

static int add_line(struct baseline *b, enum finding_code code,
    struct span record, uint64_t line)
{
	struct baseline_line *lines =
	    mem_grow(b->lines, b->count, &b->cap, sizeof(*lines));

	if (lines == NULL)
		return PORTBOOK_ENOMEM;
	b->lines = lines;
	lines[b->count++] = (struct baseline_line){code, record, line};
	return 0;
}

static int parse_undated(struct baseline *b, struct span line, uint64_t number,
    const char *name, struct portbook_error *err)
{
	const size_t from = sizeof(UNDATED) - 1, date_len = 10;
	struct span date = span_head(span_skip(line, from), date_len);
	struct span bits = span_skip(line, from + date_len + 1);

	if (b->undated.len > 0)
		return refuse(
		    name, number, 1, err, "UNDATED stands above already");
	if (!date_is_day(date) && !span_eq(date, SPAN(UNDATED_NO_EDITION)))
		return refuse(name, number, from + 1, err,
		    "UNDATED has no date YYYY-MM-DD");
	if (line.len <= from + date_len || line.ptr[from + date_len] != ' ')
		return refuse(name, number, from + date_len + 1, err,
		    "UNDATED has no blank behind its date");
	for (size_t i = 0; i < bits.len; i++)
		if (!undated_is_char(bits.ptr[i]))
			return refuse(name, number, from + date_len + 2 + i,
			    err, "a character that base64 does not have");
	if (bits.len < UNDATED_LEAST)
		return refuse(name, number, line.len + 1, err,
		    "UNDATED has less than four characters of base64");
	b->edition = date;
	b->undated = bits;
	return 0;
}

static int parse_line(struct baseline *b, struct span line, uint64_t number,
    const char *name, struct portbook_error *err)
{
	size_t bad = bad_byte(line), tab = span_find_char(line, 0, '\t');
	struct span what = span_skip(line, tab + 1), date;
	enum finding_code code;

	if (bad < line.len)
		return refuse(name, number, bad + 1, err,
		    "a control character, or no UTF-8");
	if (line.len == 0 || line.ptr[0] == '#')
		return 0;
	if (span_starts(line, SPAN(UNDATED)))
		return parse_undated(b, line, number, name, err);
	if (tab == line.len)
		return refuse(name, number, line.len + 1, err, "no tab");
	if (!finding_code_parse(span_head(line, tab), &code) ||
	    !span_eq(span_str(finding_rule(code)->name), span_head(line, tab)))
		return refuse(name, number, 1, err, "no rule has this code");
	if (what.len == 0)
		return refuse(name, number, tab + 2, err, "no record");
	if (span_find_char(what, 0, '\t') < what.len)
		return refuse(name, number,
		    tab + 2 + span_find_char(what, 0, '\t'), err,
		    "a second tab");
	if (!span_starts(what, SPAN(UNTIL)))
		return add_line(b, code, what, number) < 0 ? error_nomem(err)
							   : 0;
	date = span_skip(what, sizeof(UNTIL) - 1);
	if (!date_is_day(date))
		return refuse(name, number, tab + 1 + sizeof(UNTIL), err,
		    "no date YYYY-MM-DD");
	if (b->until[code].len > 0)
		return refuse(
		    name, number, 1, err, "this code has a date already");
	b->until[code] = date;
	return 0;
}

static int line_cmp(const void *a, const void *b)
{
	const struct baseline_line *x = a, *y = b;
	int order;

	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	order = span_cmp(x->record, y->record);
	if (order != 0)
		return order;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Puts lines in order, of which none may stand twice. */
static int sort_lines(
    struct baseline *b, const char *name, struct portbook_error *err)
{
	if (b->count == 0)
		return 0;
	qsort(b->lines, b->count, sizeof(*b->lines), line_cmp);
	for (size_t i = 1; i < b->count; i++)
		if (b->lines[i].code == b->lines[i - 1].code &&
		    span_eq(b->lines[i].record, b->lines[i - 1].record))
			return refuse(name, b->lines[i].line, 1, err,
			    "this line stands above already");
	return 0;
}

int baseline_parse(struct span text, const char *name, struct baseline *ret,
    struct portbook_error *err)
{
	struct baseline b = {
	    .lines = NULL, .undated = SPAN(""), .edition = SPAN("")};
	uint64_t number = 0;
	int code = 0;

	for (size_t i = 0; i < FINDING_CODE_COUNT; i++)
		b.until[i] = SPAN("");
	while (code == 0 && text.len > 0)
		code =
		    parse_line(&b, span_cut(&text, '\n'), ++number, name, err);
	if (code == 0)
		code = sort_lines(&b, name, err);
	if (code < 0)
		baseline_release(&b);
	else
		*ret = b;
	return code;
}

void baseline_release(struct baseline *b)
{
	mem_release(b->lines);
	*b = (struct baseline){.lines = NULL};
}

bool baseline_is_undated(const struct baseline *b, struct span record)
{
	return undated_has(b->undated, record);
}

bool baseline_has(const struct baseline *b, const struct finding *f)
{
	struct span until = b->until[f->code];
	size_t low = 0, high = b->count;

	if (until.len > 0 &&
	    span_cmp(f->date, span_head(until, f->date.len)) <= 0)
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct baseline_line *line = &b->lines[middle];
		int order = f->code != line->code
				? (f->code < line->code ? -1 : 1)
				: span_cmp(f->record, line->record);

		if (order == 0)
			return true;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
