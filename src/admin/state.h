/* SPDX-License-Identifier: ISC */
/*
 * The state folder, as those who write it see it:
 *
 *	private/   0700   incoming/, lock
 *	public/1/  0755   DIGEST/registry.image ..., current -> DIGEST
 */
#ifndef ADMIN_STATE_H
#define ADMIN_STATE_H

#include "portbook/error.h"

struct state {
	char *path;	/* owned; no slash at the end */
	int public_fd;	/* public/1 */
	int private_fd; /* private */
	int lock_fd;	/* private/lock, locked */
};

/*
 * Opens the folder for writing, making what is missing, and takes the one
 * lock: PORTBOOK_EBUSY, naming the holder, where somebody else has it.
 * command is what is told to others meanwhile.
 */
int state_open(const char *path, const char *command, struct state *ret,
    struct portbook_error *err);

/* Gives the lock back; fine on what state_open failed to open. */
void state_close(struct state *s);

#endif
