/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/command.h"
#include "terms/query.h"
#include "write/csv.h"
#include "write/json.h"
#include "base/banned.h"

#define INPUT_LEN 65536 /* of standard input, at a time */

struct lookup {
	struct cli *cli;
	bool several;  /* JSON: an array of answers */
	bool any;      /* one has been written */
	uint64_t line; /* of standard input */
	bool cut;      /* what comes is the rest of a line refused */
	int status;
};

/* "443/tcp" as it was asked. */
static void put_asked(struct buf *b, const struct query *q)
{
	buf_u64(b, q->range.first);
	if (q->range.first != q->range.last) {
		buf_char(b, '-');
		buf_u64(b, q->range.last);
	}
	if (q->protocol < PROTOCOL_COUNT) {
		buf_char(b, '/');
		buf_add(b, protocol_name(q->protocol));
	}
}

/* A port or range of which the registry says nothing. */
static void put_nothing(struct buf *b, const struct query *q)
{
	put_asked(b, q);
	buf_str(b, "  -  not-listed  ");
	if (port_class_of(q->range.first) == PORT_DYNAMIC)
		buf_str(b, "dynamic, never assigned\n");
	else
		buf_str(b, "the registry has no record of it\n");
}

/* That an everyday name or a choice of ours led to the answer. */
static void tell_via(struct cli *cli, const struct query *q, uint32_t line)
{
	const struct image_curated *curated = &cli->image.curated[line];
	struct span reason = image_text(&cli->image, curated->reason);
	struct buf *b = &cli->talk;

	if (span_ends(reason, SPAN(".")))
		reason.len--;
	if (q->kind == QUERY_NAME) {
		cli_put_text(b, q->name);
		buf_str(b, " is an everyday name: ");
	} else {
		cli_put_text(b, image_text(&cli->image, curated->name));
		buf_str(b, " is preferred: ");
	}
	cli_put_text(b, reason);
	buf_str(b, " (");
	cli_put_text(b, image_text(&cli->image, curated->origin));
	buf_str(b, ")\n");
}

static int put_json(struct lookup *l, struct span text, const struct query *q,
    const struct match *m, struct portbook_error *err)
{
	struct buf *b = &l->cli->out;
	int code;

	if (l->any)
		buf_str(b, ",\n");
	cli_put_json_head(l->cli);
	json_lookup(b, &l->cli->image, text, q, m, l->cli->version);
	code = cli_put_people(l->cli, m->rows, m->count, err);
	buf_char(b, '}');
	return code;
}

static int put_text(struct lookup *l, const struct query *q,
    const struct match *m, struct portbook_error *err)
{
	struct cli *cli = l->cli;
	int code = cli_put_rows(cli, m->rows, m->count, err);

	if (cli->format == CLI_TABLE && m->count == 0 && q->kind != QUERY_NAME)
		put_nothing(&cli->out, q);
	if (m->curated != IMAGE_NONE && !cli->quiet)
		tell_via(cli, q, m->curated);
	return code;
}

static int answer(
    struct lookup *l, struct span text, struct portbook_error *err)
{
	struct cli *cli = l->cli;
	struct match m = {.rows = cli->rows, .cap = cli->image.row_count};
	struct query q;
	int code = query_parse(text, &q, err);

	if (code < 0)
		return code;
	search_lookup(&cli->image, &q, cli->version, &m);
	if (cli->format == CLI_JSON)
		code = put_json(l, text, &q, &m, err);
	else
		code = put_text(l, &q, &m, err);
	l->any = true;
	if (!m.found && l->status == CLI_FOUND)
		l->status = CLI_NOT_FOUND;
	if (m.total == 0 && q.kind == QUERY_NAME && !cli->quiet)
		cli_hint(cli, span_trim(text), q.name);
	return code;
}

/* A query of standard input; one that is none does not end the others. */
static int answer_line(
    struct lookup *l, struct span line, struct portbook_error *err)
{
	int code;

	line = span_trim(line);
	if (line.len == 0)
		return 0;
	code = answer(l, line, err);
	if (code != PORTBOOK_EUSAGE)
		return code;
	error_locate(err, "standard input", l->line, 0);
	cli_complain(l->cli, err);
	l->status = CLI_USAGE;
	return 0;
}

/* The lines of a buffer; how many bytes they took in *ret. */
static int answer_lines(struct lookup *l, struct span text, bool ended,
    size_t *ret, struct portbook_error *err)
{
	struct span rest = text;

	while (rest.len > 0) {
		size_t end = span_find_char(rest, 0, '\n');
		int code;

		bool cut = l->cut;
		struct span line;

		if (end == rest.len && !ended)
			break;
		line = span_head(rest, end);
		l->cut = end == rest.len && (cut || span_trim(line).len > 0);
		rest = span_skip(rest, end + 1);
		if (cut)
			continue;
		l->line++;
		code = answer_line(l, line, err);
		if (code < 0)
			return code;
	}
	*ret = text.len - rest.len;
	return 0;
}

static int answer_input(struct lookup *l, struct portbook_error *err)
{
	char input[INPUT_LEN];
	size_t len = 0, used;
	bool full;
	ssize_t n;
	int code;

	l->cut = false;
	do {
		n = read(STDIN_FILENO, input + len, sizeof(input) - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot read standard input");
		len += (size_t)n;
		/* A line that fills all the room is too long for a query. */
		full = len == sizeof(input) &&
		       span_find_char(span_of(input, len), 0, '\n') == len;
		code = answer_lines(
		    l, span_of(input, len), n == 0 || full, &used, err);
		/* Whoever waits for the answers has them now. */
		if (code == 0)
			code = cli_flush(l->cli, err);
		if (code < 0)
			return code;
		len -= used;
		memmove(input, input + used, len);
	} while (n != 0);
	return 0;
}

/* All words must be queries before the first is answered. */
static int check_words(
    const struct cli *cli, bool *input, struct portbook_error *err)
{
	bool taken = strcmp(cli->path, "-") == 0;

	*input = false;
	for (size_t i = 0; i < cli->word_count; i++) {
		struct query q;
		int code;

		if (strcmp(cli->words[i], "-") == 0) {
			if (taken)
				return error_set(err, PORTBOOK_EUSAGE, 0,
				    "standard input is the registry here and "
				    "cannot be the queries too");
			*input = true;
			continue;
		}
		code = query_parse(span_str(cli->words[i]), &q, err);
		if (code < 0)
			return code;
	}
	return 0;
}

static int answer_words(struct lookup *l, struct portbook_error *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < l->cli->word_count; i++) {
		struct span word = span_str(l->cli->words[i]);

		if (span_eq(word, SPAN("-")))
			code = answer_input(l, err);
		else
			code = answer(l, word, err);
	}
	return code;
}

int command_lookup(struct cli *cli, struct portbook_error *err)
{
	struct lookup l = {.cli = cli, .status = CLI_FOUND};
	bool input;
	int code = check_words(cli, &input, err);

	if (code < 0)
		return code;
	l.several = input || cli->word_count > 1;
	if (cli->format == CLI_CSV || cli->format == CLI_TSV)
		csv_header(
		    &cli->out, cli->format == CLI_CSV ? CSV_COMMA : CSV_TAB);
	if (cli->format == CLI_JSON && l.several)
		buf_char(&cli->out, '[');
	code = answer_words(&l, err);
	if (cli->format == CLI_JSON)
		buf_str(&cli->out, l.several ? "]\n" : "\n");
	if (code < 0)
		return code;
	if (!cli->quiet)
		cli_tell_registry(cli);
	return l.status;
}
