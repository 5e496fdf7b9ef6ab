/* SPDX-License-Identifier: ISC */
/* annotate [FILE...]: lines with the services of their ports behind them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/annotate/crew.h"
#include "cli/command.h"
#include "base/banned.h"

/* What goes on behind one file and before the next. */
struct annotation {
	struct annotate_ask ask;
	struct chunk_counts counts;
	bool unended; /* the last line that was written has no newline */
};

/* The first line of a file does not go on where the last one ended. */
static int end_line(struct annotation *a, struct portbook_error *err)
{
	static const char newline = '\n';

	if (!a->unended)
		return 0;
	a->unended = false;
	while (write(STDOUT_FILENO, &newline, 1) < 0)
		if (errno != EINTR)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot write to standard output");
	return 0;
}

static int run_file(struct cli *cli, const char *path, struct annotation *a,
    struct portbook_error *err)
{
	struct input in;
	int code = 0;

	if (strcmp(path, "-") == 0 && strcmp(cli->path, "-") == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "standard input is the registry here and cannot be the "
		    "lines too");
	code = input_open(path, &a->ask, &in, err);
	if (code == 0)
		code = end_line(a, err);
	if (code == 0)
		code = crew_run(&in, &cli->image, cli->version, a->ask.jobs,
		    STDOUT_FILENO, &a->counts, err);
	a->unended = in.unended;
	input_close(&in);
	return code;
}

static void put_part(struct buf *b, uint64_t n, const char *what)
{
	buf_str(b, ", ");
	cli_put_count(b, n);
	buf_str(b, what);
}

static void put_columns(struct buf *b, const struct span *names, size_t count)
{
	buf_str(b, count == 1 ? " in column " : " in columns ");
	for (size_t i = 0; i < count; i++) {
		buf_str(b, i > 0 ? "," : "");
		cli_put_text(b, names[i]);
	}
	buf_char(b, '\n');
}

/* A column that was meant to be another gives no services, and no failure. */
static void tell_wrong(struct cli *cli, const struct annotation *a)
{
	const struct annotate_ask *ask = &a->ask;
	const struct chunk_counts *n = &a->counts;
	struct buf *b = &cli->talk;

	if (n->unchanged == n->records) {
		if (n->records > 0)
			buf_str(
			    b, "no line has all columns that are asked for\n");
		return;
	}
	if ((n->seen & CHUNK_PORT) == 0) {
		buf_str(b, "no line has a port");
		put_columns(b, ask->ports, ask->port_count);
	}
	if ((n->seen & CHUNK_PROTOCOL) == 0 && ask->protocol.len > 0) {
		buf_str(b,
		    "no line has tcp, udp, sctp or dccp, or the number of one");
		put_columns(b, &ask->protocol, 1);
	}
}

/* "1,204 lines: 1,100 with a service, 100 without, 4 passed unchanged" */
static void tell(struct cli *cli, const struct annotation *a)
{
	const struct chunk_counts *n = &a->counts;
	struct buf *b = &cli->talk;

	cli_put_count(b, n->records);
	buf_str(b, n->records == 1 ? " line: " : " lines: ");
	cli_put_count(b, n->named);
	buf_str(b, " with a service");
	put_part(b, n->records - n->named - n->unchanged, " without");
	put_part(b, n->unchanged, " passed unchanged\n");
	tell_wrong(cli, a);
	if (n->overlong > 0) {
		buf_str(b, "longer than 16 MiB, and so unchanged: ");
		cli_put_count(b, n->overlong);
		buf_char(b, '\n');
	}
	if (n->broken > 0)
		buf_str(b, "a quote is open at the end: all behind it is one "
			   "record, unchanged\n");
	cli_tell_registry(cli);
}

int command_annotate(struct cli *cli, struct portbook_error *err)
{
	struct annotation a = {.unended = false};
	int code = annotate_ask_read(cli->argc, cli->argv, &a.ask, err);

	if (code == 0 && cli->word_count == 0)
		code = run_file(cli, "-", &a, err);
	for (size_t i = 0; code == 0 && i < cli->word_count; i++)
		code = run_file(cli, cli->words[i], &a, err);
	if (code == 0 && !cli->quiet)
		tell(cli, &a);
	return code < 0 ? code : CLI_FOUND;
}
