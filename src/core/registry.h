/* SPDX-License-Identifier: ISC */
/*
 * The registry of one version, whole: what every reader makes and everything
 * else is made from.  Its texts are numbered (equal texts have one number);
 * number 0 is the empty text.
 *
 * It is built by one thread, is not changed once built, and is freed whole.
 *
 * From an XML source every byte can be had back: the source is
 *
 *	head, record 0, gap, record 1, ..., middle, person 0, gap, ..., tail
 *
 * where a record or person is its residue, or its canonical layout
 * (terms/layout.h) where it has none, and a gap is the canonical one unless
 * the list of gaps has another.  Without persons the middle is empty; without
 * records all is in the tail.  In the head the date of <updated> is replaced
 * by LAYOUT_UPDATED_MARK, so that the heads of most versions are the same.
 */
#ifndef CORE_REGISTRY_H
#define CORE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/intern.h"
#include "portbook/error.h"
#include "terms/fields.h"
#include "terms/port.h"
#include "terms/protocol.h"

#define REGISTRY_DIGEST_LEN 32 /* SHA-256 */

/* As enum image_source.  A services(5) file has no people, notes nor dates. */
enum registry_source { REGISTRY_XML, REGISTRY_CSV, REGISTRY_SERVICES };

/* One record.  Numbers of texts, by enum record_field. */
struct record {
	uint32_t text[FIELD_COUNT];
	uint32_t residue;	  /* source bytes where not canonical, else 0 */
	struct port_range number; /* if has_number */
	bool has_number;
	uint8_t protocol; /* enum protocol */
	uint64_t line;	  /* in the source */
};

/* One person.  Numbers of texts, by enum person_field. */
struct person {
	uint32_t text[PERSON_FIELD_COUNT];
	uint32_t residue;
	uint64_t line;
};

/* A gap that is not canonical, before the record or person of that index. */
struct gap {
	uint32_t index;
	uint32_t text;
};

/* What stands before the records, and the footnotes.  Numbers of texts. */
enum registry_field {
	REGISTRY_ID,
	REGISTRY_TITLE,
	REGISTRY_CATEGORY,
	REGISTRY_UPDATED,   /* YYYY-MM-DD; empty from a CSV */
	REGISTRY_REFERENCE, /* xrefs */
	REGISTRY_EXPERT,    /* preformatted rich text */
	REGISTRY_HEAD,	    /* residue: the source up to the first record */
	REGISTRY_MIDDLE,    /* residue: between last record and first person */
	REGISTRY_TAIL,	    /* residue: behind all that */
	REGISTRY_FIELD_COUNT,
};

/* A note of the registry, or a footnote: preformatted rich text. */
struct registry_note {
	uint32_t title; /* of a note ("" if none); anchor of a footnote */
	uint32_t text;
};

struct registry {
	struct arena arena;  /* owned: the texts, and all arrays here */
	struct intern texts; /* owned */
	enum registry_source source;
	uint8_t digest[REGISTRY_DIGEST_LEN]; /* of the decompressed source */
	uint64_t source_len;		     /* bytes, decompressed */
	uint32_t text[REGISTRY_FIELD_COUNT];
	struct registry_note *notes;
	size_t note_count, note_cap;
	struct registry_note *footnotes;
	size_t footnote_count, footnote_cap;
	struct record *records; /* in file order */
	size_t record_count, record_cap;
	struct person *people; /* in file order */
	size_t person_count, person_cap;
	struct gap *record_gaps; /* rising index */
	size_t record_gap_count, record_gap_cap;
	struct gap *person_gaps; /* rising index */
	size_t person_gap_count, person_gap_cap;
};

/* An empty registry; PORTBOOK_ENOMEM.  Release it also after a failure. */
int registry_init(struct registry *r, struct portbook_error *err);
void registry_release(struct registry *r);

/*
 * Room for so many records, people and texts of so many bytes in all, in a
 * registry that has fewer; PORTBOOK_ENOMEM.  More is still possible.
 */
int registry_reserve(struct registry *r, size_t records, size_t people,
    size_t texts, size_t text_len);

/* The number of a text, added if it is new; PORTBOOK_ENOMEM. */
int registry_text_add(struct registry *r, struct span text, uint32_t *ret,
    struct portbook_error *err);

/* A text by number; terminated, good as long as r. */
static inline struct span registry_text(const struct registry *r, uint32_t n)
{
	return r->texts.entries[n].text;
}

/*
 * The next of each kind, zeroed, to be filled in by the caller; NULL when out
 * of memory.  Good until the next call.
 */
struct record *registry_record_new(struct registry *r);
struct person *registry_person_new(struct registry *r);
struct registry_note *registry_note_new(struct registry *r);
struct registry_note *registry_footnote_new(struct registry *r);
struct gap *registry_record_gap_new(struct registry *r);
struct gap *registry_person_gap_new(struct registry *r);

/* The texts of a record or person by field; borrowed from r. */
void registry_record_text(const struct registry *r, const struct record *record,
    struct record_text *ret);
void registry_person_text(const struct registry *r, const struct person *person,
    struct person_text *ret);

/*
 * Appends the bytes of an XML source as described above.  What the reader
 * was given comes out again.
 */
void registry_to_xml(const struct registry *r, struct buf *b);

/*
 * The latest registration or modification date of the records to the day or
 * the month as given; empty if there is none.
 */
struct span registry_newest_row(const struct registry *r);

#endif
