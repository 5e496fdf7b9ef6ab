/* SPDX-License-Identifier: ISC */
#include "store/bytes.h"

#include "base/mem.h"
#include "portbook/error.h"
#include "terms/layout.h"
#include "base/banned.h"

#define DRAIN_LEN ((size_t)64 << 10)

int bytes_init(struct bytes *x, const struct pieces *pieces)
{
	*x = (struct bytes){.pieces = pieces};
	buf_init(&x->made);
	for (enum piece_kind kind = PIECE_RECORD; kind <= PIECE_PERSON;
	     kind++) {
		x->places[kind] = mem_zalloc(
		    pieces->tables[kind].count, sizeof(*x->places[kind]));
		if (x->places[kind] == NULL)
			return PORTBOOK_ENOMEM;
	}
	return 0;
}

void bytes_release(struct bytes *x)
{
	for (enum piece_kind kind = 0; kind < PIECE_KIND_COUNT; kind++)
		mem_release(x->places[kind]);
	buf_release(&x->made);
}

static void make_record(struct bytes *x, const uint32_t *words)
{
	struct record_text text;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		text.at[i] = pieces_text(x->pieces, words[i]);
	layout_record(&x->made, &text);
}

static void make_person(struct bytes *x, const uint32_t *words)
{
	struct person_text text;

	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		text.at[i] = pieces_text(x->pieces, words[i]);
	layout_person(&x->made, &text);
}

static void make(struct bytes *x, enum piece_kind kind, uint32_t state)
{
	struct span from = x->pieces->tables[kind].entries[state].text;
	size_t residue =
	    kind == PIECE_RECORD ? FIELD_COUNT : PERSON_FIELD_COUNT;
	struct bytes_place *place = &x->places[kind][state];
	uint32_t words[STATE_RECORD_WORDS];

	memcpy(words, from.ptr, from.len); /* unaligned as it lies */
	place->off = x->made.len + 1;
	if (words[residue] != 0)
		buf_add(&x->made, pieces_text(x->pieces, words[residue]));
	else if (kind == PIECE_RECORD)
		make_record(x, words);
	else
		make_person(x, words);
	place->len = x->made.len + 1 - place->off;
}

static void put_state(
    struct bytes *x, enum piece_kind kind, uint32_t state, struct buf *b)
{
	const struct bytes_place *place = &x->places[kind][state];

	if (place->off == 0)
		make(x, kind, state);
	if (buf_failed(&x->made))
		b->failed = true;
	else
		buf_add(b, span_of(x->made.ptr + place->off - 1, place->len));
	if (x->drain != NULL && b->len >= DRAIN_LEN && !b->failed)
		x->drain(x->ctx, b);
}

/* States with what stands between them. */
static void put_states(struct bytes *x, enum piece_kind kind,
    const struct body_list *states, const struct body_list *gaps,
    const char *usual, struct buf *b)
{
	size_t gap = 0;
	uint64_t next = gaps->count > 0 ? gaps->at[0] : UINT64_MAX;

	for (size_t i = 0; i < states->count; i++) {
		if (i == next) {
			buf_add(
			    b, pieces_text(x->pieces, gaps->at[2 * gap + 1]));
			gap++;
			next = gap < gaps->count ? next + gaps->at[2 * gap]
						 : UINT64_MAX;
		} else if (i > 0) {
			buf_str(b, usual);
		}
		put_state(x, kind, states->at[i], b);
	}
}

static void put_head(struct bytes *x, const struct body *body, struct buf *b)
{
	struct span head = pieces_text(x->pieces, body->text[REGISTRY_HEAD]);
	size_t mark = span_find_char(head, 0, LAYOUT_UPDATED_MARK);

	buf_add(b, span_head(head, mark));
	if (mark < head.len)
		buf_add(
		    b, pieces_text(x->pieces, body->text[REGISTRY_UPDATED]));
	buf_add(b, span_skip(head, mark + 1));
}

void bytes_make(struct bytes *x, const struct body *body, struct buf *b)
{
	put_head(x, body, b);
	put_states(x, PIECE_RECORD, &body->parts[BODY_RECORDS],
	    &body->parts[BODY_RECORD_GAPS], LAYOUT_RECORD_GAP, b);
	buf_add(b, pieces_text(x->pieces, body->text[REGISTRY_MIDDLE]));
	put_states(x, PIECE_PERSON, &body->parts[BODY_PEOPLE],
	    &body->parts[BODY_PERSON_GAPS], LAYOUT_PERSON_GAP, b);
	buf_add(b, pieces_text(x->pieces, body->text[REGISTRY_TAIL]));
	if (x->drain != NULL && !b->failed)
		x->drain(x->ctx, b);
}
