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

/* The first version of a date, and the one behind its last. */
struct day {
	size_t first, end;
};

static struct day find_day(const struct image *image, struct span date)
{
	struct day day = {0, 0};

	while (day.first < image->version_count &&
	       span_cmp(version_date(image, day.first), date) < 0)
		day.first++;
	day.end = day.first;
	while (day.end < image->version_count &&
	       span_eq(version_date(image, day.end), date))
		day.end++;
	return day;
}

/* The first edition of a version or a later one. */
static size_t first_edition(const struct image *image, size_t version)
{
	size_t low = 0, high = image->edition_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (le32(image->editions[mid].version) < version)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t version_edition(const struct image *image, uint32_t version)
{
	size_t n = first_edition(image, version);
	struct day day;

	if (n < image->edition_count &&
	    le32(image->editions[n].version) == version)
		return le32(image->editions[n].number);
	day = find_day(image, version_date(image, version));
	return (uint32_t)(version - day.first + 1);
}

/* The version of a day that was seen as its N-th edition; day.end if none. */
static size_t find_edition(
    const struct image *image, struct day day, uint64_t number)
{
	size_t ret = day.end;

	if (image->edition_count == 0)
		return number <= day.end - day.first
			   ? day.first + (size_t)number - 1
			   : day.end;
	for (size_t n = first_edition(image, day.first);
	     n < image->edition_count; n++) {
		const struct image_edition *e = &image->editions[n];

		if (le32(e->version) >= day.end)
			break;
		if (le32(e->number) == number)
			ret = le32(e->version);
	}
	return ret;
}

/* The numbers that there are, to be told: "1, 2, 4". */
static void put_numbers(
    struct buf *b, const struct image *image, struct day day)
{
	for (size_t v = day.first; v < day.end; v++) {
		size_t n = first_edition(image, v);
		bool own = n >= image->edition_count ||
			   le32(image->editions[n].version) != v;

		if (own) {
			buf_str(b, ", ");
			buf_u64(b, v - day.first + 1);
		}
		for (; n < image->edition_count &&
		       le32(image->editions[n].version) == v;
		     n++) {
			buf_str(b, ", ");
			buf_u64(b, le32(image->editions[n].number));
		}
	}
}

static int no_edition(const struct image *image, struct span date,
    struct day day, uint64_t number, struct portbook_error *err)
{
	char room[120];
	struct span told;
	struct buf b;

	if (day.first == day.end)
		return error_set(err, PORTBOOK_ENOVERSION, 0,
		    "no edition of %.*s is kept here", SPAN_FMT(date));
	buf_init_fixed(&b, room, sizeof(room));
	put_numbers(&b, image, day);
	told = buf_failed(&b) ? SPAN("others") : span_skip(buf_span(&b), 2);
	return error_set(err, PORTBOOK_ENOVERSION, 0,
	    "no edition %llu of %.*s is kept here, but %.*s",
	    (unsigned long long)number, SPAN_FMT(date), SPAN_FMT(told));
}

int search_version(const struct image *image, struct span date, uint32_t *ret,
    struct portbook_error *err)
{
	size_t at;
	uint64_t edition;
	struct span text;
	struct day day;

	if (date.len == 0) {
		*ret = (uint32_t)(image->version_count - 1);
		return 0;
	}
	if (!parse(date, &text, &edition))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.*s is no date: write YYYY-MM-DD",
		    SPAN_FMT(span_head(date, 60)));
	day = find_day(image, text);
	if (day.end == 0)
		return error_set(err, PORTBOOK_ENOVERSION, 0,
		    "no registry as of %.*s: the first kept here is of %.*s",
		    SPAN_FMT(text), SPAN_FMT(version_date(image, 0)));
	at = edition > 0 ? find_edition(image, day, edition) : day.end - 1;
	if (at >= day.end || at >= image->version_count)
		return no_edition(image, text, day, edition, err);
	*ret = (uint32_t)at;
	return 0;
}
