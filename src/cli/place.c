/* SPDX-License-Identifier: ISC */
#include "cli/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/banned.h"

#define IMAGE_FD "PORTBOOK_IMAGE_FD"
#define TOLD_MAX 120 /* bytes of a path that leave room for the advice */

bool place_join(char ret[PATH_MAX], const char *folder, const char *rest)
{
	size_t a = strlen(folder), b = strlen(rest);

	if (b >= PATH_MAX || a >= PATH_MAX - b)
		return false;
	memcpy(ret, folder, a);
	memcpy(ret + a, rest, b + 1);
	return true;
}

bool place_user(char ret[PATH_MAX])
{
	const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return place_join(ret, base, "/portbook");
	return home != NULL && home[0] == '/' &&
	       place_join(ret, home, "/.local/state/portbook");
}

bool place_of_image(const char *path, char folder[PATH_MAX])
{
	struct span all = span_str(path), end = SPAN(PLACE_IMAGE);

	if (!span_ends(all, end) || all.len >= PATH_MAX)
		return false;
	memcpy(folder, path, all.len - end.len);
	folder[all.len - end.len] = '\0';
	return true;
}

bool place_store(const char *path, char store[PATH_MAX])
{
	char folder[PATH_MAX];

	return place_of_image(path, folder) &&
	       place_join(store, folder, "/private/store.sqlite");
}

/* Whether a failure to open says that there is nothing. */
static bool is_missing(const struct portbook_error *err)
{
	return err->system == ENOENT || err->system == ENOTDIR;
}

/* Whether a store is there: of an import that was stopped, before an image. */
static bool has_store(const char *folder)
{
	char store[PATH_MAX];
	struct stat st;

	return place_join(store, folder, "/private/store.sqlite") &&
	       stat(store, &st) == 0;
}

static int nothing_in(const char *folder, struct portbook_error *err)
{
	if (has_store(folder))
		return error_set(err, PORTBOOK_ENODATA, 0,
		    "nothing is published in %s yet: an import or update was "
		    "stopped there; give the same command again, and it goes "
		    "on from there",
		    folder);
	return error_set(err, PORTBOOK_ENODATA, 0,
	    "no registry in %s: fetch one with `portbook update`, or take "
	    "files in with `portbook import`",
	    folder);
}

int place_open_state(const char *folder, struct image *ret, char path[PATH_MAX],
    struct portbook_error *err)
{
	struct portbook_error failure = {0};
	int code;

	if (!place_join(path, folder, PLACE_IMAGE))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the path of the registry is too long");
	code = image_open(path, ret, &failure);
	if (code < 0 && is_missing(&failure))
		return nothing_in(folder, err);
	if (code < 0 && err != NULL)
		*err = failure;
	return code;
}

static bool is_newer(const struct image *a, const struct image *b)
{
	return span_cmp(image_text(a, image_newest(a)->updated),
		   image_text(b, image_newest(b)->updated)) > 0;
}

static int nowhere(struct portbook_error *err)
{
	char folder[PATH_MAX];
	bool is_told = place_user(folder) && strlen(folder) <= TOLD_MAX;

	return error_set(err, PORTBOOK_ENODATA, 0,
	    "no registry in %s%s" PLACE_SYSTEM
	    ": fetch one with `portbook update`, or name one with --registry",
	    is_told ? folder : "", is_told ? " or " : "");
}

int place_open(
    struct image *ret, char path[PATH_MAX], struct portbook_error *err)
{
	struct portbook_error failure = {0};
	char folder[PATH_MAX], other[PATH_MAX];
	struct image system;
	int own = PORTBOOK_ENODATA, code;

	if (place_user(folder))
		own = place_open_state(folder, ret, path, &failure);
	if (own < 0 && own != PORTBOOK_ENODATA) {
		if (err != NULL)
			*err = failure;
		return own;
	}
	code = place_open_state(PLACE_SYSTEM, &system, other, &failure);
	if (code < 0 && own == 0)
		return 0;
	if (code == PORTBOOK_ENODATA && place_user(folder) && has_store(folder))
		return nothing_in(folder, err);
	if (code == PORTBOOK_ENODATA)
		return nowhere(err);
	if (code < 0) {
		if (err != NULL)
			*err = failure;
		return code;
	}
	if (own == 0 && !is_newer(&system, ret)) {
		image_close(&system);
		return 0;
	}
	if (own == 0)
		image_close(ret);
	*ret = system;
	place_join(path, other, "");
	return 0;
}

bool place_is_image(int fd)
{
	char bytes[IMAGE_MAGIC_LEN];
	ssize_t len = pread(fd, bytes, sizeof(bytes), 0);

	return len > 0 && image_is(span_of(bytes, (size_t)len));
}

bool place_is_source(const char *path)
{
	struct stat st;
	bool other;
	int fd;

	if (strcmp(path, "-") == 0)
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	other = fstat(fd, &st) < 0 || S_ISDIR(st.st_mode) || place_is_image(fd);
	close(fd);
	return !other;
}

int place_take_inherited(void)
{
	const char *text = getenv(IMAGE_FD);
	bool good;
	uint64_t fd;

	good = text != NULL && ascii_u64(span_str(text), INT_MAX, &fd) &&
	       fd > STDERR_FILENO;
	unsetenv(IMAGE_FD);
	return good ? (int)fd : -1;
}
