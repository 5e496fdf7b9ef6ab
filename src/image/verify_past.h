/* SPDX-License-Identifier: ISC */
/*
 * Whether the sections of grams, of events, of the past and of lines hold
 * together; of verify.c.  All are true for an image without these sections.
 */
#ifndef IMAGE_VERIFY_PAST_H
#define IMAGE_VERIFY_PAST_H

#include "image/image.h"

bool verify_grams(const struct image *i);
bool verify_past_grams(const struct image *i);
bool verify_events(const struct image *i);
bool verify_row_lives(const struct image *i);
bool verify_person_lives(const struct image *i);
bool verify_past_ports(const struct image *i);
bool verify_past_names(const struct image *i);
bool verify_past_people(const struct image *i);
bool verify_standing(const struct image *i);
bool verify_common(const struct image *i);
bool verify_past_since(const struct image *i);
bool verify_name_since(const struct image *i);
bool verify_lines(const struct image *i);

#endif
