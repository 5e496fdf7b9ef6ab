/* SPDX-License-Identifier: ISC */
/* Fetching is another program's job, apart from hostile files and the store. */
#ifndef ADMIN_FETCH_H
#define ADMIN_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/registry.h"
#include "portbook/error.h"

/* What a server said of what it gave: enough to ask whether it is the same. */
struct fetch_tags {
	char etag[256];	   /* or "" */
	char modified[64]; /* or "" */
};

enum fetch_result {
	FETCH_NEW,  /* something came */
	FETCH_SAME, /* the server says it is what tags speak of */
};

/*
 * Runs program with the url and lets it write what it got to fd, which is
 * then at its beginning again.  tags are those of what is there, or empty,
 * and become those of what came.  PORTBOOK_ENETWORK; the program has told
 * why.
 */
int fetch(const char *program, const char *url, int fd, struct fetch_tags *tags,
    enum fetch_result *ret, struct portbook_error *err);

/*
 * The tags that were kept in the file at path for this url, and the digest of
 * what they speak of; false, with empty tags, where there are none.
 */
bool fetch_tags_load(const char *path, const char *url, struct fetch_tags *ret,
    uint8_t digest[REGISTRY_DIGEST_LEN]);

/* Keeps them, or none.  What cannot be kept only costs a download. */
void fetch_tags_keep(const char *path, const char *url,
    const struct fetch_tags *tags, const uint8_t digest[REGISTRY_DIGEST_LEN]);

#endif
