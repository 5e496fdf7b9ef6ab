/* SPDX-License-Identifier: ISC */
/*
 * The store: every version of the registry, by content, with where it was
 * seen and when, and the pieces from which each comes out byte for byte.
 *
 * A version is known by its digest; the same content again is a sighting of
 * it.  Versions are in the order of (date, edition, arrival).  What neighbours
 * share is kept once, so that space grows with changes.
 *
 * A store belongs to one thread.  Everything that is written stands in a
 * transaction: after a crash all of it is there, or nothing.  Only one process
 * writes (the caller holds the state folder's lock); any number may read.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "core/registry.h"
#include "core/timeline.h"
#include "portbook/error.h"

struct store;

enum store_mode {
	STORE_READ,  /* what is there; PORTBOOK_ENODATA if nothing is */
	STORE_WRITE, /* made if it is not there, and brought up to date */
};

/*
 * Opens the store in the file at path.  PORTBOOK_EFORMAT for a file of
 * another kind, PORTBOOK_EVERSION for one of a newer portbook,
 * PORTBOOK_EDAMAGED, PORTBOOK_EIO, PORTBOOK_EBUSY, PORTBOOK_ENOMEM: as all
 * calls here may give.
 */
int store_open(const char *path, enum store_mode mode, struct store **ret,
    struct portbook_error *err);

/* Aborts what is not committed.  NULL is fine. */
void store_close(struct store *s);

/* A transaction; all that adds needs one. */
int store_begin(struct store *s, struct portbook_error *err);
int store_commit(struct store *s, struct portbook_error *err);
void store_abort(struct store *s);

/* How a version came here. */
struct store_arrival {
	struct span source; /* file, archive member or address, as told */
	uint32_t edition;   /* N of DATE.N; 0 where it says nothing of that */
	int64_t seen;	    /* seconds since 1970 */
	struct span how;    /* "update", "import" */
};

/* The version of that digest: its number, or 0 if there is none. */
int store_version_find(struct store *s,
    const uint8_t digest[REGISTRY_DIGEST_LEN], int64_t *ret,
    struct portbook_error *err);

/*
 * Adds a version that is not there, with its first sighting; its number.
 * After a failure the transaction can only be aborted.
 */
int store_version_add(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, int64_t *ret,
    struct portbook_error *err);

/* One more sighting of a version. */
int store_sighting_add(struct store *s, int64_t version,
    const struct store_arrival *arrival, struct portbook_error *err);

/* What is kept of a version; spans are borrowed for the call. */
struct store_version {
	int64_t number;
	uint8_t digest[REGISTRY_DIGEST_LEN];
	struct span updated; /* YYYY-MM-DD; empty from a CSV */
	struct span date;    /* that, or the date of the newest row */
	uint32_t edition;    /* the least of its sightings, from 1 */
	uint64_t source_len;
	uint32_t records, people;
	int64_t recorded; /* seconds since 1970 */
	uint32_t sightings;
	struct span source; /* of the first sighting */
};

/*
 * Every version in order; take returns 0 to go on, else what is returned.  It
 * calls nothing of the store.
 */
int store_versions(struct store *s,
    int (*take)(void *ctx, const struct store_version *version), void *ctx,
    struct portbook_error *err);

/* How many versions there are. */
int store_version_count(
    struct store *s, size_t *ret, struct portbook_error *err);

/*
 * The timeline of all versions, in order, into *ret, which needs no
 * initialisation and is the caller's to release, also after a failure.
 * Equal stores by content give equal timelines, in whatever order their
 * versions arrived.
 */
int store_timeline(
    struct store *s, struct timeline *ret, struct portbook_error *err);

/*
 * The source of a version, byte for byte, appended to b.  PORTBOOK_EFORMAT for
 * a version that did not come from XML.
 */
int store_version_xml(struct store *s, int64_t version, struct buf *b,
    struct portbook_error *err);

/*
 * Whether all is whole: what the database says of itself, every reference,
 * and for every version that its bytes come out with its digest.
 * PORTBOOK_EDAMAGED says what is not.
 */
int store_verify(struct store *s, struct portbook_error *err);

#endif
