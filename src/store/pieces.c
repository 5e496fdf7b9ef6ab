/* SPDX-License-Identifier: ISC */
#include "store/pieces.h"

#include <assert.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

static_assert(
    offsetof(struct record, text) == 0 &&
	offsetof(struct record, residue) == FIELD_COUNT * sizeof(uint32_t),
    "a record begins with its numbers");
static_assert(offsetof(struct person, text) == 0 &&
		  offsetof(struct person, residue) ==
		      PERSON_FIELD_COUNT * sizeof(uint32_t),
    "and so does a person");

#define USED (UINT32_MAX - 1) /* number of a text that is to be asked for */

/* One kind of pieces on its way into the table. */
struct load {
	struct pieces *p;
	enum piece_kind kind;
	struct portbook_error *err;
};

static size_t words_of(enum piece_kind kind)
{
	return kind == PIECE_RECORD ? STATE_RECORD_WORDS : STATE_PERSON_WORDS;
}

static size_t texts_of(enum piece_kind kind)
{
	return kind == PIECE_RECORD ? STATE_RECORD_TEXTS : STATE_PERSON_TEXTS;
}

static int damaged(const struct load *l, const struct backend_piece *piece)
{
	static const char *const names[PIECE_KIND_COUNT] = {
	    "text", "record state", "person state"};

	return error_set(l->err, PORTBOOK_EDAMAGED, 0,
	    "the store is damaged at %s %u; bring back a copy, or import the "
	    "versions again",
	    names[l->kind], piece->number);
}

static int take(void *ctx, const struct backend_piece *piece)
{
	const struct load *l = ctx;
	struct intern *table = &l->p->tables[l->kind];
	size_t count = table->count;
	struct span key = piece->bytes;
	uint32_t words[STATE_RECORD_WORDS], number;

	if (!piece_is_whole(l->kind, piece, count))
		return damaged(l, piece);
	if (l->kind != PIECE_TEXT) {
		size_t texts = l->p->tables[PIECE_TEXT].count;

		if (!state_decode(piece->bytes, words, words_of(l->kind)))
			return damaged(l, piece);
		for (size_t i = 0; i < texts_of(l->kind); i++)
			if (words[i] >= texts)
				return damaged(l, piece);
		key = span_of(
		    (const char *)words, words_of(l->kind) * sizeof(*words));
	}
	if (intern_add(table, key, &number) < 0)
		return error_nomem(l->err);
	return number == count ? 0 : damaged(l, piece);
}

static int load_kind(struct pieces *p, enum piece_kind kind,
    const struct backend *backend, void *db, struct portbook_error *err)
{
	struct load l = {.p = p, .kind = kind, .err = err};
	uint32_t empty;

	intern_init(&p->tables[kind], &p->arena);
	if (intern_add(&p->tables[kind], SPAN(""), &empty) < 0)
		return error_nomem(err);
	return backend->pieces(db, kind, take, &l, err);
}

int pieces_load(struct pieces *p, const struct backend *backend, void *db,
    struct portbook_error *err)
{
	int code = 0;

	*p = (struct pieces){0};
	arena_init(&p->arena);
	for (enum piece_kind kind = 0; code == 0 && kind < PIECE_KIND_COUNT;
	     kind++)
		code = load_kind(p, kind, backend, db, err);
	return code;
}

void pieces_release(struct pieces *p)
{
	for (enum piece_kind kind = 0; kind < PIECE_KIND_COUNT; kind++)
		intern_release(&p->tables[kind]);
	arena_release(&p->arena);
	*p = (struct pieces){0};
}

static int add_words(struct pieces_writer *w, struct sequence *body,
    const uint32_t *words, size_t count)
{
	if (sequence_add(body, words, count) < 0)
		return error_nomem(w->err);
	return 0;
}

static int add_count(
    struct pieces_writer *w, struct sequence *body, size_t count)
{
	uint32_t word = (uint32_t)count;

	if (count >= UINT32_MAX)
		return error_set(w->err, PORTBOOK_ELIMIT, 0,
		    "%zu of one kind are more than the store can keep", count);
	return add_words(w, body, &word, 1);
}

/* Records a piece that the table has got as number. */
static int record_piece(struct pieces_writer *w, enum piece_kind kind,
    uint32_t number, struct span bytes)
{
	struct backend_piece piece = {
	    .number = number,
	    .sum = piece_sum(kind, number, bytes),
	    .bytes = bytes,
	};

	return w->backend->piece_add(w->db, kind, &piece, w->err);
}

/* Several texts of the registry at once: those whose numbers are in from. */
static int put_texts(
    struct pieces_writer *w, const uint32_t *from, size_t count)
{
	struct intern *table = &w->p->tables[PIECE_TEXT];
	uint32_t numbers[INTERN_MANY];
	struct span texts[INTERN_MANY];
	size_t next = table->count;
	int code = 0;

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		texts[i] = registry_text(w->r, from[i]);
	if (intern_add_many(table, texts, count, numbers) < 0)
		return error_nomem(w->err);
	for (size_t i = 0; code == 0 && i < count; i++) {
		w->numbers[from[i]] = numbers[i];
		if (numbers[i] == next)
			code = record_piece(
			    w, PIECE_TEXT, (uint32_t)next++, texts[i]);
	}
	return code;
}

static void mark(struct pieces_writer *w, const uint32_t *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		w->numbers[texts[i]] = USED;
}

/* A registry may have texts that nothing in it uses. */
static void mark_used(struct pieces_writer *w)
{
	const struct registry *r = w->r;

	mark(w, r->text, REGISTRY_FIELD_COUNT);
	for (size_t i = 0; i < r->note_count; i++)
		mark(w, &r->notes[i].title, 2);
	for (size_t i = 0; i < r->footnote_count; i++)
		mark(w, &r->footnotes[i].title, 2);
	for (size_t i = 0; i < r->record_gap_count; i++)
		mark(w, &r->record_gaps[i].text, 1);
	for (size_t i = 0; i < r->person_gap_count; i++)
		mark(w, &r->person_gaps[i].text, 1);
	for (size_t i = 0; i < r->record_count; i++)
		mark(w, (const void *)&r->records[i], STATE_RECORD_TEXTS);
	for (size_t i = 0; i < r->person_count; i++)
		mark(w, (const void *)&r->people[i], STATE_PERSON_TEXTS);
}

/* Numbers of all texts at once, which is cheaper than one by one. */
static int put_used(struct pieces_writer *w)
{
	uint32_t batch[INTERN_MANY];
	size_t count = 0;
	int code = 0;

	mark_used(w);
	for (uint32_t n = 0; code == 0 && n < w->r->texts.count; n++) {
		if (w->numbers[n] != USED)
			continue;
		batch[count++] = n;
		if (count == INTERN_MANY) {
			code = put_texts(w, batch, count);
			count = 0;
		}
	}
	return code < 0 ? code : put_texts(w, batch, count);
}

/* Makes numbers of texts in the registry the store's. */
static void renumber(
    const struct pieces_writer *w, uint32_t *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		texts[i] = w->numbers[texts[i]];
}

/* Numbers of several states, at most INTERN_MANY, one behind the other. */
static int put_states(struct pieces_writer *w, enum piece_kind kind,
    const uint32_t *words, size_t count, struct sequence *body)
{
	struct intern *table = &w->p->tables[kind];
	size_t len = words_of(kind), next = table->count;
	uint32_t numbers[INTERN_MANY];
	struct span keys[INTERN_MANY];
	int code = 0;

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		keys[i] = span_of(
		    (const char *)(words + i * len), len * sizeof(*words));
	if (intern_add_many(table, keys, count, numbers) < 0)
		return error_nomem(w->err);
	for (size_t i = 0; code == 0 && i < count; i++) {
		if (numbers[i] != next)
			continue;
		buf_clear(&w->scratch);
		state_encode(&w->scratch, words + i * len, len);
		if (buf_failed(&w->scratch))
			return error_nomem(w->err);
		code = record_piece(
		    w, kind, (uint32_t)next++, buf_span(&w->scratch));
	}
	return code < 0 ? code : add_words(w, body, numbers, count);
}

/* The texts of the header, and that of the newest row's date. */
static int add_header(struct pieces_writer *w, struct sequence *body)
{
	struct span newest = registry_newest_row(w->r);
	uint32_t words[REGISTRY_FIELD_COUNT + 1];

	memcpy(words, w->r->text, sizeof(w->r->text));
	renumber(w, words, REGISTRY_FIELD_COUNT);
	/* It is the text of a row, and there already. */
	if (intern_add(&w->p->tables[PIECE_TEXT], newest,
		&words[REGISTRY_FIELD_COUNT]) < 0)
		return error_nomem(w->err);
	return add_words(w, body, words, REGISTRY_FIELD_COUNT + 1);
}

static int add_notes(struct pieces_writer *w, struct sequence *body,
    const struct registry_note *notes, size_t count)
{
	int code = add_count(w, body, count);

	for (size_t i = 0; code == 0 && i < count; i++) {
		uint32_t words[2] = {notes[i].title, notes[i].text};

		renumber(w, words, 2);
		code = add_words(w, body, words, 2);
	}
	return code;
}

static int add_gaps(struct pieces_writer *w, struct sequence *body,
    const struct gap *gaps, size_t count)
{
	int code = add_count(w, body, count);

	for (size_t i = 0; code == 0 && i < count; i++) {
		uint32_t words[2] = {
		    gaps[i].index - (i > 0 ? gaps[i - 1].index : 0),
		    gaps[i].text,
		};

		renumber(w, &words[1], 1);
		code = add_words(w, body, words, 2);
	}
	return code;
}

/* What its texts say of a record need not be kept twice. */
static void put_terms(
    const struct registry *r, const struct record *record, uint32_t *words)
{
	struct record plain;

	state_terms_of(&plain, registry_text(r, record->text[FIELD_NUMBER]),
	    registry_text(r, record->text[FIELD_PROTOCOL]));
	words[STATE_TERMS] = 0;
	words[STATE_RANGE] = 0;
	if (plain.has_number == record->has_number &&
	    plain.protocol == record->protocol &&
	    (!plain.has_number ||
		(plain.number.first == record->number.first &&
		    plain.number.last == record->number.last)))
		return;
	words[STATE_TERMS] =
	    1U | (record->has_number ? 2U : 0U) | record->protocol * 4U;
	if (record->has_number)
		words[STATE_RANGE] =
		    (uint32_t)record->number.first << 16 | record->number.last;
}

static int add_records(struct pieces_writer *w, struct sequence *body)
{
	const struct registry *r = w->r;
	uint32_t words[INTERN_MANY][STATE_RECORD_WORDS];
	size_t at = 0;
	int code = add_count(w, body, r->record_count);

	while (code == 0 && at < r->record_count) {
		size_t count = 0;

		for (; count < INTERN_MANY && at < r->record_count; at++) {
			memcpy(words[count], &r->records[at],
			    STATE_RECORD_TEXTS * sizeof(uint32_t));
			renumber(w, words[count], STATE_RECORD_TEXTS);
			put_terms(r, &r->records[at], words[count++]);
		}
		code = put_states(w, PIECE_RECORD, words[0], count, body);
	}
	return code;
}

static int add_people(struct pieces_writer *w, struct sequence *body)
{
	const struct registry *r = w->r;
	uint32_t words[INTERN_MANY][STATE_PERSON_WORDS];
	size_t at = 0;
	int code = add_count(w, body, r->person_count);

	while (code == 0 && at < r->person_count) {
		size_t count = 0;

		for (; count < INTERN_MANY && at < r->person_count; at++) {
			memcpy(words[count], &r->people[at],
			    STATE_PERSON_TEXTS * sizeof(uint32_t));
			renumber(w, words[count++], STATE_PERSON_TEXTS);
		}
		code = put_states(w, PIECE_PERSON, words[0], count, body);
	}
	return code;
}

int pieces_add(struct pieces *p, const struct backend *backend, void *db,
    const struct registry *r, struct sequence *body, struct portbook_error *err)
{
	struct pieces_writer w = {
	    .p = p, .backend = backend, .db = db, .r = r, .err = err};
	int code;

	w.numbers = mem_alloc(r->texts.count, sizeof(*w.numbers));
	if (w.numbers == NULL)
		return error_nomem(err);
	memset(w.numbers, 0, r->texts.count * sizeof(*w.numbers));
	buf_init(&w.scratch);
	code = put_used(&w);
	if (code == 0)
		code = add_header(&w, body);
	if (code == 0)
		code = add_notes(&w, body, r->notes, r->note_count);
	if (code == 0)
		code = add_notes(&w, body, r->footnotes, r->footnote_count);
	if (code == 0)
		code = add_gaps(&w, body, r->record_gaps, r->record_gap_count);
	if (code == 0)
		code = add_gaps(&w, body, r->person_gaps, r->person_gap_count);
	if (code == 0)
		code = add_records(&w, body);
	if (code == 0)
		code = add_people(&w, body);
	buf_release(&w.scratch);
	mem_release(w.numbers);
	return code;
}
