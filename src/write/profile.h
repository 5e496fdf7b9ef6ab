/* SPDX-License-Identifier: ISC */
/* Which ports stand in a services(5) file that does not have all of them. */
#ifndef WRITE_PROFILE_H
#define WRITE_PROFILE_H

#include "write/portnames.h"

enum profile {
	PROFILE_FULL,
	PROFILE_COMMON,
	PROFILE_MINIMAL,
};

/* By name; the empty one is PROFILE_FULL, and so is what is none. */
enum profile profile_parse(struct span name);
struct span profile_name(enum profile profile);

/* Whether a port with these names, at least one, stands in it. */
bool profile_has(enum profile profile, const struct image *image,
    const struct portnames *all, struct portnames_list list, uint16_t port);

#endif
