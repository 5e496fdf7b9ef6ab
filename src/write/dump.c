/* SPDX-License-Identifier: ISC */
/*
 * A version's records as other programs read them: one JSON document with the
 * people, JSON lines, and TSV.  A record is the same here as in every answer
 * (json.h, csv.h), and stands on a line of its own in each of the three.
 */
#include "write/csv.h"
#include "write/format.h"
#include "write/json.h"
#include "base/banned.h"

typedef void put_row_fn(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version);

static int put_rows(const struct write_job *job, put_row_fn *put,
    const char *sep, const char *end, struct buf *b, struct portbook_error *err)
{
	struct image_walk walk = image_walk_begin(job->image, job->version);
	bool any = false;
	uint32_t n;
	int code = 0;

	while (code == 0 && (n = image_walk_row(&walk)) != IMAGE_NONE) {
		if (any)
			buf_str(b, sep);
		put(b, job->image, &job->image->rows[n], job->version);
		buf_str(b, end);
		any = true;
		code = write_drain(job, b, err);
	}
	return code;
}

static int put_people(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct image_walk walk = image_walk_begin(job->image, job->version);
	bool any = false;
	uint32_t n;
	int code = 0;

	while (code == 0 && (n = image_walk_person(&walk)) != IMAGE_NONE) {
		buf_str(b, any ? ",\n" : "\n");
		json_person(b, job->image, &job->image->people[n]);
		any = true;
		code = write_drain(job, b, err);
	}
	return code;
}

int write_json(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	int code;

	buf_str(b, "{\"registry\": ");
	json_registry(b, job->image, job->version, job->as_of);
	buf_str(b, ", \"records\": [\n");
	code = put_rows(job, json_record, ",\n", "", b, err);
	if (code < 0)
		return code;
	buf_str(b, "\n], \"people\": [");
	code = put_people(job, b, err);
	if (code < 0)
		return code;
	buf_str(b, "\n]}\n");
	return 0;
}

int write_jsonl(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	return put_rows(job, json_record, "", "\n", b, err);
}

static void put_tab_row(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	csv_record(b, image, row, version, CSV_TAB);
}

int write_tsv(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	csv_header(b, CSV_TAB);
	return put_rows(job, put_tab_row, "", "", b, err);
}
