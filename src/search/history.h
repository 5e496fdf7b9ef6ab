/* SPDX-License-Identifier: ISC */
/*
 * What happened: to a port, a name, a record, a person, or to all; between
 * which versions; what differs between any two; which versions there are.
 * Terminal, pages, API and feeds ask here.
 *
 * Nothing is allocated: results go into arrays of the caller's, and scratch is
 * history_scratch_len bytes, aligned to 8, of the caller's too.  An open image
 * may be asked by any number of threads, each with scratch of its own.
 *
 * A version is a number below image->version_count, as search_version gives
 * it.  What an image of one version is asked for has not happened.
 */
#ifndef SEARCH_HISTORY_H
#define SEARCH_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/events.h"
#include "image/image.h"
#include "portbook/error.h"
#include "search/search.h"
#include "terms/event.h"
#include "terms/key.h"
#include "terms/query.h"

/* Whose story. */
enum story_kind {
	STORY_ALL,
	STORY_PORT,   /* a port or a range, of one transport or of any */
	STORY_NAME,   /* the same of a name */
	STORY_RECORD, /* a record, through all that it was */
	STORY_PERSON, /* the entry of a person, and records that name it */
	STORY_SEARCH, /* records with some words */
};

struct story {
	enum story_kind kind;
	struct query query;    /* of STORY_PORT and STORY_NAME */
	struct record_key key; /* of STORY_RECORD; borrowed from the text */
	struct span person;    /* of STORY_PERSON; the same */
	const struct search_query *search; /* of STORY_SEARCH; borrowed */
};

/*
 * Reads what somebody asks for:
 *
 *	443  443/tcp  8000-8010  https  https/udp	as in a lookup
 *	443/tcp/https  -/tcp/compressnet  -/-/rdp~2	the key of a record
 *	IESG						the id of a person
 *
 * A word that is the id of a person, now or once, is that person's unless some
 * record has, or once had, it for a name.  The empty text asks for all.
 * PORTBOOK_EUSAGE as query_parse.
 */
int history_parse(const struct image *image, struct span text,
    struct story *ret, struct portbook_error *err);

#define HISTORY_SUBSTANCE (EVENT_BIT(EVENT_EDITORIAL) - 1)
#define HISTORY_EVERY (EVENT_BIT(EVENT_KIND_COUNT) - 1)

/* Which events: those of the versions behind after, up to upto. */
struct history_ask {
	struct story story;
	uint32_t after; /* version; 0 for all */
	uint32_t upto;	/* version */
	uint32_t kinds; /* EVENT_BIT of each that is wanted */
	bool falling;	/* the newest version first */
};

/*
 * Events first .. first + cap - 1 (from 0) of those asked for, into events, as
 * numbers for image_event; *total is the number of all.  Returns how many were
 * written.  They rise with the versions, or fall; those of one version are
 * always in the order of its file, what has gone at its former place.
 *
 * An event belongs to a story if the record after it does; or the one before,
 * but then not where another one is taken out of it: that 4317/tcp was assigned
 * out of 4317-4319 and 4317/udp reserved is no part of the story of 4319, while
 * that 4318-4319 is what was left is one.  The words of a search are looked for
 * in both, and so is a person in the story of one.
 */
size_t history_run(const struct image *image, const struct history_ask *ask,
    size_t first, uint32_t *events, size_t cap, size_t *total, void *scratch);

/*
 * Records of a story, for STORY_PERSON persons, that stood in a version, in
 * registry order: into rows (cap).  Returns how many there are.  At version 0
 * they say what was "since before" the first version kept.  STORY_ALL has none.
 */
size_t history_rows(const struct image *image, const struct story *story,
    uint32_t version, uint32_t *rows, size_t cap, void *scratch);

/* Whether a story is of anything that is or was in the registry. */
bool history_is_known(
    const struct image *image, const struct story *story, void *scratch);

/*
 * What differs from a version to a later one, as events: ret[i].version is the
 * later one, before a row (or person) of the earlier, after one of the later
 * version.  Of neighbours they are the events of that step.  Over several, a
 * record that changed more than once is told once, by its first and its last
 * state; what changed and changed back, or came and went, is not told.
 *
 * Into ret (cap), records in the order of the later file, persons behind them.
 * Returns how many there are, which is more than history_diff_room only where
 * ranges were put together and cut again and again: ask anew with more room.
 */
size_t history_diff(const struct image *image, uint32_t from, uint32_t to,
    struct image_event *ret, size_t cap, void *scratch);

size_t history_diff_room(const struct image *image);

size_t history_scratch_len(const struct image *image);

/* A version, as a list of them has it. */
struct history_version {
	struct span date;  /* YYYY-MM-DD, or empty; borrowed from the image */
	uint32_t edition;  /* N of DATE.N, from 1 */
	uint32_t earlier;  /* versions here of that date, before this one */
	uint32_t editions; /* versions here of that date */
	const uint8_t *digest; /* 32 bytes, borrowed from the image */
	uint32_t rows;
	uint32_t people;
	uint32_t events[EVENT_KIND_COUNT]; /* since the version before */
};

void history_version(
    const struct image *image, uint32_t version, struct history_version *ret);

/*
 * The version behind which is what came on a day or later; of DATE.N, with
 * that edition or later.  Before the first version it is 0, since what came
 * with that one is not known.  PORTBOOK_EUSAGE and PORTBOOK_ENOVERSION as
 * search_version.
 */
int history_since(const struct image *image, struct span date, uint32_t *ret,
    struct portbook_error *err);

/*
 * Appends the name of a version, which search_version reads: DATE, or DATE.N
 * where that date has several (DATE alone is the last of them).
 */
void history_version_name(
    struct buf *b, const struct image *image, uint32_t version);

#endif
