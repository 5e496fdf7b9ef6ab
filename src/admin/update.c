/* SPDX-License-Identifier: ISC */
#include "admin/update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "admin/fetch.h"
#include "admin/official.h"
#include "admin/publish.h"
#include "admin/state.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "core/timeline.h"
#include "image/image.h"
#include "imagebuild/imagebuild.h"
#include "read/read.h"
#include "base/banned.h"

/* A version with less than this share of the records before is refused. */
#define SHRINK_PERCENT 90

/* What answers call a source: a file by its name, without its folder. */
static const char *source_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "standard input";

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static int build(const struct registry *r, const char *source,
    enum update_index index, struct built *ret, struct portbook_error *err)
{
	struct imagebuild_options options = {
	    .source = span_str(source),
	    .no_search = index == UPDATE_INDEX_NO_GRAMS,
	    .rows_only = index == UPDATE_INDEX_NONE,
	};
	struct timeline timeline;
	int code = timeline_init(&timeline, err);

	if (code == 0)
		code = timeline_append(&timeline, r, err);
	if (code == 0)
		code = imagebuild(
		    &timeline, &options, &ret->image, &ret->image_len, err);
	timeline_release(&timeline);
	return code;
}

int update_build(const char *path, const char *source, enum update_index index,
    struct built *ret, struct diag *diag, struct portbook_error *err)
{
	struct built built = {NULL, 0};
	struct registry registry;
	int code = read_registry(path, &registry, diag, err);

	if (code < 0)
		return code;
	code = build(&registry, source != NULL ? source : source_of(path),
	    index, &built, err);
	registry_release(&registry);
	if (code == 0)
		*ret = built;
	return code;
}

void update_built_release(struct built *built)
{
	mem_release(built->image);
	*built = (struct built){NULL, 0};
}

/* The image that is served now; false if there is none that is whole. */
static bool open_current(const struct state *s, struct image *ret)
{
	int fd = openat(
	    s->public_fd, "current/registry.image", O_RDONLY | O_CLOEXEC);
	bool opened;

	if (fd < 0)
		return false;
	opened = image_open_fd(fd, "current/registry.image", ret, NULL) == 0;
	close(fd);
	if (opened && image_verify(ret, NULL) < 0) {
		image_close(ret);
		opened = false;
	}
	return opened;
}

static void put_date(char *to, size_t cap, const struct image *image)
{
	struct span updated = image_text(image, image_newest(image)->updated);

	snprintf(to, cap, "%.*s", SPAN_FMT(updated));
}

/* Of a CSV, which has no date, that of its latest row. */
static struct span date_of(const struct image *image)
{
	struct span updated = image_text(image, image_newest(image)->updated);

	return updated.len > 0
		   ? updated
		   : image_text(image, image_newest(image)->newest_row);
}

/* Whether new looks as if it should not replace old: the reason in err. */
static int doubt(const struct image *old, const struct image *new,
    struct portbook_error *err)
{
	bool had_date = image_text(old, image_newest(old)->updated).len > 0;
	bool has_date = image_text(new, image_newest(new)->updated).len > 0;
	struct span was = date_of(old), is = date_of(new);
	uint64_t had = old->current_rows, has = new->current_rows;

	if (had_date && !has_date)
		return error_set(err, PORTBOOK_EREFUSED, 0,
		    "the source has no date, and the registry of %.*s is "
		    "there already; --force takes it all the same",
		    SPAN_FMT(was));
	if (span_cmp(is, was) < 0)
		return error_set(err, PORTBOOK_EREFUSED, 0,
		    "a stale source: it is of %.*s, and the registry of %.*s "
		    "is there already; --force takes it all the same",
		    SPAN_FMT(is), SPAN_FMT(was));
	if (has * 100 < had * SHRINK_PERCENT)
		return error_set(err, PORTBOOK_EREFUSED, 0,
		    "the source has %llu records where %llu were before; "
		    "--force takes it all the same",
		    (unsigned long long)has, (unsigned long long)had);
	return 0;
}

static uint32_t minor_of(const struct image *image)
{
	return le32(((const struct image_header *)image->base)->minor);
}

/* Whether the one would answer in all things as the other does. */
static bool same_content(const struct image *a, const struct image *b)
{
	return memcmp(image_newest(a)->digest, image_newest(b)->digest,
		   sizeof(image_newest(a)->digest)) == 0 &&
	       memcmp(a->meta->names_digest, b->meta->names_digest,
		   sizeof(a->meta->names_digest)) == 0 &&
	       span_eq(image_text(a, a->meta->unicode),
		   image_text(b, b->meta->unicode)) &&
	       minor_of(a) == minor_of(b);
}

static int fill(void *ctx, int folder, struct portbook_error *err)
{
	const struct image *image = ctx;

	return official_write(image, (uint32_t)image->version_count - 1, folder,
	    OFFICIAL_STATE, err);
}

/* With the lock held, the new version read and built. */
static int replace(const struct update_options *options, const struct state *s,
    const struct built *built, struct update_report *ret,
    struct portbook_error *err)
{
	struct span bytes =
	    span_of((const char *)built->image, built->image_len);
	char name[PUBLISH_NAME_LEN + 1];
	struct image new, old;
	bool had;
	int code = image_open_memory(bytes, &new, err);

	if (code == 0)
		code = image_verify(&new, err);
	if (code < 0) {
		error_prefix(err, "the new image is not whole");
		return code;
	}
	put_date(ret->after, sizeof(ret->after), &new);
	ret->records = new.current_rows;
	ret->result = UPDATE_PUBLISHED;
	had = open_current(s, &old);
	if (had) {
		put_date(ret->before, sizeof(ret->before), &old);
		if (same_content(&old, &new) && !options->force)
			ret->result = UPDATE_SAME;
		else if (!options->force)
			code = doubt(&old, &new, err);
		image_close(&old);
	}
	if (code == 0 && ret->result == UPDATE_PUBLISHED && !options->dry_run)
		code = publish(s, bytes, fill, &new, name, err);
	image_close(&new);
	return code;
}

/* Reads the source: where it has to be fetched, by way of incoming/. */
static int read_source(const struct update_options *options,
    const struct state *s, struct registry *ret, struct diag *diag,
    struct portbook_error *err)
{
	static const char name[] = "incoming/fetched";
	int code, fd;

	if (options->path != NULL)
		return read_registry(options->path, ret, diag, err);
	unlinkat(s->private_fd, name, 0);
	fd = openat(
	    s->private_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot write %s/private/%s", s->path, name);
	unlinkat(s->private_fd, name, 0);
	code = fetch(options->fetch, options->url, fd, err);
	if (code == 0)
		code = read_registry_fd(fd, options->url, ret, diag, err);
	close(fd);
	return code;
}

int update(const struct update_options *options, struct update_report *ret,
    struct portbook_error *err)
{
	const char *source = options->source != NULL ? options->source
			     : options->path != NULL ? source_of(options->path)
						     : options->url;
	struct update_report report = {0};
	struct built built = {NULL, 0};
	struct registry registry = {0};
	struct diag diag = {0};
	struct state s;
	int code = state_open(options->state, "update", &s, err);

	if (code < 0)
		return code;
	code = read_source(options, &s, &registry, &diag, err);
	if (code < 0) {
		state_close(&s);
		return code;
	}
	report.findings = diag.count;
	code = build(&registry, source, UPDATE_INDEX_ALL, &built, err);
	if (code == 0)
		code = replace(options, &s, &built, &report, err);
	update_built_release(&built);
	registry_release(&registry);
	state_close(&s);
	if (code == 0)
		*ret = report;
	return code;
}
