/* SPDX-License-Identifier: ISC */
#include "core/registry.h"

#include "base/ckd.h"
#include "base/error.h"
#include "terms/layout.h"
#include "base/banned.h"

int registry_init(struct registry *r, struct portbook_error *err)
{
	uint32_t empty;

	*r = (struct registry){0};
	arena_init(&r->arena);
	intern_init(&r->texts, &r->arena);
	return registry_text_add(r, SPAN(""), &empty, err);
}

void registry_release(struct registry *r)
{
	intern_release(&r->texts);
	arena_release(&r->arena);
	*r = (struct registry){0};
}

int registry_text_add(struct registry *r, struct span text, uint32_t *ret,
    struct portbook_error *err)
{
	if (intern_add(&r->texts, text, ret) < 0)
		return error_nomem(err);
	return 0;
}

/* The old array stays behind in the arena: at most as much again. */
static void *resize(struct registry *r, const void *array, size_t count,
    size_t *cap, size_t want, size_t size)
{
	size_t len;
	void *grown;

	if (ckd_mul(&len, want, size))
		return NULL;
	grown = arena_alloc(&r->arena, len);
	if (grown == NULL)
		return NULL;
	if (count > 0)
		memcpy(grown, array, count * size);
	*cap = want;
	return grown;
}

static bool add_product(size_t *sum, size_t count, size_t size)
{
	size_t len;

	return !ckd_mul(&len, count, size) && !ckd_add(sum, *sum, len);
}

int registry_reserve(struct registry *r, size_t records, size_t people,
    size_t texts, size_t text_len)
{
	size_t len = text_len;
	void *array;

	if (!add_product(&len, texts, INTERN_LEN) ||
	    !add_product(&len, records, sizeof(struct record)) ||
	    !add_product(&len, people, sizeof(struct person)) ||
	    arena_reserve(&r->arena, len) < 0 ||
	    intern_reserve(&r->texts, texts) < 0)
		return PORTBOOK_ENOMEM;
	array = resize(r, r->records, r->record_count, &r->record_cap, records,
	    sizeof(struct record));
	if (array == NULL)
		return PORTBOOK_ENOMEM;
	r->records = array;
	array = resize(r, r->people, r->person_count, &r->person_cap, people,
	    sizeof(struct person));
	if (array == NULL)
		return PORTBOOK_ENOMEM;
	r->people = array;
	return 0;
}

static void *next(
    struct registry *r, void **array, size_t *count, size_t *cap, size_t size)
{
	void *grown;
	size_t want;
	char *item;

	if (*count == *cap) {
		if (ckd_mul(&want, *cap > 0 ? *cap : 8, (size_t)2))
			return NULL;
		grown = resize(r, *array, *count, cap, want, size);
		if (grown == NULL)
			return NULL;
		*array = grown;
	}
	item = (char *)*array + *count * size;
	memset(item, 0, size);
	(*count)++;
	return item;
}

struct record *registry_record_new(struct registry *r)
{
	void *array = r->records;
	void *item = next(
	    r, &array, &r->record_count, &r->record_cap, sizeof(struct record));

	r->records = array;
	return item;
}

struct person *registry_person_new(struct registry *r)
{
	void *array = r->people;
	void *item = next(
	    r, &array, &r->person_count, &r->person_cap, sizeof(struct person));

	r->people = array;
	return item;
}

struct registry_note *registry_note_new(struct registry *r)
{
	void *array = r->notes;
	void *item = next(r, &array, &r->note_count, &r->note_cap,
	    sizeof(struct registry_note));

	r->notes = array;
	return item;
}

struct registry_note *registry_footnote_new(struct registry *r)
{
	void *array = r->footnotes;
	void *item = next(r, &array, &r->footnote_count, &r->footnote_cap,
	    sizeof(struct registry_note));

	r->footnotes = array;
	return item;
}

struct gap *registry_record_gap_new(struct registry *r)
{
	void *array = r->record_gaps;
	void *item = next(r, &array, &r->record_gap_count, &r->record_gap_cap,
	    sizeof(struct gap));

	r->record_gaps = array;
	return item;
}

struct gap *registry_person_gap_new(struct registry *r)
{
	void *array = r->person_gaps;
	void *item = next(r, &array, &r->person_gap_count, &r->person_gap_cap,
	    sizeof(struct gap));

	r->person_gaps = array;
	return item;
}

void registry_record_text(const struct registry *r, const struct record *record,
    struct record_text *ret)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		ret->at[i] = registry_text(r, record->text[i]);
}

void registry_person_text(const struct registry *r, const struct person *person,
    struct person_text *ret)
{
	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		ret->at[i] = registry_text(r, person->text[i]);
}

static void put_head(const struct registry *r, struct buf *b)
{
	struct span head = registry_text(r, r->text[REGISTRY_HEAD]);
	size_t mark = span_find_char(head, 0, LAYOUT_UPDATED_MARK);

	buf_add(b, span_head(head, mark));
	if (mark < head.len)
		buf_add(b, registry_text(r, r->text[REGISTRY_UPDATED]));
	buf_add(b, span_skip(head, mark + 1));
}

static void put_gap(const struct registry *r, struct buf *b, size_t index,
    const struct gap *gaps, size_t count, size_t *next_gap, const char *usual)
{
	if (*next_gap < count && gaps[*next_gap].index == index)
		buf_add(b, registry_text(r, gaps[(*next_gap)++].text));
	else if (index > 0)
		buf_str(b, usual);
}

void registry_to_xml(const struct registry *r, struct buf *b)
{
	size_t gap = 0;

	put_head(r, b);
	for (size_t i = 0; i < r->record_count; i++) {
		const struct record *record = &r->records[i];
		struct record_text text;

		put_gap(r, b, i, r->record_gaps, r->record_gap_count, &gap,
		    LAYOUT_RECORD_GAP);
		if (record->residue != 0) {
			buf_add(b, registry_text(r, record->residue));
			continue;
		}
		registry_record_text(r, record, &text);
		layout_record(b, &text);
	}
	buf_add(b, registry_text(r, r->text[REGISTRY_MIDDLE]));
	gap = 0;
	for (size_t i = 0; i < r->person_count; i++) {
		const struct person *person = &r->people[i];
		struct person_text text;

		put_gap(r, b, i, r->person_gaps, r->person_gap_count, &gap,
		    LAYOUT_PERSON_GAP);
		if (person->residue != 0) {
			buf_add(b, registry_text(r, person->residue));
			continue;
		}
		registry_person_text(r, person, &text);
		layout_person(b, &text);
	}
	buf_add(b, registry_text(r, r->text[REGISTRY_TAIL]));
}

struct span registry_newest_row(const struct registry *r)
{
	struct span newest = SPAN("");

	for (size_t i = 0; i < r->record_count; i++) {
		struct span date =
		    registry_text(r, r->records[i].text[FIELD_DATE]);
		struct span updated =
		    registry_text(r, r->records[i].text[FIELD_UPDATED]);

		if (span_cmp(date, newest) > 0)
			newest = date;
		if (span_cmp(updated, newest) > 0)
			newest = updated;
	}
	return newest;
}
