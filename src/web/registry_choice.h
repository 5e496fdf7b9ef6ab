/* SPDX-License-Identifier: ISC */
/* Kinds of rows that the registry page lets one choose from. */
#ifndef WEB_REGISTRY_CHOICE_H
#define WEB_REGISTRY_CHOICE_H

#include "web/thing.h"

/* Fills selects of the page. */
void choice_selects(
    struct thing *t, const struct ask *ask, struct page_registry *ret);

/* "tcp, assigned": what was chosen; empty for all. */
struct span choice_kinds(struct thing *t, const struct ask *ask);

#endif
