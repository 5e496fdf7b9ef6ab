/* SPDX-License-Identifier: ISC */
/* Where the programs and their state are. */
#ifndef TOOL_PROGRAMS_H
#define TOOL_PROGRAMS_H

#include <limits.h>

#include "cli/cli.h"
#include "portbook/error.h"

/* What the command line of this folder's programs knows of them. */
extern const struct cli_host program_host;

/*
 * The path of another program of portbook: beside the running one (a build
 * folder), in the libexec folder of its prefix, or, for "portbook", in the
 * bin folder of it.
 */
int program_path(
    const char *name, char ret[PATH_MAX], struct portbook_error *err);

/* The state folder that this user writes. */
int program_state(char ret[PATH_MAX], struct portbook_error *err);

/*
 * Of root, makes the owner of a state folder, for good: what is written there
 * stays that user's to write, and what is read comes from anywhere.  Others,
 * and a folder that is not there yet, change nothing.
 */
int program_become_owner(const char *state, struct portbook_error *err);

/*
 * Both, for a command that writes: *state is the folder named by the user, or
 * NULL, which becomes the usual one, in room.
 */
int program_take_state(
    const char **state, char room[PATH_MAX], struct portbook_error *err);

#endif
