/* SPDX-License-Identifier: ISC */
/* Which number each version of a day has: N of DATE.N. */
#ifndef STORE_EDITIONS_H
#define STORE_EDITIONS_H

#include "core/timeline.h"
#include "store/roll.h"

/*
 * Notes the editions of all versions of the roll, which t has in the same
 * order: every number that a content was seen with, unless an earlier version
 * of that date has it, or else one that no version of that date has.
 */
int editions_add(
    const struct roll *roll, struct timeline *t, struct portbook_error *err);

#endif
