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

/*
 * Code, kind, source, and one sentence.  Codes are never used again.  The rules
 * of names from NAME_LEN on stand as in enum name_rule (terms/name.h).
 */
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
	    "the registry gives no date of its own, or no valid one")          \
	X(NAME_LEN, "NAME-LEN", VIOLATION, "RFC 6335 section 5.1",             \
	    "a service name has 1 to 15 characters")                           \
	X(NAME_CHAR, "NAME-CHAR", VIOLATION, "RFC 6335 section 5.1",           \
	    "a service name has only letters A to Z, digits and hyphens, in "  \
	    "ASCII")                                                           \
	X(NAME_LETTER, "NAME-LETTER", VIOLATION, "RFC 6335 section 5.1",       \
	    "a service name has at least one letter")                          \
	X(NAME_EDGE, "NAME-EDGE", VIOLATION, "RFC 6335 section 5.1",           \
	    "a service name neither begins nor ends with a hyphen")            \
	X(NAME_DBLHYPHEN, "NAME-DBLHYPHEN", VIOLATION, "RFC 6335 section 5.1", \
	    "a service name has no two hyphens side by side")                  \
	X(NAME_REDUNDANT, "NAME-REDUNDANT", INFORMATION, "RFC 6335 section 5", \
	    "the words port, service and protocol in a name say nothing")      \
	X(NAME_VERSION, "NAME-VERSION", INFORMATION, "RFC 7605 section 7.5",   \
	    "a name ends like a version, which does not belong in names")      \
	X(NAME_UNIQ, "NAME-UNIQ", VIOLATION, "RFC 6335 section 8.1.1",         \
	    "a name that a service has, in whatever case, is not given again") \
	X(NAME_REUSE, "NAME-REUSE", INFORMATION, "RFC 6335 section 8.3",       \
	    "a name that stood in the registry before is best left unused")    \
	X(NAME_EVERYDAY, "NAME-EVERYDAY", INFORMATION, "data/names.tsv",       \
	    "a name by which people know another service")

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
