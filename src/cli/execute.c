/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "cli/cli.h"
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

int cli_execute_on(const struct cli *cli, const char *source, bool index,
    const char *path, char **words, struct portbook_error *err)
{
	static const char *const head[] = {
	    "portbook-admin", "with-image", "--no-search"};
	size_t count = 0, len = 0;
	char **all;
	int code;

	while (words[len] != NULL)
		len++;
	all = mem_alloc(len + 7, sizeof(*all));
	if (all == NULL)
		return error_nomem(err);
	/* execv(3) changes none of them. */
	for (size_t i = 0; i < (index ? 2U : 3U); i++)
		all[count++] = (char *)(uintptr_t)head[i];
	all[count++] = (char *)(uintptr_t)source;
	all[count++] = (char *)(uintptr_t) "--";
	all[count++] = (char *)(uintptr_t)path;
	for (size_t i = 0; i <= len; i++)
		all[count++] = words[i];
	code = cli_execute(cli, head[0], all, err);
	mem_release(all);
	return code;
}
