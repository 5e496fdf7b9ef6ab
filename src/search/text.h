/* SPDX-License-Identifier: ISC */
/* The search at an earlier version; of this folder. */
#ifndef SEARCH_TEXT_H
#define SEARCH_TEXT_H

#include "search/plan.h"

/* The matches at version, which is not the newest, in its order. */
void text_past(const struct image *image, const struct search_query *query,
    uint32_t version, struct sink *sink, uint64_t *scratch);

#endif
