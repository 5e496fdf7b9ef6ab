/* SPDX-License-Identifier: ISC */
/*
 * Files of our own that the official XML names in its head, as they stand in
 * data/: published and served beside it, under these names.
 */
#ifndef WRITE_ASSETS_H
#define WRITE_ASSETS_H

#include "base/span.h"

#define ASSET_XSL_NAME "service-names-port-numbers.xsl"
#define ASSET_RNG_NAME "service-names-port-numbers.rng"

extern const struct span asset_xsl; /* shows the XML as a page (XSLT 1.0) */
extern const struct span asset_rng; /* its schema (RELAX NG) */

#endif
