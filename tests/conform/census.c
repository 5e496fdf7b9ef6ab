/* SPDX-License-Identifier: ISC */
/*
 * census: reads one official XML from standard input and prints a line of
 * counts, parted by tabs, in the order of the heading below.  "census -h"
 * prints the heading; "census -x" the registry as XML again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "read/read.h"
#include "terms/rich.h"

static const char *const headings[] = {"edition", "bytes", "records", "name",
    "number", "range", "tcp", "udp", "sctp", "dccp", "none", "people", "date",
    "updated", "reference", "assignee", "note", "unauthorized", "code",
    "xref-person", "xref-rfc", "xref-draft", "xref-uri", "xref-note",
    "xref-text", "br", "paragraph", "residues", "findings", "digest"};

enum {
	COUNT_RECORDS = 2,
	COUNT_NAME,
	COUNT_NUMBER,
	COUNT_RANGE,
	COUNT_TCP,
	COUNT_NONE = COUNT_TCP + PROTOCOL_NONE,
	COUNT_PEOPLE,
	COUNT_DATE,
	COUNT_UPDATED,
	COUNT_REFERENCE,
	COUNT_ASSIGNEE,
	COUNT_NOTE,
	COUNT_UNAUTHORIZED,
	COUNT_CODE,
	COUNT_XREF,
	COUNT_BR = COUNT_XREF + 6,
	COUNT_PARAGRAPH,
	COUNT_RESIDUE,
	COUNT_FINDING,
	COUNT_END,
};

static const struct {
	int count;
	enum record_field field;
} filled[] = {
    {COUNT_NAME, FIELD_NAME},
    {COUNT_NUMBER, FIELD_NUMBER},
    {COUNT_DATE, FIELD_DATE},
    {COUNT_UPDATED, FIELD_UPDATED},
    {COUNT_REFERENCE, FIELD_REFERENCE},
    {COUNT_ASSIGNEE, FIELD_ASSIGNEE},
    {COUNT_NOTE, FIELD_NOTE},
    {COUNT_UNAUTHORIZED, FIELD_UNAUTHORIZED},
    {COUNT_CODE, FIELD_SERVICE_CODE},
};

static void count_rich(struct span rich, size_t *counts)
{
	static const char types[] = "prdunt";
	struct rich_token token;

	while (rich_next(&rich, &token)) {
		const char *type;

		counts[COUNT_BR] += token.kind == RICH_IS_BR;
		counts[COUNT_PARAGRAPH] += token.kind == RICH_IS_PARAGRAPH;
		if (token.kind != RICH_IS_XREF)
			continue;
		type = strchr(types, (char)token.xref.type);
		if (type != NULL && *type != '\0')
			counts[COUNT_XREF + (type - types)]++;
	}
}

static void count_record(
    const struct registry *r, const struct record *record, size_t *counts)
{
	struct record_text text;

	registry_record_text(r, record, &text);
	for (size_t i = 0; i < sizeof(filled) / sizeof(filled[0]); i++)
		counts[filled[i].count] += text.at[filled[i].field].len > 0;
	counts[COUNT_RANGE] += /* "4502-4502" counts, too */
	    span_find_char(text.at[FIELD_NUMBER], 0, '-') <
	    text.at[FIELD_NUMBER].len;
	if (record->protocol <= PROTOCOL_NONE)
		counts[COUNT_TCP + record->protocol]++;
	counts[COUNT_RESIDUE] += record->residue != 0;
	for (size_t i = FIELD_DESCRIPTION; i < FIELD_COUNT; i++)
		count_rich(text.at[i], counts);
}

static void print_headings(void)
{
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		printf("%s%s", i > 0 ? "\t" : "", headings[i]);
	putchar('\n');
}

static void print(const struct registry *r, const struct diag *diag)
{
	size_t counts[COUNT_END] = {0};
	struct span updated = registry_text(r, r->text[REGISTRY_UPDATED]);

	for (size_t i = 0; i < r->record_count; i++)
		count_record(r, &r->records[i], counts);
	counts[COUNT_RECORDS] = r->record_count;
	counts[COUNT_PEOPLE] = r->person_count;
	counts[COUNT_FINDING] = diag->count;
	printf(
	    "%.*s\t%llu", SPAN_FMT(updated), (unsigned long long)r->source_len);
	for (int i = COUNT_RECORDS; i < COUNT_END; i++)
		printf("\t%zu", counts[i]);
	putchar('\t');
	for (size_t i = 0; i < sizeof(r->digest); i++)
		printf("%02x", r->digest[i]);
	putchar('\n');
}

/* With "-x", the bytes come out on standard output instead of the counts. */
static int put_xml(const struct registry *r)
{
	struct buf xml;
	int status;

	buf_init(&xml);
	registry_to_xml(r, &xml);
	status =
	    buf_failed(&xml) || fwrite(xml.ptr, 1, xml.len, stdout) != xml.len;
	buf_release(&xml);
	return status;
}

int main(int argc, char **argv)
{
	struct portbook_error err = {0};
	struct diag diag = {0};
	struct registry r;
	int status = 0;

	if (argc > 1 && strcmp(argv[1], "-h") == 0) {
		print_headings();
		return 0;
	}
	if (read_registry("-", &r, &diag, &err) < 0) {
		fprintf(stderr, "%s:%llu:%llu: %s\n", err.source,
		    (unsigned long long)err.line,
		    (unsigned long long)err.column, err.text);
		return error_exit_status(err.code);
	}
	if (argc > 1 && strcmp(argv[1], "-x") == 0)
		status = put_xml(&r);
	else
		print(&r, &diag);
	registry_release(&r);
	return status;
}
