/* SPDX-License-Identifier: ISC */
/* What a row says of itself. */
#ifndef IMAGE_ROW_H
#define IMAGE_ROW_H

#include "base/buf.h"
#include "image/image.h"
#include "terms/port.h"
#include "terms/state.h"

/* Whether a row stood in a version. */
static inline bool image_row_is_in(
    const struct image_row *row, uint32_t version)
{
	return le32(row->first_version) <= version &&
	       version <= le32(row->last_version);
}

static inline bool image_person_is_in(
    const struct image_person *person, uint32_t version)
{
	return le32(person->first_version) <= version &&
	       version <= le32(person->last_version);
}

/* The class of a row, by its first port; false if it has no number. */
static inline bool image_row_class(
    const struct image_row *row, enum port_class *ret)
{
	if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
		return false;
	*ret = port_class_of(le16(row->first));
	return true;
}

/* What a row says; not listed where a damaged image has no such state. */
static inline enum state image_row_state(const struct image_row *row)
{
	return row->state <= STATE_ASSIGNED ? (enum state)row->state
					    : STATE_NOT_LISTED;
}

/* Appends the key of a row (terms/key.h). */
void image_row_key(
    const struct image *image, const struct image_row *row, struct buf *ret);

#endif
