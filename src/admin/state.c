/* SPDX-License-Identifier: ISC */
#include "admin/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "image/layout.h"
#include "base/banned.h"

#define TEXT_OF(n) #n
#define MAJOR_TEXT(n) TEXT_OF(n)

static int failed(
    struct portbook_error *err, const char *what, const char *path)
{
	int system = errno;

	return error_set(err, PORTBOOK_EIO, system, "%s %s", what, path);
}

/*
 * Every folder of path that is not there yet, as mkdir -p does.  The last one
 * is for all to look into, whatever the umask.
 */
static int make_parents(char *path, struct portbook_error *err)
{
	for (char *at = path + 1; *at != '\0'; at++) {
		int made;

		if (*at != '/')
			continue;
		*at = '\0';
		made = mkdir(path, 0755);
		if (made < 0 && errno != EEXIST)
			return failed(err, "cannot make the folder", path);
		*at = '/';
	}
	if (mkdir(path, 0755) == 0 ? chmod(path, 0755) < 0 : errno != EEXIST)
		return failed(err, "cannot make the folder", path);
	return 0;
}

static int open_folder(
    int at, const char *name, mode_t mode, int *ret, struct portbook_error *err)
{
	bool made = mkdirat(at, name, mode) == 0;

	if (!made && errno != EEXIST)
		return failed(err, "cannot make the folder", name);
	*ret = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret < 0 || (made && fchmod(*ret, mode) < 0))
		return failed(err, "cannot open the folder", name);
	return 0;
}

static int open_folders(
    const char *path, struct state *s, struct portbook_error *err)
{
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int public = -1, incoming = -1, code;

	if (root < 0)
		return failed(err, "cannot open the folder", path);
	code = open_folder(root, "private", 0700, &s->private_fd, err);
	if (code == 0)
		code = open_folder(
		    s->private_fd, "incoming", 0700, &incoming, err);
	if (code == 0)
		code = open_folder(root, "public", 0755, &public, err);
	if (code == 0)
		code = open_folder(
		    public, MAJOR_TEXT(IMAGE_MAJOR), 0755, &s->public_fd, err);
	if (incoming >= 0)
		close(incoming);
	if (public >= 0)
		close(public);
	close(root);
	return code;
}

static int take_lock(
    struct state *s, const char *command, struct portbook_error *err)
{
	char holder[128];
	ssize_t len;

	s->lock_fd = openat(s->private_fd, "lock",
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock_fd < 0)
		return failed(err, "cannot open the lock in", s->path);
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return failed(err, "cannot lock", s->path);
		len = pread(s->lock_fd, holder, sizeof(holder) - 1, 0);
		holder[len > 0 ? len : 0] = '\0';
		return error_set(err, PORTBOOK_EBUSY, 0,
		    "%s is being written by %s; wait for it to end", s->path,
		    len > 0 ? holder : "another process");
	}
	len = snprintf(holder, sizeof(holder), "portbook %s, process %ld",
	    command, (long)getpid());
	if (len >= (ssize_t)sizeof(holder))
		len = (ssize_t)sizeof(holder) - 1;
	if (ftruncate(s->lock_fd, 0) < 0 ||
	    pwrite(s->lock_fd, holder, (size_t)len, 0) != len)
		return failed(err, "cannot write the lock in", s->path);
	return 0;
}

int state_open(const char *path, const char *command, struct state *ret,
    struct portbook_error *err)
{
	struct state s = {NULL, -1, -1, -1};
	struct buf name;
	int code;

	buf_init(&name);
	buf_str(&name, path);
	while (name.len > 1 && name.ptr[name.len - 1] == '/')
		name.len--;
	buf_char(&name, '\0');
	if (buf_failed(&name)) {
		buf_release(&name);
		return error_nomem(err);
	}
	s.path = name.ptr;
	code = make_parents(s.path, err);
	if (code == 0)
		code = open_folders(s.path, &s, err);
	if (code == 0)
		code = take_lock(&s, command, err);
	if (code < 0) {
		state_close(&s);
		return code;
	}
	*ret = s;
	return 0;
}

void state_close(struct state *s)
{
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->public_fd >= 0)
		close(s->public_fd);
	if (s->private_fd >= 0)
		close(s->private_fd);
	mem_release(s->path);
	*s = (struct state){NULL, -1, -1, -1};
}
