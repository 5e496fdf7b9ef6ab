/* SPDX-License-Identifier: ISC */
/* The JSON of portbook: one record is the same everywhere (docs/json.md). */
#ifndef WRITE_JSON_H
#define WRITE_JSON_H

#include "base/buf.h"
#include "image/row.h"
#include "terms/match.h"
#include "terms/query.h"

/*
 * A JSON string, quoted and escaped; bytes that are not UTF-8 as U+FFFD.
 * Control characters, also those beyond ASCII, are escaped, so that the text
 * may go to a terminal.
 */
void json_text(struct buf *b, struct span text);

/* The same, or null for the empty text. */
void json_text_or_null(struct buf *b, struct span text);

/* One record, as of a version; one line, no newline behind. */
void json_record(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version);

/* An array of records, as of a version. */
void json_records(struct buf *b, const struct image *image,
    const uint32_t *rows, size_t count, uint32_t version);

/* One person: {"id", "name", "org", "uris", "updated"}. */
void json_person(struct buf *b, const struct image *image,
    const struct image_person *person);

/* The same of texts that need not be those of an image. */
void json_person_text(struct buf *b, const struct person_text *text);

/* An array of the persons given. */
void json_people(struct buf *b, const struct image *image,
    const uint32_t *people, size_t count);

/* One version of the registry, whatever holds it.  All is borrowed. */
struct json_edition {
	struct span updated;	/* empty where it has no date */
	struct span newest_row; /* looked at where updated is empty */
	struct span source;
	struct span as_of; /* the date asked for, empty if none */
	uint64_t records;
	const uint8_t *digest; /* 32 bytes */
	bool users;	       /* of a services(5) file: its licence is null */
};

/*
 * {"version": 1, "updated", "records", "source", "digest", "as_of",
 * "licence"}; "newest_row" too where updated is null.
 */
void json_edition(struct buf *b, const struct json_edition *e);

/* The same of a version of an image. */
void json_registry(struct buf *b, const struct image *image, uint32_t version,
    struct span as_of);

/*
 * "query", "kind", "found", "class", "states", "records", "via": members,
 * behind an object's "{" or other members of it.
 */
void json_lookup(struct buf *b, const struct image *image,
    struct span query_text, const struct query *query,
    const struct match *match, uint32_t version);

#endif
