/* SPDX-License-Identifier: ISC */
#include "admin/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "read/limits.h"
#include "read/stream.h"
#include "read/tar.h"
#include "base/banned.h"

#define FILE_COUNT_MAX ((size_t)1 << 20)
#define DEPTH_MAX 64

/* A file to be read, or a path at which something is wrong. */
struct listed {
	char *path; /* owned */
	uint64_t len;
	int system; /* errno, or 0 */
};

struct archive {
	struct listed *files; /* owned */
	size_t count, cap;
	size_t at; /* the file that is next */
	uint64_t len, done;

	int fd; /* of the archive that is open, else -1 */
	struct stream stream;
	struct tar tar;
};

static int failed(struct portbook_error *err, int code, int system,
    const char *path, const char *what)
{
	error_set(err, code, system, "%s", what);
	error_locate(err, path, 0, 0);
	return code;
}

/* Takes path over. */
static int add_file(struct archive *a, char *path, uint64_t len, int system,
    struct portbook_error *err)
{
	struct listed *grown;

	if (a->count == FILE_COUNT_MAX) {
		mem_release(path);
		return error_set(err, PORTBOOK_ELIMIT, 0,
		    "more than %zu files: import them in parts",
		    FILE_COUNT_MAX);
	}
	grown = mem_grow(a->files, a->count, &a->cap, sizeof(*a->files));
	if (grown == NULL) {
		mem_release(path);
		return error_nomem(err);
	}
	a->files = grown;
	a->files[a->count++] = (struct listed){path, len, system};
	a->len += len;
	return 0;
}

static char *join(const char *folder, const char *name)
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, folder);
	if (name[0] != '\0' && b.len > 0 && b.ptr[b.len - 1] != '/')
		buf_char(&b, '/');
	buf_str(&b, name);
	buf_char(&b, '\0');
	if (!buf_failed(&b))
		return b.ptr;
	buf_release(&b);
	return NULL;
}

/* Whether a name is that of a version. */
static bool counts(struct span name)
{
	if (span_ends(name, SPAN(".gz")))
		name.len -= 3;
	else if (span_ends(name, SPAN(".zst")))
		name.len -= 4;
	return span_ends(name, SPAN(".xml")) || span_ends(name, SPAN(".csv"));
}

static int list(struct archive *a, const char *folder, const char *name,
    unsigned depth, struct portbook_error *err);

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int list_folder(struct archive *a, const char *path, unsigned depth,
    struct portbook_error *err)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, NULL, by_name), code = 0;

	if (count < 0 && errno == ENOMEM)
		return error_nomem(err);
	if (count < 0) {
		char *copy = join(path, "");

		return copy == NULL ? error_nomem(err)
				    : add_file(a, copy, 0, errno, err);
	}
	for (int i = 0; i < count; i++) {
		/* What begins with a dot is nobody's to see. */
		if (code == 0 && entries[i]->d_name[0] != '.')
			code = list(a, path, entries[i]->d_name, depth, err);
		mem_release(entries[i]);
	}
	mem_release(entries);
	return code;
}

/* Named itself (depth 0), or found in a folder. */
static int list(struct archive *a, const char *folder, const char *name,
    unsigned depth, struct portbook_error *err)
{
	char *path = join(folder, name);
	struct stat st;
	int code = 0;

	if (path == NULL)
		return error_nomem(err);
	if (stat(path, &st) < 0)
		return add_file(a, path, 0, errno, err);
	if (S_ISDIR(st.st_mode)) {
		/* A link back up would never end. */
		if (depth > 0 && (lstat(path, &st) < 0 || S_ISLNK(st.st_mode)))
			code = 0;
		else if (depth == DEPTH_MAX)
			return add_file(a, path, 0, ELOOP, err);
		else
			code = list_folder(a, path, depth + 1, err);
	} else if (depth == 0 ||
		   (S_ISREG(st.st_mode) && counts(span_str(name))))
		return add_file(a, path, (uint64_t)st.st_size, 0, err);
	mem_release(path);
	return code;
}

int archive_open(char *const *paths, size_t count, struct archive **ret,
    struct portbook_error *err)
{
	struct archive *a = mem_zalloc(1, sizeof(*a));
	int code = 0;

	if (a == NULL)
		return error_nomem(err);
	a->fd = -1;
	for (size_t i = 0; code == 0 && i < count; i++)
		code = list(a, paths[i], "", 0, err);
	if (code < 0)
		archive_close(a);
	else
		*ret = a;
	return code;
}

static void close_tar(struct archive *a)
{
	if (a->fd < 0)
		return;
	tar_release(&a->tar);
	stream_close(&a->stream);
	close(a->fd);
	a->fd = -1;
	a->done += a->files[a->at].len;
	a->at++;
}

void archive_close(struct archive *a)
{
	if (a == NULL)
		return;
	close_tar(a);
	for (size_t i = 0; i < a->count; i++)
		mem_release(a->files[i].path);
	mem_release(a->files);
	mem_release(a);
}

void archive_item_release(struct archive_item *item)
{
	mem_release(item->name);
	mem_release(item->bytes);
	if (item->fd >= 0)
		close(item->fd);
	*item = (struct archive_item){.fd = -1};
}

/* From behind the last separator on. */
static struct span last_part(struct span path)
{
	size_t at = path.len;

	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return span_skip(path, at);
}

struct span archive_item_base(const struct archive_item *item)
{
	return span_skip(span_str(item->name), item->base);
}

struct span archive_item_from(const struct archive_item *item)
{
	return last_part(span_head(span_str(item->name), item->from_len));
}

static bool is_tar(int fd, const char *path)
{
	char block[TAR_BLOCK_LEN];
	struct stream s;
	bool is;

	stream_open_fd(&s, fd, path);
	is = stream_read(&s, block, sizeof(block)) == sizeof(block) &&
	     tar_is(block);
	stream_close(&s);
	return is;
}

static int read_file(
    int fd, size_t len, struct archive_item *ret, struct portbook_error *err)
{
	char *bytes = mem_alloc(len + 1, 1);
	size_t got = 0;

	if (bytes == NULL)
		return error_nomem(err);
	while (got < len) {
		ssize_t step = read(fd, bytes + got, len - got);

		if (step < 0 && errno == EINTR)
			continue;
		if (step < 0) {
			mem_release(bytes);
			return error_set(
			    err, PORTBOOK_EIO, errno, "cannot be read");
		}
		if (step == 0)
			break;
		got += (size_t)step;
	}
	ret->bytes = bytes;
	ret->len = got;
	return 0;
}

/* The file at a->at, opened; 1 for an archive, which is then open. */
static int open_file(struct archive *a, int fd, struct archive_item *ret)
{
	const struct listed *file = &a->files[a->at];
	struct portbook_error *err = &ret->err;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return failed(
		    err, PORTBOOK_EIO, errno, file->path, "cannot be opened");
	if (!S_ISREG(st.st_mode))
		return failed(err, PORTBOOK_EFORMAT, 0, file->path,
		    "neither a file nor a folder");
	if (is_tar(fd, file->path)) {
		if (lseek(fd, 0, SEEK_SET) < 0)
			return failed(err, PORTBOOK_EIO, errno, file->path,
			    "cannot be reread");
		a->fd = fd;
		stream_open_fd(&a->stream, fd, file->path);
		stream_expect_archive(&a->stream);
		tar_init(&a->tar, &a->stream);
		return 1;
	}
	if ((uint64_t)st.st_size > LIMIT_SOURCE_LEN)
		return failed(err, PORTBOOK_ELIMIT, 0, file->path,
		    "larger than any registry");
	if (lseek(fd, 0, SEEK_SET) < 0)
		return failed(
		    err, PORTBOOK_EIO, errno, file->path, "cannot be reread");
	if ((uint64_t)st.st_size <= LIMIT_MEMBER_LEN)
		return read_file(fd, (size_t)st.st_size, ret, err);
	ret->fd = fd;
	return 0;
}

/* 1 with an item, 0 where an archive was opened, or PORTBOOK_ENOMEM. */
static int next_file(
    struct archive *a, struct archive_item *ret, struct portbook_error *err)
{
	const struct listed *file = &a->files[a->at];
	int fd = -1, code;

	if (file->system != 0) {
		code = failed(&ret->err,
		    file->system == ENOENT ? PORTBOOK_ENODATA : PORTBOOK_EIO,
		    file->system, file->path, "cannot be opened");
	} else {
		/* A pipe must not make anybody wait. */
		fd = open(
		    file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		code = open_file(a, fd, ret);
	}
	if (code == 1)
		return 0;
	if (fd >= 0 && ret->fd != fd)
		close(fd);
	ret->name = join(file->path, "");
	ret->base = strlen(file->path) - last_part(span_str(file->path)).len;
	a->done += file->len;
	a->at++;
	if (ret->name == NULL || code == PORTBOOK_ENOMEM) {
		archive_item_release(ret);
		return error_nomem(err);
	}
	if (code < 0 && ret->err.source[0] == '\0')
		error_locate(&ret->err, ret->name, 0, 0);
	ret->code = code;
	return 1;
}

/* "ARCHIVE: MEMBER", the member's name without its folders. */
static bool name_member(
    struct archive_item *item, const char *archive, const char *member)
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, archive);
	item->from_len = b.len;
	buf_str(&b, ": ");
	item->base = b.len;
	buf_add(&b, last_part(span_str(member)));
	buf_char(&b, '\0');
	if (!buf_failed(&b)) {
		item->name = b.ptr;
		return true;
	}
	buf_release(&b);
	return false;
}

static int read_member(struct archive *a, const struct tar_member *member,
    struct archive_item *ret)
{
	if (member->len > LIMIT_MEMBER_LEN)
		return error_set(&ret->err, PORTBOOK_ELIMIT, 0,
		    "a member of more than %llu bytes: extract it and import "
		    "the file",
		    (unsigned long long)LIMIT_MEMBER_LEN);
	ret->bytes = mem_alloc((size_t)member->len + 1, 1);
	if (ret->bytes == NULL)
		return error_nomem(&ret->err);
	ret->len = (size_t)member->len;
	return tar_read(&a->tar, ret->bytes, ret->len, &ret->err);
}

/* 1 with an item, 0 at the end of the archive, or PORTBOOK_ENOMEM. */
static int next_member(
    struct archive *a, struct archive_item *ret, struct portbook_error *err)
{
	const char *path = a->files[a->at].path;
	struct tar_member member;
	int code;

	do {
		code = tar_next(&a->tar, &member, &ret->err);
		if (code == 0) {
			close_tar(a);
			return 0;
		}
	} while (
	    code == 1 && !(member.is_file && counts(span_str(member.name))));
	if (code == 1) {
		code = name_member(ret, path, member.name)
			   ? read_member(a, &member, ret)
			   : error_nomem(&ret->err);
	} else {
		ret->name = join(path, "");
	}
	if (code == PORTBOOK_ENOMEM || ret->name == NULL) {
		archive_item_release(ret);
		return error_nomem(err);
	}
	if (code < 0)
		error_locate(&ret->err, ret->name, 0, 0);
	ret->code = code;
	return 1;
}

int archive_next(
    struct archive *a, struct archive_item *ret, struct portbook_error *err)
{
	int code = 0;

	*ret = (struct archive_item){.fd = -1};
	while (code == 0 && a->at < a->count)
		code = a->fd >= 0 ? next_member(a, ret, err)
				  : next_file(a, ret, err);
	return code;
}

uint64_t archive_len(const struct archive *a)
{
	return a->len;
}

uint64_t archive_done(const struct archive *a)
{
	uint64_t done = a->done;

	if (a->fd >= 0)
		done += a->stream.input_len;
	return done < a->len ? done : a->len;
}
