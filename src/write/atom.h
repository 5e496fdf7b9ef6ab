/* SPDX-License-Identifier: ISC */
/*
 * A feed of what happened (RFC 4287).  All texts are escaped here; what XML
 * cannot hold comes out as U+FFFD.
 */
#ifndef WRITE_ATOM_H
#define WRITE_ATOM_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Where identifiers come from: "tag:HOST,2026:" (RFC 4151) with a host that
 * such an identifier can have, else a UUID made of what is identified.  The
 * year is that of the scheme, and not of what is identified.
 */
struct atom_authority {
	struct span host; /* without port; may be empty */
};

struct atom_feed {
	struct span name; /* what identifies it, within the authority */
	struct span title;
	struct span updated; /* a date: YYYY-MM-DD or YYYY-MM */
	struct span self;    /* links; may be empty */
	struct span page;
	struct span author; /* no person: who publishes */
};

struct atom_entry {
	struct span name;
	struct span title;
	struct span updated;
	struct span page;
	struct span summary;
};

void atom_begin(struct buf *b, const struct atom_authority *authority,
    const struct atom_feed *feed);
void atom_entry(struct buf *b, const struct atom_authority *authority,
    const struct atom_entry *entry);
void atom_end(struct buf *b);

#endif
