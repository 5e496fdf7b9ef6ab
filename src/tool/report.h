/* SPDX-License-Identifier: ISC */
/*
 * What a check found, kept until it is written: as lines like those of a
 * compiler, or as JSON.
 */
#ifndef TOOL_REPORT_H
#define TOOL_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "check/baseline.h"
#include "core/registry.h"
#include "diag/diag.h"
#include "portbook/error.h"

struct report {
	const struct baseline *baseline; /* borrowed; NULL: nothing is known */
	struct arena arena;		 /* owned: the texts of findings */
	struct finding *findings;	 /* owned: the news */
	size_t count, cap;
	size_t known;			  /* of those that came */
	size_t kinds[FINDING_KIND_COUNT]; /* of the news */
	unsigned wanted;		  /* kinds, bits; others are dropped */
	bool failed;			  /* out of memory */
};

/* All kinds are wanted.  Release it in any case. */
void report_init(struct report *report, const struct baseline *baseline);
void report_release(struct report *report);

/* For struct diag: ctx is a struct report.  Copies what it keeps. */
void report_take(void *ctx, const struct finding *finding);

/*
 * Gives what r's reader found the keys of r's records, drops what is known or
 * not wanted, and puts findings in the order of the file; PORTBOOK_ENOMEM if
 * any was lost.
 */
int report_finish(struct report *report, const struct registry *r,
    struct portbook_error *err);

/*
 * "FILE:LINE:COLUMN: CODE (kind): RECORD: message [source]" each: a line, or
 * where width is not 0 lines of so many columns, all but the first indented.
 */
void report_text(
    struct buf *b, const struct report *report, struct span file, size_t width);

/* The array of findings. */
void report_json(struct buf *b, const struct report *report);

/* "2 findings: 1 violation, 1 history; 41,057 known", a line. */
void report_summary(struct buf *b, const struct report *report);

/*
 * All of the rule called name, or of every one for "list".  PORTBOOK_EUSAGE
 * for others, with the nearest names.
 */
int report_explain(struct buf *b, struct span name, struct portbook_error *err);

#endif
