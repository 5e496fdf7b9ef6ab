/* SPDX-License-Identifier: ISC */
#include "web/steps.h"

#include "base/banned.h"

static struct link link_to(const struct link *link, uint64_t page)
{
	struct link ret = *link;

	ret.page = page;
	return ret;
}

static void add_step(
    struct steps *s, const struct link *link, uint64_t page, uint64_t number)
{
	s->at[s->count++] = (struct page_step){
	    .number = number,
	    .current = number == page,
	    .link = link_to(link, number),
	};
}

void steps_set(
    struct steps *s, const struct link *link, uint64_t page, uint64_t pages)
{
	uint64_t from = page > STEPS_AROUND ? page - STEPS_AROUND : 1;
	uint64_t to = page + STEPS_AROUND < pages ? page + STEPS_AROUND : pages;

	s->count = 0;
	s->previous = s->next = NULL;
	if (from > 1)
		add_step(s, link, page, 1);
	if (from > 2)
		add_step(s, link, page, 0);
	for (uint64_t i = from; i <= to; i++)
		add_step(s, link, page, i);
	if (to + 1 < pages)
		add_step(s, link, page, 0);
	if (to < pages)
		add_step(s, link, page, pages);
	if (page > 1) {
		s->links[0] = link_to(link, page - 1);
		s->previous = &s->links[0];
	}
	if (page < pages) {
		s->links[1] = link_to(link, page + 1);
		s->next = &s->links[1];
	}
}
