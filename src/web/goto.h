/* SPDX-License-Identifier: ISC */
/* From what somebody types to the page of it. */
#ifndef WEB_GOTO_H
#define WEB_GOTO_H

#include "web/thing.h"

/*
 * The page of what text reads as: a port or a range, or a name that the
 * registry has; or of what was meant by it (terms/meant.h).  False where it is
 * none of these.
 */
bool goto_find(struct thing *t, struct span text, struct page_word *ret);

#endif
