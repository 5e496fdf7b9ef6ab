/* SPDX-License-Identifier: ISC */
/* What stories and differences need of scratch; of this folder. */
#ifndef SEARCH_LOG_H
#define SEARCH_LOG_H

#include <stddef.h>

#include "image/image.h"

/* Bytes, for history_run and its like. */
size_t log_scratch_len(const struct image *image);

/* Bytes, for history_diff. */
size_t diff_scratch_len(const struct image *image);

#endif
