/* SPDX-License-Identifier: ISC */
/*
 * Free ports as the page and the API ask for them.  Nothing of the server's
 * own host is looked at.
 */
#ifndef WEB_SUGGEST_H
#define WEB_SUGGEST_H

#include "http/http.h"
#include "search/free.h"
#include "web/ask.h"
#include "write/suggest.h"

struct suggest_found {
	struct free_ask ask;
	struct free_rejected rejected;
	struct suggestion out; /* borrows all the rest */
	bool random;	       /* the seed was made up: another time, others */
	char seed[FREE_SEED_LEN + 1];
	struct free_report reports[FREE_COUNT_MAX];
};

/*
 * Reads near, range, count, for (which may come again), seed and explain, and
 * answers.  empty: parameters without a value count as not given, as forms
 * send them.  ret must not be moved.  PORTBOOK_EUSAGE.
 */
int suggest_find(const struct http_target *target, const struct image *image,
    const struct as_of *as_of, bool empty, struct suggest_found *ret,
    struct portbook_error *err);

#endif
