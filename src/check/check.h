/* SPDX-License-Identifier: ISC */
/*
 * The rules of RFC 6335, and of good order, over a registry: what diag/rules.h
 * lists, but for the rules of reading.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "check/baseline.h"
#include "core/registry.h"
#include "diag/diag.h"
#include "portbook/error.h"

/*
 * Tells diag all that is found in r, family by family; within a family in an
 * order that depends on r alone.  0 whatever was found, or PORTBOOK_ENOMEM;
 * what was told before a failure is void.  Takes n log n time in records.
 *
 * A rule that a source cannot answer finds nothing in it: a CSV has no people
 * and no empty elements, and is not dated; a services(5) file is looked at for
 * its names and for numbers that they share.
 *
 * A record without date is old; but where ages, which may be NULL, knows what
 * has none in a registry not newer than this one, any other record without
 * date is new, and its findings are of 9999-12-31.
 */
int check_registry(const struct registry *r, const struct baseline *ages,
    struct diag *diag, struct portbook_error *err);

#endif
