/* SPDX-License-Identifier: ISC */
/*
 * The search, beside SQLite's FTS5 with trigrams and beside memmem.
 *
 * SQLite is given what suits it best: a database in memory, the ten columns
 * of a row as one text (parted by a byte that no query has), one prepared
 * statement that is stepped once through all rows.  Of two ways the quicker
 * counts:
 *
 *   full	detail=full, each term a phrase
 *   none	detail=none, the trigrams of all terms, and the terms then
 *		looked for in the candidates' texts
 *
 * FTS5 finds nothing for terms of one or two bytes; for these all rows are
 * looked at with instr() over folded text, which is quicker than LIKE.
 *
 * memmem goes over the folded text of all rows for the longest term, and over
 * each row found for the others.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "search/search.h"

#define TERMS 8
#define PART '\x01' /* between columns; NUL ends a row */

struct answer {
	uint32_t rows[SEARCH_PAGE_ROWS];
	size_t count, total;
};

struct texts {
	struct buf plain, folded;
	size_t *at; /* where rows begin, in folded; one more behind the last */
	size_t *plain_at;
	size_t count;
};

struct search {
	struct span query;
	struct span terms[TERMS];
	size_t term_count;
	const struct image *image;
	void *scratch;
	const struct texts *texts;
	sqlite3_stmt *full, *none; /* none NULL: full decides alone */
	struct answer ours, full_answer, none_answer, memmem_answer;
};

static void ours(void *ctx)
{
	struct search *s = ctx;
	struct search_query query;

	if (search_parse(s->query, &query, NULL) < 0)
		die("%.*s: refused", SPAN_FMT(s->query));
	s->ours.count =
	    search_run(s->image, &query, (uint32_t)s->image->version_count - 1,
		0, s->ours.rows, SEARCH_PAGE_ROWS, &s->ours.total, s->scratch);
}

static void take(struct answer *a, uint32_t row)
{
	if (a->count < SEARCH_PAGE_ROWS)
		a->rows[a->count++] = row;
	a->total++;
}

static bool row_has(const struct search *s, size_t row, size_t but)
{
	const struct texts *t = s->texts;

	for (size_t i = 0; i < s->term_count; i++)
		if (i != but && memmem(t->folded.ptr + t->at[row],
				    t->at[row + 1] - t->at[row],
				    s->terms[i].ptr, s->terms[i].len) == NULL)
			return false;
	return true;
}

static void memmem_run(void *ctx)
{
	struct search *s = ctx;
	const struct texts *t = s->texts;
	size_t off = 0, row = 0, longest = 0;

	for (size_t i = 1; i < s->term_count; i++)
		if (s->terms[i].len > s->terms[longest].len)
			longest = i;
	s->memmem_answer.count = s->memmem_answer.total = 0;
	for (;;) {
		const char *hit =
		    memmem(t->folded.ptr + off, t->folded.len - off,
			s->terms[longest].ptr, s->terms[longest].len);

		if (hit == NULL)
			break;
		off = (size_t)(hit - t->folded.ptr);
		while (t->at[row + 1] <= off)
			row++;
		if (row_has(s, row, longest))
			take(&s->memmem_answer, (uint32_t)row);
		off = t->at[row + 1];
	}
}

static void full_run(void *ctx)
{
	struct search *s = ctx;

	s->full_answer.count = s->full_answer.total = 0;
	while (sqlite3_step(s->full) == SQLITE_ROW)
		take(&s->full_answer,
		    (uint32_t)sqlite3_column_int64(s->full, 0));
	sqlite3_reset(s->full);
}

static void none_run(void *ctx)
{
	struct search *s = ctx;

	s->none_answer.count = s->none_answer.total = 0;
	while (sqlite3_step(s->none) == SQLITE_ROW) {
		uint32_t row = (uint32_t)sqlite3_column_int64(s->none, 0);

		if (row_has(s, row, SIZE_MAX))
			take(&s->none_answer, row);
	}
	sqlite3_reset(s->none);
}

static void texts_fill(const struct registry *r, struct texts *t)
{
	buf_init(&t->plain);
	buf_init(&t->folded);
	t->count = r->record_count;
	t->at = need(t->count + 1, sizeof(*t->at));
	t->plain_at = need(t->count + 1, sizeof(*t->plain_at));
	for (size_t i = 0; i < t->count; i++) {
		struct record_text text;

		registry_record_text(r, &r->records[i], &text);
		t->plain_at[i] = t->plain.len;
		for (enum column c = 0; c < COLUMN_COUNT; c++) {
			if (!column_is_searched(c))
				continue;
			column_text(&t->plain, &text, c);
			buf_char(&t->plain, PART);
		}
		t->at[i] = t->folded.len;
		unicode_fold_text(
		    &t->folded, span_skip(buf_span(&t->plain), t->plain_at[i]));
		buf_char(&t->folded, '\0');
	}
	t->at[t->count] = t->folded.len;
	t->plain_at[t->count] = t->plain.len;
	if (buf_failed(&t->plain) || buf_failed(&t->folded))
		die("out of memory");
}

static void sql(sqlite3 *db, const char *text)
{
	char *message = NULL;

	if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
		die("SQLite: %s", message);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
		die("SQLite: %s", sqlite3_errmsg(db));
	return s;
}

static void insert(sqlite3 *db, const char *text, const struct buf *from,
    const size_t *at, size_t count, size_t less)
{
	sqlite3_stmt *s = prepare(db, text);

	for (size_t i = 0; i < count; i++) {
		sqlite3_bind_int64(s, 1, (sqlite3_int64)i);
		sqlite3_bind_text64(s, 2, from->ptr + at[i],
		    at[i + 1] - at[i] - less, SQLITE_STATIC, SQLITE_UTF8);
		if (sqlite3_step(s) != SQLITE_DONE)
			die("SQLite: %s", sqlite3_errmsg(db));
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
}

static sqlite3 *database(const struct texts *t)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		die("SQLite: no memory");
	sql(db, "BEGIN;"
		"CREATE TABLE folded (id INTEGER PRIMARY KEY, c TEXT);"
		"CREATE VIRTUAL TABLE a USING fts5(c, content='', "
		"columnsize=0, tokenize='trigram');"
		"CREATE VIRTUAL TABLE n USING fts5(c, content='', "
		"columnsize=0, detail=none, tokenize='trigram');");
	insert(db, "INSERT INTO folded VALUES (?, ?)", &t->folded, t->at,
	    t->count, 1);
	insert(db, "INSERT INTO a (rowid, c) VALUES (?, ?)", &t->plain,
	    t->plain_at, t->count, 0);
	insert(db, "INSERT INTO n (rowid, c) VALUES (?, ?)", &t->plain,
	    t->plain_at, t->count, 0);
	sql(db, "INSERT INTO a (a) VALUES ('optimize');"
		"INSERT INTO n (n) VALUES ('optimize');"
		"COMMIT;");
	return db;
}

static void bind_buf(sqlite3_stmt *s, int n, const struct buf *b)
{
	sqlite3_bind_text64(
	    s, n, b->ptr, b->len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Every row is looked at: some term is too short for FTS5. */
static void prepare_scan(struct search *s, sqlite3 *db)
{
	struct buf text;

	buf_init(&text);
	buf_str(&text, "SELECT id FROM folded WHERE 1");
	for (size_t i = 0; i < s->term_count; i++)
		buf_str(&text, " AND instr(c, ?)");
	buf_char(&text, '\0');
	s->full = prepare(db, text.ptr);
	for (size_t i = 0; i < s->term_count; i++)
		sqlite3_bind_text64(s->full, (int)i + 1, s->terms[i].ptr,
		    s->terms[i].len, SQLITE_TRANSIENT, SQLITE_UTF8);
	buf_release(&text);
}

static void prepare_fts(struct search *s, sqlite3 *db)
{
	struct buf phrases, grams;

	buf_init(&phrases);
	buf_init(&grams);
	for (size_t i = 0; i < s->term_count; i++) {
		buf_printf(&phrases, "\"%.*s\" ", SPAN_FMT(s->terms[i]));
		for (size_t k = 0; k + 3 <= s->terms[i].len; k++)
			buf_printf(&grams, "\"%.3s\" ", s->terms[i].ptr + k);
	}
	s->full = prepare(db, "SELECT rowid FROM a WHERE a MATCH ?");
	s->none = prepare(db, "SELECT rowid FROM n WHERE n MATCH ?");
	bind_buf(s->full, 1, &phrases);
	bind_buf(s->none, 1, &grams);
	buf_release(&phrases);
	buf_release(&grams);
}

/* Queries here are ASCII in lower case, with single blanks. */
static void search_init(struct search *s, struct span query, sqlite3 *db)
{
	struct span rest = query;
	bool is_short = false;

	s->query = query;
	while (rest.len > 0) {
		s->terms[s->term_count] = span_cut(&rest, ' ');
		is_short |= s->terms[s->term_count++].len < 3;
	}
	if (is_short)
		prepare_scan(s, db);
	else
		prepare_fts(s, db);
}

static void compare(
    const struct search *s, const struct answer *theirs, const char *who)
{
	if (theirs->total != s->ours.total)
		fault("%.*s: %zu in all, %s finds %zu", SPAN_FMT(s->query),
		    s->ours.total, who, theirs->total);
	else if (theirs->count != s->ours.count ||
		 memcmp(theirs->rows, s->ours.rows,
		     theirs->count * sizeof(theirs->rows[0])) != 0)
		fault("%.*s: %s finds other rows", SPAN_FMT(s->query), who);
}

static void measure(struct search *s, double goal)
{
	struct racer r[] = {{ours, s, 1, 0}, {memmem_run, s, 1, 0},
	    {full_run, s, 1, 0}, {none_run, s, 1, 0}};
	bool quicker = s->none != NULL;
	char what[64];

	race(r, s->none != NULL ? 4 : 3);
	quicker = s->none != NULL && r[3].ns < r[2].ns;
	snprintf(what, sizeof(what), "%.*s: %zu rows", SPAN_FMT(s->query),
	    s->ours.total);
	row(what, r[0].ns,
	    s->none == NULL ? "SQLite, instr over all rows"
	    : quicker	    ? "SQLite FTS5, detail=none"
			    : "SQLite FTS5, detail=full",
	    r[quicker ? 3 : 2].ns, 1);
	row("", r[0].ns, "memmem", r[1].ns, 1);
	if (s->ours.total <= SEARCH_PAGE_ROWS)
		row_within("", r[0].ns, goal);
	compare(s, &s->memmem_answer, "memmem");
	compare(s, &s->full_answer, "SQLite");
	if (s->none != NULL)
		compare(s, &s->none_answer, "SQLite (detail=none)");
}

void bench_search(struct bench *b)
{
	static const struct span queries[] = {
	    SPAN_INIT("443 https"),
	    SPAN_INIT("whois"),
	    SPAN_INIT("3"),
	    SPAN_INIT("rfc6335"),
	    SPAN_INIT("zzzz"),
	    SPAN_INIT("apple computer"),
	    SPAN_INIT("tcp udp"),
	    SPAN_INIT("dns over quic"),
	};
	struct texts texts;
	void *scratch = need(search_scratch_len(&b->image), 1);
	sqlite3 *db;

	texts_fill(&b->registry, &texts);
	db = database(&texts);
	title("Search: first page, exact total");
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct search s = {
		    .image = &b->image, .scratch = scratch, .texts = &texts};

		search_init(&s, queries[i], db);
		measure(&s, is_today(b) ? 1000 : 0);
		sqlite3_finalize(s.full);
		sqlite3_finalize(s.none);
	}
	note("%.2f MB of folded text; under 1 us where all rows fit a page",
	    (double)texts.folded.len / 1e6);
	sqlite3_close(db);
	buf_release(&texts.plain);
	buf_release(&texts.folded);
	mem_release(texts.at);
	mem_release(texts.plain_at);
	mem_release(scratch);
}
