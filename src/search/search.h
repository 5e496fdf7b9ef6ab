/* SPDX-License-Identifier: ISC */
/*
 * Questions to an image: by port, name, text; at the newest version or at an
 * earlier one.  Results go into the caller's storage; nothing is allocated
 * here, but by search_sort for rows of the past.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"
#include "image/row.h"
#include "portbook/error.h"
#include "terms/match.h"
#include "terms/query.h"

#define SEARCH_QUERY_MAX 1024 /* bytes */
#define SEARCH_TERM_MAX 32
#define SEARCH_PAGE_ROWS 100

/*
 * The version of a date: the last one whose date is not later.  date is
 * YYYY-MM-DD, or YYYY-MM-DD.N for what was published as that edition of the
 * day (where nobody told, the N-th that is kept); empty is the newest.
 * PORTBOOK_EUSAGE for what is no date; PORTBOOK_ENOVERSION, naming the first
 * there is, for one before all, and naming those kept for an edition that is
 * not.
 */
int search_version(const struct image *image, struct span date, uint32_t *ret,
    struct portbook_error *err);

/*
 * Text.  The query is split at white space (Unicode's); a row matches where
 * every term is found, letter case ignored, in some column's text but the two
 * dates.  No term: all rows.  A term that is not UTF-8 or holds a NUL matches
 * nothing.
 */
struct search_query {
	struct {
		uint32_t off; /* in folded */
		uint32_t len;
	} terms[SEARCH_TERM_MAX];
	size_t term_count;
	bool hopeless; /* a term that no text can hold */
	char folded[SEARCH_QUERY_MAX * 4];
};

/* PORTBOOK_EUSAGE for more than SEARCH_QUERY_MAX bytes or 32 terms. */
int search_parse(
    struct span text, struct search_query *ret, struct portbook_error *err);

/*
 * Rows first .. first + cap - 1 (from 0) of the matches in registry order at
 * version (image->version_count - 1 is the newest), into rows; *total is the
 * number of all matches.  Returns how many rows were written.  scratch is
 * search_scratch_len(image) bytes, aligned to 8, of the caller's.
 */
size_t search_run(const struct image *image, const struct search_query *query,
    uint32_t version, size_t first, uint32_t *rows, size_t cap, size_t *total,
    void *scratch);

size_t search_scratch_len(const struct image *image);

/*
 * A page of 100, from 1; official cuts repeat the last row of the page before
 * (formats of the official site).  A page beyond search_page_count holds no
 * row, also where an official cut would begin with the last one there is.
 */
struct search_page {
	size_t first; /* row, from 0 */
	size_t count; /* rows asked for: 100 or 101 */
};

struct search_page search_page_of(uint64_t page, bool official);
uint64_t search_page_count(uint64_t total);

/*
 * All matches of a query at a version.  For a port: preferred rows first; a
 * range: every row that meets it, in registry order; a name: its rows, the
 * preferred first, then those that everyday names lead to.  ret->rows and
 * ret->cap are the caller's.  A cap of image->row_count is always enough.
 */
void search_lookup(const struct image *image, const struct query *query,
    uint32_t version, struct match *ret);

/*
 * Persons that the given rows refer to at version, each once, in the order of
 * the file: into people (cap), returns how many there are.  scratch as for
 * search_run.
 */
size_t search_people(const struct image *image, const uint32_t *rows,
    size_t count, uint32_t version, uint32_t *people, size_t cap,
    void *scratch);

/*
 * Sorts rows by columns, the first the most weighty; rows that are alike stay
 * as they are, rows with nothing in a column come last either way.
 */
struct search_order {
	enum column column;
	bool falling;
};

void search_sort(const struct image *image, uint32_t *rows, size_t count,
    const struct search_order *order, size_t order_count, uint32_t *scratch);

/*
 * Names of the registry that are near to name (one or two slips of the pen),
 * nearest first: rows of which each has another name.  Returns how many.
 */
size_t search_near_names(
    const struct image *image, struct span name, uint32_t *rows, size_t cap);

/*
 * Slips of the pen between two words: letters put in, left out, changed, or
 * swapped with the next; ASCII case ignored.  UINT32_MAX for long words.
 */
unsigned search_distance(struct span a, struct span b);

#endif
