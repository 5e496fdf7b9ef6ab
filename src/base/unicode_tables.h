/* SPDX-License-Identifier: ISC */
/* The shape of what unicode_gen.c writes. */
#ifndef BASE_UNICODE_TABLES_H
#define BASE_UNICODE_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* Characters beyond ASCII that fold to another one, rising. */
struct unicode_fold_pair {
	uint32_t from;
	uint32_t to;
};

/* Ranges beyond ASCII whose width is not 1, rising. */
struct unicode_width_range {
	uint32_t first;
	uint32_t last;
	uint8_t width;
};

extern const struct unicode_fold_pair unicode_folds[];
extern const size_t unicode_fold_count;
extern const struct unicode_width_range unicode_widths[];
extern const size_t unicode_width_count;

#endif
