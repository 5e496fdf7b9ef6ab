/* SPDX-License-Identifier: ISC */
/* Free ports in words and as JSON. */
#ifndef WRITE_SUGGEST_H
#define WRITE_SUGGEST_H

#include "base/buf.h"
#include "image/image.h"
#include "terms/free.h"

/* Everything that an answer speaks of; all is borrowed. */
struct suggestion {
	const struct image *image;
	uint32_t version;
	struct span as_of; /* the date asked for, or empty */
	const struct free_ask *ask;
	const struct free_report *reports;
	size_t count;
	const struct free_rejected *rejected; /* NULL if one was judged */
};

/* What a reason says, in plain words: one line, no full stop. */
void suggest_text(struct buf *b, const struct suggestion *s,
    const struct free_report *report, const struct free_reason *reason);

/*
 * What is to be done about a port: every answer says it.  A sentence without a
 * full stop, one of few.
 */
struct span suggest_notice(const struct suggestion *s);

/*
 * What a port that was judged is: "usable", "not usable", or "not usable as a
 * fixed port" where nothing is against it but that systems hand it out.
 */
struct span suggest_verdict(const struct suggestion *s);

/* "tcp and udp" */
void suggest_transports(struct buf *b, unsigned transports);

/*
 * Why there are fewer ports than were asked for: "no port of 440-445 is usable
 * for tcp and udp: 6 are assigned or reserved".  Nothing where there are as
 * many.
 */
void suggest_shortage(struct buf *b, const struct suggestion *s);

/* The whole answer, for suggestions or for a port that was judged. */
void json_suggest(struct buf *b, const struct suggestion *s);

/* The same without what stands around it: a line a port, or a line a rule. */
void json_suggest_lines(struct buf *b, const struct suggestion *s);

#endif
