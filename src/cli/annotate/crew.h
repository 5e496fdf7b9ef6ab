/* SPDX-License-Identifier: ISC */
/* An input from its first byte to its last, on one thread or on several. */
#ifndef CLI_ANNOTATE_CREW_H
#define CLI_ANNOTATE_CREW_H

#include "cli/annotate/input.h"

/*
 * Writes what becomes of an input to the descriptor out, in its order, and
 * adds to counts.  jobs: how many threads look at records; reading has
 * another one where they are several.  PORTBOOK_EIO, PORTBOOK_ENOMEM,
 * PORTBOOK_EUSAGE; what was whole before is written then.
 */
int crew_run(struct input *in, const struct image *image, uint32_t version,
    size_t jobs, int out, struct chunk_counts *counts,
    struct portbook_error *err);

#endif
