/* SPDX-License-Identifier: ISC */
#include "admin/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "admin/file.h"
#include "base/error.h"
#include "base/banned.h"

#define STAGE ".stage"
#define BROKEN ".broken"
#define LINK "current"
#define LINK_STAGE ".current"

static int failed(
    struct portbook_error *err, const char *what, const char *name)
{
	int system = errno;

	return error_set(
	    err, PORTBOOK_EIO, system, "publish: %s %s", what, name);
}

/* Removes a folder of plain files; one that is not there is fine. */
static int remove_folder(int at, const char *name, struct portbook_error *err)
{
	int fd =
	    openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return errno == ENOENT ? 0
				       : failed(err, "cannot look into", name);
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return failed(err, "cannot look into", name);
	}
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			unlinkat(fd, entry->d_name, 0);
	closedir(dir);
	if (unlinkat(at, name, AT_REMOVEDIR) < 0)
		return failed(err, "cannot remove", name);
	return 0;
}

#define IMAGE "registry.image"

/* The image, on the disk when this returns. */
static int write_image(
    int folder, struct span image, struct portbook_error *err)
{
	int fd = openat(
	    folder, IMAGE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	int code = 0;

	if (fd < 0)
		return failed(err, "cannot make", IMAGE);
	if (file_write_all(fd, image) < 0 || fchmod(fd, 0444) < 0 ||
	    fsync(fd) < 0)
		code = failed(err, "cannot write", IMAGE);
	if (close(fd) < 0 && code == 0)
		code = failed(err, "cannot write", IMAGE);
	return code;
}

static int fill_stage(int public_fd, struct span image, publish_fill *fill,
    void *ctx, struct portbook_error *err)
{
	int folder, code;

	if (mkdirat(public_fd, STAGE, 0755) < 0)
		return failed(err, "cannot make the folder", STAGE);
	folder = openat(public_fd, STAGE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return failed(err, "cannot open the folder", STAGE);
	code = write_image(folder, image, err);
	if (code == 0)
		code = fill(ctx, folder, err);
	if (code == 0 && (fchmod(folder, 0755) < 0 || fsync(folder) < 0))
		code = failed(err, "cannot keep the folder", STAGE);
	close(folder);
	return code;
}

static bool same_bytes(int a, int b)
{
	static const size_t step = 16384;
	char left[16384], right[16384];
	ssize_t len;

	while ((len = read(a, left, step)) > 0) {
		ssize_t got = 0, more = 1;

		while (got < len && more > 0) {
			more = read(b, right + got, (size_t)(len - got));
			got += more > 0 ? more : 0;
		}
		if (got != len || memcmp(left, right, (size_t)len) != 0)
			return false;
	}
	return len == 0 && read(b, right, 1) == 0;
}

static bool same_file(int old, int new, const char *name)
{
	int a = openat(new, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int b = openat(old, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool same = a >= 0 && b >= 0 && same_bytes(a, b);

	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
	return same;
}

/* Whether the folder is there, with all the files of the stage in it. */
static bool is_whole(int public_fd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int old = openat(public_fd, name, flags);
	int new = openat(public_fd, STAGE, flags);
	DIR *dir = new >= 0 ? fdopendir(new) : NULL;
	struct dirent *entry;
	bool whole = old >= 0 && dir != NULL;

	while (whole && (entry = readdir(dir)) != NULL)
		whole = entry->d_name[0] == '.' ||
			same_file(old, new, entry->d_name);
	if (dir != NULL)
		closedir(dir);
	else if (new >= 0)
		close(new);
	if (old >= 0)
		close(old);
	return whole;
}

/* One of that name that is not whole makes way. */
static int name_stage(
    int public_fd, const char *name, struct portbook_error *err)
{
	if (renameat(public_fd, STAGE, public_fd, name) == 0)
		return 0;
	if ((errno != EEXIST && errno != ENOTEMPTY) ||
	    renameat(public_fd, name, public_fd, BROKEN) < 0 ||
	    renameat(public_fd, STAGE, public_fd, name) < 0)
		return failed(err, "cannot name the folder", name);
	return remove_folder(public_fd, BROKEN, err);
}

static void name_of(struct span bytes, char name[PUBLISH_NAME_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, bytes.len, (const uint8_t *)bytes.ptr);
	sha256_digest(&ctx, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		name[2 * i] = digits[digest[i] >> 4];
		name[2 * i + 1] = digits[digest[i] & 15];
	}
	name[PUBLISH_NAME_LEN] = '\0';
}

/* What "current" leads to now; empty if nothing. */
static void read_current(int public_fd, char name[PUBLISH_NAME_LEN + 1])
{
	ssize_t len = readlinkat(public_fd, LINK, name, PUBLISH_NAME_LEN + 1);

	name[len == PUBLISH_NAME_LEN ? len : 0] = '\0';
}

static int move_link(
    int public_fd, const char *name, struct portbook_error *err)
{
	if (unlinkat(public_fd, LINK_STAGE, 0) < 0 && errno != ENOENT)
		return failed(err, "cannot remove", LINK_STAGE);
	if (symlinkat(name, public_fd, LINK_STAGE) < 0)
		return failed(err, "cannot make the link", LINK_STAGE);
	if (renameat(public_fd, LINK_STAGE, public_fd, LINK) < 0)
		return failed(err, "cannot move the link", LINK);
	if (fsync(public_fd) < 0)
		return failed(err, "cannot keep the link", LINK);
	return 0;
}

static bool is_version_name(const char *name)
{
	size_t len = strspn(name, "0123456789abcdef");

	return len == PUBLISH_NAME_LEN && name[len] == '\0';
}

/*
 * Removes all versions but two.  What cannot be removed stays: it is in
 * nobody's way.
 */
static void drop_old(int public_fd, const char *keep, const char *before)
{
	int fd = openat(public_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (is_version_name(entry->d_name) &&
		    strcmp(entry->d_name, keep) != 0 &&
		    strcmp(entry->d_name, before) != 0)
			remove_folder(public_fd, entry->d_name, NULL);
	closedir(dir);
}

int publish(const struct state *s, struct span image, publish_fill *fill,
    void *ctx, char name[PUBLISH_NAME_LEN + 1], struct portbook_error *err)
{
	char before[PUBLISH_NAME_LEN + 2];
	int code;

	read_current(s->public_fd, before);
	name_of(image, name);
	code = remove_folder(s->public_fd, STAGE, err);
	if (code == 0)
		code = remove_folder(s->public_fd, BROKEN, err);
	if (code < 0)
		return code;
	code = fill_stage(s->public_fd, image, fill, ctx, err);
	if (code == 0 && is_whole(s->public_fd, name))
		code = remove_folder(s->public_fd, STAGE, err);
	else if (code == 0)
		code = name_stage(s->public_fd, name, err);
	if (code < 0) {
		remove_folder(s->public_fd, STAGE, NULL);
		return code;
	}
	if (fsync(s->public_fd) < 0)
		return failed(err, "cannot keep the folder", name);
	code = move_link(s->public_fd, name, err);
	if (code < 0)
		return code;
	if (strcmp(before, name) != 0)
		drop_old(s->public_fd, name, before);
	return 0;
}
