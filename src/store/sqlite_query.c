/* SPDX-License-Identifier: ISC */
#include <errno.h>

#include "store/sqlite.h"

#include "base/banned.h"

/* What SQLite's failures are to us, and what to do about them. */
static const struct {
	int code, ours, system;
	const char *words;
} failures[] = {
    {SQLITE_BUSY, PORTBOOK_EBUSY, 0,
	"another process is writing to the store; try again when it is done"},
    {SQLITE_LOCKED, PORTBOOK_EBUSY, 0,
	"the store is in use; try again when that is done"},
    {SQLITE_NOMEM, PORTBOOK_ENOMEM, 0, "out of memory"},
    {SQLITE_CORRUPT, PORTBOOK_EDAMAGED, 0,
	"the store is damaged; bring back a copy, or import the versions "
	"again"},
    {SQLITE_NOTADB, PORTBOOK_EFORMAT, 0, "this is no store of portbook"},
    {SQLITE_FULL, PORTBOOK_EIO, ENOSPC,
	"the store cannot grow; nothing of this was recorded"},
    {SQLITE_READONLY, PORTBOOK_EIO, 0,
	"the store cannot be written; look at the rights of its file and "
	"folder"},
    {SQLITE_CANTOPEN, PORTBOOK_EIO, 0,
	"the store cannot be opened; look at the rights of its file and "
	"folder"},
    {SQLITE_TOOBIG, PORTBOOK_ELIMIT, 0,
	"a text is longer than SQLite can keep"},
};

int sqlite_fail(
    const struct sqlite *s, const char *doing, struct portbook_error *err)
{
	int code = sqlite3_extended_errcode(s->db), ours = PORTBOOK_EIO;
	int system = 0;
	size_t n = 0;

	while (n < sizeof(failures) / sizeof(failures[0]) &&
	       failures[n].code != (code & 0xff))
		n++;
	if (n < sizeof(failures) / sizeof(failures[0])) {
		ours = failures[n].ours;
		system = failures[n].system;
		if ((code & 0xff) == SQLITE_CANTOPEN ||
		    (code & 0xff) == SQLITE_READONLY)
			system = sqlite3_system_errno(s->db);
		error_set(
		    err, ours, system, "%s: %s", doing, failures[n].words);
	} else {
		system = sqlite3_system_errno(s->db);
		error_set(err, ours, system, "%s: %s (SQLite %d)", doing,
		    sqlite3_errmsg(s->db), code);
	}
	error_locate(err, s->path, 0, 0);
	return ours;
}

struct query sqlite_begin(struct sqlite *s, enum sql sql, const char *doing)
{
	struct query q = {.s = s, .doing = doing, .next = 1};

	if (s->statements[sql] == NULL)
		q.code = sqlite3_prepare_v3(s->db, sqlite_sql[sql], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->statements[sql], NULL);
	q.statement = s->statements[sql];
	return q;
}

void sqlite_bind_int(struct query *q, int64_t value)
{
	if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_int64(q->statement, q->next++, value);
}

/* Bound texts outlive the statement's run. */
void sqlite_bind_text(struct query *q, struct span text)
{
	if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_text64(q->statement, q->next++, text.ptr,
		    text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void sqlite_bind_blob(struct query *q, struct span bytes)
{
	if (q->code == SQLITE_OK)
		q->code = sqlite3_bind_blob64(q->statement, q->next++,
		    bytes.ptr, bytes.len, SQLITE_STATIC);
}

bool sqlite_row(struct query *q)
{
	if (q->code == SQLITE_OK || q->code == SQLITE_ROW)
		q->code = sqlite3_step(q->statement);
	return q->code == SQLITE_ROW;
}

int64_t sqlite_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

/* SQLite gives NULL for nothing, and for want of memory. */
struct span sqlite_bytes(struct query *q, int column)
{
	const void *ptr = sqlite3_column_blob(q->statement, column);

	if (ptr == NULL && sqlite3_errcode(q->s->db) == SQLITE_NOMEM)
		q->code = SQLITE_NOMEM;
	return span_of(ptr, (size_t)sqlite3_column_bytes(q->statement, column));
}

/* Says what went wrong before the reset lets it be forgotten. */
int sqlite_end(struct query *q, struct portbook_error *err)
{
	int ret = 0;

	if (q->code == SQLITE_NOMEM)
		ret = error_nomem(err);
	else if (q->code != SQLITE_OK && q->code != SQLITE_ROW &&
		 q->code != SQLITE_DONE)
		ret = sqlite_fail(q->s, q->doing, err);
	if (q->statement != NULL) {
		sqlite3_reset(q->statement);
		sqlite3_clear_bindings(q->statement);
	}
	return ret;
}

int sqlite_number(struct sqlite *s, enum sql sql, int64_t *ret,
    const char *doing, struct portbook_error *err)
{
	struct query q = sqlite_begin(s, sql, doing);
	int64_t number = 0;
	int code;

	if (sqlite_row(&q))
		number = sqlite_int(&q, 0);
	code = sqlite_end(&q, err);
	if (code == 0)
		*ret = number;
	return code;
}

int sqlite_do(struct sqlite *s, enum sql sql, const char *doing,
    struct portbook_error *err)
{
	struct query q = sqlite_begin(s, sql, doing);

	while (sqlite_row(&q))
		;
	return sqlite_end(&q, err);
}
