/* SPDX-License-Identifier: ISC */
/*
 * Texts, and states of records and persons: how they are coded, and the table
 * in memory by which what the store has already is known by its number.
 *
 * A state is the numbers of its texts, its residue's and two more that say
 * what the texts do not (STATE_TERMS, STATE_RANGE): coded as varints.
 */
#ifndef STORE_PIECES_H
#define STORE_PIECES_H

#include "base/buf.h"
#include "core/registry.h"
#include "store/backend.h"
#include "store/body.h"

/* Words of a state. */
#define STATE_RECORD_TEXTS ((size_t)FIELD_COUNT + 1)
#define STATE_PERSON_TEXTS ((size_t)PERSON_FIELD_COUNT + 1)
#define STATE_RECORD_WORDS (STATE_RECORD_TEXTS + 2)
#define STATE_PERSON_WORDS STATE_PERSON_TEXTS

/*
 * Behind the texts of a record: 0 where number and protocol are those that
 * its texts have, else 1, 2 where it has a number, and the protocol times 4;
 * and then the first port times 65536 and the last one.
 */
#define STATE_TERMS STATE_RECORD_TEXTS
#define STATE_RANGE (STATE_RECORD_TEXTS + 1)

/* The sum that is kept beside a piece. */
uint64_t piece_sum(enum piece_kind kind, uint32_t number, struct span bytes);

/* The number and the sum are what they must be behind count others. */
bool piece_is_whole(
    enum piece_kind kind, const struct backend_piece *piece, size_t count);

/* Words to bytes and back; false if they are not count words. */
void state_encode(struct buf *b, const uint32_t *words, size_t count);
bool state_decode(struct span bytes, uint32_t *words, size_t count);

/* What a record's texts alone would have it be. */
void state_terms_of(
    struct record *record, struct span number, struct span protocol);

/*
 * A state from its bytes; false where they are none, or name a text that is
 * not below text_count.  A record's texts must be looked at for its terms:
 * state_to_record leaves that to the caller unless it finds them in the words,
 * and then sets *told.
 */
bool state_to_record(
    struct span bytes, size_t text_count, struct record *ret, bool *told);
bool state_to_person(struct span bytes, size_t text_count, struct person *ret);

/* The table.  States are known by their words, as texts are by their bytes. */
struct pieces {
	struct arena arena;
	struct intern tables[PIECE_KIND_COUNT]; /* number 0 is the empty one */
};

/* All pieces of a database; release them also after a failure. */
int pieces_load(struct pieces *p, const struct backend *backend, void *db,
    struct portbook_error *err);
void pieces_release(struct pieces *p);

static inline struct span pieces_text(const struct pieces *p, uint32_t number)
{
	return p->tables[PIECE_TEXT].entries[number].text;
}

/* A registry on its way into a database. */
struct pieces_writer {
	struct pieces *p;
	const struct backend *backend;
	void *db;
	const struct registry *r;
	uint32_t *numbers;  /* owned: ours of each text of r */
	struct buf scratch; /* owned */
	struct portbook_error *err;
};

/*
 * Appends the numbers of all that r consists of to *body (body.h), recording
 * what is new.  After a failure the table is ahead of the database.
 */
int pieces_add(struct pieces *p, const struct backend *backend, void *db,
    const struct registry *r, struct sequence *body,
    struct portbook_error *err);

#endif
