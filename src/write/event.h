/* SPDX-License-Identifier: ISC */
/*
 * What happened to records and persons, as JSON, as lines, and for people.
 * Events are those of an image, or of a difference, which has the same form.
 */
#ifndef WRITE_EVENT_H
#define WRITE_EVENT_H

#include "base/buf.h"
#include "image/events.h"
#include "write/csv.h"
#include "write/table.h"

/* The date of the version that an event is of. */
struct span event_date(
    const struct image *image, const struct image_event *event);

/* The key of what stood before or behind an event, or a person's id. */
void event_key(struct buf *b, const struct image *image,
    const struct image_event *event, struct le32 side);

/*
 * Fields that differ are asked for one by one: *next, 0 at first, moves on.
 * NULL behind the last.  "layout" is what nobody sees: the order of a record's
 * parts, or the bytes of the file.
 */
const char *event_field(const struct image_event *event, unsigned *next);

/* {"date", "kind", "id", "before", "after", "fields"}; no newline behind. */
void event_json(
    struct buf *b, const struct image *image, const struct image_event *event);

/* date, kind, id before, id after, fields parted by blanks; a line. */
void event_csv_header(struct buf *b, enum csv_kind kind);
void event_csv(struct buf *b, const struct image *image,
    const struct image_event *event, enum csv_kind kind);

/*
 * A line with date, kind and records, and one for each field, "old -> new"; of
 * long texts only what differs and some words around it.
 */
void event_text(struct buf *b, const struct image *image,
    const struct image_event *event, const struct table_style *style);

#endif
