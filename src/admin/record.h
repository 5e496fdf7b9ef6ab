/* SPDX-License-Identifier: ISC */
/*
 * The store of a state folder: private/store.sqlite.  What comes is recorded
 * there first, and published from there.
 */
#ifndef ADMIN_RECORD_H
#define ADMIN_RECORD_H

#include <stdbool.h>

#include "base/span.h"
#include "core/registry.h"
#include "image/image.h"
#include "store/store.h"

/*
 * Opens the store in the state folder at path.  STORE_READ gives
 * PORTBOOK_ENODATA where there is none.
 */
int record_open(const char *path, enum store_mode mode, struct store **ret,
    struct portbook_error *err);

/*
 * The N of a file called DATE.N.xml, which is how copies tell the second
 * version of a day from the first; 1 for DATE.xml; 0 where the name does not
 * begin with that date.
 */
uint32_t record_edition(struct span name, struct span date);

/* The date that a version is ordered by; empty if it has none. */
struct span record_date(const struct registry *r);

/* What is recorded last in order; spans are its own. */
struct record_newest {
	size_t count; /* of all versions */
	int64_t number;
	uint8_t digest[REGISTRY_DIGEST_LEN];
	char date[16];
	uint32_t edition;
	char source[256];
};

/* count is 0 for an empty store. */
int record_newest(
    struct store *s, struct record_newest *ret, struct portbook_error *err);

/*
 * Records a version, or one more sighting of one that is there (*added tells
 * which), within the caller's transaction.
 */
int record_add(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, bool *added,
    struct portbook_error *err);

/* The same, in a transaction of its own. */
int record_one(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, bool *added,
    struct portbook_error *err);

/*
 * Records all versions of an image in an empty store: one that an older
 * portbook published, which kept no store, or what is left where the store
 * was lost.  Each must come out as it went in.
 */
int record_image(
    struct store *s, const struct image *image, struct portbook_error *err);

/* Now, in seconds since 1970. */
int64_t record_now(void);

#endif
