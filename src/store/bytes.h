/* SPDX-License-Identifier: ISC */
/* The bytes of a version's source, made again from its pieces. */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include "store/body.h"
#include "store/pieces.h"

/* How states look in the source: made once each, when first asked for. */
struct bytes {
	const struct pieces *pieces; /* borrowed */
	struct buf made;	     /* owned */
	struct bytes_place {
		size_t off; /* in made, + 1; 0 for not yet */
		size_t len;
	} * places[PIECE_KIND_COUNT]; /* owned: by number of state */

	/*
	 * Takes what is in b away, and clears it, now and then; NULL: all
	 * stays there.
	 */
	void (*drain)(void *ctx, struct buf *b);
	void *ctx;
};

/* PORTBOOK_ENOMEM; release it also then. */
int bytes_init(struct bytes *x, const struct pieces *pieces);
void bytes_release(struct bytes *x);

/*
 * Appends the source (as registry_to_xml does) of what has been parsed within
 * the bounds of pieces; a failure sticks in b.
 */
void bytes_make(struct bytes *x, const struct body *body, struct buf *b);

#endif
