/* SPDX-License-Identifier: ISC */
#include "tool/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/official.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "tool/programs.h"
#include "base/banned.h"

/*
 * One writer a folder: files that are not finished have the same names in
 * every run, so that the next one clears away what a killed one left.  Where
 * the file system has no such locks, two at once are the caller's to avoid.
 */
static int lock_folder(int folder, const char *path, struct portbook_error *err)
{
	if (flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return 0;
	return error_set(err, PORTBOOK_EBUSY, 0,
	    "another portbook publish writes into %s: wait until it is done",
	    path);
}

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
	return lock_folder(*ret, path, err);
}

static int publish_into(
    struct cli *cli, const char *path, struct portbook_error *err)
{
	int folder = -1, code = official_check(&cli->image, cli->version, err);

	if (code == 0)
		code = open_folder(path, &folder, err);

	if (code == 0)
		code = official_write(
		    &cli->image, cli->version, folder, OFFICIAL_FOLDER, err);
	if (code == 0 && fsync(folder) < 0)
		code = error_set(err, PORTBOOK_EIO, errno,
		    "cannot keep the folder %s", path);
	if (folder >= 0)
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
