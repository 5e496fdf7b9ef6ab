/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "cli/command.h"
#include "cli/page.h"
#include "cli/where.h"
#include "base/banned.h"

/* All rows of the version: the search for nothing. */
static size_t all_rows(struct cli *cli)
{
	struct search_query query;
	size_t total;

	if (search_parse(SPAN(""), &query, NULL) < 0)
		return 0;
	return search_run(&cli->image, &query, cli->version, 0, cli->rows,
	    cli->image.row_count, &total, cli->scratch);
}

static int filter(struct cli *cli, const struct where *where, size_t *count,
    struct portbook_error *err)
{
	struct buf scratch;
	size_t kept = 0;
	bool failed;

	buf_init(&scratch);
	for (size_t i = 0; i < *count; i++) {
		const struct image_row *row = &cli->image.rows[cli->rows[i]];

		if (where_fits(where, &cli->image, row, cli->version, &scratch))
			cli->rows[kept++] = cli->rows[i];
	}
	failed = buf_failed(&scratch);
	buf_release(&scratch);
	*count = kept;
	return failed ? error_nomem(err) : 0;
}

int command_list(struct cli *cli, struct portbook_error *err)
{
	struct cli_result r = {0};
	struct where where = {0};
	int code = 0;

	for (size_t i = 0; code == 0 && i < cli->where_count; i++)
		code = where_parse(span_str(cli->where[i]), &where, err);
	if (code == 0 && cli->page != NULL)
		code = cli_parse_page(cli->page, &r.page, err);
	if (code < 0)
		return code;
	r.total = all_rows(cli);
	if (where.count > 0)
		code = filter(cli, &where, &r.total, err);
	if (code == 0)
		code = cli_cut_page(cli, cli->rows, &r, err);
	return code < 0 ? code : cli_put_result(cli, &r, err);
}
