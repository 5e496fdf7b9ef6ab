/* SPDX-License-Identifier: ISC */
#include "cli/page.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "write/csv.h"
#include "write/json.h"
#include "base/banned.h"

int cli_parse_page(const char *text, uint64_t *ret, struct portbook_error *err)
{
	struct span page = span_str(text);

	if (!ascii_all_digits(page))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--page %.40s: pages are numbers from 1", text);
	/* So many pages that nobody has them. */
	if (!ascii_u64(page, UINT64_MAX, ret))
		*ret = UINT64_MAX;
	if (*ret == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--page 0: pages are counted from 1");
	return 0;
}

static void put_json(struct cli *cli, const struct cli_result *r)
{
	struct buf *b = &cli->out;

	cli_put_json_head(cli);
	if (r->query.ptr != NULL) {
		buf_str(b, ", \"query\": ");
		json_text(b, r->query);
	}
	buf_str(b, ", \"total\": ");
	buf_u64(b, r->total);
	buf_str(b, ", \"page\": ");
	if (r->page > 0)
		buf_u64(b, r->page);
	else
		buf_str(b, "null");
	buf_str(b, ", \"pages\": ");
	buf_u64(b, search_page_count(r->total));
	buf_str(b, ", \"records\": ");
	json_records(b, &cli->image, r->rows, r->count, cli->version);
}

static void tell(struct cli *cli, const struct cli_result *r)
{
	struct buf *b = &cli->talk;
	bool beyond = r->page > search_page_count(r->total);

	cli_put_count(b, r->total);
	buf_str(b, r->total == 1 ? " record" : " records");
	if (beyond && r->total > 0) {
		buf_str(b, ": no page ");
		cli_put_count(b, r->page);
		buf_str(b, ", the last one is ");
		cli_put_count(b, search_page_count(r->total));
	} else if (r->page > 0 && !beyond) {
		buf_str(b, ", page ");
		cli_put_count(b, r->page);
		buf_str(b, " of ");
		cli_put_count(b, search_page_count(r->total));
	}
	buf_char(b, '\n');
}

int cli_put_result(
    struct cli *cli, const struct cli_result *r, struct portbook_error *err)
{
	int code = 0;

	if (cli->format == CLI_CSV || cli->format == CLI_TSV)
		csv_header(
		    &cli->out, cli->format == CLI_CSV ? CSV_COMMA : CSV_TAB);
	if (cli->format == CLI_JSON) {
		put_json(cli, r);
		code = cli_put_people(cli, r->rows, r->count, err);
		buf_str(&cli->out, "}\n");
	} else {
		code = cli_put_rows(cli, r->rows, r->count, err);
	}
	if (code < 0)
		return code;
	if (!cli->quiet) {
		tell(cli, r);
		cli_tell_registry(cli);
	}
	return r->count > 0 ? CLI_FOUND : CLI_NOT_FOUND;
}

int cli_cut_page(struct cli *cli, uint32_t *rows, struct cli_result *r,
    struct portbook_error *err)
{
	struct search_page page;

	r->rows = rows;
	r->count = r->total;
	if (cli->sort_count > 0) {
		uint32_t *scratch = mem_alloc(r->total + 1, sizeof(*scratch));

		if (scratch == NULL)
			return error_nomem(err);
		search_sort(&cli->image, rows, r->total, cli->sort,
		    cli->sort_count, scratch);
		mem_release(scratch);
	}
	if (r->page == 0)
		return 0;
	page = search_page_of(r->page, cli->official);
	if (r->page > search_page_count(r->total)) {
		r->count = 0;
		return 0;
	}
	r->rows = rows + page.first;
	r->count = r->total - page.first < page.count ? r->total - page.first
						      : page.count;
	return 0;
}
