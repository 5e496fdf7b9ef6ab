/* SPDX-License-Identifier: ISC */
/*
 * What the store needs of a database: to keep a few kinds of rows and to give
 * them back.  It knows no registry; what its rows mean is the store's affair,
 * and so are the sums in them, by which damage is known.
 *
 * Everything returns 0 or a failure that err tells.  What a take function
 * returns other than 0 ends the call and is returned.  It may call nothing
 * here, and spans are borrowed for its call.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "core/registry.h"
#include "portbook/error.h"

/* Kept once each, numbered from 1; 0 is the empty text. */
enum piece_kind {
	PIECE_TEXT,
	PIECE_RECORD, /* states: numbers of texts, coded */
	PIECE_PERSON,
	PIECE_KIND_COUNT,
};

struct backend_piece {
	uint32_t number;
	uint64_t sum;
	struct span bytes;
};

struct backend_version {
	int64_t number; /* from 1, in the order of arrival */
	uint8_t digest[REGISTRY_DIGEST_LEN];
	uint32_t source; /* enum registry_source */
	uint64_t source_len;
	struct span date;
	bool dated; /* date is that of <updated> */
	uint32_t records, people;
	int64_t recorded;
	int64_t base;	  /* number of the version that code is upon, or 0 */
	struct span code; /* body.h by sequence.h */
	uint64_t sum;
};

struct backend_sighting {
	int64_t version;
	int64_t seen;
	uint32_t edition; /* 0: the source says nothing of it */
	struct span source, how;
	uint64_t sum;
};

struct backend {
	const char *name;

	/*
	 * place is a file, or what else the backend takes.  *ret is owned by
	 * the caller (close).  As store_open.
	 */
	int (*open)(const char *place, bool write, void **ret,
	    struct portbook_error *err);
	void (*close)(void *db);

	/*
	 * Transactions, one at a time.  One that is not for writing sees one
	 * state of things.  After a failed commit nothing is there.
	 */
	int (*begin)(void *db, bool write, struct portbook_error *err);
	int (*commit)(void *db, struct portbook_error *err);
	void (*abort)(void *db);

	/* A number that changes when somebody else has committed. */
	int (*generation)(void *db, int64_t *ret, struct portbook_error *err);

	/* All rows of a kind by rising number. */
	int (*pieces)(void *db, enum piece_kind kind,
	    int (*take)(void *ctx, const struct backend_piece *piece),
	    void *ctx, struct portbook_error *err);
	int (*versions)(void *db,
	    int (*take)(void *ctx, const struct backend_version *version),
	    void *ctx, struct portbook_error *err);
	/* In the order of their arrival. */
	int (*sightings)(void *db,
	    int (*take)(void *ctx, const struct backend_sighting *sighting),
	    void *ctx, struct portbook_error *err);

	/* The number of the version of a digest, or 0. */
	int (*version_find)(void *db, const uint8_t *digest, int64_t *ret,
	    struct portbook_error *err);
	int (*version_count)(void *db, size_t *ret, struct portbook_error *err);

	/* Each needs a transaction for writing. */
	int (*piece_add)(void *db, enum piece_kind kind,
	    const struct backend_piece *piece, struct portbook_error *err);
	int (*version_add)(void *db, const struct backend_version *version,
	    struct portbook_error *err);
	int (*sighting_add)(void *db, const struct backend_sighting *sighting,
	    struct portbook_error *err);

	/* Whether the database finds itself whole; PORTBOOK_EDAMAGED. */
	int (*check)(void *db, struct portbook_error *err);
};

extern const struct backend backend_sqlite;

#endif
