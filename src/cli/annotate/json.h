/* SPDX-License-Identifier: ISC */
/* The members of an object that stands on a line. */
#ifndef CLI_ANNOTATE_JSON_H
#define CLI_ANNOTATE_JSON_H

#include <stdbool.h>

#include "base/span.h"

#define JSON_DEPTH_MAX 512U

/*
 * Told of each member of the object itself, not of those within its values:
 * its key without quotes, with escapes as they are written, and its value as
 * written.
 */
typedef void json_member_fn(void *ctx, struct span key, struct span value);

/*
 * Reads line as RFC 8259 has it, white space around it allowed.  *end becomes
 * the place of the object's closing bracket.  Returns false, perhaps after
 * some members, if it is anything but an object, or nested too deeply.  That
 * strings are UTF-8 is not looked at.
 */
bool json_object_read(
    struct span line, json_member_fn *member, void *ctx, size_t *end);

#endif
