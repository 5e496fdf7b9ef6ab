/* SPDX-License-Identifier: ISC */
/*
 * The canonical layout of the official XML: how a record or a person is
 * written where nobody's hand moved a blank.  A reader compares its source
 * with this; where they are the same, the source need not be kept.
 */
#ifndef TERMS_LAYOUT_H
#define TERMS_LAYOUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "terms/fields.h"

/* Stands for the date of <updated> in a head that is kept. */
#define LAYOUT_UPDATED_MARK '\x01'

/* What stands between two records, and between two persons. */
#define LAYOUT_RECORD_GAP "\n  "
#define LAYOUT_PERSON_GAP "\n    "

/* From "<record" to "</record>". */
void layout_record(struct buf *b, const struct record_text *record);

/* From "<person" to "</person>". */
void layout_person(struct buf *b, const struct person_text *person);

/*
 * Whether source is what those would append.  Texts may lie in source; the
 * parts of it that are texts then are known to be the same.
 */
bool layout_is_record(struct span source, const struct record_text *record);
bool layout_is_person(struct span source, const struct person_text *person);

/* Character data with &, < and > escaped. */
void layout_text(struct buf *b, struct span text);

/* Rich text as XML. */
void layout_rich(struct buf *b, struct span rich);

#endif
