/* SPDX-License-Identifier: ISC */
/*
 * A small invented registry for the tests of images.  It has one row or more
 * of every kind that the real one has, and of some that it has not.
 */
#ifndef IMAGEBUILD_SAMPLE_H
#define IMAGEBUILD_SAMPLE_H

#include "core/registry.h"

/* Release it also after a failure, which is PORTBOOK_ENOMEM. */
int sample_registry(struct registry *ret);

/*
 * The same, some edits later: rows changed, gone, new and moved.  edition 0
 * is the one above; any number is good.
 */
int sample_edition(struct registry *ret, unsigned edition);

#endif
