/* SPDX-License-Identifier: ISC */
#include "tool/programs.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/place.h"
#include "base/banned.h"

static bool try(char ret[PATH_MAX], const char *folder, const char *between,
    const char *name)
{
	int len = snprintf(ret, PATH_MAX, "%s%s/%s", folder, between, name);

	return len > 0 && len < PATH_MAX && access(ret, X_OK) == 0;
}

int program_path(
    const char *name, char ret[PATH_MAX], struct portbook_error *err)
{
	char folder[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	char *slash;

	/* A root that is being made may have no /proc yet. */
	if (len < 0 && try(ret, PORTBOOK_LIBEXECDIR, "", name))
		return 0;
	if (len < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot tell where this program is; is /proc mounted? "
		    "/proc/self/exe");
	folder[len] = '\0';
	slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	if (try(ret, folder, "", name) ||
	    try(ret, PORTBOOK_LIBEXECDIR, "", name) ||
	    try(ret, folder, "/../libexec/portbook", name) ||
	    try(ret, folder, "/../../bin", name))
		return 0;
	return error_set(err, PORTBOOK_EIO, 0,
	    "the program %s is not installed beside this one", name);
}

static int path_of(const char *name, char *ret, struct portbook_error *err)
{
	return program_path(name, ret, err);
}

const struct cli_host program_host = {PORTBOOK_VERSION, path_of};

int program_state(char ret[PATH_MAX], struct portbook_error *err)
{
	if (geteuid() == 0) {
		place_join(ret, PLACE_SYSTEM, "");
		return 0;
	}
	if (place_user(ret))
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "no home folder to keep state in; name one with --state");
}

int program_become_owner(const char *state, struct portbook_error *err)
{
	struct stat st;

	if (geteuid() != 0 || stat(state, &st) < 0 || st.st_uid == 0)
		return 0;
	if (setgroups(0, NULL) == 0 &&
	    setresgid(st.st_gid, st.st_gid, st.st_gid) == 0 &&
	    setresuid(st.st_uid, st.st_uid, st.st_uid) == 0)
		return 0;
	return error_set(err, PORTBOOK_EIO, errno,
	    "cannot become the user who owns %s", state);
}

int program_take_state(
    const char **state, char room[PATH_MAX], struct portbook_error *err)
{
	int code = 0;

	if (*state == NULL) {
		code = program_state(room, err);
		*state = room;
	}
	return code < 0 ? code : program_become_owner(*state, err);
}
