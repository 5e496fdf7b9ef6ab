/* SPDX-License-Identifier: ISC */
/* The registry's CSV.  Inside src/read only. */
#ifndef READ_CSV_H
#define READ_CSV_H

#include "core/registry.h"
#include "diag/diag.h"
#include "read/window.h"

/*
 * Reads all of the source; ret is initialised, the caller's to release.
 *
 * The head is the heading row with its line end.  A record has a residue,
 * its row with its line end, where it differs from the canonical row: the
 * columns as column_text gives them, quoted only where they hold a comma, a
 * quote or a line end, and the line end of the heading row.
 */
int csv_read(struct window *window, struct registry *ret, struct diag *diag,
    struct portbook_error *err);

#endif
