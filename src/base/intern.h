/* SPDX-License-Identifier: ISC */
/*
 * A table of texts in which equal texts are one: each gets a number from 0
 * in order of arrival.  Belongs to one thread at a time.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

struct intern_entry {
	struct span text;
};

/*
 * slots is a hash table with open addressing.  A slot is a number + 1 with 32
 * bits of the text's hash above it, so that few other texts are looked at; 0
 * is free.
 */
struct intern {
	struct arena *arena;	      /* borrowed: holds texts and tables */
	struct intern_entry *entries; /* by number */
	uint64_t *slots;
	size_t count;
	size_t cap;
	size_t slot_count; /* a power of two, or 0 */
	uint64_t seed;	   /* of the hash; another in each table */
};

/* What a text costs at most, itself aside. */
#define INTERN_LEN (sizeof(struct intern_entry) + 4 * sizeof(uint64_t))

/* All lives in arena, which must outlive the table. */
void intern_init(struct intern *t, struct arena *arena);
void intern_release(struct intern *t);

/* Room for count texts, in an empty table; 0 or PORTBOOK_ENOMEM. */
int intern_reserve(struct intern *t, size_t count);

/* Number of text in *ret; 0, or PORTBOOK_ENOMEM, the table then as before. */
int intern_add(struct intern *t, struct span text, uint32_t *ret);

/*
 * The same for several texts at once, at most INTERN_MANY: cheaper, since
 * memory is asked for all before any is looked at.  After a failure some may
 * have been added.
 */
#define INTERN_MANY 16
int intern_add_many(
    struct intern *t, const struct span *texts, size_t count, uint32_t *ret);

/* The table's own copy of text: terminated, as long-lived as the arena. */
int intern_text(struct intern *t, struct span text, struct span *ret);

#endif
