/* SPDX-License-Identifier: ISC */
/* Events as pages show them. */
#ifndef WEB_CHANGE_H
#define WEB_CHANGE_H

#include "base/arena.h"
#include "search/history.h"
#include "web/pages.h"

/*
 * What the events say, those of one record taken together, in their order:
 * into ret, of count items at least.  Returns how many there are, or a
 * negative number without memory.  Texts are the image's and the arena's.
 */
int changes_show(const struct image *image, const struct image_event *events,
    size_t count, struct page_change *ret, struct arena *arena);

/* How many of the events, from the first on, are of the same record. */
size_t change_len(const struct image_event *events, size_t count);

/* The key of a row, or id of a person; no pointer without memory. */
struct span change_key(const struct image *image, bool person, uint32_t number,
    struct arena *arena);

/* Records in lines: into ret, which holds count. */
int lines_show(const struct image *image, const uint32_t *rows, size_t count,
    struct page_line *ret, struct arena *arena);

/* "3 assigned, 1 renamed": the kinds of which there are some. */
struct span counts_show(const uint32_t counts[EVENT_KIND_COUNT], uint32_t kinds,
    struct arena *arena);

/*
 * The name of a version, such that as-of and diff lead to it alone: DATE, or
 * DATE.N where the day has several.  No pointer without memory.
 */
struct span version_show(
    const struct image *image, uint32_t version, struct arena *arena);

/* Where it stands what came with a version: "/diff/BEFORE..NAME". */
struct span diff_path(
    const struct image *image, uint32_t version, struct arena *arena);

#endif
