/* SPDX-License-Identifier: ISC */
/*
 * People in answers about the past: who is not listed any more is shown by
 * the id alone, as that is what the records say.
 */
#ifndef WEB_PEOPLE_H
#define WEB_PEOPLE_H

#include "base/buf.h"
#include "image/image.h"

/* Whether the newest version lists somebody with this id. */
bool person_is_listed(const struct image *image, struct span id);

/* What may be shown of a person of any version; borrowed from the image. */
void person_shown(const struct image *image, const struct image_person *person,
    struct person_text *ret);

/* An array of such persons: what write/json.h's json_people is elsewhere. */
void people_json(struct buf *b, const struct image *image,
    const uint32_t *people, size_t count);

#endif
