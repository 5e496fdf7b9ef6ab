/* SPDX-License-Identifier: ISC */
/* What a lookup finds, in numbers: rows are those of an image. */
#ifndef TERMS_MATCH_H
#define TERMS_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terms/protocol.h"
#include "terms/state.h"

/* No line of names.tsv had a say. */
#define MATCH_NOT_CURATED UINT32_MAX

struct match {
	uint32_t *rows; /* the caller's storage */
	size_t cap;
	size_t count; /* rows written */
	size_t total; /* rows there are; more than cap: ask with more room */
	bool found;   /* some row is assigned */
	uint32_t
	    curated; /* line of names.tsv that decided, or MATCH_NOT_CURATED */
	enum state states[PROTOCOL_COUNT]; /* of a single port */
};

#endif
