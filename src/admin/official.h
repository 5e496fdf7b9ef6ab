/* SPDX-License-Identifier: ISC */
/*
 * The files that IANA publishes of a version, made from the image: the XML,
 * the CSV, the plain text and the page, all together or none.  The XML names
 * a stylesheet and a schema, so these stand beside it: ours.
 */
#ifndef ADMIN_OFFICIAL_H
#define ADMIN_OFFICIAL_H

#include "image/image.h"
#include "portbook/error.h"

#define OFFICIAL_NAME "service-names-port-numbers"

enum official_for {
	OFFICIAL_STATE,	 /* what is served: with copies by gzip and zstd */
	OFFICIAL_FOLDER, /* what somebody asked for: the page too */
};

/* Whether there are any: PORTBOOK_EUSAGE for a version without. */
int official_check(
    const struct image *image, uint32_t version, struct portbook_error *err);

/*
 * Writes the files of a version into folder, each beside and renamed when all
 * are there.  From a version that was read from a CSV, which has neither
 * people nor notes nor date, comes the CSV alone.  The file of the format
 * that was read is held against the digest of what was read.
 */
int official_write(const struct image *image, uint32_t version, int folder,
    enum official_for what, struct portbook_error *err);

#endif
