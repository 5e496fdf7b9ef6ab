/* SPDX-License-Identifier: ISC */
/*
 * Persons, and who is named by which row: in any of its texts, so also in a
 * note.  A row gets all states of a person that stood in one of its versions.
 */
#include "imagebuild/build.h"

#include <stdlib.h>

#include "terms/rich.h"
#include "base/banned.h"

/* Beyond this, persons share one id in a way that nobody means. */
#define REFS_PER_ROW 64
#define REFS_MORE 1000000

#define NONE UINT32_MAX

/* Persons that a text names: numbers of ids. */
struct named {
	uint32_t off;
	uint32_t count; /* NONE: not yet looked for */
};

struct refs {
	struct arena arena;
	struct intern ids;
	uint32_t *first;     /* owned: person by id, NONE where there is none */
	uint32_t *next;	     /* owned: of a person, the next of the same id */
	size_t id_count;     /* ids that persons have */
	struct named *named; /* owned: by text of the timeline */
	struct buf numbers;  /* uint32_t, that named speaks of */
	uint32_t *seen;	     /* owned: by id, the last row + 1 */
	struct buf found;    /* uint32_t: persons of one row */
	size_t left;
	struct image_list last; /* the list of the row before */
	uint32_t *row_counts;	/* owned: rows by current person */
};

static int refs_begin(struct build *b, struct refs *r)
{
	size_t texts = b->t->texts.count;

	arena_init(&r->arena);
	intern_init(&r->ids, &r->arena);
	r->left = REFS_MORE + REFS_PER_ROW * b->row_count;
	r->first = mem_alloc(b->person_count, sizeof(*r->first));
	r->next = mem_alloc(b->person_count, sizeof(*r->next));
	r->named = mem_alloc(texts, sizeof(*r->named));
	r->seen = mem_zalloc(b->person_count, sizeof(*r->seen));
	r->row_counts = mem_zalloc(b->current_people, sizeof(*r->row_counts));
	if (r->first == NULL || r->next == NULL || r->named == NULL ||
	    r->seen == NULL || r->row_counts == NULL)
		return build_nomem(b);
	memset(r->named, 0xff, texts * sizeof(*r->named));
	for (size_t n = b->person_count; n > 0; n--) {
		uint32_t text = build_person(b, n - 1)->person.text[PERSON_ID];
		size_t before = r->ids.count;
		uint32_t id;

		if (intern_add(&r->ids, timeline_text(b->t, text), &id) < 0)
			return build_nomem(b);
		r->next[n - 1] = id < before ? r->first[id] : NONE;
		r->first[id] = (uint32_t)n - 1;
	}
	r->id_count = r->ids.count;
	return 0;
}

static void refs_release(struct refs *r)
{
	intern_release(&r->ids);
	arena_release(&r->arena);
	buf_release(&r->numbers);
	buf_release(&r->found);
	mem_release(r->first);
	mem_release(r->next);
	mem_release(r->named);
	mem_release(r->seen);
	mem_release(r->row_counts);
}

static int look_for_names(struct build *b, struct refs *r, uint32_t number)
{
	struct span text = timeline_text(b->t, number);
	size_t off = r->numbers.len / sizeof(uint32_t);
	struct rich_token token;

	text = span_skip(text, span_find_char(text, 0, RICH_XREF));
	while (rich_next(&text, &token)) {
		uint32_t id;

		if (token.kind != RICH_IS_XREF ||
		    token.xref.type != XREF_PERSON)
			continue;
		if (intern_add(&r->ids, token.xref.data, &id) < 0)
			return build_nomem(b);
		if (id < r->id_count)
			buf_add(&r->numbers,
			    (struct span){(const char *)&id, sizeof(id)});
	}
	if (buf_failed(&r->numbers))
		return build_nomem(b);
	r->named[number] = (struct named){
	    (uint32_t)off, (uint32_t)(r->numbers.len / sizeof(uint32_t) - off)};
	return 0;
}

/* Puts down the states of a person that stood in the row's versions. */
static int find_person(struct build *b, struct refs *r, size_t row, uint32_t id)
{
	const struct timeline_row *from = build_row(b, row);

	if (r->seen[id] == row + 1)
		return 0;
	r->seen[id] = (uint32_t)row + 1;
	for (uint32_t n = r->first[id]; n != NONE; n = r->next[n]) {
		const struct timeline_person *person = build_person(b, n);

		if (r->left-- == 0)
			return error_set(b->err, PORTBOOK_ELIMIT, 0,
			    "too many persons share one id");
		if (person->first <= from->last && from->first <= person->last)
			buf_add(&r->found,
			    (struct span){(const char *)&n, sizeof(n)});
	}
	return 0;
}

static int find_people(struct build *b, struct refs *r, size_t row)
{
	const struct record *record = &build_row(b, row)->record;

	buf_clear(&r->found);
	for (size_t field = FIELD_NAME; field < FIELD_COUNT; field++) {
		uint32_t number = record->text[field];
		const struct named *named = &r->named[number];
		int code = 0;

		if (named->count == NONE)
			code = look_for_names(b, r, number);
		for (uint32_t i = 0; code == 0 && i < named->count; i++) {
			uint32_t id;

			memcpy(&id,
			    r->numbers.ptr + (named->off + i) * sizeof(id),
			    sizeof(id));
			code = find_person(b, r, row, id);
		}
		if (code < 0)
			return code;
	}
	return buf_failed(&r->found) ? build_nomem(b) : 0;
}

/* Neighbours often name the same persons and share their list. */
static int put_list(struct build *b, struct refs *r, size_t row)
{
	size_t count = r->found.len / sizeof(uint32_t);
	const uint32_t *found = (const void *)r->found.ptr;
	size_t last_len = le32(r->last.count) * sizeof(uint32_t);
	bool same = r->found.len == last_len;
	int code = 0;

	for (size_t i = 0; same && i < count; i++)
		same = le_u32(b->lists.ptr + (le32(r->last.off) + i) *
						 sizeof(uint32_t)) == found[i];
	if (!same)
		code = lists_put(b, found, count, &r->last);
	b->rows[row].people = r->last;
	if (row < b->current_rows)
		for (size_t i = 0; i < count; i++)
			if (found[i] < b->current_people)
				r->row_counts[found[i]]++;
	return code;
}

/* Lists of the rows of each current person, made from those of the rows. */
static int put_rows(struct build *b, const struct refs *r)
{
	size_t off = b->lists.len / sizeof(struct le32), total = 0;
	uint32_t *at;

	at = mem_alloc(b->current_people, sizeof(*at));
	if (at == NULL)
		return build_nomem(b);
	for (size_t n = 0; n < b->current_people; n++) {
		at[n] = (uint32_t)(off + total);
		b->people[n].rows = (struct image_list){
		    le32_of(r->row_counts[n] > 0 ? at[n] : 0),
		    le32_of(r->row_counts[n])};
		total += r->row_counts[n];
	}
	if (off + total > UINT32_MAX || total == 0 ||
	    buf_room(&b->lists, total * sizeof(struct le32)) == NULL) {
		mem_release(at);
		return total == 0 ? 0 : build_nomem(b);
	}
	b->lists.len += total * sizeof(struct le32);
	for (size_t row = 0; row < b->current_rows; row++) {
		struct image_list list = b->rows[row].people;
		struct le32 *numbers = (void *)b->lists.ptr;

		for (size_t i = 0; i < le32(list.count); i++) {
			uint32_t n = le32(numbers[le32(list.off) + i]);

			if (n < b->current_people)
				numbers[at[n]++] = le32_of((uint32_t)row);
		}
	}
	mem_release(at);
	return 0;
}

static int put_person(struct build *b, size_t n)
{
	const struct timeline_person *from = build_person(b, n);
	struct image_person *person = &b->people[n];

	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++) {
		int code = texts_put(b, from->person.text[i], &person->text[i]);

		if (code < 0)
			return code;
	}
	person->first_version = le32_of(from->first);
	person->last_version = le32_of(from->last);
	person->place = le32_of(b->person_places[n]);
	return texts_put(b, from->person.residue, &person->residue);
}

struct sorted {
	struct span id;
	uint32_t person;
};

static int sorted_cmp(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order = span_cmp(x->id, y->id);

	if (order != 0)
		return order;
	return x->person < y->person ? -1 : x->person > y->person;
}

static int put_order(struct build *b)
{
	struct le32 *order =
	    build_section(b, IMAGE_PEOPLE_ORDER, b->current_people);
	struct sorted *sorted = mem_alloc(b->current_people, sizeof(*sorted));

	if (order == NULL || sorted == NULL) {
		mem_release(sorted);
		return build_nomem(b);
	}
	for (size_t n = 0; n < b->current_people; n++)
		sorted[n] = (struct sorted){
		    timeline_text(
			b->t, build_person(b, n)->person.text[PERSON_ID]),
		    (uint32_t)n};
	qsort(sorted, b->current_people, sizeof(*sorted), sorted_cmp);
	for (size_t n = 0; n < b->current_people; n++)
		order[n] = le32_of(sorted[n].person);
	mem_release(sorted);
	return 0;
}

int people_make(struct build *b)
{
	struct refs r = {0};
	int code;

	b->people = build_section_zeroed(b, IMAGE_PEOPLE, b->person_count);
	if (b->people == NULL)
		return build_nomem(b);
	code = refs_begin(b, &r);
	for (size_t n = 0; code == 0 && n < b->person_count; n++)
		code = put_person(b, n);
	for (size_t row = 0; code == 0 && row < b->row_count; row++) {
		code = find_people(b, &r, row);
		if (code == 0)
			code = put_list(b, &r, row);
	}
	if (code == 0)
		code = put_rows(b, &r);
	if (code == 0 && !b->options->rows_only)
		code = put_order(b);
	refs_release(&r);
	return code;
}
