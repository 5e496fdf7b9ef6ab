/* SPDX-License-Identifier: ISC */
#include "admin/official.h"

#include <stdio.h>

#include <nettle/sha2.h>

#include "admin/packed.h"
#include "base/error.h"
#include "write/assets.h"
#include "write/format.h"
#include "base/banned.h"

/* Which formats, from which kinds of source, and for what. */
static const struct official {
	const char *format;
	bool from_xml, from_csv;
	bool state; /* not for folders alone */
} officials[] = {
    {"xml", true, false, true},
    {"csv", true, true, true},
    {"txt", true, false, true},
    {"xhtml", true, false, false},
};

#define OFFICIAL_COUNT (sizeof(officials) / sizeof(officials[0]))
#define FILE_MAX (OFFICIAL_COUNT + 2)

struct files {
	int folder;
	mode_t mode;
	bool copies;
	struct packed *files[FILE_MAX]; /* finished */
	size_t count;
};

/* A file while it is written. */
struct out {
	struct packed *file;
	struct sha256_ctx digest;
};

static int drain(void *ctx, struct buf *b, struct portbook_error *err)
{
	struct out *out = ctx;
	int code = packed_write(out->file, buf_span(b), err);

	sha256_update(&out->digest, b->len, (const uint8_t *)b->ptr);
	buf_clear(b);
	return code;
}

static int check_digest(struct out *out, const struct write_job *job,
    const char *format, struct portbook_error *err)
{
	const struct image_version *v = write_version(job);
	const char *source =
	    le32(v->source) == IMAGE_SOURCE_XML ? "xml" : "csv";
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&out->digest, sizeof(digest), digest);
	if (strcmp(format, source) != 0 ||
	    memcmp(digest, v->digest, sizeof(digest)) == 0)
		return 0;
	return error_set(err, PORTBOOK_EFORMAT, 0,
	    "the source does not come out again as it went in; please report "
	    "this, with the file");
}

static int write_format(struct files *f, const char *name,
    struct write_job *job, struct portbook_error *err)
{
	const struct format *format = format_find(span_str(name));
	struct out out = {0};
	char file[64];
	struct buf b;
	int code;

	snprintf(file, sizeof(file), OFFICIAL_NAME ".%s", format->extension);
	code = packed_open(f->folder, file, f->mode, f->copies, &out.file, err);
	if (code < 0)
		return code;
	f->files[f->count++] = out.file;
	sha256_init(&out.digest);
	buf_init(&b);
	job->drain = drain;
	job->ctx = &out;
	code = format_write(format, job, &b, err);
	buf_release(&b);
	if (code == 0)
		code = check_digest(&out, job, name, err);
	return code == 0 ? packed_finish(out.file, err) : code;
}

static int write_asset(struct files *f, const char *name, struct span bytes,
    struct portbook_error *err)
{
	struct packed *file;
	int code = packed_open(f->folder, name, f->mode, false, &file, err);

	if (code < 0)
		return code;
	f->files[f->count++] = file;
	code = packed_write(file, bytes, err);
	return code == 0 ? packed_finish(file, err) : code;
}

static int write_all(struct files *f, struct write_job *job,
    enum official_for what, struct portbook_error *err)
{
	uint32_t source = le32(write_version(job)->source);
	bool is_xml = source == IMAGE_SOURCE_XML;
	int code = 0;

	for (size_t i = 0; code == 0 && i < OFFICIAL_COUNT; i++) {
		const struct official *o = &officials[i];

		bool has = is_xml ? o->from_xml
				  : source == IMAGE_SOURCE_CSV && o->from_csv;

		if (has && (o->state || what == OFFICIAL_FOLDER))
			code = write_format(f, o->format, job, err);
	}
	if (!is_xml || code < 0)
		return code;
	code = write_asset(f, OFFICIAL_NAME ".xsl", asset_xsl, err);
	return code == 0 ? write_asset(f, OFFICIAL_NAME ".rng", asset_rng, err)
			 : code;
}

int official_check(
    const struct image *image, uint32_t version, struct portbook_error *err)
{
	if (le32(image->versions[version].source) != IMAGE_SOURCE_SERVICES)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "a services file has none of the official formats: see portbook "
	    "convert");
}

int official_write(const struct image *image, uint32_t version, int folder,
    enum official_for what, struct portbook_error *err)
{
	struct files f = {.folder = folder,
	    .mode = what == OFFICIAL_STATE ? 0444 : 0644,
	    .copies = what == OFFICIAL_STATE};
	struct write_job job = {
	    .image = image, .version = version, .epoch = -1};
	int code = write_all(&f, &job, what, err);

	for (size_t i = 0; code == 0 && i < f.count; i++)
		code = packed_keep(f.files[i], err);
	for (size_t i = 0; i < f.count; i++)
		packed_free(f.files[i]);
	return code;
}
