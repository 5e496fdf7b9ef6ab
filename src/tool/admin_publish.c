/* SPDX-License-Identifier: ISC */
#include "tool/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/official.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "tool/programs.h"
#include "base/banned.h"

/* The folder, made if its parent is there. */
static int open_folder(const char *path, int *ret, struct portbook_error *err)
{
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot make the folder %s", path);
	*ret = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot open the folder %s", path);
	return 0;
}

static int publish_into(
    struct cli *cli, const char *path, struct portbook_error *err)
{
	int folder = -1, code = official_check(&cli->image, cli->version, err);

	if (code == 0)
		code = open_folder(path, &folder, err);

	if (code < 0)
		return code;
	code = official_write(
	    &cli->image, cli->version, folder, OFFICIAL_FOLDER, err);
	if (code == 0 && fsync(folder) < 0)
		code = error_set(err, PORTBOOK_EIO, errno,
		    "cannot keep the folder %s", path);
	close(folder);
	if (code < 0)
		error_prefix(err, "publish");
	return code;
}

int admin_publish(int argc, char **argv, struct portbook_error *err)
{
	/* The words are those that portbook was given, the command first. */
	struct cli cli = {.host = &program_host,
	    .argc = argc + 1,
	    .argv = argv - 1,
	    .own = true};
	int code;

	buf_init(&cli.out);
	buf_init(&cli.talk);
	code = cli_parse(&cli, err);
	if (code == 0 && cli.word_count != 1)
		code = error_set(err, PORTBOOK_EUSAGE, 0,
		    "usage: portbook publish [--as-of DATE] DIR");
	if (code == 0)
		code = cli_open_registry(&cli, err);
	if (code == 0)
		code = publish_into(&cli, cli.words[0], err);
	if (code == 0 && !cli.quiet) {
		cli_tell_registry(&cli);
		code = cli_flush(&cli, err);
	}
	cli_close_registry(&cli);
	mem_release(cli.words);
	buf_release(&cli.out);
	buf_release(&cli.talk);
	return code;
}
