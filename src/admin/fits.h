/* SPDX-License-Identifier: ISC */
/*
 * Whether a version can be published, asked before it is recorded: one that is
 * recorded and cannot be would stop every update and import that comes after.
 */
#ifndef ADMIN_FITS_H
#define ADMIN_FITS_H

#include "core/registry.h"
#include "portbook/error.h"

/*
 * 0, or why no image can be made of the version: PORTBOOK_ELIMIT where its
 * ranges overlap beyond measure.  Cheap for what is plain; what may be too
 * much is tried.
 */
int fits(const struct registry *r, struct portbook_error *err);

#endif
