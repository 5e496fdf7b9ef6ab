/* SPDX-License-Identifier: ISC */
#include "http/date.h"

#include <stdio.h>
#include <time.h>

#include "base/ascii.h"
#include "base/banned.h"

/* The names of days and months are the protocol's, whatever the locale. */
static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void http_date_format(uint64_t seconds, char *out, size_t cap)
{
	time_t when = (time_t)seconds;
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	snprintf(out, cap, "%s, %02d %s %04d %02d:%02d:%02d GMT",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* What is left to read; good until something is not as it must be. */
struct scan {
	struct span rest;
	bool good;
};

static void skip(struct scan *s, struct span text)
{
	s->good = s->good && span_starts(s->rest, text);
	if (s->good)
		s->rest = span_skip(s->rest, text.len);
}

/* A number of that many digits; blank: its first may be a blank. */
static int number(struct scan *s, size_t len, bool blank)
{
	struct span digits = span_head(s->rest, len);
	uint64_t value = 0;

	if (blank && span_starts(digits, SPAN(" ")))
		digits = span_skip(digits, 1);
	s->good = s->good && s->rest.len >= len && ascii_all_digits(digits) &&
		  ascii_u64(digits, 9999, &value);
	s->rest = span_skip(s->rest, len);
	return (int)value;
}

static int month(struct scan *s)
{
	struct span name = span_head(s->rest, 3);

	for (int i = 0; i < 12; i++) {
		if (span_eq(name, span_str(months[i]))) {
			s->rest = span_skip(s->rest, 3);
			return i;
		}
	}
	s->good = false;
	return 0;
}

static void time_of_day(struct scan *s, struct tm *tm)
{
	tm->tm_hour = number(s, 2, false);
	skip(s, SPAN(":"));
	tm->tm_min = number(s, 2, false);
	skip(s, SPAN(":"));
	tm->tm_sec = number(s, 2, false);
}

/* " Nov  6 08:49:37 1994" */
static void asctime_date(struct scan *s, struct tm *tm)
{
	skip(s, SPAN(" "));
	tm->tm_mon = month(s);
	skip(s, SPAN(" "));
	tm->tm_mday = number(s, 2, true);
	skip(s, SPAN(" "));
	time_of_day(s, tm);
	skip(s, SPAN(" "));
	tm->tm_year = number(s, 4, false) - 1900;
}

/* "06 Nov 1994 08:49:37 GMT", "06-Nov-94 08:49:37 GMT" */
static void comma_date(struct scan *s, struct tm *tm, bool old)
{
	struct span sep = old ? SPAN("-") : SPAN(" ");

	skip(s, SPAN(", "));
	tm->tm_mday = number(s, 2, false);
	skip(s, sep);
	tm->tm_mon = month(s);
	skip(s, sep);
	tm->tm_year = number(s, old ? 2 : 4, false);
	if (!old)
		tm->tm_year -= 1900;
	else if (tm->tm_year < 70)
		tm->tm_year += 100;
	skip(s, SPAN(" "));
	time_of_day(s, tm);
	skip(s, SPAN(" GMT"));
}

/* Leap seconds are read as the second after. */
static bool is_sound(const struct tm *tm)
{
	return tm->tm_mday >= 1 && tm->tm_mday <= 31 && tm->tm_hour <= 23 &&
	       tm->tm_min <= 59 && tm->tm_sec <= 60 && tm->tm_year >= 70;
}

bool http_date_parse(struct span text, uint64_t *ret)
{
	struct scan s = {text, true};
	struct tm tm = {0};
	size_t letters = 0;

	while (letters < text.len && ascii_is_letter(text.ptr[letters]))
		letters++;
	s.rest = span_skip(text, letters);
	if (letters < 3)
		return false;
	if (span_starts(s.rest, SPAN(",")))
		comma_date(&s, &tm, letters > 3);
	else
		asctime_date(&s, &tm);
	if (!s.good || s.rest.len > 0 || !is_sound(&tm))
		return false;
	*ret = (uint64_t)timegm(&tm);
	return true;
}
