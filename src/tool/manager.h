/* SPDX-License-Identifier: ISC */
/*
 * What a service manager and a server tell each other, as systemd's manual
 * pages sd_listen_fds(3) and sd_notify(3) have it.
 */
#ifndef TOOL_MANAGER_H
#define TOOL_MANAGER_H

#include "portbook/error.h"

/*
 * The socket that was handed over to this process, -1 if none was, or a
 * negative code where there are several.  The environment forgets it: *ret is
 * written on success.
 */
int manager_take_socket(int *ret, struct portbook_error *err);

/*
 * Sends lines such as "READY=1" to the manager; nothing happens without one,
 * or if it does not listen.
 */
void manager_tell(const char *lines);

/* The same for a reload that begins now. */
void manager_tell_reloading(void);

#endif
