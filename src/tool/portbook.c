/* SPDX-License-Identifier: ISC */
/* portbook: answers from an image, and hands all else to other programs. */
#include "base/error.h"
#include "cli/command.h"
#include "cli/config.h"
#include "tool/programs.h"
#include "base/banned.h"

/* The bits of the command that is meant. */
static unsigned command_of(int argc, char **argv)
{
	const char *first = cli_first_word(argc, argv);
	const struct command *c =
	    first != NULL ? command_find(span_str(first)) : NULL;

	return c != NULL ? c->bit : commands[0].bit;
}

static int complain(const struct portbook_error *err)
{
	struct cli cli = {.host = &program_host};

	buf_init(&cli.out);
	buf_init(&cli.talk);
	cli_complain(&cli, err);
	(void)cli_flush(&cli, NULL);
	buf_release(&cli.out);
	buf_release(&cli.talk);
	return error_exit_status(err->code);
}

int main(int argc, char **argv)
{
	struct portbook_error err = {0};
	struct config config;
	int status;

	config_init(&config);
	if (config_take(&config, command_of(argc, argv), &argc, &argv, &err) <
	    0)
		status = complain(&err);
	else
		status = cli_main(&program_host, &config, argc, argv);
	config_release(&config);
	return status;
}
