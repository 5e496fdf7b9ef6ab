/* SPDX-License-Identifier: ISC */
/*
 * Free ports: which to take, and what there is to say of one.  Nothing is
 * allocated; an image, and what ask points to, may be shared by threads.
 */
#ifndef SEARCH_FREE_H
#define SEARCH_FREE_H

#include "image/image.h"
#include "terms/free.h"

/*
 * What every rule says of a port in a version (a number below
 * image->version_count).  Of near, count and seed nothing is looked at.
 */
void free_judge(const struct image *image, uint32_t version,
    const struct free_ask *ask, uint16_t port, struct free_report *ret);

/*
 * Up to ask->count usable ports of ask->range, into ret.  With near the
 * nearest come first; without, those of which there is nothing to note, and
 * among equals the seed decides (free_order.h).  Returns how many there are.
 */
size_t free_suggest(const struct image *image, uint32_t version,
    const struct free_ask *ask, struct free_report *ret,
    struct free_rejected *rejected);

#define FREE_SEED_LEN 10

/* A seed that nobody can guess: letters and digits, terminated. */
int free_seed_new(char ret[FREE_SEED_LEN + 1], struct portbook_error *err);

#endif
