/* SPDX-License-Identifier: ISC */
/*
 * An image being built; of this folder.  Each stage is a file and reads what
 * the stages before it made:
 *
 *	rows_begin -> columns -> rows -> people -> ports -> orders -> names
 *	-> lines -> search -> grams -> events -> past -> standing -> since
 *	-> common -> versions -> sections_end
 *
 * grams_begin stands behind the columns, and what it begins goes on until
 * grams_make: from there to here columns and places of rows do not change.
 *
 * A stage returns 0, or a failure that it has told in b->err.
 */
#ifndef IMAGEBUILD_BUILD_H
#define IMAGEBUILD_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/mem.h"
#include "core/timeline.h"
#include "image/layout.h"
#include "image/sections.h"
#include "imagebuild/imagebuild.h"

/* A section that has been made. */
struct section_out {
	size_t off; /* in the image, 0 for none */
	size_t count;
};

/* Where a text of the timeline, as columns show it and folded, lies. */
struct piece {
	uint32_t off; /* PIECE_UNKNOWN: not yet asked for */
	uint32_t len;
};

#define PIECE_UNKNOWN UINT32_MAX

/* A folded name, and the current rows that have it. */
struct name_group {
	struct span folded; /* borrowed from the pieces or names_lines */
	uint32_t text;	    /* number in the timeline that folds to it, or 0 */
	uint32_t off;	    /* in group_rows */
	uint32_t count;
	uint32_t curated;
};

struct build {
	const struct timeline *t;
	const struct imagebuild_options *options;
	struct portbook_error *err;

	uint32_t newest; /* version */
	size_t current_rows, row_count;
	size_t current_people, person_count;
	uint32_t *row_places;	 /* owned: place in the timeline by row */
	uint32_t *person_places; /* owned: the same by person */

	struct buf texts;	/* bytes of IMAGE_TEXTS */
	uint32_t *text_places;	/* owned: by text of the timeline, 0: none */
	struct arena arena;	/* of extra */
	struct intern extra;	/* texts that the timeline lacks */
	uint32_t *extra_places; /* owned: by number in extra */
	size_t extra_count, extra_cap;

	struct buf lists; /* le32 */

	struct buf pieces_bytes;
	struct piece *pieces; /* owned: by text of the timeline */
	uint32_t *assignees;  /* owned: text that the column shows, by row */
	enum record_field fields[COLUMN_COUNT]; /* of the other columns */

	struct grams *grams; /* owned */

	uint8_t *weak; /* owned: notes speak against a row */

	struct name_group *groups; /* owned: sorted by folded name */
	size_t group_count;
	uint32_t *group_rows; /* owned */

	/*
	 * Sections are made where they will lie, so that the large ones are
	 * not in memory twice.  They move when another one is made, and with
	 * them what points at them from here.
	 */
	uint8_t *image; /* owned */
	size_t image_len, image_cap;
	struct section_out sections[SECTION_COUNT];
	struct image_meta meta;
	struct image_row *rows;
	struct image_person *people;
	const struct le32 *name_order; /* order by name of the current rows */
};

static inline const struct timeline_row *build_row(
    const struct build *b, size_t row)
{
	return &b->t->rows[b->row_places[row]];
}

static inline const struct timeline_person *build_person(
    const struct build *b, size_t person)
{
	return &b->t->people[b->person_places[person]];
}

static inline int build_nomem(struct build *b)
{
	return error_nomem(b->err);
}

static inline void *build_section_at(
    const struct build *b, enum image_section_id id)
{
	return b->image + b->sections[id].off;
}

/* sections.c: the image as it grows. */
int sections_begin(struct build *b);

/*
 * Makes a section of count items, uninitialised or zeroed.  NULL when out of
 * memory.  Good, as all sections before, until the next one is made.
 */
void *build_section(struct build *b, enum image_section_id id, size_t count);
void *build_section_zeroed(
    struct build *b, enum image_section_id id, size_t count);

/* texts.c: the place of a text in the image, put there if it is not yet. */
int texts_begin(struct build *b);
int texts_add(struct build *b, uint32_t number, struct le32 *ret);
int texts_add_span(struct build *b, struct span text, struct le32 *ret);

/* A text of the timeline; the common case in line. */
static inline int texts_put(struct build *b, uint32_t number, struct le32 *ret)
{
	if (number != 0 && b->text_places[number] == 0)
		return texts_add(b, number, ret);
	*ret = le32_of(b->text_places[number]);
	return 0;
}

/* lists.c */
int lists_put(struct build *b, const uint32_t *numbers, size_t count,
    struct image_list *ret);

/* columns.c: what the columns of a row show, folded. */
int columns_make(struct build *b);

/* The text of the timeline that a column shows. */
static inline uint32_t columns_number(
    const struct build *b, size_t row, enum column column)
{
	if (column == COLUMN_ASSIGNEE)
		return b->assignees[row];
	return build_row(b, row)->record.text[b->fields[column]];
}

static inline struct span columns_piece(const struct build *b, uint32_t number)
{
	struct piece piece = b->pieces[number];

	/* Where all are empty there are no bytes to point at. */
	if (piece.len == 0)
		return SPAN("");
	return span_of(b->pieces_bytes.ptr + piece.off, piece.len);
}

static inline struct span columns_text(
    const struct build *b, size_t row, enum column column)
{
	return columns_piece(b, columns_number(b, row, column));
}

/* search.c: the columns that are searched; none shows what is not. */
#define SEARCHED_COUNT 10
extern const enum column build_searched[SEARCHED_COUNT];

/* What they take of a row, each ended by NUL. */
size_t build_search_len(const struct build *b, size_t row);

/* The stages. */
int rows_begin(struct build *b);
int rows_make(struct build *b);
int people_make(struct build *b);
int ports_make(struct build *b);
int orders_make(struct build *b);
int names_make(struct build *b);
int lines_make(struct build *b);
int search_make(struct build *b);
int grams_begin(struct build *b);
int grams_make(struct build *b);
int events_make(struct build *b);
int past_make(struct build *b);
int standing_make(struct build *b);
int since_make(struct build *b);
int common_make(struct build *b);
int versions_make(struct build *b);
int sections_end(struct build *b, uint8_t **ret, size_t *ret_len);

/* Ends what grams_begin began. */
void grams_release(struct build *b);

/* The group of a folded name, or NULL; groups before everyday names. */
struct name_group *names_find(struct build *b, struct span folded);

/*
 * perfect.c: a perfect hash of count names.  slots[i] gets the slot of name i;
 * the seeds become their section.
 */
int perfect_make(
    struct build *b, const struct span *names, size_t count, uint32_t *slots);

#endif
