/* SPDX-License-Identifier: ISC */
/*
 * The JSON of records and persons as the newest version has them, made once
 * and kept: the rows of a search that is new have mostly been in others.
 * Threads share one.
 */
#ifndef WEB_KEPT_JSON_H
#define WEB_KEPT_JSON_H

#include "base/buf.h"
#include "image/image.h"

struct kept_json;

/*
 * Empty, and to hold at most room bytes of text; what comes when these are
 * full is made anew each time.  NULL where memory fails.  image is borrowed.
 */
struct kept_json *kept_json_new(const struct image *image, size_t room);
void kept_json_free(struct kept_json *kept);

/* What json_records writes as of the newest version. */
void kept_json_records(
    struct kept_json *kept, struct buf *b, const uint32_t *rows, size_t count);

/* What people_json writes. */
void kept_json_people(struct kept_json *kept, struct buf *b,
    const uint32_t *people, size_t count);

#endif
