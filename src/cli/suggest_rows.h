/* SPDX-License-Identifier: ISC */
/* What suggest says for programs, a line a port or a line a rule. */
#ifndef CLI_SUGGEST_ROWS_H
#define CLI_SUGGEST_ROWS_H

#include "cli/cli.h"
#include "write/suggest.h"

/*
 * CSV and TSV, with a header, JSON lines, or the numbers of the usable ports
 * alone.  Where a port is judged a line is a rule, but of the numbers.
 */
void suggest_put_rows(
    struct buf *b, const struct suggestion *s, enum cli_format format);

#endif
