/* SPDX-License-Identifier: ISC */
/*
 * Of lives*.c: one step from a version to the next.  Rows and persons are
 * named by their index among those that end, or begin, in the step.
 */
#ifndef CORE_LIVES_OWN_H
#define CORE_LIVES_OWN_H

#include "base/buf.h"
#include "core/lives.h"

#define NONE LIFE_NONE

#define RECORD_WORDS (FIELD_COUNT + 1) /* texts and residue */
#define PERSON_WORDS (PERSON_FIELD_COUNT + 1)

/* Traits of an item, by which passes choose. */
enum trait {
	TRAIT_NAMED = 1,
	TRAIT_RESERVED = 2, /* what the row says */
	TRAIT_NUMBERED = 4, /* it has a number, */
	TRAIT_PORTS = 8,    /* and that can be read */
	TRAIT_PROTOCOL = 16,
	TRAIT_PAIRED = 32,
};

/* What ends in a step, or what begins. */
struct side {
	const uint32_t *places; /* borrowed: rising */
	size_t count;
	const uint32_t **words; /* the numbers of each item's texts */
	uint8_t *traits;
	uint8_t *told;	/* an event speaks of it */
	uint32_t *mate; /* index on the other side, or NONE */
	uint32_t *uses; /* how many others share its ports */
};

/* Items by some of their words. */
struct table {
	uint32_t *slots; /* index + 1 of the first with these words */
	uint32_t *head;	 /* by the first: index + 1 of the next to be taken */
	uint32_t *next;	 /* index + 1 of the next with the same words */
	size_t slot_count;
};

/* An item that is not assigned, among others by first port. */
struct block {
	uint16_t first, last;
	uint16_t reach; /* the greatest last from the front to here */
	uint32_t index;
};

struct blocks {
	struct block *at;
	size_t count;
};

/* States of persons by id. */
struct ids {
	uint32_t *slots; /* place + 1 */
	uint32_t *next;	 /* place + 1, by place */
	size_t slot_count;
};

struct step {
	const struct timeline *t;
	struct lives *lives;
	uint32_t version;
	size_t word_count;
	struct side ended, begun;
	uint32_t *next; /* by place: row_next or person_next */
	struct table table;

	/* Of rows alone. */
	struct ids ids;
	struct blocks old_blocks, new_blocks;
	uint32_t *kept;	 /* by index of ended: who keeps its name, or NONE */
	uint32_t *piece; /* by index of ended: its largest remainder, or NONE */
	uint32_t *taker; /* by index of ended: the first assigned from it */
	size_t looks;	 /* at blocks, that may still be made */
	struct buf old_text, new_text, folded_text;
};

/* Places by version: those of one stand together, and rise. */
struct sorted {
	uint32_t *places; /* owned */
	uint32_t *off;	  /* owned: by version, and one more */
};

/* Which items begin in a version, and which stood last in the one before. */
struct turns {
	struct sorted rows_begun, rows_ended;
	struct sorted people_begun, people_ended;
};

/* lives_turns.c: PORTBOOK_ENOMEM; release it also then. */
int turns_make(const struct timeline *t, struct turns *ret);
void turns_release(struct turns *t);

/* The most items of one version, the first left out. */
size_t turns_most(const struct timeline *t, const struct sorted *s);

/* lives.c: adds an event; one index may be NONE.  0 or PORTBOOK_ENOMEM. */
int step_tell(struct step *s, enum event_kind kind, uint32_t ended,
    uint32_t begun, uint32_t fields);

/* The bits of what differs; none if one of them is NONE. */
uint32_t step_differs(const struct step *s, uint32_t ended, uint32_t begun);

/* Makes begun what became of ended. */
static inline void step_link(struct step *s, uint32_t ended, uint32_t begun)
{
	s->next[s->ended.places[ended]] = s->begun.places[begun];
}

static inline struct span step_text(
    const struct step *s, const uint32_t *words, unsigned field)
{
	return timeline_text(s->t, words[field]);
}

/* lives_pair.c: which items a pass pairs. */
struct pass {
	uint32_t same;	      /* bits of words that both have alike */
	uint32_t filled;      /* bits of words that are not empty */
	uint8_t look;	      /* traits that count */
	uint8_t ended, begun; /* which of these either has */
};

void pair_pass(struct step *s, const struct pass *pass);
void pair_rows(struct step *s);
void pair_persons(struct step *s);

/* Enters the free items with these traits; finds the first that has words. */
void table_enter(struct step *s, const struct side *side,
    const struct pass *pass, uint8_t traits);
uint32_t table_find(const struct step *s, const struct side *side,
    const uint32_t *words, uint32_t same);

/* lives_kind.c: tells of a pair of rows. */
int kind_tell(struct step *s, uint32_t ended, uint32_t begun);

/* lives_ports.c: tells of the rows that have no pair. */
int ports_tell(struct step *s);

#endif
