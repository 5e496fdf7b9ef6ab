/* SPDX-License-Identifier: ISC */
/*
 * An image without people, for a site that shows none: whoever asks it has
 * nobody to show, so that no page and no answer needs to know of it.
 */
#ifndef WEB_HIDE_H
#define WEB_HIDE_H

#include "image/image.h"
#include "portbook/error.h"

/* What takes the place of parts of the image; NULL where nothing does. */
struct hidden {
	void *versions, *rows, *lists, *orders, *events, *starts, *lives;
	void *texts, *search;
};

/*
 * Makes *image, which is open, one whose records have no assignee and no
 * contact, whose texts refer to no person, have no address and none of the
 * names that hide_names.h finds, and which lists nobody,
 * tells no event of a person, has no experts, and finds nothing by any of
 * these.  What stands in *ret is released by hidden_release, before or after
 * the image is closed, when it is of no use any more.
 *
 * PORTBOOK_ENOMEM, *image then as it was.  The new image has none of the
 * indexes that would find people by parts of their names: its searches look
 * at each row.
 */
int image_hide(
    struct image *image, struct hidden *ret, struct portbook_error *err);

void hidden_release(struct hidden *h);

#endif
