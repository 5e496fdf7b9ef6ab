/* SPDX-License-Identifier: ISC */
/* The styles of the format nft that are files of sets. */
#ifndef WRITE_NFT_H
#define WRITE_NFT_H

#include "write/format.h"

/*
 * Appends sets of ports by transport, class and state; in_table: within a
 * table of their own.  PORTBOOK_ENOMEM or what drain returns.
 */
int nft_write_sets(const struct write_job *job, bool in_table, struct buf *b,
    struct portbook_error *err);

#endif
