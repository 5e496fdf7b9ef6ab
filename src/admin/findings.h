/* SPDX-License-Identifier: ISC */
/*
 * What was found in a version, kept to tell what of it is new: findings that
 * the version before did not have, and that break a rule or are a slip of the
 * pen.  History and information are nobody's fault and are left out.
 */
#ifndef ADMIN_FINDINGS_H
#define ADMIN_FINDINGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "core/registry.h"
#include "diag/diag.h"
#include "portbook/error.h"

struct findings {
	struct arena arena; /* owned: their texts */
	struct finding *at; /* owned */
	size_t count, cap;
	struct diag diag; /* to be given to a reader: what it tells is kept */
	bool failed;	  /* out of memory */
};

/* Stays where it is until it is released. */
void findings_init(struct findings *f);
void findings_release(struct findings *f);

/* Adds what the rules find; PORTBOOK_ENOMEM, also if any was lost before. */
int findings_check(
    struct findings *f, const struct registry *r, struct portbook_error *err);

/*
 * Tells news what is in new and not in old, by rule, record and thing, in the
 * order in which it was found.  Changes the order in old.
 */
void findings_compare(
    struct findings *old, const struct findings *new, struct diag *news);

#endif
