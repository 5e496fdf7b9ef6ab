/* SPDX-License-Identifier: ISC */
#include "read/read.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "read/csv.h"
#include "read/how.h"
#include "read/services.h"
#include "read/stream.h"
#include "read/window.h"
#include "read/xml.h"
#include "base/banned.h"

static int refuse(
    const struct window *w, struct portbook_error *err, const char *text)
{
	error_set(err, PORTBOOK_EFORMAT, 0, "%s", text);
	error_locate(err, w->stream->name, 1, 1);
	return PORTBOOK_EFORMAT;
}

/* UTF-16 and UTF-32 have a zero byte, or a mark, among the first four. */
static bool is_wide(struct span text)
{
	struct span first = span_head(text, 4);

	return span_find_char(first, 0, '\0') < first.len ||
	       span_starts(first, SPAN("\xfe\xff")) ||
	       span_starts(first, SPAN("\xff\xfe"));
}

/* What stands behind a mark and white space. */
static struct span first_text(const struct window *w)
{
	struct span text = buf_span(&w->bytes);

	if (span_starts(text, SPAN("\xef\xbb\xbf")))
		text = span_skip(text, 3);
	while (text.len > 0 && ascii_is_space(text.ptr[0]))
		text = span_skip(text, 1);
	return text;
}

static int read_text(struct window *w, const struct read_how *how,
    struct registry *ret, struct diag *diag, struct portbook_error *err)
{
	struct span text;
	int code;

	do {
		code = window_fill(w, 0, err);
		if (code < 0)
			return code;
		text = first_text(w);
	} while (text.len == 0 && !w->ended);
	if (w->bytes.len == 0)
		return refuse(w, err, "empty: no registry");
	if (is_wide(buf_span(&w->bytes)))
		return refuse(
		    w, err, "not UTF-8: convert it, or give another file");
	if (text.len > 0 && text.ptr[0] == '<')
		return xml_read(w, how, ret, diag, err);
	if (services_is(text))
		return services_read(w, ret, diag, err);
	return csv_read(w, ret, diag, err);
}

/* Takes the stream over. */
static int read_stream(struct stream *s, const struct read_how *how,
    struct registry *ret, struct diag *diag, struct portbook_error *err)
{
	struct window window;
	int code = registry_init(ret, err);

	window_init(&window, s);
	if (code == 0)
		code = read_text(&window, how, ret, diag, err);
	if (code == 0)
		code = stream_finish(s, ret->digest, err);
	ret->source_len = s->len;
	window_release(&window);
	stream_close(s);
	if (code < 0)
		registry_release(ret);
	return code;
}

int read_registry_fd(int fd, const char *name, struct registry *ret,
    struct diag *diag, struct portbook_error *err)
{
	struct stream stream;

	stream_open_fd(&stream, fd, name);
	return read_stream(&stream, &read_how_usual, ret, diag, err);
}

int read_registry_how(struct span bytes, const char *name,
    const struct read_how *how, struct registry *ret, struct diag *diag,
    struct portbook_error *err)
{
	struct stream stream;

	stream_open_memory(&stream, bytes, name);
	return read_stream(&stream, how, ret, diag, err);
}

int read_registry_memory(struct span bytes, const char *name,
    struct registry *ret, struct diag *diag, struct portbook_error *err)
{
	return read_registry_how(bytes, name, &read_how_usual, ret, diag, err);
}

int read_registry_alone(struct span bytes, const char *name,
    struct registry *ret, struct diag *diag, struct portbook_error *err)
{
	static const struct read_how whole = {.least = SIZE_MAX};

	return read_registry_how(bytes, name, &whole, ret, diag, err);
}

int read_registry(const char *path, struct registry *ret, struct diag *diag,
    struct portbook_error *err)
{
	int code, fd;

	if (strcmp(path, "-") == 0)
		return read_registry_fd(
		    STDIN_FILENO, "standard input", ret, diag, err);
	*ret = (struct registry){0};
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		code = error_set(err,
		    errno == ENOENT ? PORTBOOK_ENODATA : PORTBOOK_EIO, errno,
		    "cannot be opened");
		error_locate(err, path, 0, 0);
		return code;
	}
	code = read_registry_fd(fd, path, ret, diag, err);
	close(fd);
	return code;
}
