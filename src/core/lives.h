/* SPDX-License-Identifier: ISC */
/*
 * What happened between the versions of a timeline: events, and the lives
 * that link the states of one record or person.
 *
 * Each step from a version to the next is told from the rows and persons that
 * end and begin there.  Every row that begins in a step, or ends in it, is in
 * at least one event of that step, unless all that it did was move.
 *
 * The rules, in this order:
 *
 *  - The same texts: the row moved, which is no event.
 *  - The same number, protocol and name: transferred if one known assignee
 *    took the place of another, else modified or editorial.
 *  - The same name, protocol, registration date and description, another
 *    number: renumbered.
 *  - The same number, protocol and registration date, another name: renamed.
 *    So is a name without number if its date and either the description or
 *    assignee and contact are kept.
 *  - The same name and protocol, another number, or a number where there was
 *    none: renumbered.  The same name and number, another protocol: modified.
 *  - A name that loses its number: renumbered.  Several rows (of TCP and UDP)
 *    may lead to the one row that keeps the name.
 *  - A row with a name that is left is deassigned (after: the row without a
 *    name that took the number, if any), one that begins is assigned (before:
 *    the row that spoke of the number, if any).  A name that follows another
 *    with another date on a number is both: the old one deassigned and the
 *    new one assigned, with the old one before.
 *  - Rows without a name that share ports: an event for each piece.  It is
 *    split if the old row also went elsewhere, merged if the new one also
 *    came from elsewhere, and modified if just this became of that.  What is
 *    left of them is modified, too: it came from nothing, or went.
 *
 * Someone renamed or renumbered and transferred at once has two events, of
 * which the second speaks of the assignee alone.  The same person under
 * another id is not another assignee.
 *
 * A life goes on through all of these: a row's next one is what it became,
 * for a deassigned one the row that keeps its name or else the one that took
 * its number, for a range its largest remainder, and for a Reserved or
 * Unassigned row without remainder the row assigned from it.
 */
#ifndef CORE_LIVES_H
#define CORE_LIVES_H

#include "core/timeline.h"
#include "terms/event.h"

#define LIFE_NONE UINT32_MAX

struct life_event {
	uint32_t version; /* the first one in which it is so; never 0 */
	enum event_kind kind;
	uint32_t before; /* place of a row, for EVENT_PERSON of a person */
	uint32_t after;	 /* the same; at least one of both is there */
	uint32_t fields; /* EVENT_BIT of what differs, if there are both */
};

struct lives {
	/*
	 * By version, persons behind rows, then by the place of after (or of
	 * before without it), then by kind and before.
	 */
	struct life_event *events;
	size_t event_count, event_cap;
	uint32_t *first_event; /* by version, and one more: of its events */
	uint32_t *row_next;    /* by place: what became of it, or LIFE_NONE */
	uint32_t *row_last;    /* by place: the last one of its life */
	uint32_t *person_next;
	uint32_t *person_last;
};

/*
 * The lives of a timeline of at least one version, whose places they speak
 * of; ret is the caller's to release.  PORTBOOK_ENOMEM, ret then released.
 * Time grows with what ends and begins.  Where the ranges of one step overlap
 * beyond all measure, some of their rows are told as come and gone.
 */
int lives_make(
    const struct timeline *t, struct lives *ret, struct portbook_error *err);
void lives_release(struct lives *l);

#endif
