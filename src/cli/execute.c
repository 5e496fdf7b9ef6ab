/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "base/banned.h"

int cli_execute(const struct cli *cli, const char *program, char **words,
    struct portbook_error *err)
{
	char path[PATH_MAX];
	int code = cli->host->program_path(program, path, err);

	if (code < 0)
		return code;
	execv(path, words);
	return error_set(err, PORTBOOK_EIO, errno, "cannot run %s", path);
}

int cli_execute_on(const struct cli *cli, const char *const *sources,
    bool index, const char *path, char **words, struct portbook_error *err)
{
	static const char *const head[] = {
	    "portbook-admin", "with-image", "--no-search"};
	size_t count = 0, len = 0, files = 0;
	char **all;
	int code;

	while (words[len] != NULL)
		len++;
	while (sources[files] != NULL)
		files++;
	all = mem_alloc(len + files + 6, sizeof(*all));
	if (all == NULL)
		return error_nomem(err);
	/* execv(3) changes none of them. */
	for (size_t i = 0; i < (index ? 2U : 3U); i++)
		all[count++] = (char *)(uintptr_t)head[i];
	for (size_t i = 0; i < files; i++)
		all[count++] = (char *)(uintptr_t)sources[i];
	all[count++] = (char *)(uintptr_t) "--";
	all[count++] = (char *)(uintptr_t)path;
	for (size_t i = 0; i <= len; i++)
		all[count++] = words[i];
	code = cli_execute(cli, head[0], all, err);
	mem_release(all);
	return code;
}

/* argv without its program, the first word before the rest. */
static size_t put_words(struct cli *cli, bool command)
{
	const char *first = cli_first_word(cli->argc, cli->argv);
	size_t count = 1;

	for (int i = 1; command && i < cli->argc; i++)
		if (cli->argv[i] == first)
			cli->words[count++] = cli->argv[i];
	for (int i = 1; i < cli->argc; i++)
		if (cli->argv[i] != first)
			cli->words[count++] = cli->argv[i];
	return count;
}

int cli_hand_over(struct cli *cli, const char *program, const char *source,
    struct portbook_error *err)
{
	char name[32], path[PATH_MAX];
	bool server = cli->command->need == NEED_SERVER;
	const char *sources[] = {source, NULL};
	int code;

	memcpy(name, program, strlen(program) + 1);
	mem_release(cli->words);
	cli->words = mem_alloc((size_t)cli->argc + 2, sizeof(*cli->words));
	if (cli->words == NULL)
		return error_nomem(err);
	cli->words[0] = name;
	cli->words[put_words(cli, !server)] = NULL;
	if (source == NULL)
		return cli_execute(cli, name, cli->words, err);
	code = cli->host->program_path(name, path, err);
	if (code < 0)
		return code;
	return cli_execute_on(cli, sources, true, path, cli->words + 1, err);
}
