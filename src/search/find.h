/* SPDX-License-Identifier: ISC */
/* A term in a row's text; of this folder. */
#ifndef SEARCH_FIND_H
#define SEARCH_FIND_H

#include <stdbool.h>

#include "base/span.h"

/*
 * Whether text holds term, which is not empty.  Made for texts of a few
 * hundred bytes, where memmem(3) spends its time on preparing itself.
 */
bool find_term(struct span text, struct span term);

#endif
