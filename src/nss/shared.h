/* SPDX-License-Identifier: ISC */
/*
 * The image that all threads of the process answer from.
 *
 * There is one atomic pointer, to the slot of the image at hand.  A reader
 * counts itself in the slot, and looks whether the pointer still leads there:
 *
 *	reader			who brings another image
 *	s = current		fills a free slot t
 *	readers of s + 1	current: s -> t, by compare and exchange
 *	current is still s?	s is retired
 *	  yes: s stays		readers of s are 0?  s is unmapped, and free
 *	  no: - 1, once more	  else the last reader does that
 *
 * Slots are storage of the module and never go away, so counting in one that
 * was retired meanwhile does no harm.  Nobody ever waits for anybody: who
 * looks for a new image is chosen by the time of the next look, which one
 * thread alone can put forward.  So a fork finds no lock held; counts of
 * threads that the child does not have are cleared in it.
 */
#ifndef NSS_SHARED_H
#define NSS_SHARED_H

#include "image/image.h"

struct slot;

/* What a reader holds. */
struct shared_ref {
	const struct image *image;
	struct slot *slot;
	unsigned generation; /* of forks */
};

/*
 * The image at hand, having looked for a new one if that was last done more
 * than a second ago; false if there is none.  errno may be changed.
 */
bool shared_acquire(struct shared_ref *ret);
void shared_release(const struct shared_ref *ref);

#endif
