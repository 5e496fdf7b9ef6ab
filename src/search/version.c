/* SPDX-License-Identifier: ISC */
#include "search/search.h"

#include "base/ascii.h"
#include "base/error.h"
#include "search/rows.h"
#include "terms/date.h"
#include "base/banned.h"

/* DATE or DATE.N; N is 0 where it is not given. */
static bool parse(struct span text, struct span *date, uint64_t *edition)
{
	*date = span_head(text, 10);
	*edition = 0;
	if (!date_is_day(*date))
		return false;
	if (text.len == 10)
		return true;
	return text.ptr[10] == '.' &&
	       ascii_u64(span_skip(text, 11), UINT32_MAX, edition) &&
	       *edition > 0;
}

int search_version(const struct image *image, struct span date, uint32_t *ret,
    struct portbook_error *err)
{
	size_t count = image->version_count, at = 0, same = 0;
	uint64_t edition;
	struct span day;

	if (date.len == 0) {
		*ret = (uint32_t)(count - 1);
		return 0;
	}
	if (!parse(date, &day, &edition))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.*s is no date: write YYYY-MM-DD",
		    SPAN_FMT(span_head(date, 60)));
	while (at < count && span_cmp(version_date(image, at), day) <= 0) {
		if (span_eq(version_date(image, at), day) &&
		    ++same == edition) {
			at++;
			break;
		}
		at++;
	}
	if (at == 0)
		return error_set(err, PORTBOOK_ENOVERSION, 0,
		    "no registry as of %.*s: the first kept here is of %.*s",
		    SPAN_FMT(day), SPAN_FMT(version_date(image, 0)));
	if (edition > 0 && same != edition)
		return error_set(err, PORTBOOK_ENOVERSION, 0,
		    "no edition %llu of %.*s is kept here, but %zu",
		    (unsigned long long)edition, SPAN_FMT(day), same);
	*ret = (uint32_t)(at - 1);
	return 0;
}
