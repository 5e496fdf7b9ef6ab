/* SPDX-License-Identifier: ISC */
/* Which items of two versions are the same; of the timeline. */
#ifndef CORE_TIMELINE_MATCH_H
#define CORE_TIMELINE_MATCH_H

#include <stddef.h>
#include <stdint.h>

#define TIMELINE_NEW UINT32_MAX

/*
 * Items are runs of words numbers.  For each item of after, *pair gets the
 * number of the item of before that it is, or TIMELINE_NEW; pairs rise, so
 * that what moved is new.  PORTBOOK_ENOMEM.
 */
int timeline_match(const uint32_t *const *before, size_t before_count,
    const uint32_t *const *after, size_t after_count, size_t words,
    uint32_t *pair);

#endif
