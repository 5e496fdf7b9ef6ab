/* SPDX-License-Identifier: ISC */
/*
 * Findings: what is odd or wrong in the data, as opposed to failures of the
 * program.  They go to a sink; the work goes on.
 */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* Code, kind, source, and one sentence.  Codes are never used again. */
#define FINDINGS(X)                                                            \
	X(READ_ELEMENT, "READ-ELEMENT", BOOKKEEPING, "registry schema",        \
	    "an element that the registry's schema does not have")             \
	X(READ_REPEATED, "READ-REPEATED", BOOKKEEPING, "registry schema",      \
	    "an element that may stand once in a record stands twice")         \
	X(READ_NUMBER, "READ-NUMBER", VIOLATION, "RFC 6335 section 6",         \
	    "a number that is no port and no range of ports")                  \
	X(READ_PROTOCOL, "READ-PROTOCOL", VIOLATION, "RFC 6335 section 5",     \
	    "a transport protocol other than tcp, udp, sctp and dccp")         \
	X(READ_UPDATED, "READ-UPDATED", BOOKKEEPING, "registry schema",        \
	    "the registry gives no date of its own, or no valid one")

enum finding_kind {
	FINDING_VIOLATION,
	FINDING_HISTORY,
	FINDING_BOOKKEEPING,
	FINDING_INFORMATION,
};

enum finding_code {
#define X(id, name, kind, source, text) FINDING_##id,
	FINDINGS(X)
#undef X
	    FINDING_CODE_COUNT,
};

/* What a rule is, whatever was found. */
struct finding_rule {
	const char *name; /* "READ-NUMBER" */
	enum finding_kind kind;
	const char *source; /* "RFC 6335 section 6" */
	const char *text;
};

struct finding {
	enum finding_code code;
	struct span what; /* the thing found; borrowed for the call */
	uint64_t line;	  /* from 1 */
	uint64_t column;  /* from 1, in bytes */
};

/* Where findings go.  A NULL diag, or one without take, drops them. */
struct diag {
	void (*take)(void *ctx, const struct finding *finding);
	void *ctx;
	size_t count; /* of all that came */
};

const struct finding_rule *finding_rule(enum finding_code code);

void diag_add(struct diag *diag, enum finding_code code, struct span what,
    uint64_t line, uint64_t column);

#endif
