/* SPDX-License-Identifier: ISC */
/*
 * The key of a record: NUMBER/PROTOCOL/NAME, "-" for what is empty, "~2" and
 * so on behind the second and later records with the same three.
 */
#ifndef TERMS_KEY_H
#define TERMS_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

struct record_key {
	struct span number;   /* as in the registry, or empty */
	struct span protocol; /* the same */
	struct span name;     /* the same; may hold slashes */
	uint32_t ordinal;     /* from 1 */
};

void key_format(struct buf *b, const struct record_key *key);

/* Spans borrow from text.  False where text has fewer than two slashes. */
bool key_parse(struct span text, struct record_key *ret);

#endif
