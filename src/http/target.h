/* SPDX-License-Identifier: ISC */
/* The target of a request, parsed from its raw bytes. */
#ifndef HTTP_TARGET_H
#define HTTP_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "http/limits.h"

struct http_param {
	struct span name;  /* decoded */
	struct span value; /* decoded; empty without "=" */
};

struct http_target {
	struct span raw;   /* as it came; borrowed from the caller */
	struct span path;  /* raw, from the first slash to the "?" */
	struct span query; /* raw, behind the "?"; empty if there is none */

	/* The parts between slashes, decoded: "/a/" is "a" and "", "/" is "" */
	struct span segments[HTTP_SEGMENTS_MAX];
	size_t segment_count;

	/* In the query's order; a name may come again. */
	struct http_param params[HTTP_PARAMS_MAX];
	size_t param_count;

	char decoded[HTTP_TARGET_MAX]; /* what segments and params point to */
};

/*
 * Reads raw into *ret, whose spans point into raw and into *ret itself: it
 * must not be copied.  Returns 0, or the status that refuses it: 400 for what
 * is no target, has a bad escape, a NUL or too many parameters, 404 for too
 * many segments, 414 for one that is too long.  *ret is then of no use.
 */
int http_target_parse(struct span raw, struct http_target *ret);

/*
 * A raw target without its scheme and authority, where it has them; empty
 * where nothing is left.  For those that cannot be parsed, too.
 */
struct span http_target_origin(struct span raw);

/*
 * First value of a parameter; false if it was not given.
 */
bool http_target_param(
    const struct http_target *t, struct span name, struct span *ret);

#endif
