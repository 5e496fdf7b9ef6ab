/* SPDX-License-Identifier: ISC */
/*
 * The roll of versions: all that is kept of each but its pieces, in memory,
 * and the sequences that they decode to.
 */
#ifndef STORE_ROLL_H
#define STORE_ROLL_H

#include "base/arena.h"
#include "store/backend.h"
#include "store/sequence.h"
#include "store/store.h"

/*
 * A version is coded upon another, that upon a third: at most so many times,
 * and then one is coded upon nothing.
 */
#define ROLL_DEPTH 32U

struct roll_version {
	struct store_version is; /* spans in the roll's arena */
	enum registry_source source;
	uint32_t base;	  /* index + 1, or 0 */
	uint32_t depth;	  /* how many it is coded upon */
	struct span code; /* in the roll's arena */
};

/* A number that a version was seen with: N of DATE.N. */
struct roll_edition {
	uint32_t version; /* index */
	uint32_t number;
};

/* A decoded version. */
struct roll_slot {
	uint32_t version; /* index + 1; 0: free */
	uint64_t used;	  /* when, by the clock */
	struct sequence body;
};

struct roll {
	struct arena arena;
	struct roll_version *versions; /* owned: by number - 1 */
	size_t count, cap;
	uint32_t *order; /* owned: indices by date, edition, arrival */
	size_t order_cap;
	struct roll_edition *editions; /* owned: as they were seen */
	size_t edition_count, edition_cap;
	struct roll_slot slots[ROLL_DEPTH + 4]; /* those used last */
	uint64_t clock;
};

/* What is kept in a database; release it also after a failure. */
int roll_load(struct roll *r, const struct backend *backend, void *db,
    struct portbook_error *err);
void roll_release(struct roll *r);

/* One more version, that has been recorded with its first sighting. */
int roll_add(struct roll *r, const struct backend_version *v,
    const struct backend_sighting *first, struct portbook_error *err);

/* The sums that are kept beside a version and a sighting. */
uint64_t roll_version_sum(const struct backend_version *v);
uint64_t roll_sighting_sum(const struct backend_sighting *sighting);

/*
 * The version that a new one of that date and edition is best coded upon: its
 * index + 1, or 0 for none.
 */
uint32_t roll_base(const struct roll *r, struct span date, uint32_t edition);

/* How many numbers a version of so many records and people may consist of. */
size_t roll_limit(size_t records, size_t people);

/*
 * What the version of that index consists of (body.h); good until the next
 * call.  PORTBOOK_EDAMAGED, PORTBOOK_ENOMEM.
 */
int roll_body(struct roll *r, size_t index, const struct sequence **ret,
    struct portbook_error *err);

/* Says that a version is damaged, and in what. */
int roll_damaged(const struct roll *r, size_t index, const char *what,
    struct portbook_error *err);

#endif
