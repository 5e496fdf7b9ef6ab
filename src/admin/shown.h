/* SPDX-License-Identifier: ISC */
/*
 * What is published, held against what is recorded.  The store records first;
 * whoever starts to write publishes what was recorded only.
 */
#ifndef ADMIN_SHOWN_H
#define ADMIN_SHOWN_H

#include <stdbool.h>

#include "admin/state.h"
#include "image/image.h"
#include "store/store.h"

/* The image that is served now; false if there is none that is whole. */
bool shown_open(int public_fd, struct image *ret);

/*
 * Whether the image that is served has just the versions of the store, and
 * is what this portbook would make of them.
 */
int shown_is(const struct state *s, struct store *store, bool *ret,
    struct portbook_error *err);

/*
 * Builds the image of all versions of the store and publishes it, with the
 * official files of the newest.
 */
int shown_publish(
    const struct state *s, struct store *store, struct portbook_error *err);

/*
 * What a start does: the store of an older portbook, or one that was lost, is
 * made of what is served, and what was recorded only is published.  *ret
 * tells whether anything had to be published.
 */
int shown_recover(const struct state *s, struct store *store, bool *ret,
    struct portbook_error *err);

#endif
