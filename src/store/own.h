/* SPDX-License-Identifier: ISC */
/* What a store is; inside src/store only. */
#ifndef STORE_OWN_H
#define STORE_OWN_H

#include "store/backend.h"
#include "store/pieces.h"
#include "store/roll.h"
#include "store/store.h"

struct store {
	const struct backend *backend;
	void *db; /* owned: the backend's */
	bool may_write;
	bool writing;	    /* a transaction has begun */
	int failed;	    /* what the transaction failed with */
	int64_t generation; /* of the database, when these were read */
	bool has_pieces, has_roll;
	struct pieces pieces;
	struct roll roll;
};

/* store_open, on a backend. */
int store_open_on(const struct backend *backend, const char *place,
    enum store_mode mode, struct store **ret, struct portbook_error *err);

/*
 * What reads stands between these two: one state of things, with the roll and
 * what else is asked for in memory.  leave is not for after a failed enter.
 */
int store_enter(struct store *s, bool pieces, struct portbook_error *err);
void store_leave(struct store *s);

/* Forgets what is in memory. */
void store_forget(struct store *s);

#endif
