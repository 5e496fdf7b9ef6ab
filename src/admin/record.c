/* SPDX-License-Identifier: ISC */
#include "admin/record.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"
#include "read/read.h"
#include "write/format.h"
#include "base/banned.h"

#define STORE_FILE "/private/store.sqlite"

int record_open(const char *path, enum store_mode mode, struct store **ret,
    struct portbook_error *err)
{
	struct buf file;
	int code;

	buf_init(&file);
	buf_str(&file, path);
	buf_str(&file, STORE_FILE);
	buf_char(&file, '\0');
	if (buf_failed(&file)) {
		buf_release(&file);
		return error_nomem(err);
	}
	code = store_open(file.ptr, mode, ret, err);
	if (code < 0 && err != NULL && err->source[0] == '\0')
		error_locate(err, file.ptr, 0, 0);
	buf_release(&file);
	return code;
}

uint32_t record_edition(struct span name, struct span date)
{
	uint64_t edition = 1;
	struct span rest;

	if (date.len == 0 || !span_starts(name, date))
		return 0;
	rest = span_skip(name, date.len);
	if (!span_starts(rest, SPAN(".")))
		return 0;
	rest = span_skip(rest, 1);
	if (rest.len > 0 && ascii_is_digit(rest.ptr[0]) &&
	    !ascii_u64(span_cut(&rest, '.'), UINT32_MAX, &edition))
		return 0;
	return (uint32_t)edition;
}

struct span record_date(const struct registry *r)
{
	struct span updated = registry_text(r, r->text[REGISTRY_UPDATED]);

	return updated.len > 0 ? updated : registry_newest_row(r);
}

static int take_newest(void *ctx, const struct store_version *v)
{
	struct record_newest *newest = ctx;

	newest->count++;
	newest->number = v->number;
	memcpy(newest->digest, v->digest, sizeof(newest->digest));
	snprintf(newest->date, sizeof(newest->date), "%.*s", SPAN_FMT(v->date));
	newest->edition = v->edition;
	snprintf(newest->source, sizeof(newest->source), "%.*s",
	    SPAN_FMT(v->source));
	return 0;
}

int record_newest(
    struct store *s, struct record_newest *ret, struct portbook_error *err)
{
	*ret = (struct record_newest){0};
	return store_versions(s, take_newest, ret, err);
}

int record_add(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, bool *added,
    struct portbook_error *err)
{
	int64_t version = 0;
	int code = store_version_find(s, r->digest, &version, err);

	if (code < 0)
		return code;
	*added = version == 0;
	return version == 0 ? store_version_add(s, r, arrival, &version, err)
			    : store_sighting_add(s, version, arrival, err);
}

int record_one(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, bool *added,
    struct portbook_error *err)
{
	int code = store_begin(s, err);

	if (code < 0)
		return code;
	code = record_add(s, r, arrival, added, err);
	if (code == 0)
		code = store_commit(s, err);
	else
		store_abort(s);
	return code;
}

/* A version of an image, read again from what it is written as. */
static int record_version(struct store *s, const struct image *image,
    uint32_t version, struct portbook_error *err)
{
	const struct image_version *v = &image->versions[version];
	bool is_xml = le32(v->source) == IMAGE_SOURCE_XML, added;
	struct write_job job = {
	    .image = image, .version = version, .epoch = -1};
	struct store_arrival arrival = {
	    .source = image_text(image, image->meta->built_from),
	    .how = SPAN("published before"),
	    .seen = record_now(),
	    .edition = 0,
	};
	struct registry r = {0};
	struct buf b;
	int code;

	if (version + 1 < image->version_count)
		arrival.source = SPAN("an image");
	buf_init(&b);
	code = format_write(
	    format_find(is_xml ? SPAN("xml") : SPAN("csv")), &job, &b, err);
	if (code == 0)
		code = read_registry_memory(
		    buf_span(&b), "what is published", &r, NULL, err);
	if (code == 0 && memcmp(r.digest, v->digest, sizeof(r.digest)) != 0)
		code = error_set(err, PORTBOOK_EDAMAGED, 0,
		    "version %u of what is published does not come out as it "
		    "went in",
		    version + 1);
	if (code == 0)
		code = record_add(s, &r, &arrival, &added, err);
	registry_release(&r);
	buf_release(&b);
	return code;
}

int record_image(
    struct store *s, const struct image *image, struct portbook_error *err)
{
	int code = store_begin(s, err);

	if (code < 0)
		return code;
	for (uint32_t i = 0; code == 0 && i < image->version_count; i++)
		code = record_version(s, image, i, err);
	if (code == 0)
		code = store_commit(s, err);
	else
		store_abort(s);
	return code;
}

int64_t record_now(void)
{
	struct timespec now;

	return clock_gettime(CLOCK_REALTIME, &now) == 0 ? now.tv_sec : 0;
}
