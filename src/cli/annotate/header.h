/* SPDX-License-Identifier: ISC */
/* What the beginning of an input tells of its kind and its columns. */
#ifndef CLI_ANNOTATE_HEADER_H
#define CLI_ANNOTATE_HEADER_H

#include "cli/annotate/chunk.h"

/* shape_detect on a chunk's text, behind its byte order mark. */
bool header_detect(struct shape *shape, struct chunk *chunk, bool at_end);

/*
 * Finds the columns by the first records of a chunk whose marks and end are
 * made.  A header goes into its out, with the names of what is appended; the
 * records begin behind it.  Returns 1, or 0 where the columns are told
 * further on, and not at_end; PORTBOOK_EUSAGE, PORTBOOK_ENOMEM.
 */
int header_read(struct shape *shape, struct chunk *chunk, bool at_end,
    struct portbook_error *err);

/* The same for an input that begins with what cannot be looked at. */
int header_missing(struct shape *shape, struct portbook_error *err);

/* That Zeek does not tell of other columns further on: PORTBOOK_EFORMAT. */
int header_check(const struct shape *shape, const struct chunk *chunk,
    struct portbook_error *err);

#endif
