/* SPDX-License-Identifier: ISC */
#include "core/lives.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "core/lives_own.h"
#include "terms/state.h"
#include "base/banned.h"

struct make {
	const struct timeline *t;
	struct lives *lives;
	struct arena arena; /* of the step's arrays */
	struct turns turns;
	struct step step;
};

int step_tell(struct step *s, enum event_kind kind, uint32_t ended,
    uint32_t begun, uint32_t fields)
{
	struct lives *l = s->lives;
	struct life_event *grown = mem_grow(
	    l->events, l->event_count, &l->event_cap, sizeof(*l->events));

	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	l->events = grown;
	if (ended != NONE)
		s->ended.told[ended] = true;
	if (begun != NONE)
		s->begun.told[begun] = true;
	l->events[l->event_count++] = (struct life_event){
	    .version = s->version,
	    .kind = kind,
	    .before = ended != NONE ? s->ended.places[ended] : NONE,
	    .after = begun != NONE ? s->begun.places[begun] : NONE,
	    .fields = fields,
	};
	return 0;
}

uint32_t step_differs(const struct step *s, uint32_t ended, uint32_t begun)
{
	const uint32_t *old, *new;
	uint32_t fields = 0;

	if (ended == NONE || begun == NONE)
		return 0;
	old = s->ended.words[ended];
	new = s->begun.words[begun];
	for (unsigned i = 0; i + 1 < s->word_count; i++)
		if (old[i] != new[i])
			fields |= EVENT_BIT(i);
	if (fields == 0 && old[s->word_count - 1] != new[s->word_count - 1])
		fields = EVENT_SOURCE;
	return fields;
}

static int event_cmp(const void *a, const void *b)
{
	const struct life_event *x = a, *y = b;
	const uint32_t x_at = x->after != NONE ? x->after : x->before;
	const uint32_t y_at = y->after != NONE ? y->after : y->before;

	if ((x->kind == EVENT_PERSON) != (y->kind == EVENT_PERSON))
		return x->kind == EVENT_PERSON ? 1 : -1;
	if (x_at != y_at)
		return x_at < y_at ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->before < y->before ? -1 : x->before > y->before;
}

static uint8_t traits_of(const struct step *s, const struct record *record)
{
	const uint32_t *text = record->text;
	enum state state = state_of(step_text(s, text, FIELD_NAME),
	    step_text(s, text, FIELD_DESCRIPTION));

	return (uint8_t)((text[FIELD_NAME] != 0 ? TRAIT_NAMED : 0) |
			 (state == STATE_RESERVED ? TRAIT_RESERVED : 0) |
			 (text[FIELD_NUMBER] != 0 ? TRAIT_NUMBERED : 0) |
			 (record->has_number ? TRAIT_PORTS : 0) |
			 (text[FIELD_PROTOCOL] != 0 ? TRAIT_PROTOCOL : 0));
}

static void side_begin(
    struct side *side, const struct sorted *sorted, uint32_t version)
{
	side->places = sorted->places + sorted->off[version];
	side->count = sorted->off[version + 1] - sorted->off[version];
	for (size_t i = 0; i < side->count; i++) {
		side->traits[i] = 0;
		side->told[i] = false;
		side->mate[i] = NONE;
		side->uses[i] = 0;
	}
}

static void take_rows(struct step *s, struct side *side)
{
	for (size_t i = 0; i < side->count; i++) {
		const struct record *record =
		    &s->t->rows[side->places[i]].record;

		side->words[i] = (const void *)record;
		side->traits[i] = traits_of(s, record);
	}
}

static void take_people(const struct step *s, struct side *side)
{
	for (size_t i = 0; i < side->count; i++)
		side->words[i] =
		    (const void *)&s->t->people[side->places[i]].person;
}

/* Links what is paired, and tells of it. */
static int tell_pairs(
    struct step *s, int (*tell)(struct step *s, uint32_t ended, uint32_t begun))
{
	int code = 0;

	for (uint32_t i = 0; code == 0 && i < s->ended.count; i++) {
		if (s->ended.mate[i] == NONE)
			continue;
		step_link(s, i, s->ended.mate[i]);
		code = tell(s, i, s->ended.mate[i]);
	}
	return code;
}

static int step_rows(struct make *m)
{
	struct step *s = &m->step;
	int code;

	s->next = m->lives->row_next;
	s->word_count = RECORD_WORDS;
	side_begin(&s->ended, &m->turns.rows_ended, s->version);
	side_begin(&s->begun, &m->turns.rows_begun, s->version);
	if (s->ended.count + s->begun.count == 0)
		return 0;
	take_rows(s, &s->ended);
	take_rows(s, &s->begun);
	memset(s->kept, 0xff, s->ended.count * sizeof(*s->kept));
	memset(s->piece, 0xff, s->ended.count * sizeof(*s->piece));
	memset(s->taker, 0xff, s->ended.count * sizeof(*s->taker));
	pair_rows(s);
	code = tell_pairs(s, kind_tell);
	return code == 0 ? ports_tell(s) : code;
}

static int tell_person(struct step *s, uint32_t ended, uint32_t begun)
{
	uint32_t fields = step_differs(s, ended, begun);

	if (fields == 0)
		return 0; /* the entry moved */
	return step_tell(s, EVENT_PERSON, ended, begun, fields);
}

static int step_people(struct make *m)
{
	struct step *s = &m->step;
	int code;

	s->next = m->lives->person_next;
	s->word_count = PERSON_WORDS;
	side_begin(&s->ended, &m->turns.people_ended, s->version);
	side_begin(&s->begun, &m->turns.people_begun, s->version);
	take_people(s, &s->ended);
	take_people(s, &s->begun);
	pair_persons(s);
	code = tell_pairs(s, tell_person);
	for (uint32_t i = 0; code == 0 && i < s->ended.count; i++)
		if (s->ended.mate[i] == NONE)
			code = step_tell(s, EVENT_PERSON, i, NONE, 0);
	for (uint32_t i = 0; code == 0 && i < s->begun.count; i++)
		if (s->begun.mate[i] == NONE)
			code = step_tell(s, EVENT_PERSON, NONE, i, 0);
	return code;
}

/* An array that lives as long as the steps; NULL when out of memory. */
static void *array(struct make *m, size_t count, size_t size)
{
	return arena_alloc(&m->arena, (count + 1) * size);
}

static int side_room(struct make *m, struct side *side, size_t count)
{
	side->words = array(m, count, sizeof(*side->words));
	side->traits = array(m, count, sizeof(*side->traits));
	side->told = array(m, count, sizeof(*side->told));
	side->mate = array(m, count, sizeof(*side->mate));
	side->uses = array(m, count, sizeof(*side->uses));
	return side->words == NULL || side->traits == NULL ||
		       side->told == NULL || side->mate == NULL ||
		       side->uses == NULL
		   ? PORTBOOK_ENOMEM
		   : 0;
}

/* Room for the largest step there is. */
static int step_room(struct make *m)
{
	struct step *s = &m->step;
	size_t ended = turns_most(m->t, &m->turns.rows_ended),
	       begun = turns_most(m->t, &m->turns.rows_begun);
	size_t old_people = turns_most(m->t, &m->turns.people_ended), both;
	size_t new_people = turns_most(m->t, &m->turns.people_begun);

	ended = ended > old_people ? ended : old_people;
	begun = begun > new_people ? begun : new_people;
	both = ended > begun ? ended : begun;
	if (side_room(m, &s->ended, ended) < 0 ||
	    side_room(m, &s->begun, begun) < 0)
		return PORTBOOK_ENOMEM;
	s->table.slots = array(m, 4 * both + 4, sizeof(*s->table.slots));
	s->table.head = array(m, both, sizeof(*s->table.head));
	s->table.next = array(m, both, sizeof(*s->table.next));
	s->old_blocks.at = array(m, ended, sizeof(*s->old_blocks.at));
	s->new_blocks.at = array(m, begun, sizeof(*s->new_blocks.at));
	s->kept = array(m, ended, sizeof(*s->kept));
	s->piece = array(m, ended, sizeof(*s->piece));
	s->taker = array(m, ended, sizeof(*s->taker));
	return s->table.slots == NULL || s->table.head == NULL ||
		       s->table.next == NULL || s->old_blocks.at == NULL ||
		       s->new_blocks.at == NULL || s->kept == NULL ||
		       s->piece == NULL || s->taker == NULL
		   ? PORTBOOK_ENOMEM
		   : 0;
}

static int enter_ids(struct make *m)
{
	const struct timeline *t = m->t;
	struct ids *ids = &m->step.ids;
	size_t len;

	ids->slot_count = 4;
	while (ids->slot_count / 2 < t->person_count)
		ids->slot_count *= 2;
	len = ids->slot_count * sizeof(*ids->slots);
	ids->slots = array(m, ids->slot_count, sizeof(*ids->slots));
	ids->next = array(m, t->person_count, sizeof(*ids->next));
	if (ids->slots == NULL || ids->next == NULL)
		return PORTBOOK_ENOMEM;
	memset(ids->slots, 0, len);
	for (size_t i = t->person_count; i > 0; i--) {
		uint32_t id = t->people[i - 1].person.text[PERSON_ID];
		struct span text = timeline_text(t, id);
		size_t mask = ids->slot_count - 1;
		size_t at = (size_t)hash_bytes(text.ptr, text.len, 0) & mask;

		while (
		    ids->slots[at] != 0 &&
		    t->people[ids->slots[at] - 1].person.text[PERSON_ID] != id)
			at = (at + 1) & mask;
		ids->next[i - 1] = ids->slots[at];
		ids->slots[at] = (uint32_t)i;
	}
	return 0;
}

static int lives_room(const struct timeline *t, struct lives *l)
{
	size_t rows = t->row_count, people = t->person_count;

	l->first_event =
	    mem_zalloc(t->version_count + 1, sizeof(*l->first_event));
	l->row_next = mem_alloc(rows, sizeof(*l->row_next));
	l->row_last = mem_alloc(rows, sizeof(*l->row_last));
	l->person_next = mem_alloc(people, sizeof(*l->person_next));
	l->person_last = mem_alloc(people, sizeof(*l->person_last));
	if (l->first_event == NULL || l->row_next == NULL ||
	    l->row_last == NULL || l->person_next == NULL ||
	    l->person_last == NULL)
		return PORTBOOK_ENOMEM;
	memset(l->row_next, 0xff, rows * sizeof(*l->row_next));
	memset(l->person_next, 0xff, people * sizeof(*l->person_next));
	return 0;
}

/* What comes of an item has begun later, and is known when the item is. */
static void find_last(const struct sorted *begun, size_t count,
    const uint32_t *next, uint32_t *last)
{
	for (size_t i = count; i > 0; i--) {
		uint32_t place = begun->places[i - 1];

		last[place] = next[place] == NONE ? place : last[next[place]];
	}
}

static int make_steps(struct make *m)
{
	struct lives *l = m->lives;
	size_t count = m->t->version_count;
	int code = 0;

	for (uint32_t v = 1; code == 0 && v < count; v++) {
		size_t first = l->event_count;

		m->step.version = v;
		code = step_rows(m);
		if (code == 0)
			code = step_people(m);
		if (l->event_count > first)
			qsort(l->events + first, l->event_count - first,
			    sizeof(*l->events), event_cmp);
		l->first_event[v + 1] = (uint32_t)l->event_count;
	}
	return code;
}

static int make(struct make *m)
{
	const struct timeline *t = m->t;
	struct lives *l = m->lives;

	if (lives_room(t, l) < 0 || turns_make(t, &m->turns) < 0 ||
	    step_room(m) < 0 || enter_ids(m) < 0 || make_steps(m) < 0 ||
	    buf_failed(&m->step.old_text) || buf_failed(&m->step.new_text) ||
	    buf_failed(&m->step.folded_text))
		return PORTBOOK_ENOMEM;
	find_last(&m->turns.rows_begun, t->row_count, l->row_next, l->row_last);
	find_last(&m->turns.people_begun, t->person_count, l->person_next,
	    l->person_last);
	return 0;
}

int lives_make(
    const struct timeline *t, struct lives *ret, struct portbook_error *err)
{
	struct make m = {.t = t, .lives = ret};
	int code;

	*ret = (struct lives){0};
	m.step.t = t;
	m.step.lives = ret;
	arena_init(&m.arena);
	buf_init(&m.step.old_text);
	buf_init(&m.step.new_text);
	buf_init(&m.step.folded_text);
	code = make(&m);
	buf_release(&m.step.old_text);
	buf_release(&m.step.new_text);
	buf_release(&m.step.folded_text);
	turns_release(&m.turns);
	arena_release(&m.arena);
	if (code < 0) {
		lives_release(ret);
		return error_nomem(err);
	}
	return 0;
}

void lives_release(struct lives *l)
{
	mem_release(l->events);
	mem_release(l->first_event);
	mem_release(l->row_next);
	mem_release(l->row_last);
	mem_release(l->person_next);
	mem_release(l->person_last);
	*l = (struct lives){0};
}
