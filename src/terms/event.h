/* SPDX-License-Identifier: ISC */
/* What happens to the records and persons of the registry. */
#ifndef TERMS_EVENT_H
#define TERMS_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "terms/fields.h"

/* Images hold these numbers: more may be added behind, none may move. */
enum event_kind {
	EVENT_ASSIGNED,	   /* a name, a port, or both */
	EVENT_DEASSIGNED,  /* the reverse */
	EVENT_RENAMED,	   /* where it stands */
	EVENT_RENUMBERED,  /* with its name; also to no number, or from none */
	EVENT_TRANSFERRED, /* from one assignee to another */
	EVENT_SPLIT,	   /* a piece of what was not assigned */
	EVENT_MERGED,	   /* into a larger range that is not assigned */
	EVENT_MODIFIED,	   /* any other word that matters */
	EVENT_EDITORIAL,   /* white space, letter case, upkeep of references */
	EVENT_PERSON,	   /* the entry of a person */
	EVENT_KIND_COUNT,
};

/* "assigned" and so on, as JSON has it. */
struct span event_kind_name(enum event_kind kind);

/* What it means, in plain words, as help, manual and pages have it. */
struct span event_kind_says(enum event_kind kind);

/* The kind of that name; false if there is none. */
bool event_kind_parse(struct span name, enum event_kind *ret);

/* Whether a kind matters to who uses the registry; the rest is upkeep. */
static inline bool event_is_substance(enum event_kind kind)
{
	return kind < EVENT_EDITORIAL;
}

/*
 * What differs, as bits: those of enum record_field or, for an event of a
 * person, of enum person_field.  EVENT_SOURCE stands for source bytes alone
 * that are not laid out as usual.
 */
#define EVENT_BIT(field) (UINT32_C(1) << (field))
#define EVENT_SOURCE EVENT_BIT(31)

#endif
