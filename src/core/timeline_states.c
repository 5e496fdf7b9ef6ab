/* SPDX-License-Identifier: ISC */
#include "core/timeline_states.h"

#include "base/error.h"
#include "base/mem.h"
#include "core/timeline_match.h"
#include "base/banned.h"

#define ENDS 0U		   /* the life that is none */
#define GOES_ON UINT32_MAX /* last of a life that has not ended */
#define LOOK_AHEAD 64U	   /* how many states may go at one place */

/* What stands between the common ends of two sequences. */
struct middle {
	struct timeline_lane *lane;
	const uint32_t *before, *after;
	size_t before_count, after_count;
	uint32_t *pair; /* by place in after: place in before */
	uint32_t version;
};

static int lane_begin(struct timeline_lane *l, size_t state_count)
{
	l->state_count = state_count;
	l->alive = mem_zalloc(state_count, sizeof(*l->alive));
	l->lives = mem_grow(NULL, 0, &l->life_cap, sizeof(*l->lives));
	if (l->alive == NULL || l->lives == NULL)
		return PORTBOOK_ENOMEM;
	l->lives[ENDS] = (struct timeline_life){.next = ENDS, .before = ENDS};
	l->life_count = 1;
	return 0;
}

static void lane_release(struct timeline_lane *l)
{
	mem_release(l->lives);
	mem_release(l->states);
	mem_release(l->current);
	mem_release(l->scratch);
	mem_release(l->alive);
	mem_release(l->pair);
	*l = (struct timeline_lane){0};
}

static int room(uint32_t **array, size_t *cap, size_t want)
{
	uint32_t *grown;

	if (want <= *cap)
		return 0;
	if (want < *cap + *cap / 2)
		want = *cap + *cap / 2;
	grown = mem_resize(*array, want, sizeof(*grown));
	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	*array = grown;
	*cap = want;
	return 0;
}

/* A life that begins, right before the life next. */
static int life_new(struct timeline_lane *l, uint32_t state, uint32_t version,
    uint32_t next, uint32_t *ret)
{
	uint32_t number = (uint32_t)l->life_count;
	struct timeline_life *lives =
	    mem_grow(l->lives, l->life_count, &l->life_cap, sizeof(*lives));

	if (lives == NULL || l->life_count >= UINT32_MAX - 1)
		return PORTBOOK_ENOMEM;
	l->lives = lives;
	lives[number] = (struct timeline_life){
	    .state = state,
	    .first = version,
	    .last = GOES_ON,
	    .next = next,
	    .before = lives[next].before,
	};
	lives[lives[next].before].next = number;
	lives[next].before = number;
	l->life_count++;
	*ret = number;
	return 0;
}

/*
 * Pairs what stands in the same order in both; false where that is not known
 * to be what timeline_match gives.  It is where every state of after that was
 * there is found behind the last one found, and what is passed over on the way
 * was there once only: then each takes the first free one of its kind, and
 * pairs rise by themselves.
 */
static bool pair_in_order(struct middle *m)
{
	const uint32_t *alive = m->lane->alive;
	size_t from = 0, at = 0;

	for (; at < m->after_count; at++) {
		uint32_t state = m->after[at];
		size_t place = from;

		m->pair[at] = TIMELINE_NEW;
		if (alive[state] == 0)
			continue;
		while (place < m->before_count && m->before[place] != state) {
			if (place - from >= LOOK_AHEAD ||
			    alive[m->before[place]] != 1)
				return false;
			place++;
		}
		if (place == m->before_count)
			return false;
		m->pair[at] = (uint32_t)place;
		from = place + 1;
	}
	return true;
}

/* The same by the rule itself. */
static int pair_by_match(struct middle *m)
{
	const uint32_t **items =
	    mem_alloc(m->before_count + m->after_count, sizeof(*items));
	int code;

	if (items == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < m->before_count; i++)
		items[i] = &m->before[i];
	for (size_t i = 0; i < m->after_count; i++)
		items[m->before_count + i] = &m->after[i];
	code = timeline_match(items, m->before_count, items + m->before_count,
	    m->after_count, 1, m->pair);
	mem_release(items);
	return code;
}

static int pair_middle(struct middle *m)
{
	if (!pair_in_order(m) && pair_by_match(m) < 0)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < m->after_count; i++)
		if (m->pair[i] == TIMELINE_NEW)
			m->lane->alive[m->after[i]]++;
	return 0;
}

/* Ends the lives of the middle that no pair goes on with. */
static void end_lives(struct middle *m, const uint32_t *current)
{
	size_t next = 0;

	for (size_t i = 0; i <= m->after_count; i++) {
		size_t to = m->before_count;

		if (i < m->after_count) {
			if (m->pair[i] == TIMELINE_NEW)
				continue;
			to = m->pair[i];
		}
		for (; next < to; next++) {
			m->lane->alive[m->before[next]]--;
			m->lane->lives[current[next]].last = m->version - 1;
		}
		next = to + 1;
	}
}

/* From the back: what is new stands right before what lives on behind it. */
static int begin_lives(
    struct middle *m, const uint32_t *current, uint32_t *lives, uint32_t behind)
{
	for (size_t i = m->after_count; i > 0; i--) {
		if (m->pair[i - 1] != TIMELINE_NEW)
			lives[i - 1] = current[m->pair[i - 1]];
		else if (life_new(m->lane, m->after[i - 1], m->version, behind,
			     &lives[i - 1]) < 0)
			return PORTBOOK_ENOMEM;
		behind = lives[i - 1];
	}
	return 0;
}

/* How many numbers are the same from the front. */
static size_t common_head(const uint32_t *a, const uint32_t *b, size_t count)
{
	const size_t step = 64;
	size_t len = 0;

	while (count - len >= step &&
	       memcmp(a + len, b + len, step * sizeof(*a)) == 0)
		len += step;
	while (len < count && a[len] == b[len])
		len++;
	return len;
}

/* The same from the ends backwards. */
static size_t common_tail(const uint32_t *a, const uint32_t *b, size_t count)
{
	const size_t step = 64;
	size_t len = 0;

	while (count - len >= step &&
	       memcmp(a - len - step, b - len - step, step * sizeof(*a)) == 0)
		len += step;
	while (len < count && a[-(ptrdiff_t)len - 1] == b[-(ptrdiff_t)len - 1])
		len++;
	return len;
}

static void copy(uint32_t *to, const uint32_t *from, size_t count)
{
	if (count > 0)
		memcpy(to, from, count * sizeof(*to));
}

/* At least one, so that there is always something to add an offset to. */
static int lane_room(struct timeline_lane *l, size_t count)
{
	if (count == 0)
		count = 1;
	if (room(&l->states, &l->states_cap, count) < 0 ||
	    room(&l->current, &l->current_cap, count) < 0 ||
	    room(&l->scratch, &l->scratch_cap, count) < 0 ||
	    room(&l->pair, &l->pair_cap, count) < 0)
		return PORTBOOK_ENOMEM;
	return 0;
}

static void swap_current(struct timeline_lane *l)
{
	uint32_t *current = l->scratch;
	size_t cap = l->scratch_cap;

	l->scratch = l->current;
	l->scratch_cap = l->current_cap;
	l->current = current;
	l->current_cap = cap;
}

static int lane_append(
    struct timeline_lane *l, const struct timeline_list *list, uint32_t version)
{
	size_t count = list->count < l->count ? list->count : l->count;
	size_t old = l->count, head, tail;
	const uint32_t *at;
	struct middle m = {.lane = l, .version = version};
	uint32_t behind;

	if (lane_room(l, list->count) < 0)
		return PORTBOOK_ENOMEM;
	at = list->count > 0 ? list->at : l->states;
	head = count > 0 ? common_head(l->states, at, count) : 0;
	tail = count > head ? common_tail(l->states + old, at + list->count,
				  count - head)
			    : 0;
	m.before = l->states + head;
	m.after = at + head;
	m.before_count = old - head - tail;
	m.after_count = list->count - head - tail;
	m.pair = l->pair;
	if (pair_middle(&m) < 0)
		return PORTBOOK_ENOMEM;
	copy(l->scratch, l->current, head);
	copy(l->scratch + list->count - tail, l->current + old - tail, tail);
	behind = tail > 0 ? l->current[old - tail] : ENDS;
	if (begin_lives(&m, l->current + head, l->scratch + head, behind) < 0)
		return PORTBOOK_ENOMEM;
	end_lives(&m, l->current + head);
	copy(l->states + head, m.after, m.after_count);
	copy(l->states + list->count - tail, at + list->count - tail, tail);
	swap_current(l);
	l->count = list->count;
	return 0;
}

int timeline_states_begin(struct timeline_states *s, struct timeline *t,
    const struct record *records, size_t record_count,
    const struct person *people, size_t person_count,
    struct portbook_error *err)
{
	*s = (struct timeline_states){
	    .t = t, .records = records, .people = people};
	if (lane_begin(&s->record_lane, record_count) < 0 ||
	    lane_begin(&s->person_lane, person_count) < 0)
		return error_nomem(err);
	return 0;
}

void timeline_states_release(struct timeline_states *s)
{
	lane_release(&s->record_lane);
	lane_release(&s->person_lane);
}

/* As the version before has them, or new ones; none keeps the place. */
static int take_notes(struct timeline *t, const struct registry_note *notes,
    size_t count, struct timeline_notes *last)
{
	if (count == last->count &&
	    (count == 0 || memcmp(t->notes + last->off, notes,
			       count * sizeof(*notes)) == 0))
		return 0;
	if (count > 0)
		last->off = (uint32_t)t->note_count;
	last->count = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		struct registry_note *grown = mem_grow(
		    t->notes, t->note_count, &t->note_cap, sizeof(*grown));

		if (grown == NULL || t->note_count >= UINT32_MAX - 1)
			return PORTBOOK_ENOMEM;
		t->notes = grown;
		grown[t->note_count++] = notes[i];
	}
	return 0;
}

static int take_gaps(struct timeline *t, const struct timeline_gap *gaps,
    size_t count, uint32_t version)
{
	for (size_t i = 0; i < count; i++) {
		struct timeline_gap *grown = mem_grow(
		    t->gaps, t->gap_count, &t->gap_cap, sizeof(*grown));

		if (grown == NULL || t->gap_count >= UINT32_MAX - 1)
			return PORTBOOK_ENOMEM;
		t->gaps = grown;
		grown[t->gap_count] = gaps[i];
		grown[t->gap_count++].version = version;
	}
	return 0;
}

static int take_version(
    struct timeline_states *s, const struct timeline_states_version *v)
{
	struct timeline *t = s->t;
	struct timeline_version *grown = mem_grow(
	    t->versions, t->version_count, &t->version_cap, sizeof(*grown));
	struct timeline_version *to;

	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	t->versions = grown;
	if (take_notes(t, v->notes, v->note_count, &s->notes) < 0 ||
	    take_notes(t, v->footnotes, v->footnote_count, &s->footnotes) < 0)
		return PORTBOOK_ENOMEM;
	to = &grown[t->version_count++];
	*to = v->version;
	to->note_off = s->notes.off;
	to->note_count = s->notes.count;
	to->footnote_off = s->footnotes.off;
	to->footnote_count = s->footnotes.count;
	to->record_count = (uint32_t)v->records.count;
	to->person_count = (uint32_t)v->people.count;
	return 0;
}

int timeline_states_append(struct timeline_states *s,
    const struct timeline_states_version *v, struct portbook_error *err)
{
	uint32_t version = (uint32_t)s->t->version_count;

	if (s->t->version_count >= UINT32_MAX - 1 ||
	    lane_append(&s->record_lane, &v->records, version) < 0 ||
	    lane_append(&s->person_lane, &v->people, version) < 0 ||
	    take_version(s, v) < 0 ||
	    take_gaps(s->t, v->gaps, v->gap_count, version) < 0)
		return error_nomem(err);
	return 0;
}

static uint32_t last_of(
    const struct timeline_states *s, const struct timeline_life *life)
{
	if (life->last != GOES_ON)
		return life->last;
	return (uint32_t)s->t->version_count - 1;
}

static void put_rows(struct timeline_states *s)
{
	const struct timeline_life *lives = s->record_lane.lives;

	for (uint32_t n = lives[ENDS].next; n != ENDS; n = lives[n].next)
		s->t->rows[s->t->row_count++] = (struct timeline_row){
		    .record = s->records[lives[n].state],
		    .first = lives[n].first,
		    .last = last_of(s, &lives[n]),
		};
}

static void put_people(struct timeline_states *s)
{
	const struct timeline_life *lives = s->person_lane.lives;

	for (uint32_t n = lives[ENDS].next; n != ENDS; n = lives[n].next)
		s->t->people[s->t->person_count++] = (struct timeline_person){
		    .person = s->people[lives[n].state],
		    .first = lives[n].first,
		    .last = last_of(s, &lives[n]),
		};
}

int timeline_states_end(struct timeline_states *s, struct portbook_error *err)
{
	struct timeline *t = s->t;

	t->row_cap = s->record_lane.life_count - 1;
	t->rows = mem_alloc(t->row_cap, sizeof(*t->rows));
	t->person_cap = s->person_lane.life_count - 1;
	t->people = mem_alloc(t->person_cap, sizeof(*t->people));
	if (t->rows == NULL || t->people == NULL)
		return error_nomem(err);
	put_rows(s);
	put_people(s);
	return 0;
}
