/* SPDX-License-Identifier: ISC */
/*
 * A baseline: findings that are known, so that what is left is news.
 *
 *	baseline = {line LF}
 *	line     = "" | "#" text | CODE TAB what
 *	what     = "until=" DATE | record
 *
 * A record is its key, or a person's id, as findings have it; DATE is
 * YYYY-MM-DD and means all findings of that code about records registered (or
 * persons updated) then, before, or at no date that is told.  Text is UTF-8
 * without control characters.  No line stands twice.
 */
#ifndef CHECK_BASELINE_H
#define CHECK_BASELINE_H

#include "base/buf.h"
#include "base/span.h"
#include "diag/diag.h"
#include "portbook/error.h"

struct baseline_line {
	enum finding_code code;
	struct span record; /* borrowed from the text */
	uint64_t line;
};

struct baseline {
	struct baseline_line *lines; /* owned; by code and record */
	size_t count, cap;
	struct span until[FINDING_CODE_COUNT]; /* empty where none is given */
};

/*
 * Reads text, which must outlive *ret; name is for messages.  *ret is the
 * caller's to release.  PORTBOOK_EFORMAT with line and column for what breaks
 * the grammar or has no such code; PORTBOOK_ENOMEM.
 */
int baseline_parse(struct span text, const char *name, struct baseline *ret,
    struct portbook_error *err);
void baseline_release(struct baseline *b);

/* Whether a finding is known. */
bool baseline_has(const struct baseline *b, const struct finding *f);

/* The one that is shipped: data/baseline.tsv. */
struct span baseline_shipped(void);

/*
 * Appends a baseline that knows all of findings: each by its record, but
 * those of one code and kind by their latest date where they are many.  Takes
 * n log n time and changes the order of findings.
 */
void baseline_format(struct buf *b, struct finding *findings, size_t count);

#endif
