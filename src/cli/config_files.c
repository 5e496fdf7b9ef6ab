/* SPDX-License-Identifier: ISC */
/* Which files portbook.conf is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/config.h"
#include "cli/place.h"
#include "base/banned.h"

#define PACKAGE_FILE "/usr/lib/portbook/portbook.conf"
#define SYSTEM_FILE "/etc/portbook/portbook.conf"
#define DROP_INS "/etc/portbook/portbook.conf.d"
#define DROP_IN_MAX 256 /* files; a folder with more is somebody's mistake */

static int failed(const char *path, struct portbook_error *err)
{
	error_set(err, PORTBOOK_EIO, errno, "cannot read this configuration");
	error_locate(err, path, 0, 0);
	return PORTBOOK_EIO;
}

/* All of a file; one that has more than the limit is refused. */
static int read_all(
    int fd, const char *path, struct buf *b, struct portbook_error *err)
{
	char block[4096];
	ssize_t len;

	while ((len = read(fd, block, sizeof(block))) > 0) {
		buf_add(b, span_of(block, (size_t)len));
		if (b->len > CONFIG_LEN_MAX) {
			error_set(err, PORTBOOK_ELIMIT, 0,
			    "a configuration has at most %d bytes",
			    CONFIG_LEN_MAX);
			error_locate(err, path, 0, 0);
			return PORTBOOK_ELIMIT;
		}
	}
	if (len < 0)
		return failed(path, err);
	return buf_failed(b) ? error_nomem(err) : 0;
}

/*
 * A file that is not there says nothing; nor does a user's that cannot be
 * reached, as where a service runs with the home of somebody else.
 */
static bool is_absent(bool user)
{
	return errno == ENOENT || errno == ENOTDIR || (user && errno == EACCES);
}

static int take_file(
    struct config *c, const char *path, bool user, struct portbook_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), code;
	struct buf b;

	if (fd < 0)
		return is_absent(user) ? 0 : failed(path, err);
	buf_init(&b);
	code = read_all(fd, path, &b, err);
	close(fd);
	if (code == 0)
		code = config_parse(c, buf_span(&b), path, err);
	buf_release(&b);
	return code;
}

static int is_drop_in(const struct dirent *entry)
{
	struct span name = span_str(entry->d_name);

	return entry->d_name[0] != '.' && span_ends(name, SPAN(".conf"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int take_folder(
    struct config *c, const char *folder, struct portbook_error *err)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_drop_in, by_name), code = 0;

	if (count < 0)
		return is_absent(false) ? 0 : failed(folder, err);
	if (count > DROP_IN_MAX)
		code = error_set(err, PORTBOOK_ELIMIT, 0,
		    "%s has more than %d files", folder, DROP_IN_MAX);
	for (int i = 0; i < count; i++) {
		struct buf path;

		buf_init(&path);
		buf_printf(&path, "%s/%s", folder, entries[i]->d_name);
		buf_char(&path, '\0');
		if (code == 0)
			code = buf_failed(&path)
				   ? error_nomem(err)
				   : take_file(c, path.ptr, false, err);
		buf_release(&path);
		mem_release(entries[i]);
	}
	mem_release(entries);
	return code;
}

/* portbook/portbook.conf in $XDG_CONFIG_HOME or ~/.config. */
static bool user_file(char ret[PATH_MAX])
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return place_join(ret, base, "/portbook/portbook.conf");
	return home != NULL && home[0] == '/' &&
	       place_join(ret, home, "/.config/portbook/portbook.conf");
}

int config_load(struct config *c, const char *root, struct portbook_error *err)
{
	char path[PATH_MAX];
	int code = 0;

	if (place_join(path, root, PACKAGE_FILE))
		code = take_file(c, path, false, err);
	if (code == 0 && place_join(path, root, SYSTEM_FILE))
		code = take_file(c, path, false, err);
	if (code == 0 && place_join(path, root, DROP_INS))
		code = take_folder(c, path, err);
	if (code == 0 && user_file(path))
		code = take_file(c, path, true, err);
	return code;
}
