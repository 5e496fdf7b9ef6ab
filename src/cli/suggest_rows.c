/* SPDX-License-Identifier: ISC */
/*
 *	proposals   rank port registry notes
 *	judgement   port code verdict text source
 *
 * Notes are those of a port alone and of all alike, parted by "; ".
 */
#include "cli/suggest_rows.h"

#include "write/csv.h"
#include "base/banned.h"

struct rows {
	struct buf *b;
	const struct suggestion *s;
	enum csv_kind kind;
	struct buf cell;
};

static void put_sep(struct rows *r)
{
	buf_char(r->b, r->kind == CSV_TAB ? '\t' : ',');
}

static void put_text(struct rows *r, struct span text)
{
	buf_clear(&r->cell);
	buf_add(&r->cell, text);
	csv_cell(r->b, &r->cell, r->kind);
}

static void put_header(struct rows *r, const char *const *names)
{
	for (size_t i = 0; names[i] != NULL; i++) {
		if (i > 0)
			put_sep(r);
		buf_str(r->b, names[i]);
	}
	buf_char(r->b, '\n');
}

/* What the registry says of a port, or what is noted of it. */
static void put_reasons(
    struct rows *r, const struct free_report *report, bool notes)
{
	buf_clear(&r->cell);
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct free_reason *reason = &report->reasons[i];

		if (notes ? reason->verdict != FREE_NOTE
			  : reason->code != FREE_REGISTRY)
			continue;
		if (r->cell.len > 0)
			buf_str(&r->cell, "; ");
		suggest_text(&r->cell, r->s, report, reason);
	}
	csv_cell(r->b, &r->cell, r->kind);
}

static void put_proposals(struct rows *r)
{
	static const char *const names[] = {
	    "rank", "port", "registry", "notes", NULL};

	put_header(r, names);
	for (size_t i = 0; i < r->s->count; i++) {
		const struct free_report *report = &r->s->reports[i];

		buf_u64(r->b, i + 1);
		put_sep(r);
		buf_u64(r->b, report->port);
		put_sep(r);
		put_reasons(r, report, false);
		put_sep(r);
		put_reasons(r, report, true);
		buf_char(r->b, '\n');
	}
}

static void put_judged(struct rows *r)
{
	static const char *const names[] = {
	    "port", "code", "verdict", "text", "source", NULL};
	const struct free_report *report = &r->s->reports[0];

	put_header(r, names);
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct free_reason *reason = &report->reasons[i];

		buf_u64(r->b, report->port);
		put_sep(r);
		put_text(r, free_code_name(reason->code));
		put_sep(r);
		put_text(r, free_verdict_name(reason->verdict));
		put_sep(r);
		buf_clear(&r->cell);
		suggest_text(&r->cell, r->s, report, reason);
		csv_cell(r->b, &r->cell, r->kind);
		put_sep(r);
		put_text(r, free_code_source(reason->code));
		buf_char(r->b, '\n');
	}
}

static void put_table(
    struct buf *b, const struct suggestion *s, enum csv_kind kind)
{
	struct rows r = {.b = b, .s = s, .kind = kind};

	buf_init(&r.cell);
	if (s->rejected != NULL)
		put_proposals(&r);
	else
		put_judged(&r);
	b->failed |= buf_failed(&r.cell);
	buf_release(&r.cell);
}

static void put_numbers(struct buf *b, const struct suggestion *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (!s->reports[i].usable)
			continue;
		buf_u64(b, s->reports[i].port);
		buf_char(b, '\n');
	}
}

void suggest_put_rows(
    struct buf *b, const struct suggestion *s, enum cli_format format)
{
	switch (format) {
	case CLI_CSV:
		put_table(b, s, CSV_COMMA);
		break;
	case CLI_TSV:
		put_table(b, s, CSV_TAB);
		break;
	case CLI_PLAIN:
		put_numbers(b, s);
		break;
	default:
		json_suggest_lines(b, s);
		break;
	}
}
