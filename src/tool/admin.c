/* SPDX-License-Identifier: ISC */
/*
 * portbook-admin: the part of portbook that reads official files and writes
 * state.  portbook(1) executes it; its arguments are the options and words
 * of the command there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/cli.h"
#include "tool/admin.h"
#include "base/banned.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv, struct portbook_error *err);
	const char *usage;
} commands[] = {
    {"build", admin_build, "build SOURCE... IMAGE"},
    {"check", admin_check,
	"check [--all | --baseline FILE] [--kind KIND] [--json] [FILE] | "
	"--write-baseline FILE [FILE] | --explain CODE"},
    {"convert", admin_convert,
	"convert --to FORMAT [--style STYLE] FILE... [-o OUT]"},
    {"import", admin_import, "import [--state DIR] [-q] PATH..."},
    {"publish", admin_publish, "publish [--as-of DATE] DIR"},
    {"update", admin_update,
	"update [--state DIR] [--from URL|PATH] [--source WORDS] [--force] "
	"[--dry-run] [-q]"},
    {"verify", admin_verify, "verify [--state DIR] [-q]"},
    {"with-image", admin_with_image,
	"with-image [--no-search] SOURCE... -- PROGRAM WORD..."},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static int usage(void)
{
	fputs("usage: portbook-admin COMMAND ...\n", stderr);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(
		    stderr, "       portbook-admin %s\n", commands[i].usage);
	return 2;
}

/* What is wrong, on standard error; behind what was told before. */
static int complain(const struct portbook_error *err)
{
	char storage[4096]; /* there may be no more memory */
	struct cli cli = {.argc = 0};

	buf_init(&cli.out);
	buf_init_fixed(&cli.talk, storage, sizeof(storage));
	cli_complain(&cli, err);
	cli_flush(&cli, NULL);
	return error_exit_status(err->code);
}

int main(int argc, char **argv)
{
	struct portbook_error err = {0};

	if (argc < 2)
		return usage();
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		int code;

		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		code = commands[i].run(argc - 1, argv + 1, &err);
		return code < 0 ? complain(&err) : code;
	}
	return usage();
}
