/* SPDX-License-Identifier: ISC */
/*
 * Columns of records and persons.  What stands before nearly all of them is a
 * line end and blanks, so that what stands before that need not be known.
 */
#include "base/mem.h"
#include "check/rows.h"
#include "terms/layout.h"
#include "base/banned.h"

/* The column behind text that begins in a column. */
static uint64_t behind(uint64_t column, struct span text)
{
	for (size_t i = text.len; i > 0; i--)
		if (text.ptr[i - 1] == '\n')
			return text.len - i + 1;
	return column + text.len;
}

static uint64_t behind_head(const struct registry *r)
{
	struct span head = registry_text(r, r->text[REGISTRY_HEAD]);
	size_t mark = span_find_char(head, 0, LAYOUT_UPDATED_MARK);
	uint64_t column = behind(1, span_head(head, mark));

	if (mark == head.len)
		return column;
	column = behind(column, registry_text(r, r->text[REGISTRY_UPDATED]));
	return behind(column, span_skip(head, mark + 1));
}

static uint64_t behind_record(
    const struct registry *r, size_t i, uint64_t column, struct buf *b)
{
	const struct record *record = &r->records[i];
	struct record_text text;

	buf_clear(b);
	if (record->residue != 0)
		return behind(column, registry_text(r, record->residue));
	registry_record_text(r, record, &text);
	layout_record(b, &text);
	return behind(column, buf_span(b));
}

static uint64_t behind_person(
    const struct registry *r, size_t i, uint64_t column, struct buf *b)
{
	const struct person *person = &r->people[i];
	struct person_text text;

	buf_clear(b);
	if (person->residue != 0)
		return behind(column, registry_text(r, person->residue));
	registry_person_text(r, person, &text);
	layout_person(b, &text);
	return behind(column, buf_span(b));
}

static bool has_line(struct span text)
{
	return span_find_char(text, 0, '\n') < text.len;
}

static void place_records(
    const struct registry *r, uint64_t *columns, struct buf *b)
{
	size_t next = 0;

	for (size_t i = 0; i < r->record_count; i++) {
		struct span gap = i > 0 ? SPAN(LAYOUT_RECORD_GAP) : SPAN("");
		uint64_t column = 1;

		if (next < r->record_gap_count &&
		    r->record_gaps[next].index == i)
			gap = registry_text(r, r->record_gaps[next++].text);
		if (i == 0)
			column = behind_head(r);
		else if (!has_line(gap))
			column = behind_record(r, i - 1, columns[i - 1], b);
		columns[i] = behind(column, gap);
	}
}

/* The last record ends in the column last. */
static void place_people(
    const struct registry *r, uint64_t last, uint64_t *columns, struct buf *b)
{
	struct span middle = registry_text(r, r->text[REGISTRY_MIDDLE]);
	size_t next = 0;

	for (size_t i = 0; i < r->person_count; i++) {
		struct span gap = i > 0 ? SPAN(LAYOUT_PERSON_GAP) : SPAN("");
		uint64_t column = last;

		if (next < r->person_gap_count &&
		    r->person_gaps[next].index == i)
			gap = registry_text(r, r->person_gaps[next++].text);
		if (i == 0)
			column = behind(last, middle);
		else if (!has_line(gap))
			column = behind_person(r, i - 1, columns[i - 1], b);
		columns[i] = behind(column, gap);
	}
}

int check_places_init(struct check_places *p, const struct registry *r)
{
	size_t last = r->record_count;
	struct buf b;
	bool failed;

	p->records = mem_alloc(r->record_count + 1, sizeof(*p->records));
	p->people = mem_alloc(r->person_count + 1, sizeof(*p->people));
	if (p->records == NULL || p->people == NULL)
		return PORTBOOK_ENOMEM;
	if (r->source != REGISTRY_XML) {
		for (size_t i = 0; i < last; i++)
			p->records[i] = 1; /* a record begins its line */
		return 0;
	}
	buf_init(&b);
	place_records(r, p->records, &b);
	place_people(r,
	    last == 0 ? behind_head(r)
		      : behind_record(r, last - 1, p->records[last - 1], &b),
	    p->people, &b);
	failed = buf_failed(&b);
	buf_release(&b);
	return failed ? PORTBOOK_ENOMEM : 0;
}

void check_places_release(struct check_places *p)
{
	mem_release(p->records);
	mem_release(p->people);
}
