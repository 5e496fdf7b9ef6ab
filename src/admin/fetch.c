/* SPDX-License-Identifier: ISC */
#include "admin/fetch.h"

#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/banned.h"

extern char **environ;

static int start(const char *program, const char *url, int fd, pid_t *ret)
{
	char *argv[] = {(char *)program, (char *)url, NULL};
	posix_spawn_file_actions_t actions;
	int failure = posix_spawn_file_actions_init(&actions);

	if (failure != 0)
		return failure;
	failure = posix_spawn_file_actions_adddup2(&actions, fd, 1);
	if (failure == 0)
		failure =
		    posix_spawn(ret, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

int fetch(
    const char *program, const char *url, int fd, struct portbook_error *err)
{
	int failure, status;
	pid_t child;

	failure = start(program, url, fd, &child);
	if (failure != 0)
		return error_set(
		    err, PORTBOOK_EIO, failure, "cannot run %s", program);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot wait for %s", program);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return error_set(err, PORTBOOK_ENETWORK, 0,
		    "%s could not be fetched; what was there still is", url);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot reread what came");
	return 0;
}
