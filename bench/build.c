/* SPDX-License-Identifier: ISC */
/* Building the image, and what memory that takes. */
#include "harness.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "imagebuild/imagebuild.h"
#include "read/read.h"

struct task {
	const struct registry *registry;
	struct imagebuild_options options;
};

static void build(const struct registry *r,
    const struct imagebuild_options *options, uint8_t **ret, size_t *ret_len)
{
	struct portbook_error err = {0};
	struct timeline t;

	if (timeline_init(&t, &err) < 0 || timeline_append(&t, r, &err) < 0 ||
	    imagebuild(&t, options, ret, ret_len, &err) < 0)
		die("building: %s", err.text);
	timeline_release(&t);
}

static void ours(void *ctx)
{
	const struct task *task = ctx;
	uint8_t *bytes;
	size_t len;

	build(task->registry, &task->options, &bytes, &len);
	bench_sink += len;
	mem_release(bytes);
}

static void append_only(void *ctx)
{
	const struct task *task = ctx;
	struct timeline t;

	if (timeline_init(&t, NULL) < 0 ||
	    timeline_append(&t, task->registry, NULL) < 0)
		die("timeline: out of memory");
	bench_sink += t.row_count;
	timeline_release(&t);
}

void build_once(const char *xml, uint8_t **ret, size_t *ret_len)
{
	const struct imagebuild_options options = {.source = SPAN("bench")};
	struct portbook_error err = {0};
	struct registry r;

	if (read_registry(xml, &r, NULL, &err) < 0)
		die("%s: %s", xml, err.text);
	build(&r, &options, ret, ret_len);
	registry_release(&r);
}

/* The child says what its memory was: see main.c, "memory". */
static double child_memory(
    const char *folder, const char *xml, const char *mode)
{
	char program[4200], answer[64] = "";
	const char *argv[] = {program, mode, xml, NULL};
	posix_spawn_file_actions_t actions;
	size_t len = 0;
	ssize_t got;
	int fds[2], status = -1;
	pid_t pid;

	snprintf(program, sizeof(program), "%s/bench", folder);
	if (pipe2(fds, O_CLOEXEC) < 0)
		die("pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	if (posix_spawn(
		&pid, program, &actions, NULL, (char **)argv, environ) != 0)
		die("%s: cannot be run", program);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	while ((got = read(fds[0], answer + len, sizeof(answer) - 1 - len)) > 0)
		len += (size_t)got;
	close(fds[0]);
	waitpid(pid, &status, 0);
	if (status != 0)
		fault("%s %s ended with status %d", program, mode, status);
	return strtod(answer, NULL);
}

void bench_build(struct bench *b)
{
	bool today = is_today(b);
	struct task all = {&b->registry, {.source = SPAN("bench")}};
	struct task bare = all, rows = all;
	struct racer one = {ours, &all, 1, 0};
	struct racer r[] = {
	    {ours, &all, 1, 0},
	    {ours, &bare, 1, 0},
	    {ours, &rows, 1, 0},
	    {append_only, &all, 1, 0},
	};

	bare.options.no_search = true;
	rows.options.rows_only = true;
	race(&one, 1);
	spread();
	race(r, 4);
	pin();
	title("Building");
	row_within(
	    "timeline and image, with indexes", r[0].ns, today ? 40e6 : 0);
	row_within("the same on one processor", one.ns, 0);
	row_within("the same without grams", r[1].ns, 0);
	row_within("the same of rows alone", r[2].ns, 0);
	row_within("of these the timeline", r[3].ns, 0);
	row_len("image", (double)b->built_len, 0);
	row_len("peak memory, reading",
	    child_memory(b->folder, b->xml, "--memory-read"), 0);
	row_len("peak memory, reading and building",
	    child_memory(b->folder, b->xml, "--memory-build"),
	    today ? 40e6 : 0);
}
