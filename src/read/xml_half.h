/* SPDX-License-Identifier: ISC */
/*
 * Reading a source in two halves at once.  The second half begins at a record
 * somewhere in the middle, and is read on a thread of its own as if only the
 * root had been opened before.
 *
 * Whether that is so, the reader of the first half finds out by getting
 * there: where expat tells it of that very record directly within the root,
 * it takes what the other has, if that read to the end without a failure or a
 * finding; else it reads on as if there were no second half.  So every
 * failure and finding is told by one reader that has seen all before it.
 */
#ifndef READ_XML_HALF_H
#define READ_XML_HALF_H

#include <pthread.h>

#include "read/xml.h"

struct xml_half {
	struct xml xml;
	struct window window;	  /* a copy of its bytes, behind a root */
	struct registry registry; /* owned */
	struct diag diag;	  /* counts */
	struct portbook_error err;
	struct span bytes; /* borrowed: the second half */
	pthread_t thread;
	bool running;
	bool used;     /* its registry has gone into the first half's */
	size_t *taken; /* borrowed, or NULL */
	int code;
};

/*
 * Begins to read the second half of x's window, which has all of the source,
 * if there is a place to split it; sets x->half_at then.  h outlives x; x's
 * window stays as it is until xml_half_end.
 */
void xml_half_begin(
    struct xml_half *h, struct xml *x, const struct read_how *how);

/* Waits for the thread, if any, and frees what the half owns. */
void xml_half_end(struct xml_half *h);

/*
 * x is at the tag at half_at: true if what stands from there on has been
 * taken into its registry and parsing is over, or has failed.
 */
bool xml_half_take(struct xml *x);

#endif
