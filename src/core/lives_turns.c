/* SPDX-License-Identifier: ISC */
/* Rows and persons by the version in which it is their turn. */
#include "base/mem.h"
#include "core/lives_own.h"
#include "base/banned.h"

/* Places by the version of each; those of the version none are left out. */
static int sort_places(const struct timeline *t, size_t count,
    uint32_t (*version_of)(
	const struct timeline *t, size_t place, uint32_t none),
    struct sorted *ret)
{
	uint32_t versions = (uint32_t)t->version_count, n;

	ret->places = mem_alloc(count, sizeof(*ret->places));
	ret->off = mem_zalloc((size_t)versions + 2, sizeof(*ret->off));
	if (ret->places == NULL || ret->off == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < count; i++)
		ret->off[version_of(t, i, versions) + 1]++;
	for (n = 0; n <= versions; n++)
		ret->off[n + 1] += ret->off[n];
	for (size_t i = 0; i < count; i++) {
		n = version_of(t, i, versions);
		if (n < versions)
			ret->places[ret->off[n]++] = (uint32_t)i;
	}
	/* Each offset has become the next one's. */
	memmove(ret->off + 1, ret->off, versions * sizeof(*ret->off));
	ret->off[0] = 0;
	return 0;
}

static uint32_t row_begins(
    const struct timeline *t, size_t place, uint32_t none)
{
	(void)none;
	return t->rows[place].first;
}

static uint32_t row_ends(const struct timeline *t, size_t place, uint32_t none)
{
	return t->rows[place].last + 1 < none ? t->rows[place].last + 1 : none;
}

static uint32_t person_begins(
    const struct timeline *t, size_t place, uint32_t none)
{
	(void)none;
	return t->people[place].first;
}

static uint32_t person_ends(
    const struct timeline *t, size_t place, uint32_t none)
{
	return t->people[place].last + 1 < none ? t->people[place].last + 1
						: none;
}

int turns_make(const struct timeline *t, struct turns *ret)
{
	const size_t rows = t->row_count, people = t->person_count;

	if (sort_places(t, rows, row_begins, &ret->rows_begun) < 0 ||
	    sort_places(t, rows, row_ends, &ret->rows_ended) < 0 ||
	    sort_places(t, people, person_begins, &ret->people_begun) < 0)
		return PORTBOOK_ENOMEM;
	return sort_places(t, people, person_ends, &ret->people_ended);
}

static void sorted_release(struct sorted *s)
{
	mem_release(s->places);
	mem_release(s->off);
}

void turns_release(struct turns *t)
{
	sorted_release(&t->rows_begun);
	sorted_release(&t->rows_ended);
	sorted_release(&t->people_begun);
	sorted_release(&t->people_ended);
}

size_t turns_most(const struct timeline *t, const struct sorted *s)
{
	size_t ret = 0;

	for (size_t v = 1; v < t->version_count; v++)
		if (s->off[v + 1] - s->off[v] > ret)
			ret = s->off[v + 1] - s->off[v];
	return ret;
}
