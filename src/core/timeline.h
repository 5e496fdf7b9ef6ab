/* SPDX-License-Identifier: ISC */
/*
 * The registry through time: versions in order, and every state of a record
 * or person with the first and last version in which it stood so.  A state
 * that goes and comes again, or moves, is two.
 *
 * States are kept in one order (place) such that those of any one version,
 * taken in that order, are in the order of its file.
 *
 * It owns its texts, numbered as a registry's are.  Built by one thread.
 */
#ifndef CORE_TIMELINE_H
#define CORE_TIMELINE_H

#include "core/registry.h"

struct timeline_row {
	struct record record; /* text numbers are the timeline's */
	uint32_t first;	      /* version */
	uint32_t last;	      /* version */
};

struct timeline_person {
	struct person person;
	uint32_t first;
	uint32_t last;
};

/* A gap that is not canonical, in one version. */
struct timeline_gap {
	bool people; /* before a person, else before a record */
	uint32_t version;
	uint32_t index; /* of the record or person in that version */
	uint32_t text;
};

struct timeline_version {
	enum registry_source source;
	uint8_t digest[REGISTRY_DIGEST_LEN];
	uint64_t source_len;
	uint32_t text[REGISTRY_FIELD_COUNT];
	uint32_t newest_row;	       /* text: latest date of a record */
	uint32_t note_off, note_count; /* in notes */
	uint32_t footnote_off, footnote_count; /* in notes */
	uint32_t record_count;
	uint32_t person_count;
};

/*
 * That a version was seen as DATE.N, N its number.  A version may have several,
 * where the same content was published again; no two of a date have the same.
 * A timeline that comes from no store has none.
 */
struct timeline_edition {
	uint32_t version;
	uint32_t number; /* from 1 */
};

struct timeline {
	struct arena arena;
	struct intern texts;
	struct timeline_version *versions; /* in order */
	size_t version_count, version_cap;
	struct registry_note *notes;
	size_t note_count, note_cap;
	struct timeline_row *rows; /* by place */
	size_t row_count, row_cap;
	struct timeline_person *people; /* by place */
	size_t person_count, person_cap;
	struct timeline_gap *gaps; /* by version */
	size_t gap_count, gap_cap;
	struct timeline_edition *editions; /* by version, then number */
	size_t edition_count, edition_cap;
};

int timeline_init(struct timeline *t, struct portbook_error *err);
void timeline_release(struct timeline *t);

/*
 * Appends a version, which is later than all there are; r may be released
 * afterwards.  PORTBOOK_ENOMEM, t then only good to be released.
 */
int timeline_append(
    struct timeline *t, const struct registry *r, struct portbook_error *err);

/*
 * Notes an edition of a version that is there, behind all that are noted:
 * version and number rise.  PORTBOOK_ENOMEM, and nothing is noted.
 */
int timeline_edition_add(struct timeline *t, uint32_t version, uint32_t number,
    struct portbook_error *err);

static inline struct span timeline_text(const struct timeline *t, uint32_t n)
{
	return t->texts.entries[n].text;
}

#endif
