/* SPDX-License-Identifier: ISC */
/* From a timeline to the bytes of an image: the same in, the same out. */
#ifndef IMAGEBUILD_IMAGEBUILD_H
#define IMAGEBUILD_IMAGEBUILD_H

#include <stdbool.h>

#include "core/timeline.h"

struct imagebuild_options {
	struct span
	    source;	/* what the newest version was read from, in words */
	bool no_search; /* leave the grams out: search then looks at all */

	/*
	 * Versions, records and persons alone, for who goes through all of
	 * them: lookups and searches of the image find nothing, and which
	 * row was preferred it tells of the newest version only.
	 */
	bool rows_only;
};

/*
 * Makes the image of t (at least one version) in memory: *ret is ret_len
 * bytes, aligned for any object, owned by the caller (mem_release).
 * PORTBOOK_ENOMEM; PORTBOOK_ELIMIT for a registry beyond the format's limits,
 * or whose ranges overlap beyond measure.  A second thread may help, which has
 * ended on return.
 */
int imagebuild(const struct timeline *t,
    const struct imagebuild_options *options, uint8_t **ret, size_t *ret_len,
    struct portbook_error *err);

#endif
