/* SPDX-License-Identifier: ISC */
/* All SQL there is. */
#include "store/sqlite.h"

#include "base/banned.h"

const char *const sqlite_settings[] = {
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
};
const size_t sqlite_setting_count =
    sizeof(sqlite_settings) / sizeof(sqlite_settings[0]);

const char *const sqlite_migrations[] = {
    /* 1: versions, their sightings, and the pieces that they are made of */
    "CREATE TABLE text ("
    " number INTEGER PRIMARY KEY CHECK (number > 0),"
    " sum INTEGER NOT NULL,"
    " bytes BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE record_state ("
    " number INTEGER PRIMARY KEY CHECK (number > 0),"
    " sum INTEGER NOT NULL,"
    " texts BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE person_state ("
    " number INTEGER PRIMARY KEY CHECK (number > 0),"
    " sum INTEGER NOT NULL,"
    " texts BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE version ("
    " number INTEGER PRIMARY KEY CHECK (number > 0),"
    " digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),"
    " source INTEGER NOT NULL CHECK (source BETWEEN 0 AND 2),"
    " source_len INTEGER NOT NULL CHECK (source_len >= 0),"
    " date TEXT NOT NULL,"
    " dated INTEGER NOT NULL CHECK (dated IN (0, 1)),"
    " records INTEGER NOT NULL CHECK (records BETWEEN 0 AND 4294967295),"
    " people INTEGER NOT NULL CHECK (people BETWEEN 0 AND 4294967295),"
    " recorded INTEGER NOT NULL,"
    " base INTEGER REFERENCES version CHECK (base < number),"
    " code BLOB NOT NULL,"
    " sum INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE sighting ("
    " number INTEGER PRIMARY KEY,"
    " version INTEGER NOT NULL REFERENCES version,"
    " seen INTEGER NOT NULL,"
    " edition INTEGER NOT NULL CHECK (edition BETWEEN 0 AND 4294967295),"
    " source TEXT NOT NULL,"
    " how TEXT NOT NULL,"
    " sum INTEGER NOT NULL"
    ") STRICT;"
    "PRAGMA application_id = 1885500276;"
    "PRAGMA user_version = 1;",
};
const size_t sqlite_migration_count =
    sizeof(sqlite_migrations) / sizeof(sqlite_migrations[0]);

const char *const sqlite_sql[SQL_COUNT] = {
    [SQL_BEGIN_READ] = "BEGIN",
    [SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_GENERATION] = "PRAGMA data_version",
    [SQL_APPLICATION] = "PRAGMA application_id",
    [SQL_VERSION] = "PRAGMA user_version",
    [SQL_TABLES] = "SELECT count(*) FROM sqlite_schema",
    [SQL_TEXTS] = "SELECT number, sum, bytes FROM text ORDER BY number",
    [SQL_RECORDS] =
	"SELECT number, sum, texts FROM record_state ORDER BY number",
    [SQL_PEOPLE] =
	"SELECT number, sum, texts FROM person_state ORDER BY number",
    [SQL_TEXT_ADD] = "INSERT INTO text (number, sum, bytes) VALUES (?, ?, ?)",
    [SQL_RECORD_ADD] =
	"INSERT INTO record_state (number, sum, texts) VALUES (?, ?, ?)",
    [SQL_PERSON_ADD] =
	"INSERT INTO person_state (number, sum, texts) VALUES (?, ?, ?)",
    [SQL_VERSIONS] =
	"SELECT number, digest, source, source_len, date, dated, records,"
	" people, recorded, coalesce(base, 0), code, sum"
	" FROM version ORDER BY number",
    [SQL_VERSION_FIND] = "SELECT number FROM version WHERE digest = ?",
    [SQL_VERSION_COUNT] = "SELECT count(*) FROM version",
    [SQL_VERSION_ADD] =
	"INSERT INTO version (number, digest, source, source_len, date, dated,"
	" records, people, recorded, base, code, sum)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?)",
    [SQL_SIGHTINGS] =
	"SELECT version, seen, edition, source, how, sum FROM sighting"
	" ORDER BY number",
    [SQL_SIGHTING_ADD] =
	"INSERT INTO sighting (version, seen, edition, source, how, sum)"
	" VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_INTEGRITY] = "PRAGMA integrity_check(1)",
    [SQL_REFERENCES] = "PRAGMA foreign_key_check",
};
