/* SPDX-License-Identifier: ISC */
/*
 * Opening a store on SQLite: told apart from other files, never trusted, and
 * brought up to the newest schema by who may write.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/sqlite.h"

#include "base/mem.h"
#include "base/banned.h"

#define BUSY_MS 2000 /* how long to wait for another writer */

static int exec(struct sqlite *s, const char *sql, const char *doing,
    struct portbook_error *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_fail(s, doing, err);
	return 0;
}

/* A file from elsewhere may say anything: nothing in its schema is run. */
static int harden(struct sqlite *s, struct portbook_error *err)
{
	static const struct {
		int option, value;
	} options[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
	    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		int is = -1;

		if (sqlite3_db_config(s->db, options[i].option,
			options[i].value, &is) != SQLITE_OK ||
		    is != options[i].value)
			return error_set(err, PORTBOOK_EIO, 0,
			    "this SQLite lacks a protection that the store "
			    "needs (option %d)",
			    options[i].option);
	}
	sqlite3_busy_timeout(s->db, BUSY_MS);
	return 0;
}

static int settle(struct sqlite *s, struct portbook_error *err)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < sqlite_setting_count; i++)
		code = exec(s, sqlite_settings[i], "setting up", err);
	return code;
}

static int foreign(const struct sqlite *s, struct portbook_error *err)
{
	error_set(err, PORTBOOK_EFORMAT, 0,
	    "this is no store of portbook; name another file or move it away");
	error_locate(err, s->path, 0, 0);
	return PORTBOOK_EFORMAT;
}

/* What is in the file: *version of the schema, 0 for nothing at all. */
static int identify(
    struct sqlite *s, int64_t *version, struct portbook_error *err)
{
	int64_t application, tables;
	int code =
	    sqlite_number(s, SQL_APPLICATION, &application, "opening", err);

	if (code == 0)
		code = sqlite_number(s, SQL_VERSION, version, "opening", err);
	if (code == 0)
		code = sqlite_number(s, SQL_TABLES, &tables, "opening", err);
	if (code < 0)
		return code;
	if (application == 0 && *version == 0 && tables == 0)
		return 0;
	if (application != SQLITE_APPLICATION || *version < 1)
		return foreign(s, err);
	if ((uint64_t)*version <= sqlite_migration_count)
		return 0;
	error_set(err, PORTBOOK_EVERSION, 0,
	    "the store is of a newer portbook (schema %lld, this one knows "
	    "%zu); use that one",
	    (long long)*version, sqlite_migration_count);
	error_locate(err, s->path, 0, 0);
	return PORTBOOK_EVERSION;
}

/* One after the other, in the transaction that has begun. */
static int migrate(struct sqlite *s, struct portbook_error *err)
{
	int64_t version;
	int code = identify(s, &version, err);

	for (size_t n = (size_t)version;
	     code == 0 && n < sqlite_migration_count; n++)
		code = exec(s, sqlite_migrations[n], "making tables", err);
	return code;
}

/* Another process may do the same at the same time: looks again inside. */
static int bring_up(struct sqlite *s, struct portbook_error *err)
{
	int code;

	code = exec(s, "PRAGMA journal_mode = WAL", "making the store", err);
	if (code == 0)
		code = sqlite_do(s, SQL_BEGIN_WRITE, "making tables", err);
	if (code < 0)
		return code;
	code = migrate(s, err);
	if (code == 0)
		code = sqlite_do(s, SQL_COMMIT, "making tables", err);
	if (code < 0 && !sqlite3_get_autocommit(s->db))
		sqlite_do(s, SQL_ROLLBACK, "", NULL);
	return code;
}

static int no_store(const struct sqlite *s, struct portbook_error *err)
{
	error_set(err, PORTBOOK_ENODATA, 0,
	    "there is no store yet; portbook update or import makes one");
	error_locate(err, s->path, 0, 0);
	return PORTBOOK_ENODATA;
}

/* SQLite opens what it may not write for reading alone. */
static int read_only(const struct sqlite *s, struct portbook_error *err)
{
	error_set(err, PORTBOOK_EIO, EACCES,
	    "the store cannot be written; look at the rights of its file");
	error_locate(err, s->path, 0, 0);
	return PORTBOOK_EIO;
}

/*
 * Left to itself SQLite makes files that all may read.  What lies beside one,
 * it makes as the file is.  Where this fails SQLite says why.
 */
static void make_private(const struct sqlite *s)
{
	int fd = open(
	    s->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static int open_db(struct sqlite *s, struct portbook_error *err)
{
	int flags = s->write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
			     : SQLITE_OPEN_READONLY;
	int64_t version;
	int code;

	if (!s->write && access(s->path, F_OK) != 0 && errno == ENOENT)
		return no_store(s, err);
	if (s->write)
		make_private(s);
	if (sqlite3_open_v2(s->path, &s->db,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK)
		return s->db != NULL ? sqlite_fail(s, "opening", err)
				     : error_nomem(err);
	if (s->write && sqlite3_db_readonly(s->db, "main") == 1)
		return read_only(s, err);
	code = harden(s, err);
	if (code == 0)
		code = settle(s, err);
	if (code == 0)
		code = identify(s, &version, err);
	if (code < 0 || (uint64_t)version == sqlite_migration_count)
		return code;
	if (s->write)
		return bring_up(s, err);
	if (version == 0)
		return no_store(s, err);
	error_set(err, PORTBOOK_EVERSION, 0,
	    "the store is of an older portbook; portbook update brings it up "
	    "to date");
	error_locate(err, s->path, 0, 0);
	return PORTBOOK_EVERSION;
}

static char *copy_path(const char *place)
{
	size_t len = strlen(place) + 1;
	char *path = mem_alloc(len, 1);

	return path != NULL ? memcpy(path, place, len) : NULL;
}

int sqlite_store_open(
    const char *place, bool write, void **ret, struct portbook_error *err)
{
	struct sqlite *s = mem_zalloc(1, sizeof(*s));
	int code;

	if (s == NULL)
		return error_nomem(err);
	s->write = write;
	s->path = copy_path(place);
	code = s->path != NULL ? open_db(s, err) : error_nomem(err);
	if (code < 0) {
		sqlite_store_close(s);
		return code;
	}
	*ret = s;
	return 0;
}

void sqlite_store_close(void *db)
{
	struct sqlite *s = db;

	if (s == NULL)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(s->statements[i]);
	sqlite3_close(s->db);
	mem_release(s->path);
	mem_release(s);
}
