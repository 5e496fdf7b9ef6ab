/* SPDX-License-Identifier: ISC */
/* The backend on SQLite; inside its files only. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "base/error.h"
#include "store/backend.h"

/* Every statement but those of the migrations (sqlite_sql.c). */
enum sql {
	SQL_BEGIN_READ,
	SQL_BEGIN_WRITE,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_GENERATION,
	SQL_APPLICATION,
	SQL_VERSION,
	SQL_TABLES,
	SQL_TEXTS,
	SQL_RECORDS,
	SQL_PEOPLE,
	SQL_TEXT_ADD,
	SQL_RECORD_ADD,
	SQL_PERSON_ADD,
	SQL_VERSIONS,
	SQL_VERSION_FIND,
	SQL_VERSION_COUNT,
	SQL_VERSION_ADD,
	SQL_SIGHTINGS,
	SQL_SIGHTING_ADD,
	SQL_INTEGRITY,
	SQL_REFERENCES,
	SQL_COUNT,
};

extern const char *const sqlite_sql[SQL_COUNT];

/* What a connection is set to before anything is read. */
extern const char *const sqlite_settings[];
extern const size_t sqlite_setting_count;

/* "pbst" in the header of the file says whose it is. */
#define SQLITE_APPLICATION 1885500276

/*
 * The schema, a step each: step n makes a database of version n - 1 one of
 * version n, and says so in it.  Steps are only ever added.
 */
extern const char *const sqlite_migrations[];
extern const size_t sqlite_migration_count;

struct sqlite {
	sqlite3 *db;			     /* owned */
	sqlite3_stmt *statements[SQL_COUNT]; /* owned: prepared at first use */
	char *path;			     /* owned: for messages */
	bool write;
};

/* A failure of SQLite in words; doing says what was tried. */
int sqlite_fail(
    const struct sqlite *s, const char *doing, struct portbook_error *err);

/*
 * A statement about to run, with the first failure that was met: binding and
 * running do nothing then, and sqlite_end tells.
 */
struct query {
	struct sqlite *s;
	sqlite3_stmt *statement;
	const char *doing;
	int next; /* parameter, from 1 */
	int code; /* SQLite's */
};

struct query sqlite_begin(struct sqlite *s, enum sql sql, const char *doing);
void sqlite_bind_int(struct query *q, int64_t value);
void sqlite_bind_text(struct query *q, struct span text);
void sqlite_bind_blob(struct query *q, struct span bytes);
bool sqlite_row(struct query *q); /* whether there is a next one */
int64_t sqlite_int(const struct query *q, int column);
struct span sqlite_bytes(struct query *q, int column);
int sqlite_end(struct query *q, struct portbook_error *err);

/* One number from a statement without parameters. */
int sqlite_number(struct sqlite *s, enum sql sql, int64_t *ret,
    const char *doing, struct portbook_error *err);

/* Runs a statement that gives nothing. */
int sqlite_do(struct sqlite *s, enum sql sql, const char *doing,
    struct portbook_error *err);

/* Opening and closing (sqlite_open.c). */
int sqlite_store_open(
    const char *place, bool write, void **ret, struct portbook_error *err);
void sqlite_store_close(void *db);

#endif
