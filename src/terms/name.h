/* SPDX-License-Identifier: ISC */
/*
 * Service names by RFC 6335 section 5.1.  Its prose and its grammar,
 *
 *	*(1*DIGIT [HYPHEN]) ALPHA *([HYPHEN] ALNUM)
 *
 * with 1 to 15 characters, agree; the rules here are those of the prose, so
 * that each can be named.  What a rule says stands in diag/diag.h: the rows
 * from NAME-LEN on have this order.
 */
#ifndef TERMS_NAME_H
#define TERMS_NAME_H

#include <stdbool.h>

#include "base/span.h"

#define NAME_LEN_MAX 15U

enum name_rule {
	NAME_RULE_LEN,	     /* 1 to 15 characters */
	NAME_RULE_CHAR,	     /* letters, digits, hyphen */
	NAME_RULE_LETTER,    /* at least one letter */
	NAME_RULE_EDGE,	     /* no hyphen at either end */
	NAME_RULE_DBLHYPHEN, /* no two hyphens side by side */
	NAME_RULE_REDUNDANT, /* advice: not port, service or protocol */
	NAME_RULE_VERSION,   /* advice: no "v2" at the end */
	NAME_RULE_COUNT,
};

/* A rule as a bit. */
#define NAME_BIT(rule) (1U << (rule))

/* The rules that a new name must keep; the others are advice. */
#define NAME_MUST (NAME_BIT(NAME_RULE_REDUNDANT) - 1)

/*
 * Bits of the rules that name breaks.  Any bytes may be given; the empty name
 * breaks NAME_RULE_LEN and nothing else.
 */
unsigned name_faults(struct span name);

/* Whether RFC 6335 allows it, whatever the advice. */
static inline bool name_is_valid(struct span name)
{
	return (name_faults(name) & NAME_MUST) == 0;
}

#endif
