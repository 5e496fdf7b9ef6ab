/* SPDX-License-Identifier: ISC */
/*
 * The formats that a version can be written in: a table, a writer each.  A
 * writer reads an image and appends to a buffer, nothing else.
 */
#ifndef WRITE_FORMAT_H
#define WRITE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "image/edition.h"
#include "portbook/error.h"

/* A page of search results, for the formats that know pages. */
struct write_page {
	struct span query;    /* as typed; empty for the whole registry */
	uint64_t page, pages; /* from 1 */
	const uint32_t *rows; /* of this page */
	size_t row_count;
	const uint32_t *people; /* that the rows refer to, in file order */
	size_t person_count;
};

/* What is to be written.  All is borrowed for the call. */
struct write_job {
	const struct image *image;
	uint32_t version;  /* below image->version_count */
	struct span style; /* one of the format's; empty: by date, or first */
	const struct write_page *page; /* NULL: all of the version */
	struct span frequencies; /* bytes of an nmap-services file, or empty */
	struct span as_of;	 /* the date asked for, empty if none */
	int64_t epoch; /* SOURCE_DATE_EPOCH in seconds; negative: not given */

	/*
	 * Takes what is in b away and clears b; 0 or a failure.  NULL: all
	 * stays in b.
	 */
	int (*drain)(void *ctx, struct buf *b, struct portbook_error *err);
	void *ctx;
};

struct format {
	const char *name;	   /* "csv": behind --to */
	const char *extension;	   /* of a file, without its dot */
	const char *const *styles; /* ended by NULL; NULL: there are none */
	bool pages;		   /* it can write a page of a search */
	const char *does;	   /* one line for the manual and --help */

	/*
	 * Appends the whole file to b, calling write_drain now and then.
	 * PORTBOOK_ENOMEM, PORTBOOK_ELIMIT or what drain returns.  Style and
	 * page have been looked at: they are the format's.
	 */
	int (*write)(const struct write_job *job, struct buf *b,
	    struct portbook_error *err);
};

extern const struct format formats[];
extern const size_t format_count;

/* By name; NULL if there is none such. */
const struct format *format_find(struct span name);

/*
 * Writes job as format: style and page looked at first (PORTBOOK_EUSAGE),
 * what is left drained at the end.  A buffer that failed is PORTBOOK_ENOMEM.
 */
int format_write(const struct format *format, const struct write_job *job,
    struct buf *b, struct portbook_error *err);

#define WRITE_DRAIN_LEN 65536 /* bytes after which a buffer is drained */

/*
 * To be called by writers wherever b may go: behind each record.  What failed
 * is not drained, as that would clear the failure: PORTBOOK_ENOMEM.
 */
static inline int write_drain(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	if (buf_failed(b))
		return error_nomem(err);
	if (job->drain == NULL || b->len < WRITE_DRAIN_LEN)
		return 0;
	return job->drain(job->ctx, b, err);
}

/* The version that is written. */
static inline const struct image_version *write_version(
    const struct write_job *job)
{
	return &job->image->versions[job->version];
}

/* The version's date YYYY-MM-DD; that of its newest row if it has none. */
struct span write_date(const struct write_job *job);

/* The writers, a file each. */
int write_xml(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_official_csv(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_txt(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_json(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_jsonl(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_tsv(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_xhtml(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_services(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_nmap(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_wireshark(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_nft(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_avahi(
    const struct write_job *job, struct buf *b, struct portbook_error *err);
int write_cheader(
    const struct write_job *job, struct buf *b, struct portbook_error *err);

#endif
