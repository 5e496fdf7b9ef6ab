/* SPDX-License-Identifier: ISC */
/* The names of a registry's people, to be found in its texts. */
#ifndef WEB_HIDE_NAMES_H
#define WEB_HIDE_NAMES_H

#include "base/span.h"
#include "image/image.h"

struct hide_name;

struct hide_names {
	struct hide_name *names; /* owned */
	uint32_t *slots; /* owned: one more than the first name's number */
	size_t count, mask;
};

/*
 * The names of all persons of all versions, but for those of one word, which
 * may be any word ("Copy").  Organizations have a field of their own and are
 * none of them: a description may say whose a service is.  They borrow from
 * the image.  False without memory.
 */
bool hide_names_make(const struct image *image, struct hide_names *ret);
void hide_names_release(struct hide_names *names);

/*
 * Bytes of the longest name that text begins with, in any case of letters and
 * with blanks of any kind, and that ends where a word does; 0 for none.  That
 * text begins where a word does is the caller's to see.
 */
size_t hide_names_len(const struct hide_names *names, struct span text);

/* Whether a byte is of a word; those beyond ASCII are. */
bool hide_names_word(char c);

#endif
