/* SPDX-License-Identifier: ISC */
#include "check/baseline.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check/undated.h"
#include "terms/date.h"
#include "base/banned.h"

/* More findings of a code and kind than this are told by a date. */
#define LISTED_MAX 48

/* Where no finding has a date, any will do. */
#define NO_DATE "1970-01-01"

static int finding_cmp(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return span_cmp(x->record, y->record);
}

/* The later of a day and a date, the last day there is for a month alone. */
static void later(char until[11], struct span date)
{
	static const char *const days[] = {"31", "30", "29", "28"};
	char day[11] = {0};

	if (!date_is_valid(date))
		return;
	memcpy(day, date.ptr, date.len);
	for (size_t i = 0; date.len == 7 && i < 4; i++) {
		day[7] = '-';
		memcpy(day + 8, days[i], 2);
		if (date_is_day(span_str(day)))
			break;
	}
	if (strcmp(day, until) > 0)
		memcpy(until, day, 11);
}

/* What a line cannot hold stays news. */
static bool is_writable(struct span record)
{
	for (size_t i = 0; i < record.len; i++)
		if ((unsigned char)record.ptr[i] < 0x20 ||
		    record.ptr[i] == 0x7f)
			return false;
	return record.len > 0;
}

/* Those of one code and kind; until is the latest day of those of the code. */
static void put_group(
    struct buf *b, const struct finding *findings, size_t count, char until[11])
{
	const char *name = finding_rule(findings[0].code)->name;

	for (size_t i = 0; i < count; i++) {
		if (count > LISTED_MAX) {
			later(until, findings[i].date);
			continue;
		}
		if (!is_writable(findings[i].record) ||
		    (i > 0 &&
			span_eq(findings[i].record, findings[i - 1].record)))
			continue;
		buf_printf(b, "%s\t%.*s\n", name, SPAN_FMT(findings[i].record));
	}
}

/* Records without date all say so; persons where they have no address. */
static bool is_undated(const struct finding *f)
{
	return f->date.len == 0 && (f->code == FINDING_FIELD_DATE ||
				       f->code == FINDING_PERSON_ADDRESS);
}

static void put_undated(struct buf *b, const struct finding *findings,
    size_t count, struct span edition)
{
	size_t keys = 0, len;
	uint8_t *bits;

	for (size_t i = 0; i < count; i++)
		keys += is_undated(&findings[i]);
	bits = undated_new(keys, &len);
	if (bits == NULL) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (is_undated(&findings[i]))
			undated_add(bits, len, findings[i].record);
	buf_str(b, "UNDATED\t");
	buf_add(b, date_is_day(edition) ? edition : SPAN(UNDATED_NO_EDITION));
	buf_char(b, ' ');
	undated_put(b, bits, len);
	buf_char(b, '\n');
	mem_release(bits);
}

void baseline_format(
    struct buf *b, struct finding *findings, size_t count, struct span edition)
{
	char until[11] = "";
	size_t end;

	if (count > 0)
		qsort(findings, count, sizeof(*findings), finding_cmp);
	for (size_t at = 0; at < count; at = end) {
		bool last;

		for (end = at + 1; end < count &&
				   findings[end].code == findings[at].code &&
				   findings[end].kind == findings[at].kind;)
			end++;
		if (end - at > LISTED_MAX && until[0] == '\0')
			memcpy(until, NO_DATE, sizeof(NO_DATE));
		put_group(b, findings + at, end - at, until);
		last = end == count || findings[end].code != findings[at].code;
		if (last && until[0] != '\0')
			buf_printf(b,
			    "%s\t"
			    "until=%s\n",
			    finding_rule(findings[at].code)->name, until);
		if (last)
			until[0] = '\0';
	}
	put_undated(b, findings, count, edition);
}
