/* SPDX-License-Identifier: ISC */
/* Texts without the people in them. */
#ifndef WEB_HIDE_TEXT_H
#define WEB_HIDE_TEXT_H

#include "base/buf.h"
#include "web/hide_names.h"

/* What stands in place of an address, and of a person's name. */
#define HIDDEN_ADDRESS "[address]"
#define HIDDEN_NAME "[name]"

/*
 * Appends rich text (terms/rich.h) without references to persons and mailto
 * addresses, and with HIDDEN_ADDRESS for what looks like an address of mail,
 * written with @ or, as in the registry, with &; and with HIDDEN_NAME for each
 * of names, which may be NULL.  Returns whether anything is other than it was.
 */
bool hide_rich(
    struct buf *out, struct span rich, const struct hide_names *names);

#endif
