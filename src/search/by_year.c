/* SPDX-License-Identifier: ISC */
#include "search/by_year.h"

#include "base/ascii.h"
#include "image/edition.h"
#include "terms/date.h"
#include "base/banned.h"

/* Of a date to the day or to the month; false for what is none. */
static bool year_of(struct span date, unsigned *ret)
{
	uint64_t year;

	if (!date_is_valid(date) ||
	    !ascii_u64(span_head(date, 4), BY_YEAR_END - 1, &year))
		return false;
	*ret = (unsigned)year;
	return true;
}

void by_year_count(
    const struct image *image, uint32_t version, struct by_year *ret)
{
	struct image_walk walk = image_walk_begin(image, version);
	unsigned year;
	uint32_t n;

	memset(ret, 0, sizeof(*ret));
	ret->first = BY_YEAR_END;
	while ((n = image_walk_row(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &image->rows[n];

		if (!year_of(image_text(image, row->text[FIELD_DATE]), &year)) {
			ret->undated++;
			continue;
		}
		ret->dated++;
		ret->of[year]++;
		if (year < ret->first)
			ret->first = year;
		if (year > ret->last)
			ret->last = year;
	}
}
