/* SPDX-License-Identifier: ISC */
/* What the families of rules share.  Inside src/check only. */
#ifndef CHECK_ROWS_H
#define CHECK_ROWS_H

#include "base/buf.h"
#include "check/baseline.h"
#include "core/registry.h"
#include "diag/diag.h"
#include "terms/rich.h"
#include "terms/state.h"

/* The first month that could know RFC 6335, which is of August 2011. */
#define CHECK_ERA "2011-09"

/* The date of what has none and is not known to have had none before. */
#define CHECK_TODAY "9999-12-31"

#define CHECK_NONE UINT32_MAX

/* What many rules ask of a record. */
struct check_row {
	uint32_t ordinal;  /* of its key, from 1 */
	enum state state;  /* that it gives its number */
	bool named;	   /* it has a name */
	bool is_new;	   /* named, and registered in the new era */
	bool is_undated;   /* named, without date, and not known as such */
	struct span alias; /* the name that its note says it is an alias of */
	uint32_t inside;   /* a record that this range overlaps */
};

/* Where records and persons stand in the lines of the source, from 1. */
struct check_places {
	uint64_t *records; /* owned */
	uint64_t *people;  /* owned */
};

/* One run over one registry. */
struct check {
	const struct registry *registry; /* borrowed */
	const struct baseline *ages; /* what has no date by right, or NULL */
	struct diag *diag;
	struct check_row *rows; /* owned, by record */
	uint32_t *by_key;  /* owned: all records by number, protocol, name */
	uint32_t *by_name; /* owned: named ones by folded name, file order */
	size_t named_count;
	struct check_places places;
	struct buf key;
	struct buf message; /* of the finding to come; empty: the rule's */
	bool failed;	    /* out of memory */
};

/* Computes them; PORTBOOK_ENOMEM.  Release them also after a failure. */
int check_places_init(struct check_places *p, const struct registry *r);
void check_places_release(struct check_places *p);

/* A text of a record; borrowed. */
static inline struct span check_text(
    const struct check *c, size_t row, enum record_field field)
{
	return registry_text(
	    c->registry, c->registry->records[row].text[field]);
}

/* Whether two records have the same text. */
static inline bool check_same(
    const struct check *c, size_t a, size_t b, enum record_field field)
{
	return c->registry->records[a].text[field] ==
	       c->registry->records[b].text[field];
}

/* By ASCII-folded bytes, a prefix first. */
int check_fold_cmp(struct span a, struct span b);

/* Whether rich text has an xref of that type, and with that data if any. */
bool check_cites(struct span rich, enum xref_type type, struct span data);

/* Whether a was registered before b; of the same day the first in the file. */
bool check_is_older(const struct check *c, uint32_t a, uint32_t b);

/* Puts "KEY (line N)" of a record into c->message. */
void check_put_row(struct check *c, size_t row);

/*
 * A record overlaps another of the same transport; check_listed tells it
 * where that is a range which is not assigned.
 */
void check_overlap(struct check *c, size_t range, uint32_t row);

/*
 * Tells a finding about a record, a person, or, by a key of its own, about
 * something that is not there but would stand at a record.  The message is
 * what was put into c->message before, or that of check_tell.  Kinds are those
 * of the record's era, but for check_add_kind.
 */
void check_add(struct check *c, enum finding_code code, size_t row);
void check_tell(
    struct check *c, enum finding_code code, size_t row, const char *message);
void check_add_kind(struct check *c, enum finding_code code,
    enum finding_kind kind, size_t row);
void check_add_person(struct check *c, enum finding_code code, size_t person);
void check_add_key(
    struct check *c, enum finding_code code, struct span key, size_t row);

/* The families: 0 or PORTBOOK_ENOMEM. */
int check_names(struct check *c);
int check_name_groups(struct check *c);
int check_aliases(struct check *c);
int check_legacy(struct check *c);
int check_ports(struct check *c);
int check_states(struct check *c);
int check_listed(struct check *c);
int check_sharing(struct check *c);
int check_codes(struct check *c);
int check_fields(struct check *c);
int check_dates(struct check *c);
int check_notes(struct check *c);
int check_people(struct check *c);
int check_order(struct check *c);

#endif
