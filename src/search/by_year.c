/* SPDX-License-Identifier: ISC */
#include "search/by_year.h"

#include "base/ascii.h"
#include "image/edition.h"
#include "search/rows.h"
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

/* A year that has some. */
static void widen(struct by_year *years, unsigned year)
{
	if (year < years->first)
		years->first = year;
	if (year > years->last)
		years->last = year;
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
		widen(ret, year);
	}
}

void by_year_kept(
    const struct image *image, uint32_t version, struct by_year *ret)
{
	bool known[BY_YEAR_END] = {false};
	unsigned year;

	memset(ret, 0, sizeof(*ret));
	ret->first = BY_YEAR_END;
	for (uint32_t v = 0; v <= version; v++) {
		if (!year_of(version_date(image, v), &year))
			continue;
		ret->of[year] = le32(image->versions[v].row_count);
		known[year] = true;
		widen(ret, year);
	}
	for (year = ret->first + 1; year <= ret->last; year++)
		if (!known[year])
			ret->of[year] = ret->of[year - 1];
}
