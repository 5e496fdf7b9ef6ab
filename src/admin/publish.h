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

struct publish_file {
	const char *name; /* within the folder */
	struct span bytes;
};

/* SHA-256 of the image in hexadecimal: the name of its folder. */
#define PUBLISH_NAME_LEN 64

/*
 * Publishes files as one folder; the first is the image, whose digest names
 * the folder.  Nothing that is published is written again: the same image
 * published twice only moves the link, unless a file has been lost or damaged
 * since; then a new folder takes the place of the old one.  The folder before
 * is kept, older ones are removed.  PORTBOOK_EIO; what was served before still
 * is.
 */
int publish(const struct state *s, const struct publish_file *files,
    size_t count, char name[PUBLISH_NAME_LEN + 1], struct portbook_error *err);

#endif
