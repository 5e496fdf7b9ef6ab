/* SPDX-License-Identifier: ISC */
#include "admin/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admin/file.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/banned.h"

#define TAGS_FD 3 /* where the program writes the tags of what came */
#define EXIT_SAME 1
#define KEPT_MAX 4096

extern char **environ;

static int start(const char *program, const char *url, int fd, int tags_fd,
    const struct fetch_tags *tags, pid_t *ret)
{
	char *argv[] = {(char *)program, (char *)"--tags-to", (char *)"3",
	    (char *)"--etag", (char *)tags->etag, (char *)"--modified",
	    (char *)tags->modified, (char *)"--", (char *)url, NULL};
	posix_spawn_file_actions_t actions;
	int failure = posix_spawn_file_actions_init(&actions);

	if (failure != 0)
		return failure;
	failure = posix_spawn_file_actions_adddup2(&actions, fd, 1);
	if (failure == 0)
		failure = posix_spawn_file_actions_adddup2(
		    &actions, tags_fd, TAGS_FD);
	if (failure == 0)
		failure =
		    posix_spawn(ret, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

/*
 * A line of the program's, or of the file's: printable ASCII, since it goes
 * into a header and comes from one.
 */
static bool take_line(struct span *rest, char *ret, size_t cap)
{
	struct span line = span_cut(rest, '\n');

	if (line.len >= cap)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] < ' ' || line.ptr[i] > '~')
			return false;
	memcpy(ret, line.ptr, line.len);
	ret[line.len] = '\0';
	return true;
}

static void parse_tags(struct span text, struct fetch_tags *ret)
{
	if (!take_line(&text, ret->etag, sizeof(ret->etag)) ||
	    !take_line(&text, ret->modified, sizeof(ret->modified)))
		*ret = (struct fetch_tags){{0}, {0}};
}

/* What lies in the pipe, whose other end is closed; it holds all of it. */
static void read_tags(int fd, struct fetch_tags *ret)
{
	char text[1024];
	ssize_t len = read(fd, text, sizeof(text));

	parse_tags(span_of(text, len > 0 ? (size_t)len : 0), ret);
}

static int wait_for(
    pid_t child, const char *program, int *status, struct portbook_error *err)
{
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot wait for %s", program);
	return 0;
}

static bool has_tags(const struct fetch_tags *tags)
{
	return tags->etag[0] != '\0' || tags->modified[0] != '\0';
}

/* What the program's end means; "the same" only where it was asked. */
static int judge(int status, const struct fetch_tags *tags, const char *url,
    enum fetch_result *ret, struct portbook_error *err)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (code == 0)
		*ret = FETCH_NEW;
	else if (code == EXIT_SAME && has_tags(tags))
		*ret = FETCH_SAME;
	else
		return error_set(err, PORTBOOK_ENETWORK, 0,
		    "%s could not be fetched; what was there still is", url);
	return 0;
}

static int run(const char *program, const char *url, int fd,
    struct fetch_tags *tags, enum fetch_result *ret, struct portbook_error *err)
{
	int failure, status = -1, code = 0, ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot make a pipe");
	failure = start(program, url, fd, ends[1], tags, &child);
	close(ends[1]);
	if (failure != 0)
		code = error_set(
		    err, PORTBOOK_EIO, failure, "cannot run %s", program);
	if (code == 0)
		code = wait_for(child, program, &status, err);
	if (code == 0)
		code = judge(status, tags, url, ret, err);
	if (code == 0 && *ret == FETCH_NEW)
		read_tags(ends[0], tags);
	close(ends[0]);
	return code;
}

int fetch(const char *program, const char *url, int fd, struct fetch_tags *tags,
    enum fetch_result *ret, struct portbook_error *err)
{
	int code = run(program, url, fd, tags, ret, err);

	if (code == 0 && lseek(fd, 0, SEEK_SET) < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot reread what came");
	return code;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static bool parse_digest(const char *text, uint8_t digest[REGISTRY_DIGEST_LEN])
{
	for (size_t i = 0; i < REGISTRY_DIGEST_LEN; i++) {
		int high = digit_of(text[2 * i]);
		int low = high < 0 ? -1 : digit_of(text[2 * i + 1]);

		if (low < 0)
			return false;
		digest[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* file = url LF digest LF etag LF modified LF */
bool fetch_tags_load(const char *path, const char *url, struct fetch_tags *ret,
    uint8_t digest[REGISTRY_DIGEST_LEN])
{
	char text[KEPT_MAX], hex[2 * REGISTRY_DIGEST_LEN + 1] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));
	struct span rest = span_of(text, len > 0 ? (size_t)len : 0);

	*ret = (struct fetch_tags){{0}, {0}};
	if (fd >= 0)
		close(fd);
	if (!span_eq(span_cut(&rest, '\n'), span_str(url)) ||
	    !take_line(&rest, hex, sizeof(hex)) || !parse_digest(hex, digest))
		return false;
	parse_tags(rest, ret);
	return has_tags(ret);
}

void fetch_tags_keep(const char *path, const char *url,
    const struct fetch_tags *tags, const uint8_t digest[REGISTRY_DIGEST_LEN])
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, url);
	buf_char(&b, '\n');
	for (size_t i = 0; i < REGISTRY_DIGEST_LEN; i++)
		buf_printf(&b, "%02x", digest[i]);
	buf_printf(&b, "\n%s\n%s\n", tags->etag, tags->modified);
	if (!buf_failed(&b) && b.len <= KEPT_MAX)
		file_replace(path, buf_span(&b), 0600, NULL);
	buf_release(&b);
}
