/* SPDX-License-Identifier: ISC */
#include "store/pieces.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

#define UNKNOWN UINT32_MAX

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

/* The number of a piece; recorded as bytes if it is new. */
static int put_piece(struct pieces_writer *w, enum piece_kind kind,
    struct span key, const uint32_t *words, uint32_t *ret)
{
	struct intern *table = &w->p->tables[kind];
	size_t count = table->count;
	struct backend_piece piece;

	if (intern_add(table, key, ret) < 0)
		return error_nomem(w->err);
	if (*ret < count)
		return 0;
	piece = (struct backend_piece){.number = *ret, .bytes = key};
	if (words != NULL) {
		buf_clear(&w->scratch);
		state_encode(&w->scratch, words, words_of(kind));
		if (buf_failed(&w->scratch))
			return error_nomem(w->err);
		piece.bytes = buf_span(&w->scratch);
	}
	piece.sum = piece_sum(kind, *ret, piece.bytes);
	return w->backend->piece_add(w->db, kind, &piece, w->err);
}

/* Makes a text's number in the registry the one in the store. */
static int put_text(struct pieces_writer *w, uint32_t *text)
{
	uint32_t *number = &w->numbers[*text];
	int code = 0;

	if (*number == UNKNOWN)
		code = put_piece(
		    w, PIECE_TEXT, registry_text(w->r, *text), NULL, number);
	*text = *number;
	return code;
}

static int put_state(struct pieces_writer *w, enum piece_kind kind,
    uint32_t *words, uint32_t *ret)
{
	for (size_t i = 0; i < texts_of(kind); i++) {
		int code = put_text(w, &words[i]);

		if (code < 0)
			return code;
	}
	return put_piece(w, kind,
	    span_of((const char *)words, words_of(kind) * sizeof(*words)),
	    words, ret);
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

/* The texts of the header, and that of the newest row's date. */
static int add_header(struct pieces_writer *w, struct sequence *body)
{
	uint32_t words[REGISTRY_FIELD_COUNT + 1];
	int code = 0;

	memcpy(words, w->r->text, sizeof(w->r->text));
	for (size_t i = 0; code == 0 && i < REGISTRY_FIELD_COUNT; i++)
		code = put_text(w, &words[i]);
	if (code == 0)
		code = put_piece(w, PIECE_TEXT, registry_newest_row(w->r), NULL,
		    &words[REGISTRY_FIELD_COUNT]);
	if (code < 0)
		return code;
	return add_words(w, body, words, REGISTRY_FIELD_COUNT + 1);
}

static int add_notes(struct pieces_writer *w, struct sequence *body,
    const struct registry_note *notes, size_t count)
{
	int code = add_count(w, body, count);

	for (size_t i = 0; code == 0 && i < count; i++) {
		uint32_t words[2] = {notes[i].title, notes[i].text};

		code = put_text(w, &words[0]);
		if (code == 0)
			code = put_text(w, &words[1]);
		if (code == 0)
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

		code = put_text(w, &words[1]);
		if (code == 0)
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
	int code = add_count(w, body, r->record_count);

	for (size_t i = 0; code == 0 && i < r->record_count; i++) {
		const struct record *record = &r->records[i];
		uint32_t words[STATE_RECORD_WORDS], number;

		memcpy(words, record->text, sizeof(record->text));
		words[FIELD_COUNT] = record->residue;
		put_terms(r, record, words);
		code = put_state(w, PIECE_RECORD, words, &number);
		if (code == 0)
			code = add_words(w, body, &number, 1);
	}
	return code;
}

static int add_people(struct pieces_writer *w, struct sequence *body)
{
	const struct registry *r = w->r;
	int code = add_count(w, body, r->person_count);

	for (size_t i = 0; code == 0 && i < r->person_count; i++) {
		const struct person *person = &r->people[i];
		uint32_t words[STATE_PERSON_WORDS], number;

		memcpy(words, person->text, sizeof(person->text));
		words[PERSON_FIELD_COUNT] = person->residue;
		code = put_state(w, PIECE_PERSON, words, &number);
		if (code == 0)
			code = add_words(w, body, &number, 1);
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
	memset(w.numbers, 0xff, r->texts.count * sizeof(*w.numbers));
	buf_init(&w.scratch);
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
