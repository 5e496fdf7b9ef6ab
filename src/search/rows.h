/* SPDX-License-Identifier: ISC */
/* What a row speaks of; of this folder. */
#ifndef SEARCH_ROWS_H
#define SEARCH_ROWS_H

#include "image/past.h"
#include "image/row.h"

static inline bool row_is_within(
    const struct image_row *row, struct port_range range)
{
	struct port_range own = {le16(row->first), le16(row->last)};

	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       port_range_meets(own, range);
}

/* A row's name without blanks around it. */
static inline struct span row_name(
    const struct image *image, const struct image_row *row)
{
	return span_trim(image_text(image, row->text[FIELD_NAME]));
}

static inline bool row_name_is(
    const struct image *image, const struct image_row *row, struct span name)
{
	return span_eq_fold(row_name(image, row), name);
}

/* The date of a version; of one without, that of its newest row. */
static inline struct span version_date(
    const struct image *image, size_t version)
{
	const struct image_version *v = &image->versions[version];
	struct span updated = image_text(image, v->updated);

	return updated.len > 0 ? updated : image_text(image, v->newest_row);
}

/* N of DATE.N: the least number that a version was seen with. */
uint32_t version_edition(const struct image *image, uint32_t version);

#endif
