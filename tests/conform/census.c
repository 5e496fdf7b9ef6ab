/* SPDX-License-Identifier: ISC */
/*
 * census: reads one official file from standard input and prints a line of
 * counts, parted by tabs, in the order of the heading below.  "census -h"
 * prints the heading; "census -t FORMAT" builds an image of the registry and
 * writes that in a format.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "imagebuild/imagebuild.h"
#include "read/read.h"
#include "terms/rich.h"
#include "write/format.h"

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

static int drain(void *ctx, struct buf *b, struct portbook_error *err)
{
	(void)ctx;
	if (fwrite(b->ptr, 1, b->len, stdout) != b->len)
		return error_set(err, PORTBOOK_EIO, errno, "cannot write");
	buf_clear(b);
	return 0;
}

static int put_format(
    const struct image *image, const char *name, struct portbook_error *err)
{
	const struct format *format = format_find(span_str(name));
	struct write_job job = {.image = image, .epoch = -1, .drain = drain};
	struct buf b;
	int code;

	if (format == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0, "no format %s", name);
	buf_init(&b);
	code = format_write(format, &job, &b, err);
	buf_release(&b);
	return code;
}

/* By way of an image, which is all that writers see. */
static int put(
    const struct registry *r, const char *format, struct portbook_error *err)
{
	struct imagebuild_options options = {
	    .source = SPAN("census"), .no_search = true};
	struct timeline timeline;
	struct image image;
	uint8_t *bytes = NULL;
	size_t len = 0;
	int code = timeline_init(&timeline, err);

	if (code == 0)
		code = timeline_append(&timeline, r, err);
	if (code == 0)
		code = imagebuild(&timeline, &options, &bytes, &len, err);
	timeline_release(&timeline);
	if (code == 0)
		code = image_open_memory(
		    span_of((const char *)bytes, len), &image, err);
	if (code == 0)
		code = put_format(&image, format, err);
	mem_release(bytes);
	return code;
}

static int complain(const struct portbook_error *err)
{
	fprintf(stderr, "%s:%llu:%llu: %s\n", err->source,
	    (unsigned long long)err->line, (unsigned long long)err->column,
	    err->text);
	return error_exit_status(err->code);
}

int main(int argc, char **argv)
{
	struct portbook_error err = {0};
	struct diag diag = {0};
	struct registry r;
	int code = 0;

	if (argc > 1 && strcmp(argv[1], "-h") == 0) {
		print_headings();
		return 0;
	}
	if (read_registry("-", &r, &diag, &err) < 0)
		return complain(&err);
	if (argc > 2 && strcmp(argv[1], "-t") == 0)
		code = put(&r, argv[2], &err);
	else
		print(&r, &diag);
	registry_release(&r);
	return code < 0 ? complain(&err) : 0;
}
