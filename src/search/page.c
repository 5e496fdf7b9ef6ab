/* SPDX-License-Identifier: ISC */
/* Pages of results. */
#include "search/search.h"

#include "base/ckd.h"
#include "base/banned.h"

struct search_page search_page_of(uint64_t page, bool official)
{
	struct search_page ret = {.first = 0, .count = SEARCH_PAGE_ROWS};

	if (page <= 1)
		return ret;
	if (ckd_mul(&ret.first, page - 1, (uint64_t)SEARCH_PAGE_ROWS))
		ret.first = SIZE_MAX;
	if (official) {
		ret.first--;
		ret.count++;
	}
	return ret;
}

uint64_t search_page_count(uint64_t total)
{
	return total / SEARCH_PAGE_ROWS + (total % SEARCH_PAGE_ROWS != 0);
}
