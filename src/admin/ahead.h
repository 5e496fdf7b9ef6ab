/* SPDX-License-Identifier: ISC */
/*
 * Versions read ahead: threads take the items of an archive and make
 * registries of them, and who records gets them in the order of the archive.
 * How much lies ready is bounded.
 */
#ifndef ADMIN_AHEAD_H
#define ADMIN_AHEAD_H

#include <stdbool.h>

#include "admin/archive.h"
#include "core/registry.h"
#include "portbook/error.h"

/* Digests that the store has, sorted: what has one of them is not read. */
struct ahead_known {
	uint8_t (*digests)[REGISTRY_DIGEST_LEN]; /* owned by the caller */
	size_t count;
};

/* What came of an item. */
struct ahead_result {
	struct archive_item item; /* its bytes are gone; see its code */
	bool known; /* by its digest; the registry is not there then */
	uint8_t digest[REGISTRY_DIGEST_LEN];
	struct registry *registry; /* owned; NULL if code < 0, or known */
	size_t findings;	   /* of reading it */
};

struct ahead;

/*
 * Begins to read.  a and known are borrowed until ahead_stop, which in
 * between nobody else touches.
 */
int ahead_start(struct archive *a, const struct ahead_known *known,
    struct ahead **ret, struct portbook_error *err);

/*
 * The next result, the caller's to release: 1, or 0 behind the last, or
 * PORTBOOK_ENOMEM.
 */
int ahead_next(
    struct ahead *ahead, struct ahead_result *ret, struct portbook_error *err);
void ahead_result_release(struct ahead_result *result);

/* How many bytes of how many have been read. */
void ahead_progress(struct ahead *ahead, uint64_t *done, uint64_t *len);

/* Waits for what is being read, and frees all.  NULL is fine. */
void ahead_stop(struct ahead *ahead);

#endif
