/* SPDX-License-Identifier: ISC */
/* A column of several lines: its ports, or protocols, read together. */
#ifndef CLI_ANNOTATE_COLUMNS_H
#define CLI_ANNOTATE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/annotate/fields.h"

#define COLUMNS_LINES 32U

/* Where the fields begin and end in a text of less than 2 GiB. */
struct columns {
	uint32_t begins[COLUMNS_LINES];
	uint32_t ends[COLUMNS_LINES];
};

struct columns_kind {
	/*
	 * The first count fields, each as fields_port and fields_protocol read
	 * it; so eight bytes before text and behind it must be there.
	 */
	void (*ports)(const char *text, const struct columns *column,
	    size_t count, uint32_t *ret);
	void (*protocols)(const char *text, const struct columns *column,
	    size_t count, enum protocol assumed, enum protocol *ret);
};

/* The quickest that this processor has. */
const struct columns_kind *columns_best(void);

/* Each of them, for tests: the n-th, or NULL; some may not run here. */
const struct columns_kind *columns_nth(size_t n, bool *runs, const char **name);

#endif
