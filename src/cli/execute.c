/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <unistd.h>

#include "base/error.h"
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
