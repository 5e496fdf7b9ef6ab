/* SPDX-License-Identifier: ISC */
#include "store/editions.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

/* A number of a version, while it is found out which one keeps it. */
struct numbered {
	uint32_t day; /* the first version of that date */
	uint32_t version;
	uint32_t number;
};

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	int order = compare_numbers(x->day, y->day);

	if (order == 0)
		order = compare_numbers(x->number, y->number);
	return order != 0 ? order : compare_numbers(x->version, y->version);
}

static int by_version(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	int order = compare_numbers(x->version, y->version);

	return order != 0 ? order : compare_numbers(x->number, y->number);
}

static uint32_t behind(uint32_t number)
{
	return number < UINT32_MAX ? number + 1 : number;
}

/*
 * Of versions with the same number the first keeps it, and one that is left
 * with none gets the next that nobody of its day has: names are to differ.
 * all has room for one more a version; returns how many there are then.
 */
static size_t settle(struct numbered *all, size_t count, size_t versions,
    const uint32_t *day, bool *has)
{
	size_t kept = 0, told;

	qsort(all, count, sizeof(*all), by_number);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && all[kept - 1].day == all[i].day &&
		    all[kept - 1].number == all[i].number)
			continue;
		all[kept++] = all[i];
		has[all[i].version] = true;
	}
	told = kept;
	for (size_t v = 0, at = 0; v < versions; v++) {
		size_t last;

		if (has[v])
			continue;
		while (at < told && all[at].day <= day[v])
			at++;
		/* Behind the highest of the day, and those given here. */
		last = kept > told && all[kept - 1].day == day[v] ? kept : at;
		all[kept] = (struct numbered){
		    day[v], (uint32_t)v, behind(all[last - 1].number)};
		kept++;
	}
	qsort(all, kept, sizeof(*all), by_version);
	return kept;
}

/* Numbers as they were seen, and each version's own. */
static void gather(const struct roll *roll, struct numbered *all,
    const uint32_t *place, const uint32_t *day)
{
	for (size_t i = 0; i < roll->count; i++)
		all[i] = (struct numbered){
		    day[place[i]], place[i], roll->versions[i].is.edition};
	for (size_t i = 0; i < roll->edition_count; i++) {
		uint32_t v = place[roll->editions[i].version];

		all[roll->count + i] =
		    (struct numbered){day[v], v, roll->editions[i].number};
	}
}

/* place: of a version in order, by index; day: first of its date, by place. */
static void place_versions(
    const struct roll *roll, uint32_t *place, uint32_t *day)
{
	for (uint32_t v = 0; v < roll->count; v++) {
		uint32_t index = roll->order[v];
		bool same =
		    v > 0 && span_eq(roll->versions[index].is.date,
				 roll->versions[roll->order[v - 1]].is.date);

		place[index] = v;
		day[v] = same ? day[v - 1] : v;
	}
}

int editions_add(
    const struct roll *roll, struct timeline *t, struct portbook_error *err)
{
	size_t versions = roll->count, count = versions + roll->edition_count;
	struct numbered *all = mem_alloc(count + versions, sizeof(*all));
	uint32_t *place = mem_alloc(versions, 2 * sizeof(*place));
	bool *has = mem_zalloc(versions, sizeof(*has));
	int code = 0;

	if (all == NULL || place == NULL || has == NULL) {
		code = error_nomem(err);
	} else {
		place_versions(roll, place, place + versions);
		gather(roll, all, place, place + versions);
		count = settle(all, count, versions, place + versions, has);
	}
	for (size_t i = 0; code == 0 && i < count; i++)
		code =
		    timeline_edition_add(t, all[i].version, all[i].number, err);
	mem_release(all);
	mem_release(place);
	mem_release(has);
	return code;
}
