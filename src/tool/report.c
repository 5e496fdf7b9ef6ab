/* SPDX-License-Identifier: ISC */
#include "tool/report.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "cli/cli.h"
#include "terms/key.h"
#include "write/json_finding.h"
#include "base/banned.h"

/* Before the further lines of a finding. */
#define INDENT 4

void report_init(struct report *report, const struct baseline *baseline)
{
	*report = (struct report){
	    .baseline = baseline, .wanted = (1U << FINDING_KIND_COUNT) - 1};
	arena_init(&report->arena);
}

void report_release(struct report *report)
{
	mem_release(report->findings);
	arena_release(&report->arena);
	report_init(report, NULL);
}

/* The text of one without message of its own: that of its rule. */
static struct span message_of(struct report *report, const struct finding *f)
{
	struct span text = span_str(finding_rule(f->code)->text), ret;
	struct buf b;

	if (f->message.len > 0 || f->what.len == 0)
		return arena_text(
		    &report->arena, f->message.len > 0 ? f->message : text);
	buf_init(&b);
	buf_add(&b, text);
	buf_str(&b, ": ");
	buf_add(&b, span_head(f->what, 100));
	if (buf_failed(&b))
		report->failed = true;
	ret = arena_text(&report->arena, buf_span(&b));
	buf_release(&b);
	return ret;
}

static void keep(struct report *report, const struct finding *f)
{
	struct finding *all = mem_grow(
	    report->findings, report->count, &report->cap, sizeof(*all));
	struct finding *kept;

	if (all == NULL) {
		report->failed = true;
		return;
	}
	report->findings = all;
	kept = &all[report->count];
	*kept = *f;
	kept->what = SPAN("");
	kept->record = arena_text(&report->arena, f->record);
	kept->date = arena_text(&report->arena, f->date);
	kept->message = message_of(report, f);
	if (kept->record.ptr == NULL || kept->date.ptr == NULL ||
	    kept->message.ptr == NULL) {
		report->failed = true;
		return;
	}
	report->count++;
}

void report_take(void *ctx, const struct finding *finding)
{
	struct report *report = ctx;

	/* The rules of ports and fields find the same, with the record. */
	if (finding->code == FINDING_READ_NUMBER ||
	    finding->code == FINDING_READ_PROTOCOL ||
	    (report->wanted & 1U << finding->kind) == 0 || report->failed)
		return;
	/* What a reader finds of a record waits until the record is known. */
	if (finding->row == 0 && report->baseline != NULL &&
	    baseline_has(report->baseline, finding))
		report->known++;
	else
		keep(report, finding);
}

/* The key of a record, but for the ordinal of one that stands twice. */
static void place(
    struct report *report, const struct registry *r, struct finding *f)
{
	struct record_text text;
	struct record_key key = {.ordinal = 1};
	struct buf b;

	registry_record_text(r, &r->records[f->row - 1], &text);
	key.number = text.at[FIELD_NUMBER];
	key.protocol = text.at[FIELD_PROTOCOL];
	key.name = text.at[FIELD_NAME];
	buf_init(&b);
	key_format(&b, &key);
	f->record = arena_text(&report->arena, buf_span(&b));
	f->date = arena_text(&report->arena, text.at[FIELD_DATE]);
	if (buf_failed(&b) || f->record.ptr == NULL || f->date.ptr == NULL)
		report->failed = true;
	buf_release(&b);
}

static void place_all(struct report *report, const struct registry *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < report->count && !report->failed; i++) {
		struct finding f = report->findings[i];

		if (f.row > 0 && f.row <= r->record_count) {
			place(report, r, &f);
			if (!report->failed && report->baseline != NULL &&
			    baseline_has(report->baseline, &f)) {
				report->known++;
				continue;
			}
		}
		report->findings[kept++] = f;
		report->kinds[f.kind]++;
	}
	report->count = kept;
}

static int finding_cmp(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return span_cmp(x->record, y->record);
}

int report_finish(
    struct report *report, const struct registry *r, struct portbook_error *err)
{
	place_all(report, r);
	if (report->failed)
		return error_nomem(err);
	if (report->count > 0)
		qsort(report->findings, report->count,
		    sizeof(*report->findings), finding_cmp);
	return 0;
}

static void put_line(struct buf *b, const struct finding *f, struct span file)
{
	const struct finding_rule *rule = finding_rule(f->code);

	cli_put_text(b, file);
	if (f->line > 0)
		buf_printf(b, ":%llu:%llu", (unsigned long long)f->line,
		    (unsigned long long)f->column);
	buf_printf(b, ": %s (%.*s): ", rule->name,
	    SPAN_FMT(finding_kind_name(f->kind)));
	cli_put_text(b, f->record);
	buf_str(b, f->record.len > 0 ? ": " : "");
	cli_put_text(b, f->message);
	buf_printf(b, " [%s]", rule->source);
}

/* A word longer than a line is left whole, to be copied. */
static void put_wrapped(struct buf *b, struct span line, size_t width)
{
	size_t column = 0;

	while (line.len > 0) {
		struct span word = span_cut(&line, ' ');
		size_t len = unicode_text_width(word);

		if (column > INDENT && column + 1 + len > width) {
			buf_char(b, '\n');
			buf_fill(b, ' ', INDENT);
			column = INDENT;
		} else if (column > 0) {
			buf_char(b, ' ');
			column++;
		}
		buf_add(b, word);
		column += len;
	}
}

void report_text(
    struct buf *b, const struct report *report, struct span file, size_t width)
{
	struct buf line;

	buf_init(&line);
	for (size_t i = 0; i < report->count; i++) {
		buf_clear(&line);
		put_line(&line, &report->findings[i], file);
		if (buf_failed(&line))
			b->failed = true;
		else if (width > 0)
			put_wrapped(b, buf_span(&line), width);
		else
			buf_add(b, buf_span(&line));
		buf_char(b, '\n');
	}
	buf_release(&line);
}

void report_json(struct buf *b, const struct report *report)
{
	buf_char(b, '[');
	for (size_t i = 0; i < report->count; i++) {
		const struct finding *f = &report->findings[i];
		const struct finding_rule *rule = finding_rule(f->code);

		buf_str(b, i > 0 ? ",\n" : "");
		json_finding(
		    b, &(struct json_finding){.code = span_str(rule->name),
			   .kind = finding_kind_name(f->kind),
			   .record = f->record,
			   .message = f->message,
			   .source = span_str(rule->source),
			   .line = f->line,
			   .column = f->column});
	}
	buf_char(b, ']');
}

void report_summary(struct buf *b, const struct report *report)
{
	static const char *const plurals[FINDING_KIND_COUNT] = {
	    "violations", "of history", "of bookkeeping", "of information"};
	const char *between = ": ";

	if (report->count == 0)
		buf_str(
		    b, report->known > 0 ? "no new findings" : "no findings");
	else
		cli_put_count(b, report->count);
	if (report->count > 0)
		buf_str(b, report->count == 1 ? " finding" : " findings");
	for (size_t i = 0; i < FINDING_KIND_COUNT; i++) {
		if (report->kinds[i] == 0)
			continue;
		buf_str(b, between);
		cli_put_count(b, report->kinds[i]);
		buf_char(b, ' ');
		buf_str(b, i == FINDING_VIOLATION && report->kinds[i] == 1
			       ? "violation"
			       : plurals[i]);
		between = ", ";
	}
	if (report->known > 0) {
		buf_str(b, "; ");
		cli_put_count(b, report->known);
		buf_str(b, " known to the baseline");
	}
	buf_char(b, '\n');
}
