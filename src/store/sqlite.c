/* SPDX-License-Identifier: ISC */
/* The rows of the store in SQLite. */
#include "store/sqlite.h"

#include "base/banned.h"

static int begin(void *db, bool write, struct portbook_error *err)
{
	return sqlite_do(db, write ? SQL_BEGIN_WRITE : SQL_BEGIN_READ,
	    write ? "beginning to write" : "beginning to read", err);
}

/* SQLite has aborted by itself after some failures. */
static void abort_all(void *db)
{
	struct sqlite *s = db;

	if (!sqlite3_get_autocommit(s->db))
		sqlite_do(s, SQL_ROLLBACK, "", NULL);
}

static int commit(void *db, struct portbook_error *err)
{
	int code = sqlite_do(db, SQL_COMMIT, "recording", err);

	if (code < 0)
		abort_all(db);
	return code;
}

static int generation(void *db, int64_t *ret, struct portbook_error *err)
{
	return sqlite_number(db, SQL_GENERATION, ret, "reading", err);
}

/* What take returned goes before what SQLite says. */
static int end(struct query *q, int code, struct portbook_error *err)
{
	int ended = sqlite_end(q, code == 0 ? err : NULL);

	return code != 0 ? code : ended;
}

/* Numbers in a damaged file may be anything. */
static uint32_t u32(const struct query *q, int column)
{
	int64_t value = sqlite_int(q, column);

	return value < 0 || value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static int pieces(void *db, enum piece_kind kind,
    int (*take)(void *ctx, const struct backend_piece *piece), void *ctx,
    struct portbook_error *err)
{
	static const enum sql statements[PIECE_KIND_COUNT] = {
	    [PIECE_TEXT] = SQL_TEXTS,
	    [PIECE_RECORD] = SQL_RECORDS,
	    [PIECE_PERSON] = SQL_PEOPLE,
	};
	struct query q = sqlite_begin(db, statements[kind], "reading pieces");
	int code = 0;

	while (code == 0 && sqlite_row(&q)) {
		struct backend_piece piece = {
		    .number = u32(&q, 0),
		    .sum = (uint64_t)sqlite_int(&q, 1),
		    .bytes = sqlite_bytes(&q, 2),
		};

		if (q.code == SQLITE_ROW)
			code = take(ctx, &piece);
	}
	return end(&q, code, err);
}

static int versions(void *db,
    int (*take)(void *ctx, const struct backend_version *version), void *ctx,
    struct portbook_error *err)
{
	struct query q = sqlite_begin(db, SQL_VERSIONS, "reading versions");
	int code = 0;

	while (code == 0 && sqlite_row(&q)) {
		struct span digest = sqlite_bytes(&q, 1);
		struct backend_version v = {
		    .number = sqlite_int(&q, 0),
		    .source = u32(&q, 2),
		    .source_len = (uint64_t)sqlite_int(&q, 3),
		    .date = sqlite_bytes(&q, 4),
		    .dated = sqlite_int(&q, 5) != 0,
		    .records = u32(&q, 6),
		    .people = u32(&q, 7),
		    .recorded = sqlite_int(&q, 8),
		    .base = sqlite_int(&q, 9),
		    .code = sqlite_bytes(&q, 10),
		    .sum = (uint64_t)sqlite_int(&q, 11),
		};

		digest = span_head(digest, sizeof(v.digest));
		memcpy(v.digest, digest.ptr, digest.len);
		if (q.code == SQLITE_ROW)
			code = take(ctx, &v);
	}
	return end(&q, code, err);
}

static int sightings(void *db,
    int (*take)(void *ctx, const struct backend_sighting *sighting), void *ctx,
    struct portbook_error *err)
{
	struct query q = sqlite_begin(db, SQL_SIGHTINGS, "reading sightings");
	int code = 0;

	while (code == 0 && sqlite_row(&q)) {
		struct backend_sighting sighting = {
		    .version = sqlite_int(&q, 0),
		    .seen = sqlite_int(&q, 1),
		    .edition = u32(&q, 2),
		    .source = sqlite_bytes(&q, 3),
		    .how = sqlite_bytes(&q, 4),
		    .sum = (uint64_t)sqlite_int(&q, 5),
		};

		if (q.code == SQLITE_ROW)
			code = take(ctx, &sighting);
	}
	return end(&q, code, err);
}

static int version_find(
    void *db, const uint8_t *digest, int64_t *ret, struct portbook_error *err)
{
	struct query q =
	    sqlite_begin(db, SQL_VERSION_FIND, "finding a version");
	int64_t number = 0;
	int code;

	sqlite_bind_blob(
	    &q, span_of((const char *)digest, REGISTRY_DIGEST_LEN));
	if (sqlite_row(&q))
		number = sqlite_int(&q, 0);
	code = sqlite_end(&q, err);
	if (code == 0)
		*ret = number;
	return code;
}

static int version_count(void *db, size_t *ret, struct portbook_error *err)
{
	int64_t count;
	int code = sqlite_number(
	    db, SQL_VERSION_COUNT, &count, "counting versions", err);

	if (code == 0)
		*ret = (size_t)count;
	return code;
}

static int piece_add(void *db, enum piece_kind kind,
    const struct backend_piece *piece, struct portbook_error *err)
{
	static const enum sql statements[PIECE_KIND_COUNT] = {
	    [PIECE_TEXT] = SQL_TEXT_ADD,
	    [PIECE_RECORD] = SQL_RECORD_ADD,
	    [PIECE_PERSON] = SQL_PERSON_ADD,
	};
	struct query q =
	    sqlite_begin(db, statements[kind], "recording a piece");

	sqlite_bind_int(&q, piece->number);
	sqlite_bind_int(&q, (int64_t)piece->sum);
	sqlite_bind_blob(&q, piece->bytes);
	sqlite_row(&q);
	return sqlite_end(&q, err);
}

static int version_add(
    void *db, const struct backend_version *v, struct portbook_error *err)
{
	struct query q =
	    sqlite_begin(db, SQL_VERSION_ADD, "recording a version");

	sqlite_bind_int(&q, v->number);
	sqlite_bind_blob(
	    &q, span_of((const char *)v->digest, sizeof(v->digest)));
	sqlite_bind_int(&q, v->source);
	sqlite_bind_int(&q, (int64_t)v->source_len);
	sqlite_bind_text(&q, v->date);
	sqlite_bind_int(&q, v->dated);
	sqlite_bind_int(&q, v->records);
	sqlite_bind_int(&q, v->people);
	sqlite_bind_int(&q, v->recorded);
	sqlite_bind_int(&q, v->base);
	sqlite_bind_blob(&q, v->code);
	sqlite_bind_int(&q, (int64_t)v->sum);
	sqlite_row(&q);
	return sqlite_end(&q, err);
}

static int sighting_add(void *db, const struct backend_sighting *sighting,
    struct portbook_error *err)
{
	struct query q =
	    sqlite_begin(db, SQL_SIGHTING_ADD, "recording a sighting");

	sqlite_bind_int(&q, sighting->version);
	sqlite_bind_int(&q, sighting->seen);
	sqlite_bind_int(&q, sighting->edition);
	sqlite_bind_text(&q, sighting->source);
	sqlite_bind_text(&q, sighting->how);
	sqlite_bind_int(&q, (int64_t)sighting->sum);
	sqlite_row(&q);
	return sqlite_end(&q, err);
}

static int damaged(
    const struct sqlite *s, struct span words, struct portbook_error *err)
{
	error_set(err, PORTBOOK_EDAMAGED, 0,
	    "the store is damaged: %.*s; bring back a copy, or import the "
	    "versions again",
	    SPAN_FMT(words));
	error_locate(err, s->path, 0, 0);
	return PORTBOOK_EDAMAGED;
}

static int check_integrity(struct sqlite *s, struct portbook_error *err)
{
	struct query q = sqlite_begin(s, SQL_INTEGRITY, "checking the store");
	int code = 0;

	if (sqlite_row(&q)) {
		struct span words = sqlite_bytes(&q, 0);

		if (q.code == SQLITE_ROW && !span_eq(words, SPAN("ok")))
			code = damaged(s, words, err);
	}
	return end(&q, code, err);
}

static int check_references(struct sqlite *s, struct portbook_error *err)
{
	struct query q = sqlite_begin(s, SQL_REFERENCES, "checking the store");
	int code = 0;

	if (sqlite_row(&q))
		code = damaged(s,
		    SPAN("a row refers to a version that is not there"), err);
	return end(&q, code, err);
}

static int check(void *db, struct portbook_error *err)
{
	int code = check_integrity(db, err);

	return code < 0 ? code : check_references(db, err);
}

const struct backend backend_sqlite = {
    .name = "sqlite",
    .open = sqlite_store_open,
    .close = sqlite_store_close,
    .begin = begin,
    .commit = commit,
    .abort = abort_all,
    .generation = generation,
    .pieces = pieces,
    .versions = versions,
    .sightings = sightings,
    .version_find = version_find,
    .version_count = version_count,
    .piece_add = piece_add,
    .version_add = version_add,
    .sighting_add = sighting_add,
    .check = check,
};
