/* SPDX-License-Identifier: ISC */
/*
 * A timeline from versions whose states are numbered already: what
 * timeline_append gives for the same versions, without a look at every state
 * of every version.  Where neighbours are the same it costs what comparing two
 * arrays of numbers costs.
 *
 *	timeline_states_begin, timeline_states_append..., timeline_states_end
 *
 * and timeline_states_release, also after a failure.  Built by one thread.
 */
#ifndef CORE_TIMELINE_STATES_H
#define CORE_TIMELINE_STATES_H

#include "core/timeline.h"

/* A record or person through some versions. */
struct timeline_life {
	uint32_t state;
	uint32_t first, last;
	uint32_t next, before; /* in the order of places */
};

/* Records or persons alike. */
struct timeline_lane {
	struct timeline_life *lives; /* owned; 0 is both ends of the order */
	size_t life_count, life_cap;
	uint32_t *states;  /* owned: of the version before, in its order */
	uint32_t *current; /* owned: and their lives */
	uint32_t *scratch; /* owned: the lives of the next one */
	size_t count, states_cap, current_cap, scratch_cap;
	uint32_t *alive; /* owned: by state, how often it is in states */
	size_t state_count;
	uint32_t *pair; /* owned */
	size_t pair_cap;
};

struct timeline_states {
	struct timeline *t;	      /* borrowed */
	const struct record *records; /* borrowed: states by number */
	const struct person *people;  /* borrowed: the same */
	struct timeline_lane record_lane, person_lane;
	struct timeline_notes {
		uint32_t off, count;
	} notes, footnotes; /* of the version before */
};

/* Numbers of states, in the order of a version's file; borrowed. */
struct timeline_list {
	const uint32_t *at;
	size_t count;
};

/*
 * A version.  Numbers of texts are the timeline's; of version are used
 * source, digest, source_len, text and newest_row.  Gaps need no version.
 * All is borrowed for the call.
 */
struct timeline_states_version {
	struct timeline_version version;
	const struct registry_note *notes, *footnotes;
	size_t note_count, footnote_count;
	const struct timeline_gap *gaps; /* of records before of persons */
	size_t gap_count;
	struct timeline_list records, people;
};

/*
 * t has texts but no versions yet.  States are all different, and each is
 * below its count.  PORTBOOK_ENOMEM, here and below.
 */
int timeline_states_begin(struct timeline_states *s, struct timeline *t,
    const struct record *records, size_t record_count,
    const struct person *people, size_t person_count,
    struct portbook_error *err);

/* The next version. */
int timeline_states_append(struct timeline_states *s,
    const struct timeline_states_version *v, struct portbook_error *err);

/* Puts rows and people into t, which is then complete. */
int timeline_states_end(struct timeline_states *s, struct portbook_error *err);

void timeline_states_release(struct timeline_states *s);

#endif
