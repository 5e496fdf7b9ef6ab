/* SPDX-License-Identifier: ISC */
/* What a request for a result page asks, and the rows that answer it. */
#ifndef WEB_ASK_H
#define WEB_ASK_H

#include "http/http.h"
#include "search/filter.h"
#include "search/search.h"

#define ASK_ORDER_MAX COLUMN_COUNT

/* The version of the registry that is asked for. */
struct as_of {
	struct span date; /* as asked, borrowed; empty for the newest */
	uint32_t version;
};

struct ask {
	struct span search; /* borrowed from the request */
	uint64_t page;
	struct search_order order[ASK_ORDER_MAX];
	size_t order_count;
	bool official;
	struct span protocol, state, class; /* as asked, borrowed; or empty */
	struct search_filter filter;	    /* what they say */
	struct as_of as_of;
	struct search_query query;
};

/*
 * Reads search, page, and (official) skey, or else sort, as-of, protocol, state
 * and class; others are ignored.  PORTBOOK_EUSAGE with plain words for a page,
 * order, kind or date that cannot be, or a search that is too long;
 * PORTBOOK_ENOVERSION for a date without a version.
 */
int ask_parse(const struct http_target *target, const struct image *image,
    bool official, struct ask *ret, struct portbook_error *err);

/* Reads as-of; without it the newest version is asked for. */
int ask_as_of(const struct http_target *target, const struct image *image,
    struct as_of *ret, struct portbook_error *err);

/* The HTTP status for a failure. */
int ask_status(int code);

/* What every reader of JSON takes for the whole number that it is. */
#define ASK_PAGE_MAX ((UINT64_C(1) << 53) - 1)

/*
 * A whole number from 1 to ASK_PAGE_MAX, else PORTBOOK_EUSAGE: none is cut to
 * another.  That there is such a page is not said.
 */
int ask_page(struct span text, uint64_t *ret, struct portbook_error *err);

/* A page of rows. */
struct answer {
	uint32_t *rows; /* owned */
	size_t row_count;
	uint64_t first; /* number of the first row, from 1 */
	uint64_t total, pages;
	uint32_t *people; /* owned */
	size_t person_count;
};

/*
 * The answer of the version asked; page, order and official are obeyed.
 * PORTBOOK_ENOMEM, *ret then released.
 */
int answer_find(const struct image *image, const struct ask *ask,
    struct answer *ret, struct portbook_error *err);
void answer_release(struct answer *a);

/*
 * Persons that rows refer to at version, in *ret (owned by the caller) and
 * *count.
 */
int answer_people(const struct image *image, uint32_t version,
    const uint32_t *rows, size_t count, uint32_t **ret, size_t *ret_count,
    struct portbook_error *err);

#endif
