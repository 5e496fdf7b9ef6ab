/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "write/csv.h"
#include "write/json.h"
#include "write/record.h"
#include "base/banned.h"

#define FLUSH_LEN ((size_t)1 << 20)
#define WIDTH_LEAST 20
#define WIDTH_MOST 10000

void cli_look_at_terminal(struct cli *cli)
{
	const char *columns = getenv("COLUMNS"), *no_color, *term;
	struct winsize size;
	bool terminal = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
	uint64_t width;

	if (columns != NULL &&
	    ascii_u64(span_str(columns), WIDTH_MOST, &width) &&
	    width >= WIDTH_LEAST)
		cli->style.width = (size_t)width;
	else if (terminal && size.ws_col >= WIDTH_LEAST)
		cli->style.width = size.ws_col;
	if (cli->colour != CLI_COLOUR_AUTO) {
		cli->style.colour = cli->colour == CLI_COLOUR_ALWAYS;
		return;
	}
	no_color = getenv("NO_COLOR");
	term = getenv("TERM");
	cli->style.colour =
	    terminal && (no_color == NULL || no_color[0] == '\0') &&
	    term != NULL && !span_eq(span_str(term), SPAN("dumb"));
}

static int write_all(int fd, struct span text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text = span_skip(text, (size_t)n);
	}
	return 0;
}

int cli_flush(struct cli *cli, struct portbook_error *err)
{
	if (buf_failed(&cli->out) || buf_failed(&cli->talk))
		return error_nomem(err);
	if (write_all(STDOUT_FILENO, buf_span(&cli->out)) < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot write to standard output");
	/* Nobody can be told if this fails. */
	(void)write_all(STDERR_FILENO, buf_span(&cli->talk));
	buf_clear(&cli->out);
	buf_clear(&cli->talk);
	return 0;
}

void cli_put_count(struct buf *b, uint64_t n)
{
	buf_count(b, n);
}

void cli_put_text(struct buf *b, struct span text)
{
	record_clean(b, text, SPAN(" "));
}

void cli_complain(struct cli *cli, const struct portbook_error *err)
{
	struct span text = span_str(err->text);
	struct buf *b = &cli->talk;

	buf_str(b, "portbook: ");
	if (err->source[0] != '\0' &&
	    !span_starts(text, span_str(err->source))) {
		cli_put_text(b, span_str(err->source));
		buf_char(b, ':');
		if (err->line > 0) {
			buf_u64(b, err->line);
			buf_char(b, ':');
		}
		if (err->column > 0) {
			buf_u64(b, err->column);
			buf_char(b, ':');
		}
		buf_char(b, ' ');
	}
	cli_put_text(b, text);
	buf_char(b, '\n');
}

static void put_block(struct cli *cli, uint32_t row)
{
	if (cli->any_block)
		buf_char(&cli->out, '\n');
	cli->any_block = true;
	table_block(&cli->out, &cli->image, &cli->image.rows[row], cli->version,
	    &cli->style);
}

static void put_row(
    struct cli *cli, uint32_t n, const struct table_widths *widths)
{
	const struct image_row *row = &cli->image.rows[n];

	switch (cli->format) {
	case CLI_TABLE:
		if (cli->blocks)
			put_block(cli, n);
		else
			table_line(
			    &cli->out, &cli->image, row, widths, &cli->style);
		break;
	case CLI_CSV:
		csv_record(
		    &cli->out, &cli->image, row, cli->version, CSV_COMMA);
		break;
	case CLI_TSV:
		csv_record(&cli->out, &cli->image, row, cli->version, CSV_TAB);
		break;
	default:
		json_record(&cli->out, &cli->image, row, cli->version);
		buf_char(&cli->out, '\n');
		break;
	}
}

int cli_put_rows(struct cli *cli, const uint32_t *rows, size_t count,
    struct portbook_error *err)
{
	struct table_widths widths = {0};
	int code = 0;

	for (size_t i = 0; i < count && cli->format == CLI_TABLE; i++)
		table_measure(&cli->image, &cli->image.rows[rows[i]], &widths);
	for (size_t i = 0; code == 0 && i < count; i++) {
		put_row(cli, rows[i], &widths);
		if (cli->out.len > FLUSH_LEN)
			code = cli_flush(cli, err);
	}
	return code;
}

int cli_put_people(struct cli *cli, const uint32_t *rows, size_t count,
    struct portbook_error *err)
{
	size_t cap = cli->image.person_count;
	uint32_t *people = mem_alloc(cap > 0 ? cap : 1, sizeof(*people));
	size_t found;

	if (people == NULL)
		return error_nomem(err);
	found = search_people(
	    &cli->image, rows, count, cli->version, people, cap, cli->scratch);
	buf_str(&cli->out, ", \"people\": ");
	json_people(&cli->out, &cli->image, people, found);
	mem_release(people);
	return 0;
}

void cli_put_json_head(struct cli *cli)
{
	buf_str(&cli->out, "{\"registry\": ");
	json_registry(
	    &cli->out, &cli->image, cli->version, span_str(cli->as_of));
}

int cli_only_json(const struct cli *cli, struct portbook_error *err)
{
	if (cli->format == CLI_TABLE || cli->format == CLI_JSON)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "%s has no records: --format is table or json", cli->command->name);
}
