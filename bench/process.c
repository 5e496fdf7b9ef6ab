/* SPDX-License-Identifier: ISC */
/* A whole process, from spawn to wait. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 501

struct command {
	const char *const *argv;
	posix_spawn_file_actions_t *actions;
	int status; /* that it must end with */
};

static void run(void *ctx)
{
	const struct command *c = ctx;
	int status = -1;
	pid_t pid;
	int code = posix_spawn(&pid, c->argv[0], c->actions, NULL,
	    (char *const *)c->argv, environ);

	if (code != 0)
		die("%s: %s", c->argv[0], strerror(code));
	if (wait4(pid, &status, 0, NULL) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != c->status)
		die("%s ended with status %d", c->argv[0], status);
}

/* A state folder with the image in it, where portbook looks by itself. */
static void state_make(const struct bench *b, char *state, size_t cap)
{
	static const char *const folders[] = {
	    "", "/public", "/public/1", "/public/1/bench"};
	char path[8400], digest[8400];

	snprintf(state, cap, "%s/state", b->tmp);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", state, folders[i]);
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			die("%s: cannot be made", path);
	}
	snprintf(digest, sizeof(digest), "%s/registry.image", path);
	if (link(b->image_path, digest) < 0 && errno != EEXIST)
		die("%s: cannot be made", digest);
	snprintf(path, sizeof(path), "%s/public/1/current", state);
	if (symlink("bench", path) < 0 && errno != EEXIST)
		die("%s: cannot be made", path);
}

/* https, or where that is not known some other name. */
static const char *a_name(const struct bench *b)
{
	const struct registry *r = &b->registry;

	for (size_t i = 0; i < r->record_count; i++) {
		uint32_t name = r->records[i].text[FIELD_NAME];

		if (image_by_name(&b->image, SPAN("https")) == NULL &&
		    name != 0)
			return registry_text(r, name).ptr;
	}
	return "https";
}

void bench_process(struct bench *b)
{
	char portbook[4200], nothing[4200], state[4200];
	const char *const ours_argv[] = {portbook, "443", NULL};
	const char *const path_argv[] = {
	    portbook, "--registry", b->image_path, "443", NULL};
	const char *const name_argv[] = {portbook, a_name(b), NULL};
	const char *const nothing_argv[] = {nothing, NULL};
	const char *const getent_argv[] = {
	    "/usr/bin/getent", "services", "443/tcp", NULL};
	posix_spawn_file_actions_t actions;
	struct command c[] = {{ours_argv, &actions, 0},
	    {nothing_argv, &actions, 0}, {path_argv, &actions, 0},
	    {name_argv, &actions, 0}, {getent_argv, &actions, 0}};
	struct racer r[] = {{run, &c[0], 1, 0}, {run, &c[1], 1, 0},
	    {run, &c[2], 1, 0}, {run, &c[3], 1, 0}, {run, &c[4], 1, 0}};
	bool getent;

	title("A whole process");
	snprintf(portbook, sizeof(portbook), "%s/portbook", b->programs);
	snprintf(nothing, sizeof(nothing), "%s/nothing", b->folder);
	if (access(portbook, X_OK) < 0) {
		fault("%s is not built", portbook);
		return;
	}
	state_make(b, state, sizeof(state));
	setenv("PORTBOOK_REGISTRY", state, 1);
	getent = run_program(getent_argv) == 0;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	race_rounds(r, getent ? 5 : 4, ROUNDS);
	posix_spawn_file_actions_destroy(&actions);
	unsetenv("PORTBOOK_REGISTRY");
	row("portbook 443", r[0].ns, "a program that does nothing", r[1].ns,
	    1.15);
	row("portbook NAME", r[3].ns, "a program that does nothing", r[1].ns,
	    1.15);
	row("portbook --registry IMAGE 443", r[2].ns,
	    "a program that does nothing", r[1].ns, 0);
	if (getent)
		row("portbook 443", r[0].ns, "getent services 443/tcp", r[4].ns,
		    0);
	else
		note("getent services 443/tcp finds nothing here");
}
