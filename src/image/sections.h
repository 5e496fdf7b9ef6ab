/* SPDX-License-Identifier: ISC */
/* What the sections are; of this folder and the builder. */
#ifndef IMAGE_SECTIONS_H
#define IMAGE_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "image/layout.h"

/* One more than the last section that this version knows. */
#define SECTION_COUNT (IMAGE_NAME_LINES + 1)

struct section_kind {
	const char *name;
	uint32_t item_len;
	bool required;
};

extern const struct section_kind section_kinds[SECTION_COUNT]; /* by id */

#endif
