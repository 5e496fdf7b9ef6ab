/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/convert.h"
#include "terms/event.h"
#include "base/banned.h"

static void put_commands(struct buf *b)
{
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].does != NULL)
			buf_printf(b, "  %-11s%s\n", commands[i].name,
			    commands[i].does);
}

/* The names alone, in lines that fit a narrow terminal. */
static void put_command_names(struct buf *b)
{
	size_t start = b->len;

	for (size_t i = 0; i < command_count; i++) {
		struct span name = span_str(commands[i].name);

		if (commands[i].does == NULL)
			continue;
		if (i == 0 || b->len - start + name.len > 70) {
			buf_str(b, i == 0 ? "" : "\n");
			start = b->len;
			buf_char(b, ' ');
		}
		buf_char(b, ' ');
		buf_add(b, name);
	}
	buf_char(b, '\n');
}

/* At most 20 lines. */
static void put_usage(struct buf *b)
{
	buf_str(b,
	    "usage: portbook [OPTION...] QUERY...\n"
	    "       portbook [OPTION...] COMMAND ...\n"
	    "\n"
	    "A query is a port (443), a range (8000-8010) or a name (https),\n"
	    "with /tcp, /udp, /sctp or /dccp after it for one transport.\n"
	    "\n"
	    "Commands:\n");
	put_command_names(b);
	buf_str(b,
	    "\n"
	    "portbook --help says more, portbook COMMAND --help all of one.\n");
}

static void put_help(struct buf *b)
{
	buf_str(b,
	    "usage: portbook [OPTION...] QUERY...\n"
	    "       portbook [OPTION...] COMMAND ...\n"
	    "\n"
	    "Answers from IANA's Service Name and Port Number registry.\n"
	    "\n"
	    "A query:\n"
	    "  443                     a port\n"
	    "  8000-8010               every record in a range\n"
	    "  https                   a name, in any case\n"
	    "  443/tcp, tcp/443        one transport alone\n"
	    "  _https._tcp             a name as in the DNS\n"
	    "  -                       queries from standard input, one a "
	    "line\n"
	    "\n"
	    "Commands:\n");
	put_commands(b);
	buf_str(b, "\nOptions, anywhere before --:\n");
	cli_list_options(b, COMMAND_ALL);
	buf_str(b,
	    "\n"
	    "Exit status: 0 found, 1 not found, 2 usage, 3 data missing or "
	    "damaged,\n"
	    "4 system or network.  More in portbook(1).\n");
}

static void put_kinds(struct buf *b)
{
	for (enum event_kind kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		struct span name = event_kind_name(kind);

		buf_str(b, "  ");
		buf_add(b, name);
		buf_fill(b, ' ', 14 - name.len);
		buf_add(b, event_kind_says(kind));
		buf_char(b, '\n');
	}
}

static void put_command_help(struct buf *b, const struct command *command)
{
	buf_printf(b, "usage: portbook [OPTION...] %s %s\n\n%s\n\n",
	    command->name, command->usage,
	    command->does != NULL ? command->does : "what may come next");
	buf_str(b, "Options, anywhere before --:\n");
	cli_list_options(b, command->bit);
	if (command->bit == COMMAND_CONVERT) {
		buf_str(b, "\nFormats:\n");
		conversion_list_formats(b);
	} else if ((command->bit &
		       (COMMAND_LOG | COMMAND_DIFF | COMMAND_VERSIONS)) != 0) {
		buf_str(b, "\nKinds of changes:\n");
		put_kinds(b);
	}
	buf_printf(b, "\nMore in portbook-%s(1).\n", command->name);
}

/* The version of the registry too, where one is at hand. */
static void put_version(struct cli *cli)
{
	struct portbook_error ignored = {0};

	buf_printf(&cli->out, "portbook %s\n", cli->host->version);
	if (cli->registry == NULL && cli_open_registry(cli, &ignored) == 0) {
		cli_tell_registry(cli);
		buf_add(&cli->out, buf_span(&cli->talk));
		buf_clear(&cli->talk);
	}
}

/* What takes that which somebody gave as a word. */
static const char *instead(const struct command *command)
{
	switch (command->bit) {
	case COMMAND_UPDATE:
		return "; --from names a file";
	case COMMAND_SUGGEST:
		return "; --near and --explain take a port";
	case COMMAND_LIST:
		return "; --where chooses records";
	default:
		return "";
	}
}

static int word_too_many(
    const struct command *command, const char *word, struct portbook_error *err)
{
	struct span told = span_str(word);
	bool is_long = told.len > 60;

	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "%s takes no words, and here is %.*s%s%s", command->name,
	    SPAN_FMT(span_head(told, 60)), is_long ? "..." : "",
	    instead(command));
}

static int run(struct cli *cli, struct portbook_error *err)
{
	const struct command *command = cli->command;
	int code;

	if (!cli->help && command->most == 0 && cli->word_count > 0)
		return word_too_many(command, cli->words[0], err);
	if (command->program != NULL && !cli->help)
		return cli_hand_over(cli, command->program,
		    command->need == NEED_SERVER ? cli_named_source(cli) : NULL,
		    err);
	if (cli->version_asked) {
		put_version(cli);
		return CLI_FOUND;
	}
	if (cli->help) {
		if (cli_first_word(cli->argc, cli->argv) != NULL &&
		    (command != &commands[0] || cli->word_count == 0))
			put_command_help(&cli->out, command);
		else
			put_help(&cli->out);
		return CLI_FOUND;
	}
	if (cli_first_word(cli->argc, cli->argv) == NULL) {
		put_usage(&cli->talk);
		return CLI_USAGE;
	}
	if (cli->word_count < command->least || cli->word_count > command->most)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "usage: portbook %s %s", command->name, command->usage);
	cli_look_at_terminal(cli);
	if (command->need == NEED_IMAGE) {
		code = cli_open_registry(cli, err);
		if (code < 0)
			return code;
	}
	return command->run(cli, err);
}

static void release(struct cli *cli)
{
	cli_close_registry(cli);
	mem_release(cli->words);
	buf_release(&cli->out);
	buf_release(&cli->talk);
}

int cli_main(const struct cli_host *host, const struct config *config, int argc,
    char **argv)
{
	struct cli cli = {
	    .host = host, .config = config, .argc = argc, .argv = argv};
	struct portbook_error err = {0};
	int code;

	buf_init(&cli.out);
	buf_init(&cli.talk);
	code = cli_parse(&cli, &err);
	if (code == 0)
		code = run(&cli, &err);
	if (code < 0) {
		cli_complain(&cli, &err);
		code = error_exit_status(code);
	}
	if (cli_flush(&cli, &err) < 0) {
		buf_clear(&cli.out);
		buf_clear(&cli.talk);
		cli_complain(&cli, &err);
		code = error_exit_status(err.code);
		(void)cli_flush(&cli, &err);
	}
	release(&cli);
	return code;
}
