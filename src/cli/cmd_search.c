/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "cli/command.h"
#include "cli/page.h"
#include "base/banned.h"

/* The words as one text, a blank between them. */
static int join_words(
    struct cli *cli, struct buf *b, struct portbook_error *err)
{
	for (size_t i = 0; i < cli->word_count; i++) {
		if (i > 0)
			buf_char(b, ' ');
		buf_str(b, cli->words[i]);
	}
	return buf_failed(b) ? error_nomem(err) : 0;
}

static int search(
    struct cli *cli, struct buf *words, struct portbook_error *err)
{
	struct cli_result r = {0};
	struct search_query query;
	int code = join_words(cli, words, err);

	if (code < 0)
		return code;
	r.query = buf_span(words);
	if (cli->page != NULL && cli_parse_page(cli->page, &r.page, err) < 0)
		return err->code;
	if (cli->official && cli->page == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--official-pages is a way to cut pages: give --page too");
	code = search_parse(r.query, &query, err);
	if (code < 0)
		return code;
	search_run(&cli->image, &query, cli->version, 0, cli->rows,
	    cli->image.row_count, &r.total, cli->scratch);
	code = cli_cut_page(cli, cli->rows, &r, err);
	return code < 0 ? code : cli_put_result(cli, &r, err);
}

int command_search(struct cli *cli, struct portbook_error *err)
{
	struct buf words;
	int code;

	buf_init(&words);
	code = search(cli, &words, err);
	buf_release(&words);
	return code;
}
