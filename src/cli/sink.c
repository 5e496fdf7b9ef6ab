/* SPDX-License-Identifier: ISC */
#include "cli/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/banned.h"

/* A file that standard output goes to may be one that others append to. */
static bool is_standard_output(const char *path)
{
	struct stat st, out;

	return stat(path, &st) == 0 && fstat(STDOUT_FILENO, &out) == 0 &&
	       st.st_dev == out.st_dev && st.st_ino == out.st_ino;
}

/*
 * What is there already: its own name, and whether it is a plain file.  A pipe
 * has no name, whatever a link to it says.
 */
static bool look_at(const char *path, char target[PATH_MAX])
{
	struct stat st;
	bool plain = stat(path, &st) < 0 || S_ISREG(st.st_mode);

	if (!plain || realpath(path, target) == NULL)
		snprintf(target, PATH_MAX, "%s", path);
	return plain;
}

int sink_open(const char *path, struct sink *ret, struct portbook_error *err)
{
	int len = 0;

	if (path != NULL && is_standard_output(path))
		path = NULL;
	ret->path = path;
	ret->fd = STDOUT_FILENO;
	ret->beside[0] = '\0';
	if (path == NULL)
		return 0;
	if (!look_at(path, ret->target)) {
		ret->fd = open(ret->target, O_WRONLY | O_CLOEXEC);
		if (ret->fd < 0)
			return error_set(
			    err, PORTBOOK_EIO, errno, "cannot write %s", path);
		return 0;
	}
	len = snprintf(
	    ret->beside, sizeof(ret->beside), "%s.XXXXXX", ret->target);
	if (len < 0 || (size_t)len >= sizeof(ret->beside))
		return error_set(
		    err, PORTBOOK_EIO, ENAMETOOLONG, "cannot write the file");
	ret->fd = mkostemp(ret->beside, O_CLOEXEC);
	if (ret->fd < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot write beside %s", path);
	return 0;
}

int sink_drain(void *ctx, struct buf *b, struct portbook_error *err)
{
	struct sink *sink = ctx;
	struct span rest = buf_span(b);

	while (rest.len > 0) {
		ssize_t len = write(sink->fd, rest.ptr, rest.len);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot write %s",
			    sink->path != NULL ? sink->path
					       : "to standard output");
		rest = span_skip(rest, (size_t)len);
	}
	buf_clear(b);
	return 0;
}

/* That of the file that was there, or of any that this process makes. */
static mode_t mode_of(const char *target)
{
	struct stat st;
	mode_t mask;

	if (stat(target, &st) == 0)
		return st.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

int sink_close(struct sink *sink, int code, struct portbook_error *err)
{
	if (sink->path == NULL)
		return code;
	if (sink->beside[0] == '\0') {
		close(sink->fd);
		return code;
	}
	if (code == 0 &&
	    (fchmod(sink->fd, mode_of(sink->target)) < 0 ||
		fsync(sink->fd) < 0 || rename(sink->beside, sink->target) < 0))
		code = error_set(
		    err, PORTBOOK_EIO, errno, "cannot write %s", sink->path);
	close(sink->fd);
	if (code < 0)
		unlink(sink->beside);
	return code;
}
