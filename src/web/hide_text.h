/* SPDX-License-Identifier: ISC */
/* Texts without the people in them. */
#ifndef WEB_HIDE_TEXT_H
#define WEB_HIDE_TEXT_H

#include "base/buf.h"

/* What stands in place of an address. */
#define HIDDEN_ADDRESS "[address]"

/*
 * Appends rich text (terms/rich.h) without references to persons and mailto
 * addresses, and with HIDDEN_ADDRESS for what looks like an address of mail,
 * written with @ or, as in the registry, with &.  Returns whether anything is
 * other than it was.
 */
bool hide_rich(struct buf *out, struct span rich);

#endif
