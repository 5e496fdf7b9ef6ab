/* SPDX-License-Identifier: ISC */
#include "cli/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/banned.h"

static int fail(struct lines *lines, struct portbook_error *err)
{
	error_set(err, PORTBOOK_EIO, errno, "cannot read");
	error_locate(err, lines->path, 0, 0);
	return PORTBOOK_EIO;
}

int lines_open(const char *path, struct lines *ret, struct portbook_error *err)
{
	ret->path = path;
	ret->line = 0;
	ret->ended = false;
	ret->at = 0;
	ret->len = 0;
	if (strcmp(path, "-") == 0) {
		ret->path = "standard input";
		ret->fd = STDIN_FILENO;
		return 0;
	}
	ret->fd = open(path, O_RDONLY | O_CLOEXEC);
	return ret->fd < 0 ? fail(ret, err) : 0;
}

/* Reads on behind what is there. */
static int fill(struct lines *lines, struct portbook_error *err)
{
	ssize_t n;

	memmove(lines->text, lines->text + lines->at, lines->len - lines->at);
	lines->len -= lines->at;
	lines->at = 0;
	if (lines->len == sizeof(lines->text)) {
		error_set(err, PORTBOOK_EUSAGE, 0,
		    "a line of more than %zu bytes", sizeof(lines->text));
		error_locate(err, lines->path, lines->line + 1, 0);
		return PORTBOOK_EUSAGE;
	}
	do
		n = read(lines->fd, lines->text + lines->len,
		    sizeof(lines->text) - lines->len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(lines, err);
	lines->len += (size_t)n;
	lines->ended = n == 0;
	return 0;
}

int lines_next(
    struct lines *lines, struct span *ret, struct portbook_error *err)
{
	for (;;) {
		struct span rest =
		    span_of(lines->text + lines->at, lines->len - lines->at);
		size_t end = span_find_char(rest, 0, '\n');
		int code;

		if (end < rest.len || (lines->ended && rest.len > 0)) {
			*ret = span_head(rest, end);
			lines->at += end < rest.len ? end + 1 : end;
			lines->line++;
			return 1;
		}
		if (lines->ended)
			return 0;
		code = fill(lines, err);
		if (code < 0)
			return code;
	}
}

void lines_close(struct lines *lines)
{
	if (lines->fd > STDERR_FILENO)
		close(lines->fd);
	lines->fd = -1;
}
