/* SPDX-License-Identifier: ISC */
/*
 * Findings: what is odd or wrong in the data, as opposed to failures of the
 * program.  They go to a sink; the work goes on.
 */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "diag/rules.h"

enum finding_kind {
	FINDING_VIOLATION,   /* breaks a rule that applied when written */
	FINDING_HISTORY,     /* older than the rule */
	FINDING_BOOKKEEPING, /* a slip of the pen */
	FINDING_INFORMATION, /* worth knowing; no rule is broken */
	FINDING_KIND_COUNT,
};

enum finding_code {
#define X(id, name, kind, new_kind, source, text) FINDING_##id,
	FINDINGS(X)
#undef X
	    FINDING_CODE_COUNT,
};

/* What a rule is, whatever was found. */
struct finding_rule {
	const char *name; /* "READ-NUMBER" */
	enum finding_kind kind;
	enum finding_kind new_kind; /* for records since September 2011 */
	const char *source;	    /* "RFC 6335 section 6" */
	const char *text;	    /* one sentence, without full stop */
};

/* All texts are borrowed for the call. */
struct finding {
	enum finding_code code;
	enum finding_kind kind; /* the one of the rule that applies here */
	struct span what;	/* the thing found */
	struct span record;	/* its key (terms/key.h), or a person's id */
	struct span date;	/* of registration of that, or empty */
	struct span message;	/* about this one; empty: the rule's text */
	uint64_t line;		/* from 1; 0 where there is no place */
	uint64_t column;	/* from 1, in bytes */
	size_t row; /* of a reader: 1 + the index of the record, or 0 */
};

/* Where findings go.  A NULL diag, or one without take, drops them. */
struct diag {
	void (*take)(void *ctx, const struct finding *finding);
	void *ctx;
	size_t count; /* of all that came */
};

const struct finding_rule *finding_rule(enum finding_code code);

/* "violation" and so on. */
struct span finding_kind_name(enum finding_kind kind);

/* A code by the name of its rule, in any case; false if there is none. */
bool finding_code_parse(struct span name, enum finding_code *ret);

/* A finding of which no more is known than where and what. */
void diag_add(struct diag *diag, enum finding_code code, struct span what,
    uint64_t line, uint64_t column);

/* One of which all is known. */
void diag_put(struct diag *diag, const struct finding *finding);

#endif
