/* SPDX-License-Identifier: ISC */
/* Rows found by search and list: sorted, cut into pages, written. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/cli.h"

struct cli_result {
	struct span query;    /* of a search; ptr NULL for a list */
	uint64_t page;	      /* asked for; 0: all rows */
	size_t total;	      /* rows there are */
	const uint32_t *rows; /* of the page */
	size_t count;
};

/* A page number; one beyond 64 bits counts as the last that they hold. */
int cli_parse_page(const char *text, uint64_t *ret, struct portbook_error *err);

/* Sorts all r->total rows as asked and sets rows and count to the page. */
int cli_cut_page(struct cli *cli, uint32_t *rows, struct cli_result *r,
    struct portbook_error *err);

/* Writes the result; an exit status. */
int cli_put_result(
    struct cli *cli, const struct cli_result *r, struct portbook_error *err);

#endif
