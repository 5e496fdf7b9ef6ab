/* SPDX-License-Identifier: ISC */
/*
 * A baseline: findings that are known, so that what is left is news.
 *
 *	baseline = {line LF}
 *	line     = "" | "#" text | CODE TAB what | "UNDATED" TAB DATE " " bits
 *	what     = "until=" DATE | record
 *	bits     = 4 or more of the 64 characters of base64
 *
 * A record is its key, or a person's id, as findings have it; DATE is
 * YYYY-MM-DD and means all findings of that code about records registered (or
 * persons updated) then, before, or at no date that is told.  Text is UTF-8
 * without control characters.  No line stands twice.
 *
 * UNDATED is a Bloom filter of the records and persons that have no date in
 * the registry of DATE, or 0000-00-00 where that has none itself.  Each
 * character is six bits, the highest first.  Of a key or id, x is at first its
 * 64-bit FNV-1a hash; each of 11 times x becomes x * 6364136223846793005 +
 * 1442695040888963407, and bit x >> 33 modulo the number of bits is set.
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
	struct span undated;		       /* bits; empty: not told */
	struct span edition;		       /* whose they are */
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

/*
 * Whether a record or person is among those that are known to have no date:
 * surely if it is, and once in two thousand if it is not.  b tells of them.
 */
bool baseline_is_undated(const struct baseline *b, struct span record);

/* The one that is shipped: data/baseline.tsv. */
struct span baseline_shipped(void);

/*
 * Appends a baseline that knows all of findings, those of a registry of the
 * date edition, which may be empty: each by its record, but those of one code
 * and kind by their latest date where they are many.  What has no date is
 * taken from those that say so.  Takes n log n time and changes the order of
 * findings.
 */
void baseline_format(
    struct buf *b, struct finding *findings, size_t count, struct span edition);

#endif
