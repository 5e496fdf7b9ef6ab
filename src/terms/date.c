/* SPDX-License-Identifier: ISC */
#include "terms/date.h"

#include "base/ascii.h"
#include "base/banned.h"

static bool number(struct span text, size_t at, size_t len, uint64_t *ret)
{
	return ascii_u64(span_head(span_skip(text, at), len), 9999, ret);
}

static unsigned days_in(uint64_t year, uint64_t month)
{
	static const unsigned char days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

bool date_is_valid(struct span text)
{
	uint64_t year, month, day;

	if ((text.len != 7 && text.len != 10) || text.ptr[4] != '-' ||
	    !number(text, 0, 4, &year) || !number(text, 5, 2, &month) ||
	    month < 1 || month > 12)
		return false;
	if (text.len == 7)
		return true;
	return text.ptr[7] == '-' && number(text, 8, 2, &day) && day >= 1 &&
	       day <= days_in(year, month);
}

bool date_is_day(struct span text)
{
	return text.len == 10 && date_is_valid(text);
}
