/* SPDX-License-Identifier: ISC */
#include "core/timeline.h"

#include <assert.h>

#include "base/error.h"
#include "base/mem.h"
#include "core/timeline_match.h"
#include "base/banned.h"

#define UNKNOWN UINT32_MAX

/* What makes two states the same: all texts and the residue. */
#define RECORD_WORDS (FIELD_COUNT + 1)
#define PERSON_WORDS (PERSON_FIELD_COUNT + 1)

static_assert(
    offsetof(struct record, residue) == FIELD_COUNT * sizeof(uint32_t),
    "a record begins with its numbers");
static_assert(
    offsetof(struct person, residue) == PERSON_FIELD_COUNT * sizeof(uint32_t),
    "and so does a person");

/* One registry on its way into the timeline. */
struct append {
	struct timeline *t;
	const struct registry *r;
	uint32_t *numbers; /* owned: the timeline's number of each text */
	uint32_t version;
	struct record *records; /* owned, with the timeline's numbers */
	struct person *people;	/* owned, the same */
};

int timeline_init(struct timeline *t, struct portbook_error *err)
{
	uint32_t empty;

	*t = (struct timeline){0};
	arena_init(&t->arena);
	intern_init(&t->texts, &t->arena);
	if (intern_add(&t->texts, SPAN(""), &empty) < 0)
		return error_nomem(err);
	return 0;
}

void timeline_release(struct timeline *t)
{
	intern_release(&t->texts);
	arena_release(&t->arena);
	mem_release(t->versions);
	mem_release(t->notes);
	mem_release(t->rows);
	mem_release(t->people);
	mem_release(t->gaps);
	mem_release(t->editions);
	*t = (struct timeline){0};
}

int timeline_edition_add(struct timeline *t, uint32_t version, uint32_t number,
    struct portbook_error *err)
{
	struct timeline_edition *grown = mem_grow(
	    t->editions, t->edition_count, &t->edition_cap, sizeof(*grown));

	if (grown == NULL)
		return error_nomem(err);
	t->editions = grown;
	grown[t->edition_count++] = (struct timeline_edition){version, number};
	return 0;
}

/* Room for count more items in an array of the timeline. */
static int make_room(
    void **array, size_t count, size_t more, size_t *cap, size_t size)
{
	size_t want = *cap;
	void *grown;

	if (more > UINT32_MAX - 1 - count)
		return PORTBOOK_ENOMEM; /* items are numbered in 32 bits */
	if (count + more <= *cap)
		return 0;
	want = want + want / 2 > count + more ? want + want / 2 : count + more;
	grown = mem_resize(*array, want, size);
	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	*array = grown;
	*cap = want;
	return 0;
}

static int take_text(struct append *a, uint32_t *text)
{
	uint32_t *number = &a->numbers[*text];

	if (*number == UNKNOWN &&
	    intern_add(&a->t->texts, registry_text(a->r, *text), number) < 0)
		return PORTBOOK_ENOMEM;
	*text = *number;
	return 0;
}

static int take_texts(struct append *a, uint32_t *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (take_text(a, &texts[i]) < 0)
			return PORTBOOK_ENOMEM;
	return 0;
}

/*
 * The numbers of all texts of a first version at once, which is cheaper; later
 * ones have most of theirs already, and texts of no use are left behind.
 */
static int take_first_texts(struct append *a)
{
	const struct intern *from = &a->r->texts;
	struct span texts[INTERN_MANY];
	size_t n = 0;

	if (intern_reserve(&a->t->texts, from->count) < 0)
		return PORTBOOK_ENOMEM;
	while (n < from->count) {
		size_t count = from->count - n;

		if (count > INTERN_MANY)
			count = INTERN_MANY;
		for (size_t i = 0; i < count; i++)
			texts[i] = from->entries[n + i].text;
		if (intern_add_many(
			&a->t->texts, texts, count, a->numbers + n) < 0)
			return PORTBOOK_ENOMEM;
		n += count;
	}
	return 0;
}

static int take_items(struct append *a)
{
	const struct registry *r = a->r;

	a->records = mem_alloc(r->record_count, sizeof(*a->records));
	a->people = mem_alloc(r->person_count, sizeof(*a->people));
	if (a->records == NULL || a->people == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < r->record_count; i++) {
		a->records[i] = r->records[i];
		if (take_texts(a, a->records[i].text, RECORD_WORDS) < 0)
			return PORTBOOK_ENOMEM;
	}
	for (size_t i = 0; i < r->person_count; i++) {
		a->people[i] = r->people[i];
		if (take_texts(a, a->people[i].text, PERSON_WORDS) < 0)
			return PORTBOOK_ENOMEM;
	}
	return 0;
}

/*
 * Notes of one kind; those that the last version had too are stored once.
 * off and count are what the last version has, and become this one's.
 */
static int take_notes(struct append *a, const struct registry_note *notes,
    size_t note_count, uint32_t *off, uint32_t *count)
{
	struct timeline *t = a->t;
	void *array = t->notes;
	struct registry_note *end;

	if (note_count == 0) {
		*count = 0;
		return 0;
	}
	if (make_room(&array, t->note_count, note_count, &t->note_cap,
		sizeof(*t->notes)) < 0)
		return PORTBOOK_ENOMEM;
	t->notes = array;
	end = t->notes + t->note_count;
	for (size_t i = 0; i < note_count; i++) {
		end[i] = notes[i];
		if (take_text(a, &end[i].title) < 0 ||
		    take_text(a, &end[i].text) < 0)
			return PORTBOOK_ENOMEM;
	}
	if (*count == note_count &&
	    memcmp(t->notes + *off, end, note_count * sizeof(*end)) == 0)
		return 0;
	*off = (uint32_t)t->note_count;
	*count = (uint32_t)note_count;
	t->note_count += note_count;
	return 0;
}

static int take_gaps(
    struct append *a, bool people, const struct gap *gaps, size_t count)
{
	struct timeline *t = a->t;
	void *array = t->gaps;

	if (make_room(
		&array, t->gap_count, count, &t->gap_cap, sizeof(*t->gaps)) < 0)
		return PORTBOOK_ENOMEM;
	t->gaps = array;
	for (size_t i = 0; i < count; i++) {
		uint32_t text = gaps[i].text;

		if (take_text(a, &text) < 0)
			return PORTBOOK_ENOMEM;
		t->gaps[t->gap_count++] = (struct timeline_gap){
		    .people = people,
		    .version = a->version,
		    .index = gaps[i].index,
		    .text = text,
		};
	}
	return 0;
}

static int take_version(struct append *a)
{
	const struct registry *r = a->r;
	struct timeline *t = a->t;
	struct timeline_version v = {
	    .source = r->source,
	    .source_len = r->source_len,
	    .record_count = (uint32_t)r->record_count,
	    .person_count = (uint32_t)r->person_count,
	};
	void *array = t->versions;

	if (make_room(&array, t->version_count, 1, &t->version_cap,
		sizeof(*t->versions)) < 0)
		return PORTBOOK_ENOMEM;
	t->versions = array;
	if (t->version_count > 0) {
		const struct timeline_version *last =
		    &t->versions[t->version_count - 1];

		v.note_off = last->note_off;
		v.note_count = last->note_count;
		v.footnote_off = last->footnote_off;
		v.footnote_count = last->footnote_count;
	}
	memcpy(v.digest, r->digest, sizeof(v.digest));
	memcpy(v.text, r->text, sizeof(v.text));
	if (take_texts(a, v.text, REGISTRY_FIELD_COUNT) < 0 ||
	    intern_add(&t->texts, registry_newest_row(r), &v.newest_row) < 0 ||
	    take_notes(a, r->notes, r->note_count, &v.note_off, &v.note_count) <
		0 ||
	    take_notes(a, r->footnotes, r->footnote_count, &v.footnote_off,
		&v.footnote_count) < 0)
		return PORTBOOK_ENOMEM;
	t->versions[t->version_count++] = v;
	return 0;
}

/*
 * Rows and persons alike.  An item is a struct timeline_row or _person, a
 * state the record or person that it begins with, and where tells of first
 * and last in it.
 */
struct lane {
	void **items;
	size_t *count, *cap;
	size_t item_len, state_len, words;
	size_t first, last; /* offsets */
};

static char *item_at(const struct lane *l, size_t n)
{
	return (char *)*l->items + n * l->item_len;
}

static uint32_t *word_at(const struct lane *l, size_t n, size_t off)
{
	return (void *)(item_at(l, n) + off);
}

static void put_item(
    const struct lane *l, size_t n, const void *state, uint32_t version)
{
	memset(item_at(l, n), 0, l->item_len);
	memcpy(item_at(l, n), state, l->state_len);
	*word_at(l, n, l->first) = version;
	*word_at(l, n, l->last) = version;
}

/*
 * Moves items up from the back and puts each new state behind all that stand
 * before the next one that lives on.
 */
static void merge(const struct lane *l, const char *states, size_t count,
    const uint32_t *pair, const uint32_t *alive, size_t fresh, uint32_t version)
{
	size_t old = *l->count, to = old + fresh;

	*l->count = to;
	for (size_t i = count; i > 0; i--) {
		const char *state = states + (i - 1) * l->state_len;
		uint32_t at;

		if (pair[i - 1] == TIMELINE_NEW) {
			put_item(l, --to, state, version);
			continue;
		}
		at = alive[pair[i - 1]];
		to -= old - at;
		if (to != at)
			memmove(item_at(l, to), item_at(l, at),
			    (old - at) * l->item_len);
		old = at;
		memcpy(item_at(l, to), state, l->state_len);
		*word_at(l, to, l->last) = version;
	}
}

static int take_lane(
    const struct lane *l, const char *states, size_t count, uint32_t version)
{
	const uint32_t **before = NULL, **after = NULL;
	uint32_t *pair = NULL, *alive = NULL;
	size_t alive_count = 0, fresh = 0;
	int ret = PORTBOOK_ENOMEM;

	before = mem_alloc(*l->count, sizeof(*before));
	alive = mem_alloc(*l->count, sizeof(*alive));
	after = mem_alloc(count, sizeof(*after));
	pair = mem_alloc(count, sizeof(*pair));
	if (before == NULL || alive == NULL || after == NULL || pair == NULL)
		goto out;
	for (size_t i = 0; i < *l->count; i++) {
		if (*word_at(l, i, l->last) + 1 != version)
			continue;
		before[alive_count] = word_at(l, i, 0);
		alive[alive_count++] = (uint32_t)i;
	}
	for (size_t i = 0; i < count; i++)
		after[i] = (const void *)(states + i * l->state_len);
	ret = timeline_match(before, alive_count, after, count, l->words, pair);
	if (ret < 0)
		goto out;
	for (size_t i = 0; i < count; i++)
		fresh += pair[i] == TIMELINE_NEW;
	ret = make_room(l->items, *l->count, fresh, l->cap, l->item_len);
	if (ret == 0)
		merge(l, states, count, pair, alive, fresh, version);
out:
	mem_release(before);
	mem_release(alive);
	mem_release(after);
	mem_release(pair);
	return ret;
}

static int take_states(struct append *a)
{
	struct timeline *t = a->t;
	void *rows = t->rows, *people = t->people;
	const struct lane row_lane = {
	    .items = &rows,
	    .count = &t->row_count,
	    .cap = &t->row_cap,
	    .item_len = sizeof(struct timeline_row),
	    .state_len = sizeof(struct record),
	    .words = RECORD_WORDS,
	    .first = offsetof(struct timeline_row, first),
	    .last = offsetof(struct timeline_row, last),
	};
	const struct lane person_lane = {
	    .items = &people,
	    .count = &t->person_count,
	    .cap = &t->person_cap,
	    .item_len = sizeof(struct timeline_person),
	    .state_len = sizeof(struct person),
	    .words = PERSON_WORDS,
	    .first = offsetof(struct timeline_person, first),
	    .last = offsetof(struct timeline_person, last),
	};
	int code;

	code = take_lane(&row_lane, (const char *)a->records,
	    a->r->record_count, a->version);
	t->rows = rows;
	if (code < 0)
		return code;
	code = take_lane(&person_lane, (const char *)a->people,
	    a->r->person_count, a->version);
	t->people = people;
	return code;
}

int timeline_append(
    struct timeline *t, const struct registry *r, struct portbook_error *err)
{
	struct append a = {
	    .t = t, .r = r, .version = (uint32_t)t->version_count};
	int ret = PORTBOOK_ENOMEM;

	if (t->version_count >= UINT32_MAX - 1)
		return error_nomem(err);
	a.numbers = mem_alloc(r->texts.count, sizeof(*a.numbers));
	if (a.numbers == NULL)
		return error_nomem(err);
	memset(a.numbers, 0xff, r->texts.count * sizeof(*a.numbers));
	if (t->version_count == 0 && take_first_texts(&a) < 0)
		goto out;
	if (take_items(&a) < 0 || take_states(&a) < 0 || take_version(&a) < 0 ||
	    take_gaps(&a, false, r->record_gaps, r->record_gap_count) < 0 ||
	    take_gaps(&a, true, r->person_gaps, r->person_gap_count) < 0)
		goto out;
	ret = 0;
out:
	mem_release(a.numbers);
	mem_release(a.records);
	mem_release(a.people);
	return ret < 0 ? error_nomem(err) : 0;
}
