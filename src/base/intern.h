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
	uint64_t hash;
};

struct intern {
	struct arena *arena;	      /* borrowed: holds the texts */
	struct intern_entry *entries; /* owned, by number */
	uint32_t *slots;	      /* owned, number + 1; 0 is free */
	size_t count;
	size_t cap;
	size_t slot_count; /* a power of two, or 0 */
};

/* Texts live in arena, which must outlive the table's texts. */
void intern_init(struct intern *t, struct arena *arena);
void intern_release(struct intern *t);

/* Number of text in *ret; 0, or PORTBOOK_ENOMEM, the table then as before. */
int intern_add(struct intern *t, struct span text, uint32_t *ret);

/* The table's own copy of text: terminated, as long-lived as the arena. */
int intern_text(struct intern *t, struct span text, struct span *ret);

#endif
