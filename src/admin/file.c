/* SPDX-License-Identifier: ISC */
#include "admin/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/banned.h"

int file_write_all(int fd, struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t len = write(fd, bytes.ptr, bytes.len);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -1;
		bytes = span_skip(bytes, (size_t)len);
	}
	return 0;
}

/* The folder that path is in, made durable; best effort is not enough. */
static int keep_folder(const char *path)
{
	struct span name = span_str(path);
	char folder[PATH_MAX];
	int fd, code;

	while (name.len > 0 && name.ptr[name.len - 1] != '/')
		name.len--;
	if (name.len >= sizeof(folder))
		return -1;
	snprintf(folder, sizeof(folder), "%.*s", SPAN_FMT(name));
	fd = open(
	    name.len > 0 ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	code = fsync(fd);
	close(fd);
	return code;
}

int file_replace(const char *path, struct span bytes, mode_t mode,
    struct portbook_error *err)
{
	char beside[PATH_MAX];
	int fd, len, system;

	len = snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	if (len < 0 || (size_t)len >= sizeof(beside))
		return error_set(
		    err, PORTBOOK_EIO, ENAMETOOLONG, "cannot write the file");
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot write beside %s", path);
	if (file_write_all(fd, bytes) == 0 && fchmod(fd, mode) == 0 &&
	    fsync(fd) == 0 && rename(beside, path) == 0 &&
	    keep_folder(path) == 0) {
		close(fd);
		return 0;
	}
	system = errno;
	close(fd);
	unlink(beside);
	return error_set(err, PORTBOOK_EIO, system, "cannot write %s", path);
}
