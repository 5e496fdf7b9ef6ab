/* SPDX-License-Identifier: ISC */
/*
 * Lines and fields of a text that has no quotes, listed as they are found: what
 * marks_make and marks_list do one after the other, without the bits between.
 */
#ifndef CLI_ANNOTATE_SPLIT_H
#define CLI_ANNOTATE_SPLIT_H

#include "cli/annotate/marks.h"

/*
 * Lists what stands from begin, where a line begins, up to the word of the byte
 * at end, into the places and ends of marks; returns how many lines there are.
 * bytes is not MARKS_QUOTED.
 */
typedef size_t split_fn(const char *text, size_t begin, size_t end,
    const struct marks_bytes *bytes, const struct marks *marks);

/* NULL where this processor has nothing quicker than the two. */
split_fn *split_best(void);

#endif
