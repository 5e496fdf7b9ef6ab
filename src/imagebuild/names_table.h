/* SPDX-License-Identifier: ISC */
/* The shape of what tools/names.py makes of data/names.tsv. */
#ifndef IMAGEBUILD_NAMES_TABLE_H
#define IMAGEBUILD_NAMES_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "image/layout.h"

struct names_line {
	enum image_curated_kind kind;
	uint16_t port;
	enum protocol protocol;
	struct span name;   /* the everyday or the preferred one */
	struct span target; /* the name that the registry has */
	struct span reason;
	struct span origin;
};

/* By kind, then by folded name. */
extern const struct names_line names_lines[];
extern const size_t names_line_count;

extern const uint8_t names_digest[32]; /* SHA-256 of names.tsv */

#endif
