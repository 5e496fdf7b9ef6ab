/* SPDX-License-Identifier: ISC */
/*
 * Publication by rename: a folder is filled beside, made durable and renamed,
 * then a new link "current" is renamed over the old.  A crash at any moment
 * leaves the old version or the new one serving, and at most a folder whose
 * name begins with a dot, which the next publication removes.
 */
#ifndef ADMIN_PUBLISH_H
#define ADMIN_PUBLISH_H

#include "admin/state.h"
#include "base/span.h"

/* SHA-256 of the image in hexadecimal: the name of its folder. */
#define PUBLISH_NAME_LEN 64

/* Puts more files into the folder, each on the disk when it returns. */
typedef int publish_fill(void *ctx, int folder, struct portbook_error *err);

/*
 * Publishes an image, whose digest names the folder, and what fill puts beside
 * it.  Nothing that is published is written again: the same image published
 * twice only moves the link, unless a file has been lost or damaged since, or
 * is another now; then a new folder takes the place of the old one.  The
 * folder before is kept, older ones are removed.  PORTBOOK_EIO or what fill
 * returned; what was served before still is.
 */
int publish(const struct state *s, struct span image, publish_fill *fill,
    void *ctx, char name[PUBLISH_NAME_LEN + 1], struct portbook_error *err);

#endif
