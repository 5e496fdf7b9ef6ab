/* SPDX-License-Identifier: ISC */
/*
 * One version of the image as its file had it: rows and persons in file
 * order, and the gaps between them that are not canonical.
 */
#ifndef IMAGE_EDITION_H
#define IMAGE_EDITION_H

#include "image/image.h"
#include "image/row.h"

/* Where a walk over the rows or the persons of one version stands. */
struct image_walk {
	const struct image *image;
	uint32_t version;
	size_t current, past; /* the next of each kind */
};

/* version is below image->version_count. */
static inline struct image_walk image_walk_begin(
    const struct image *image, uint32_t version)
{
	return (struct image_walk){.image = image, .version = version};
}

/* The next row, or person, of the version; IMAGE_NONE behind the last. */
uint32_t image_walk_row(struct image_walk *walk);
uint32_t image_walk_person(struct image_walk *walk);

/*
 * The gap before the row or person of that index (from 0) in a version, if it
 * is not the canonical one.  *next, 0 at first, is where the search for the
 * next one begins; indexes rise from call to call.
 */
bool image_gap(const struct image *image, uint32_t version, bool people,
    size_t index, size_t *next, struct span *ret);

#endif
