/* SPDX-License-Identifier: ISC */
/* Events, and of each row and person its own and the states of its life. */
#include "imagebuild/build.h"

#include <stdlib.h>

#include "core/lives.h"
#include "base/banned.h"

/* One kind of what has a life: rows, or persons. */
struct kind {
	bool person;
	size_t count;
	const uint32_t *places; /* by number */
	uint32_t *numbers;	/* owned: by place */
	const uint32_t *last;	/* by place, a place */
	enum image_section_id section;
};

/* Numbers sorted into runs, one for each of some items. */
struct runs {
	uint32_t *off; /* owned: by item, and one more */
	uint32_t *at;  /* owned */
};

/* A state of a life, to be sorted. */
struct state {
	uint32_t first; /* version */
	uint32_t place;
};

static int number_places(struct build *b, struct kind *k)
{
	k->numbers = mem_alloc(k->count, sizeof(*k->numbers));
	if (k->numbers == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < k->count; i++)
		k->numbers[k->places[i]] = (uint32_t)i;
	return 0;
}

static uint32_t number_of(const struct kind *k, uint32_t place)
{
	return place == LIFE_NONE ? IMAGE_NONE : k->numbers[place];
}

static int put_events(struct build *b, const struct lives *l,
    const struct kind *rows, const struct kind *people)
{
	struct image_event *events =
	    build_section(b, IMAGE_EVENTS, l->event_count);
	struct le32 *starts;

	if (events == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < l->event_count; i++) {
		const struct life_event *from = &l->events[i];
		const struct kind *k =
		    from->kind == EVENT_PERSON ? people : rows;

		events[i] = (struct image_event){
		    .version = le32_of(from->version),
		    .kind = le32_of(from->kind),
		    .before = le32_of(number_of(k, from->before)),
		    .after = le32_of(number_of(k, from->after)),
		    .fields = le32_of(from->fields),
		};
	}
	starts = build_section(b, IMAGE_EVENT_STARTS, b->t->version_count + 1);
	if (starts == NULL)
		return build_nomem(b);
	for (size_t v = 0; v <= b->t->version_count; v++)
		starts[v] = le32_of(l->first_event[v]);
	return 0;
}

static int runs_begin(
    struct build *b, struct runs *r, size_t items, size_t numbers)
{
	r->off = mem_zalloc(items + 2, sizeof(*r->off));
	r->at = mem_alloc(numbers, sizeof(*r->at));
	return r->off == NULL || r->at == NULL ? build_nomem(b) : 0;
}

static void runs_release(struct runs *r)
{
	mem_release(r->off);
	mem_release(r->at);
}

/* Counts are at off[item + 2]; then off[item + 1] is where to put the next. */
static void runs_sum(struct runs *r, size_t items)
{
	for (size_t i = 1; i <= items; i++)
		r->off[i + 1] += r->off[i];
}

/* Numbers of events by the place of each row, or person, that is in them. */
static int sort_events(struct build *b, const struct lives *l,
    const struct kind *k, struct runs *r)
{
	int code = runs_begin(b, r, k->count, 2 * l->event_count);

	for (int pass = 0; code == 0 && pass < 2; pass++) {
		for (size_t i = 0; i < l->event_count; i++) {
			const struct life_event *e = &l->events[i];
			const uint32_t places[] = {e->before, e->after};

			if ((e->kind == EVENT_PERSON) != k->person)
				continue;
			for (size_t n = 0; n < 2; n++) {
				if (places[n] == LIFE_NONE)
					continue;
				if (pass == 0)
					r->off[places[n] + 2]++;
				else
					r->at[r->off[places[n] + 1]++] =
					    (uint32_t)i;
			}
		}
		if (pass == 0)
			runs_sum(r, k->count);
	}
	return code;
}

/* Places by the place of the last state of their life. */
static int sort_states(struct build *b, const struct kind *k, struct runs *r)
{
	int code = runs_begin(b, r, k->count, k->count);

	if (code < 0)
		return code;
	for (size_t i = 0; i < k->count; i++)
		r->off[k->last[i] + 2]++;
	runs_sum(r, k->count);
	for (size_t i = 0; i < k->count; i++)
		r->at[r->off[k->last[i] + 1]++] = (uint32_t)i;
	return 0;
}

static int state_cmp(const void *a, const void *b)
{
	const struct state *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static uint32_t first_of(
    const struct build *b, const struct kind *k, uint32_t place)
{
	return k->person ? b->t->people[place].first : b->t->rows[place].first;
}

/* The list of a life's states, for all of them; at holds their places. */
static int put_states(struct build *b, const struct kind *k, uint32_t *at,
    uint32_t count, struct image_life *lives)
{
	struct state *states = mem_alloc(count, sizeof(*states));
	struct image_list list;
	int code;

	if (states == NULL)
		return build_nomem(b);
	for (uint32_t i = 0; i < count; i++)
		states[i] = (struct state){first_of(b, k, at[i]), at[i]};
	qsort(states, count, sizeof(*states), state_cmp);
	for (uint32_t i = 0; i < count; i++)
		at[i] = k->numbers[states[i].place];
	mem_release(states);
	code = lists_put(b, at, count, &list);
	for (uint32_t i = 0; code == 0 && i < count; i++)
		lives[at[i]].states = list;
	return code;
}

static int put_lives(struct build *b, const struct kind *k,
    const struct runs *events, const struct runs *states)
{
	struct image_life *lives =
	    build_section_zeroed(b, k->section, k->count);
	int code = 0;

	if (lives == NULL)
		return build_nomem(b);
	for (size_t i = 0; code == 0 && i < k->count; i++) {
		uint32_t place = k->places[i];
		uint32_t off = events->off[place];
		uint32_t count = events->off[place + 1] - off;

		code = lists_put(b, events->at + off, count, &lives[i].events);
		off = states->off[place];
		count = states->off[place + 1] - off;
		if (code == 0 && count > 1)
			code = put_states(b, k, states->at + off, count, lives);
	}
	return code;
}

static int put_kind(
    struct build *b, const struct lives *l, const struct kind *k)
{
	struct runs events = {0}, states = {0};
	int code = sort_events(b, l, k, &events);

	if (code == 0)
		code = sort_states(b, k, &states);
	if (code == 0)
		code = put_lives(b, k, &events, &states);
	runs_release(&events);
	runs_release(&states);
	return code;
}

int events_make(struct build *b)
{
	struct kind rows = {
	    .count = b->row_count,
	    .places = b->row_places,
	    .section = IMAGE_ROW_LIVES,
	};
	struct kind people = {
	    .person = true,
	    .count = b->person_count,
	    .places = b->person_places,
	    .section = IMAGE_PERSON_LIVES,
	};
	struct lives l;
	int code;

	if (b->t->version_count == 1)
		return 0;
	code = lives_make(b->t, &l, b->err);
	if (code < 0)
		return code;
	rows.last = l.row_last;
	people.last = l.person_last;
	code = number_places(b, &rows);
	if (code == 0)
		code = number_places(b, &people);
	if (code == 0)
		code = put_events(b, &l, &rows, &people);
	if (code == 0)
		code = put_kind(b, &l, &rows);
	if (code == 0)
		code = put_kind(b, &l, &people);
	mem_release(rows.numbers);
	mem_release(people.numbers);
	lives_release(&l);
	return code;
}
