/* SPDX-License-Identifier: ISC */
/* For tests: asks an image, which may be damaged, all that can be asked. */
#ifndef IMAGE_WALK_H
#define IMAGE_WALK_H

#include "image/image.h"

/* A sum of what was read, so that none of it is left out. */
uint64_t image_walk(const struct image *image);

#endif
