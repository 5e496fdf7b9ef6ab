/* SPDX-License-Identifier: ISC */
/* From what the store keeps straight to a timeline. */
#include "core/timeline_states.h"

#include "base/error.h"
#include "base/mem.h"
#include "store/editions.h"
#include "store/own.h"
#include "base/banned.h"

struct loader {
	struct store *s;
	struct timeline *t;
	struct record *records; /* owned: by number of state; 0 is none */
	struct person *people;	/* owned */
	size_t record_count, record_cap;
	size_t person_count, person_cap;
	struct timeline_states states; /* owned */
	struct timeline_gap *gaps;     /* owned: of one version */
	size_t gap_count, gap_cap;
	struct portbook_error *err;
};

static int damaged(
    struct loader *l, const char *kind, const struct backend_piece *piece)
{
	return error_set(l->err, PORTBOOK_EDAMAGED, 0,
	    "the store is damaged at %s %u; bring back a copy, or import the "
	    "versions again",
	    kind, piece->number);
}

static int take_text(void *ctx, const struct backend_piece *piece)
{
	struct loader *l = ctx;
	size_t count = l->t->texts.count;
	uint32_t number;

	if (!piece_is_whole(PIECE_TEXT, piece, count))
		return damaged(l, "text", piece);
	if (intern_add(&l->t->texts, piece->bytes, &number) < 0)
		return error_nomem(l->err);
	return number == count ? 0 : damaged(l, "text", piece);
}

static int take_record(void *ctx, const struct backend_piece *piece)
{
	struct loader *l = ctx;
	struct record *grown = mem_grow(
	    l->records, l->record_count, &l->record_cap, sizeof(*grown));
	struct record *record;
	bool told;

	if (grown == NULL)
		return error_nomem(l->err);
	l->records = grown;
	record = &grown[l->record_count];
	if (!piece_is_whole(PIECE_RECORD, piece, l->record_count) ||
	    !state_to_record(piece->bytes, l->t->texts.count, record, &told))
		return damaged(l, "record state", piece);
	if (!told)
		state_terms_of(record,
		    timeline_text(l->t, record->text[FIELD_NUMBER]),
		    timeline_text(l->t, record->text[FIELD_PROTOCOL]));
	l->record_count++;
	return 0;
}

static int take_person(void *ctx, const struct backend_piece *piece)
{
	struct loader *l = ctx;
	struct person *grown = mem_grow(
	    l->people, l->person_count, &l->person_cap, sizeof(*grown));

	if (grown == NULL)
		return error_nomem(l->err);
	l->people = grown;
	if (!piece_is_whole(PIECE_PERSON, piece, l->person_count) ||
	    !state_to_person(
		piece->bytes, l->t->texts.count, &grown[l->person_count]))
		return damaged(l, "person state", piece);
	l->person_count++;
	return 0;
}

static int load_pieces(struct loader *l)
{
	const struct backend *backend = l->s->backend;
	void *db = l->s->db;
	int code;

	l->records = mem_grow(NULL, 0, &l->record_cap, sizeof(*l->records));
	l->people = mem_grow(NULL, 0, &l->person_cap, sizeof(*l->people));
	if (l->records == NULL || l->people == NULL)
		return error_nomem(l->err);
	l->records[l->record_count++] = (struct record){0};
	l->people[l->person_count++] = (struct person){0};
	code = backend->pieces(db, PIECE_TEXT, take_text, l, l->err);
	if (code == 0)
		code =
		    backend->pieces(db, PIECE_RECORD, take_record, l, l->err);
	if (code == 0)
		code =
		    backend->pieces(db, PIECE_PERSON, take_person, l, l->err);
	return code;
}

static int add_gaps(struct loader *l, const struct body_list *gaps, bool people)
{
	uint32_t index = 0;

	for (size_t i = 0; i < gaps->count; i++) {
		struct timeline_gap *grown = mem_grow(
		    l->gaps, l->gap_count, &l->gap_cap, sizeof(*grown));

		if (grown == NULL)
			return error_nomem(l->err);
		l->gaps = grown;
		index += gaps->at[2 * i];
		grown[l->gap_count++] = (struct timeline_gap){
		    .people = people,
		    .index = index,
		    .text = gaps->at[2 * i + 1],
		};
	}
	return 0;
}

static const struct registry_note *notes_of(const struct body_list *list)
{
	_Static_assert(sizeof(struct registry_note) == 2 * sizeof(uint32_t),
	    "a note is its two numbers");
	return (const void *)list->at;
}

static int append(struct loader *l, size_t index)
{
	const struct roll_version *v = &l->s->roll.versions[index];
	const struct body_bounds bounds = {
	    l->t->texts.count, l->record_count, l->person_count};
	struct timeline_states_version to = {
	    .version = {.source = v->source, .source_len = v->is.source_len}};
	const struct sequence *sequence;
	struct body body;
	int code = roll_body(&l->s->roll, index, &sequence, l->err);

	if (code < 0)
		return code;
	if (body_parse(sequence, &bounds, &body) < 0)
		return roll_damaged(
		    &l->s->roll, index, "it makes no sense", l->err);
	memcpy(to.version.digest, v->is.digest, sizeof(v->is.digest));
	memcpy(to.version.text, body.text, sizeof(to.version.text));
	to.version.newest_row = body.newest_row;
	to.notes = notes_of(&body.parts[BODY_NOTES]);
	to.note_count = body.parts[BODY_NOTES].count;
	to.footnotes = notes_of(&body.parts[BODY_FOOTNOTES]);
	to.footnote_count = body.parts[BODY_FOOTNOTES].count;
	l->gap_count = 0;
	code = add_gaps(l, &body.parts[BODY_RECORD_GAPS], false);
	if (code == 0)
		code = add_gaps(l, &body.parts[BODY_PERSON_GAPS], true);
	if (code < 0)
		return code;
	to.gaps = l->gaps;
	to.gap_count = l->gap_count;
	to.records = (struct timeline_list){
	    body.parts[BODY_RECORDS].at, body.parts[BODY_RECORDS].count};
	to.people = (struct timeline_list){
	    body.parts[BODY_PEOPLE].at, body.parts[BODY_PEOPLE].count};
	return timeline_states_append(&l->states, &to, l->err);
}

static int load(struct loader *l)
{
	const struct roll *roll = &l->s->roll;
	int code = load_pieces(l);

	if (code == 0)
		code = timeline_states_begin(&l->states, l->t, l->records,
		    l->record_count, l->people, l->person_count, l->err);
	for (size_t i = 0; code == 0 && i < roll->count; i++)
		code = append(l, roll->order[i]);
	if (code == 0)
		code = editions_add(roll, l->t, l->err);
	return code == 0 ? timeline_states_end(&l->states, l->err) : code;
}

int store_timeline(
    struct store *s, struct timeline *ret, struct portbook_error *err)
{
	struct loader l = {.s = s, .t = ret, .err = err};
	int code = timeline_init(ret, err);

	if (code == 0)
		code = store_enter(s, false, err);
	if (code < 0)
		return code;
	code = load(&l);
	store_leave(s);
	timeline_states_release(&l.states);
	mem_release(l.records);
	mem_release(l.people);
	mem_release(l.gaps);
	return code;
}
