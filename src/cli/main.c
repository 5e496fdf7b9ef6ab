/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "base/banned.h"

static void put_commands(struct buf *b)
{
	for (size_t i = 0; i < command_count; i++)
		buf_printf(b, "  %-8s%s\n", commands[i].name, commands[i].does);
}

/* At most 20 lines. */
static void put_usage(struct buf *b)
{
	buf_str(b,
	    "usage: portbook [OPTION...] QUERY...\n"
	    "       portbook [OPTION...] COMMAND ...\n"
	    "\n"
	    "A query is a port (443), a range (8000-8010) or a name (https),\n"
	    "with /tcp, /udp, /sctp or /dccp behind it for one transport.\n"
	    "\n");
	put_commands(b);
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

static void put_command_help(struct buf *b, const struct command *command)
{
	buf_printf(b, "usage: portbook [OPTION...] %s %s\n\n%s\n\n",
	    command->name, command->usage, command->does);
	buf_str(b, "Options, anywhere before --:\n");
	cli_list_options(b, command->bit);
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

/* The words of another program: the command first, then the others. */
static int hand_over(struct cli *cli, struct portbook_error *err)
{
	const char *first = cli_first_word(cli->argc, cli->argv);
	const char *source = NULL;
	char program[32], path[PATH_MAX];
	size_t count = 0;
	int code;

	memcpy(
	    program, cli->command->program, strlen(cli->command->program) + 1);
	mem_release(cli->words);
	cli->words = mem_alloc((size_t)cli->argc + 2, sizeof(*cli->words));
	if (cli->words == NULL)
		return error_nomem(err);
	cli->words[count++] = program;
	for (int i = 1; cli->command->named && i < cli->argc; i++)
		if (cli->argv[i] == first)
			cli->words[count++] = cli->argv[i];
	for (int i = 1; i < cli->argc; i++)
		if (cli->argv[i] != first)
			cli->words[count++] = cli->argv[i];
	cli->words[count] = NULL;
	if (cli->command->need == NEED_SERVER)
		source = cli_named_source(cli);
	if (source == NULL)
		return cli_execute(cli, program, cli->words, err);
	code = cli->host->program_path(program, path, err);
	if (code < 0)
		return code;
	return cli_execute_on(cli, source, true, path, cli->words + 1, err);
}

static int run(struct cli *cli, struct portbook_error *err)
{
	const struct command *command = cli->command;
	int code;

	if (command->program != NULL && !cli->help)
		return hand_over(cli, err);
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
	if (cli->image.base != NULL)
		image_close(&cli->image);
	mem_release(cli->rows);
	mem_release(cli->scratch);
	mem_release(cli->words);
	buf_release(&cli->out);
	buf_release(&cli->talk);
}

int cli_main(const struct cli_host *host, int argc, char **argv)
{
	struct cli cli = {.host = host, .argc = argc, .argv = argv};
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
