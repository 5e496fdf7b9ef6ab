/* SPDX-License-Identifier: ISC */
/*
 * Which registry answers: the one named, else the user's or the system's
 * state folder, the newer of the two.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/config.h"
#include "cli/place.h"
#include "terms/date.h"
#include "base/banned.h"

#define OLD_DAYS 366

/* The image of official files: here already, or made first. */
static int open_sources(
    struct cli *cli, const char *const *paths, struct portbook_error *err)
{
	int fd = place_take_inherited(), code;
	char self[PATH_MAX];
	ssize_t len;

	if (fd >= 0) {
		code = image_open_fd(fd, paths[0], &cli->image, err);
		close(fd);
		return code;
	}
	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot tell where this program is; is /proc mounted? "
		    "/proc/self/exe");
	self[len] = '\0';
	/* One question is answered sooner than an index for it is made. */
	return cli_execute_on(cli, paths, false, self, cli->argv + 1, err);
}

int cli_open_files(
    struct cli *cli, const char *const *paths, struct portbook_error *err)
{
	int code;

	cli->path = paths[0];
	code = open_sources(cli, paths, err);
	return code < 0 ? code : cli_use_image(cli, err);
}

static int open_source(
    struct cli *cli, const char *path, struct portbook_error *err)
{
	const char *paths[] = {path, NULL};

	return open_sources(cli, paths, err);
}

/* The image of a state folder. */
static int open_state(
    struct cli *cli, const char *folder, struct portbook_error *err)
{
	cli->path = cli->path_storage;
	return place_open_state(folder, &cli->image, cli->path_storage, err);
}

static int open_named(
    struct cli *cli, const char *path, struct portbook_error *err)
{
	struct stat st;
	int fd, code;

	cli->path = path;
	if (strcmp(path, "-") == 0)
		return open_source(cli, path, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0) {
		error_set(err,
		    errno == ENOENT ? PORTBOOK_ENODATA : PORTBOOK_EIO, errno,
		    "cannot open the registry");
		error_locate(err, path, 0, 0);
		if (fd >= 0)
			close(fd);
		return err->code;
	}
	if (S_ISDIR(st.st_mode)) {
		close(fd);
		return open_state(cli, path, err);
	}
	if (S_ISREG(st.st_mode) && place_is_image(fd)) {
		code = image_open_fd(fd, path, &cli->image, err);
		close(fd);
		return code;
	}
	close(fd);
	return open_source(cli, path, err);
}

static int make_room(struct cli *cli, struct portbook_error *err)
{
	size_t len = search_scratch_len(&cli->image);

	cli->rows = mem_alloc(cli->image.row_count + 1, sizeof(*cli->rows));
	cli->scratch = mem_alloc(len > 0 ? len : 1, 1);
	if (cli->rows == NULL || cli->scratch == NULL)
		return error_nomem(err);
	return 0;
}

int cli_use_image(struct cli *cli, struct portbook_error *err)
{
	int code = search_version(
	    &cli->image, span_str(cli->as_of), &cli->version, err);

	if (code < 0)
		config_blame(cli->config, cli->as_of, err);
	return code < 0 ? code : make_room(cli, err);
}

void cli_close_registry(struct cli *cli)
{
	if (cli->image.base != NULL)
		image_close(&cli->image);
	cli->image = (struct image){0};
	mem_release(cli->rows);
	mem_release(cli->scratch);
	cli->rows = NULL;
	cli->scratch = NULL;
}

/* The registry that an option or the environment names, or NULL. */
static const char *name_of(const struct cli *cli)
{
	const char *named = cli->registry;

	if (named == NULL && cli->state == NULL)
		named = getenv("PORTBOOK_REGISTRY");
	return named != NULL && named[0] != '\0' ? named : NULL;
}

const char *cli_named_source(const struct cli *cli)
{
	const char *named = name_of(cli);

	return named != NULL && place_is_source(named) ? named : NULL;
}

int cli_open_registry(struct cli *cli, struct portbook_error *err)
{
	const char *named = name_of(cli);
	int code;

	if (named != NULL) {
		code = open_named(cli, named, err);
	} else if (cli->state != NULL) {
		code = open_state(cli, cli->state, err);
	} else {
		cli->path = cli->path_storage;
		code = place_open(&cli->image, cli->path_storage, err);
	}
	if (code < 0)
		config_blame(cli->config,
		    named != NULL ? cli->registry : cli->state, err);
	return code < 0 ? code : cli_use_image(cli, err);
}

/* Days from 1 March of year 0 to a date of the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	if (month < 3) {
		month += 12;
		year--;
	}
	return 365 * year + year / 4 - year / 100 + year / 400 +
	       (153 * (month - 3) + 2) / 5 + day - 1;
}

bool cli_age(struct span date, int64_t *ret)
{
	const int64_t epoch = days_of(1970, 1, 1);
	uint64_t year = 0, month = 0, day = 1;
	struct timespec now;

	if (!date_is_valid(date) || clock_gettime(CLOCK_REALTIME, &now) < 0)
		return false;
	ascii_u64(span_head(date, 4), 9999, &year);
	ascii_u64(span_head(span_skip(date, 5), 2), 12, &month);
	ascii_u64(span_head(span_skip(date, 8), 2), 31, &day);
	*ret = now.tv_sec / 86400 + epoch -
	       days_of((int64_t)year, (int64_t)month, (int64_t)day);
	return true;
}

void cli_tell_registry(struct cli *cli)
{
	const struct image_version *v = &cli->image.versions[cli->version];
	struct span updated = image_text(&cli->image, v->updated);
	struct span newest = image_text(&cli->image, v->newest_row);
	struct buf *b = &cli->talk;
	int64_t age;

	if (updated.len > 0) {
		buf_str(b, "registry of ");
		cli_put_text(b, updated);
	} else if (le32(v->source) == IMAGE_SOURCE_SERVICES) {
		buf_str(b, "from a services file, without date");
	} else {
		if (cli_age(newest, &age) && age > OLD_DAYS)
			buf_str(b, "old ");
		buf_str(b, "registry from a CSV without date, its newest row ");
		buf_str(b, newest.len > 0 ? "of " : "without date too");
		cli_put_text(b, newest);
	}
	if (cli->as_of != NULL) {
		buf_str(b, " (as of ");
		cli_put_text(b, span_str(cli->as_of));
		buf_char(b, ')');
	}
	buf_str(b, ", ");
	cli_put_count(b, le32(v->row_count));
	buf_str(b, " records\n");
}
