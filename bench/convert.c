/* SPDX-License-Identifier: ISC */
/*
 * From XML to CSV beside a pass of expat that does nothing with it; and every
 * writer beside who copies the same bytes.
 */
#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "imagebuild/imagebuild.h"
#include "read/read.h"
#include "write/format.h"

#define COPY_LEN ((size_t)128 * 1024) /* what cat(1) reads at once */

/* Forgets what was written. */
static int drop(void *ctx, struct buf *b, struct portbook_error *err)
{
	(void)ctx, (void)err;
	bench_sink += b->len;
	buf_clear(b);
	return 0;
}

/* A file of one format written, and the bytes copied. */
struct output {
	const struct format *format;
	const struct image *image;
	struct buf bytes; /* owned: all of it */
	const char *path; /* of a file with these bytes */
	int null;	  /* descriptor of /dev/null */
};

static int put(void *ctx, struct buf *b, struct portbook_error *err)
{
	const struct output *o = ctx;

	if (write(o->null, b->ptr, b->len) != (ssize_t)b->len)
		die("/dev/null cannot be written to");
	return drop(NULL, b, err);
}

static struct write_job job_of(const struct image *image)
{
	return (struct write_job){.image = image,
	    .version = (uint32_t)image->version_count - 1,
	    .style = SPAN(""),
	    .frequencies = SPAN(""),
	    .as_of = SPAN(""),
	    .epoch = 0};
}

static void write_format(
    const struct output *o, const struct write_job *job, struct buf *b)
{
	struct portbook_error err = {0};

	if (format_write(o->format, job, b, &err) < 0)
		die("%s: %s", o->format->name, err.text);
}

static void ours(void *ctx)
{
	struct output *o = ctx;
	struct write_job job = job_of(o->image);
	struct buf b;

	job.drain = put;
	job.ctx = o;
	buf_init(&b);
	write_format(o, &job, &b);
	buf_release(&b);
}

/* Into memory that is there already, as the orientation figures are meant. */
static void ours_in_memory(void *ctx)
{
	struct output *o = ctx;
	struct write_job job = job_of(o->image);

	buf_clear(&o->bytes);
	write_format(o, &job, &o->bytes);
	bench_sink += o->bytes.len;
}

static void copy(void *ctx)
{
	static char part[COPY_LEN];
	const struct output *o = ctx;
	int fd = open(o->path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		die("%s: cannot be opened", o->path);
	while ((got = read(fd, part, sizeof(part))) > 0)
		if (write(o->null, part, (size_t)got) != got)
			die("/dev/null cannot be written to");
	close(fd);
}

static void save(const char *path, struct span bytes)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL ||
	    fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len ||
	    fclose(file) != 0)
		die("%s: cannot be written", path);
}

static void measure(const struct bench *b, const struct format *format)
{
	char path[4200];
	struct output o = {.format = format, .image = &b->image, .path = path};
	struct racer r[] = {
	    {ours, &o, 1, 0}, {copy, &o, 1, 0}, {ours_in_memory, &o, 1, 0}};

	snprintf(path, sizeof(path), "%s/written", b->tmp);
	o.null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	buf_init(&o.bytes);
	ours_in_memory(&o);
	save(path, buf_span(&o.bytes));
	race(r, 3);
	row_rate(format->name, (double)o.bytes.len, r[0].ns, r[1].ns);
	if (span_eq(span_str(format->name), SPAN("csv")))
		note("csv into a buffer that is there: %.0f us; fields copied "
		     "alone 272 us at best, asking each byte for quotes by a "
		     "table 1387 us",
		    r[2].ns / 1e3);
	buf_release(&o.bytes);
	close(o.null);
}

void bench_write(struct bench *b)
{
	printf("\n%-14s %10s %12s %12s %12s %12s %7s\n",
	    "Writing from the image", "", "ours", "", "cat", "", "ratio");
	for (size_t i = 0; i < format_count; i++)
		measure(b, &formats[i]);
}

/* What convert does in one process. */
static void convert(void *ctx)
{
	const struct imagebuild_options options = {
	    .source = SPAN("bench"), .rows_only = true};
	struct output o = {.format = format_find(SPAN("csv"))};
	struct portbook_error err = {0};
	struct write_job job;
	struct registry r;
	struct timeline t;
	struct image image;
	struct buf b;
	uint8_t *bytes;
	size_t len;

	if (read_registry(ctx, &r, NULL, &err) < 0 ||
	    timeline_init(&t, &err) < 0 || timeline_append(&t, &r, &err) < 0)
		die("%s: %s", (const char *)ctx, err.text);
	registry_release(&r);
	if (imagebuild(&t, &options, &bytes, &len, &err) < 0 ||
	    image_open_memory(span_of((const char *)bytes, len), &image, &err) <
		0)
		die("%s: %s", (const char *)ctx, err.text);
	timeline_release(&t);
	job = job_of(&image);
	job.drain = drop;
	buf_init(&b);
	write_format(&o, &job, &b);
	buf_release(&b);
	image_close(&image);
	mem_release(bytes);
}

void bench_convert(struct bench *b)
{
	struct racer r[] = {{convert, (void *)b->xml, 1, 0},
	    {empty_pass, (void *)b->xml, 1, 0}};

	spread();
	race(r, 2);
	pin();
	title("Converting");
	row("XML to CSV", r[0].ns, "expat, empty handlers", r[1].ns, 2.0);
	race(r, 2);
	row("XML to CSV, on one processor", r[0].ns, "expat, empty handlers",
	    r[1].ns, 0);
}
