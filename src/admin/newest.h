/* SPDX-License-Identifier: ISC */
/*
 * The newest version that is kept, as an update needs to know it: from the
 * image that is served, which may be read by who writes nothing.
 */
#ifndef ADMIN_NEWEST_H
#define ADMIN_NEWEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "admin/findings.h"
#include "core/registry.h"
#include "portbook/error.h"

struct newest {
	uint8_t (*digests)[REGISTRY_DIGEST_LEN]; /* owned: of all, sorted */
	size_t count;				 /* 0: nothing is kept */
	uint8_t digest[REGISTRY_DIGEST_LEN];	 /* of the newest */
	char date[16];
	bool dated; /* by the registry, not by its rows */
	size_t records;
	char *text; /* owned: its source, byte for byte; NULL if count is 0 */
	size_t text_len;
};

/*
 * *n needs no initialisation; release it also after a failure.  A state folder
 * that is not there, or shows nothing that is whole, keeps nothing.
 */
int newest_of_image(
    struct newest *n, const char *state, struct portbook_error *err);

void newest_release(struct newest *n);

/* Whether a version of that digest is kept. */
bool newest_has(
    const struct newest *n, const uint8_t digest[REGISTRY_DIGEST_LEN]);

/* Adds to found what is found in the newest version. */
int newest_findings(
    const struct newest *n, struct findings *found, struct portbook_error *err);

#endif
