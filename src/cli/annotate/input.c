/* SPDX-License-Identifier: ISC */
#include "cli/annotate/input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/annotate/header.h"
#include "base/banned.h"

int input_open(const char *path, const struct annotate_ask *ask,
    struct input *ret, struct portbook_error *err)
{
	*ret = (struct input){
	    .fd = STDIN_FILENO,
	    .name = "standard input",
	    .find = marks_best(),
	    .chunk_len = ask->jobs > 1 ? INPUT_CHUNK_SHARED : INPUT_CHUNK,
	    .record_max = INPUT_RECORD_MAX,
	};
	shape_init(ask, &ret->shape);
	if (strcmp(path, "-") == 0)
		return 0;
	ret->name = path;
	ret->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ret->fd >= 0) {
		(void)posix_fadvise(ret->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		return 0;
	}
	error_set(err, PORTBOOK_EIO, errno, "cannot open");
	error_locate(err, path, 0, 0);
	return PORTBOOK_EIO;
}

void input_close(struct input *in)
{
	if (in->fd > STDERR_FILENO)
		close(in->fd);
	in->fd = -1;
	shape_release(&in->shape);
}

/* What the chunk before left, at the start of this one. */
static int take_rest(
    struct input *in, struct chunk *c, struct portbook_error *err)
{
	const struct chunk *before = in->before;
	size_t rest = before != NULL ? before->len - before->end : 0;
	int code = chunk_reserve(c, rest + in->chunk_len, err);

	if (code < 0)
		return code;
	if (rest > 0)
		memmove(c->text, before->text + before->end, rest);
	c->len = rest;
	c->begin = 0;
	c->end = 0;
	c->done = 0;
	c->raw = false;
	c->unmarked = false;
	c->broken = false;
	c->counts = (struct chunk_counts){0};
	buf_clear(&c->out);
	in->before = c;
	return 0;
}

static int read_more(
    struct input *in, struct chunk *c, struct portbook_error *err)
{
	ssize_t n;

	if (c->cap - c->len < in->chunk_len / 2 + 1) {
		int code = chunk_reserve(c, 2 * c->cap, err);

		if (code < 0)
			return code;
	}
	do
		n = read(in->fd, c->text + c->len, c->cap - c->len);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		error_set(err, PORTBOOK_EIO, errno, "cannot read");
		error_locate(err, in->name, 0, 0);
		return PORTBOOK_EIO;
	}
	c->len += (size_t)n;
	in->ended = n == 0;
	in->unended = n > 0 ? c->text[c->len - 1] != '\n' : in->unended;
	memset(c->text + c->len, 0, MARKS_BLOCK);
	return 0;
}

/* Passes on what there is of a record that is too long. */
static void skip_record(struct input *in, struct chunk *c)
{
	struct span text = span_of(c->text, c->len);
	size_t end = span_find_char(text, 0, '\n');

	c->raw = true;
	c->end = end < c->len ? end + 1 : c->len;
	in->skipping = end == c->len;
}

/* The end of input ends a record, too. */
static void end_last(struct chunk *c, bool open)
{
	size_t word = c->len / MARKS_BLOCK;

	if (c->end == c->len)
		return;
	c->marks.lines[word] |= UINT64_C(1) << c->len % MARKS_BLOCK;
	c->end = c->len;
	c->broken = open;
	c->counts.broken += open;
}

/* Where no quotes are, a chunk ends with its last line and is split later. */
static bool may_split(const struct input *in, const struct chunk *c)
{
	return in->shaped && c->split != NULL &&
	       (in->shape.kind == SHAPE_TSV || in->shape.kind == SHAPE_BLANKS);
}

static void find_last_line(struct input *in, struct chunk *c)
{
	const char *newline = memrchr(c->text, '\n', c->len);

	c->unmarked = true;
	c->end = newline != NULL ? (size_t)(newline - c->text) + 1 : 0;
	if (in->ended && c->end < c->len) {
		c->text[c->len] = '\n';
		c->end = c->len;
	}
}

static void find_last_record(struct input *in, struct chunk *c)
{
	bool open = marks_make(in->find, c->text, c->len, &c->bytes, &c->marks);

	c->end = marks_last(c->marks.lines, c->len);
	if (in->ended)
		end_last(c, open);
}

/* Where records end in what has been read; false: more is needed. */
static bool find_end(struct input *in, struct chunk *c)
{
	c->bytes = shape_bytes(&in->shape);
	c->bytes.start = c->begin;
	if (may_split(in, c))
		find_last_line(in, c);
	else
		find_last_record(in, c);
	if (!in->ended && c->end == 0 && c->len >= in->record_max) {
		skip_record(in, c);
		c->counts.records++;
		c->counts.unchanged++;
		c->counts.overlong++;
	}
	return c->end > 0;
}

/* Finds out how the input is laid out; 0: more is needed. */
static int find_shape(
    struct input *in, struct chunk *c, struct portbook_error *err)
{
	bool at_end = in->ended || c->len >= in->record_max;
	int code;

	if (!header_detect(&in->shape, c, at_end))
		return 0;
	if (!find_end(in, c))
		return 0;
	code = c->raw ? header_missing(&in->shape, err)
		      : header_read(&in->shape, c, at_end, err);
	in->shaped = code > 0;
	return code;
}

/* Whether the chunk is as it should be; 0: more is needed. */
static int look_at(
    struct input *in, struct chunk *c, struct portbook_error *err)
{
	int code;

	if (in->skipping) {
		skip_record(in, c);
		return c->end > 0;
	}
	code = in->shaped ? find_end(in, c) : find_shape(in, c, err);
	if (code > 0 && in->shape.zeek && !c->raw &&
	    header_check(&in->shape, c, err) < 0)
		code = PORTBOOK_EFORMAT;
	if (code < 0)
		error_locate(err, in->name, 0, 0);
	return code;
}

int input_fill(struct input *in, struct chunk *ret, struct portbook_error *err)
{
	int code = take_rest(in, ret, err);

	if (code == 0 && in->ended && ret->len > 0)
		return look_at(in, ret, err);
	while (code == 0 && !in->ended) {
		code = read_more(in, ret, err);
		if (code == 0 && ret->len > 0)
			code = look_at(in, ret, err);
	}
	return code;
}
