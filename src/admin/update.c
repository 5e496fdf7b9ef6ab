/* SPDX-License-Identifier: ISC */
#include "admin/update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "admin/fetch.h"
#include "admin/findings.h"
#include "admin/fits.h"
#include "admin/newest.h"
#include "admin/record.h"
#include "admin/shown.h"
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

static int build_timeline(const struct timeline *timeline, const char *source,
    enum update_index index, struct built *ret, struct portbook_error *err)
{
	struct imagebuild_options options = {
	    .source = span_str(source),
	    .no_search = index == UPDATE_INDEX_NO_GRAMS,
	    .rows_only = index == UPDATE_INDEX_NONE,
	};

	return imagebuild(
	    timeline, &options, &ret->image, &ret->image_len, err);
}

/* Reads each file and appends it to the timeline. */
static int append_files(struct timeline *timeline, const char *const *paths,
    size_t count, struct diag *diag, struct portbook_error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct registry registry;
		int code = read_registry(paths[i], &registry, diag, err);

		if (code < 0)
			return code;
		code = timeline_append(timeline, &registry, err);
		registry_release(&registry);
		if (code < 0)
			return code;
	}
	return 0;
}

int update_build(const char *const *paths, size_t count, const char *source,
    enum update_index index, struct built *ret, struct diag *diag,
    struct portbook_error *err)
{
	struct built built = {NULL, 0};
	struct timeline timeline;
	int code = timeline_init(&timeline, err);

	if (code == 0)
		code = append_files(&timeline, paths, count, diag, err);
	if (code == 0)
		code = build_timeline(&timeline,
		    source != NULL ? source : source_of(paths[count - 1]),
		    index, &built, err);
	timeline_release(&timeline);
	if (code == 0)
		*ret = built;
	return code;
}

void update_built_release(struct built *built)
{
	mem_release(built->image);
	*built = (struct built){NULL, 0};
}

/* One update as it goes on. */
struct updating {
	const struct update_options *options;
	struct update_report report;
	struct newest before;	  /* what is kept */
	uint32_t edition;	  /* of that */
	struct registry registry; /* what came, unless the server has no news */
	struct findings found;	  /* in that */
	struct fetch_tags tags;
	char *tags_path; /* owned */
	bool same;	 /* the server says so */
};

static void put_date(char *to, size_t cap, struct span date)
{
	snprintf(to, cap, "%.*s", SPAN_FMT(date));
}

/* Whether what came looks as if it should not be taken: the reason in err. */
static int doubt(const struct updating *u, struct portbook_error *err)
{
	const struct newest *old = &u->before;
	const struct registry *r = &u->registry;
	bool has_date = r->text[REGISTRY_UPDATED] != 0;
	struct span was = span_str(old->date), is = record_date(r);

	if (old->dated && !has_date)
		return error_set(err, PORTBOOK_EREFUSED, 0,
		    "the source has no date, and the registry of %.*s is "
		    "there already; --force takes it all the same",
		    SPAN_FMT(was));
	if (span_cmp(is, was) < 0)
		return error_set(err, PORTBOOK_EREFUSED, 0,
		    "a stale source: it is of %.*s, and the registry of %.*s "
		    "is there already; portbook import adds older versions, "
		    "and so does --force",
		    SPAN_FMT(is), SPAN_FMT(was));
	if (r->record_count * 100 < old->records * SHRINK_PERCENT)
		return error_set(err, PORTBOOK_EREFUSED, 0,
		    "the source has %zu records where %zu were before; "
		    "--force takes it all the same",
		    r->record_count, old->records);
	return 0;
}

/* Passes findings on, and keeps the first element that nobody knows. */
struct passing {
	struct updating *u;
	struct portbook_error *err;
	int code;
};

static void pass(void *ctx, const struct finding *f)
{
	struct passing *p = ctx;
	struct diag news = p->u->options->news;

	p->u->report.news++;
	diag_put(&news, f);
	if (f->code != FINDING_READ_ELEMENT || p->code < 0)
		return;
	p->code = error_set(p->err, PORTBOOK_EREFUSED, 0,
	    "line %llu has an element that the schema does not: %.*s; this "
	    "portbook may be too old to read it; --force takes it all the "
	    "same",
	    (unsigned long long)f->line, SPAN_FMT(span_head(f->what, 40)));
}

/* Findings that the newest version did not have: told, and some refused. */
static int look_for_news(struct updating *u, struct portbook_error *err)
{
	struct passing passing = {u, err, 0};
	struct diag news = {.take = pass, .ctx = &passing};
	struct findings old;
	int code;

	findings_init(&old);
	code = newest_findings(&u->before, &old, err);
	if (code == 0)
		code = findings_check(&u->found, &u->registry, err);
	if (code == 0)
		findings_compare(&old, &u->found, &news);
	findings_release(&old);
	if (code < 0)
		return code;
	return u->options->force ? 0 : passing.code;
}

/* Where what is fetched goes for a while, under no name. */
static int open_incoming(
    const struct updating *u, const struct state *s, struct portbook_error *err)
{
	static const char name[] = "incoming/fetched";
	int fd;

	if (u->options->dry_run)
		fd = memfd_create("fetched", MFD_CLOEXEC);
	else
		fd = openat(s->private_fd, name,
		    O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot write %s/private/%s", u->options->state, name);
	if (!u->options->dry_run)
		unlinkat(s->private_fd, name, 0);
	return fd;
}

static int fetch_source(
    struct updating *u, const struct state *s, struct portbook_error *err)
{
	const struct update_options *options = u->options;
	uint8_t digest[REGISTRY_DIGEST_LEN];
	enum fetch_result result;
	int fd = open_incoming(u, s, err), code;

	if (fd < 0)
		return fd;
	/* The same as what was lost since is news. */
	if (options->force ||
	    !fetch_tags_load(u->tags_path, options->url, &u->tags, digest) ||
	    !newest_has(&u->before, digest))
		u->tags = (struct fetch_tags){{0}, {0}};
	code = fetch(options->fetch, options->url, fd, &u->tags, &result, err);
	u->same = code == 0 && result == FETCH_SAME;
	if (code == 0 && !u->same)
		code = read_registry_fd(
		    fd, options->url, &u->registry, &u->found.diag, err);
	close(fd);
	return code;
}

/* Whatever looks like a registry and can be kept as a version. */
static int read_source(
    struct updating *u, const struct state *s, struct portbook_error *err)
{
	int code = u->options->path != NULL
		       ? read_registry(u->options->path, &u->registry,
			     &u->found.diag, err)
		       : fetch_source(u, s, err);

	if (code < 0 || u->same)
		return code;
	if (u->registry.source == REGISTRY_SERVICES)
		return error_set(err, PORTBOOK_EFORMAT, 0,
		    "a services(5) file, no version of the registry; "
		    "--registry FILE answers from it");
	u->report.findings = u->found.diag.count;
	u->report.records = u->registry.record_count;
	put_date(u->report.after, sizeof(u->report.after),
	    record_date(&u->registry));
	return 0;
}

/* What is to be done with what came; UPDATE_PUBLISHED: all of it. */
static int judge(struct updating *u, struct portbook_error *err)
{
	struct update_report *report = &u->report;
	struct newest *old = &u->before;
	int code = 0;

	put_date(report->before, sizeof(report->before), span_str(old->date));
	report->versions = old->count;
	if (u->same)
		put_date(
		    report->after, sizeof(report->after), span_str(old->date));
	if (u->same ||
	    (old->count > 0 && memcmp(old->digest, u->registry.digest,
				   sizeof(old->digest)) == 0)) {
		report->result = UPDATE_SAME;
		return 0;
	}
	if (newest_has(old, u->registry.digest)) {
		report->result = UPDATE_STALE;
		return 0;
	}
	report->result = UPDATE_PUBLISHED;
	if (old->count > 0 && !u->options->force)
		code = doubt(u, err);
	if (code == 0)
		code = fits(&u->registry, err);
	if (code == 0 && old->count > 0)
		code = look_for_news(u, err);
	return code;
}

static const char *source_name(const struct update_options *options)
{
	if (options->source != NULL)
		return options->source;
	return options->path != NULL ? source_of(options->path) : options->url;
}

/*
 * What comes second on a day is the second of that day, behind those that
 * were told to be.
 */
static uint32_t edition_of(const struct updating *u)
{
	if (u->before.count == 0 ||
	    !span_eq(record_date(&u->registry), span_str(u->before.date)))
		return 0;
	return u->edition + 1;
}

static int record_source(
    struct updating *u, struct store *store, struct portbook_error *err)
{
	struct store_arrival arrival = {
	    .source = span_str(source_name(u->options)),
	    .how = SPAN("update"),
	    .seen = record_now(),
	};
	bool added;

	if (u->report.result == UPDATE_STALE || u->same)
		return 0;
	if (u->report.result == UPDATE_PUBLISHED)
		arrival.edition = edition_of(u);
	return record_one(store, &u->registry, &arrival, &added, err);
}

/* With the lock held: recorded first, then published. */
static int take_in(struct updating *u, const struct state *s,
    struct store *store, struct portbook_error *err)
{
	bool again = u->options->force && u->report.result == UPDATE_SAME;
	int code = record_source(u, store, err);

	if (code == 0 && (again || u->report.result == UPDATE_PUBLISHED)) {
		u->report.versions += u->report.result == UPDATE_PUBLISHED;
		u->report.result = UPDATE_PUBLISHED;
		code = shown_publish(s, store, err);
	}
	if (code == 0 && u->options->url != NULL && u->options->path == NULL &&
	    !u->same)
		fetch_tags_keep(u->tags_path, u->options->url, &u->tags,
		    u->registry.digest);
	return code;
}

static int update_store(struct updating *u, const struct state *s,
    struct store *store, struct portbook_error *err)
{
	struct record_newest newest;
	int code = shown_recover(s, store, &u->report.recovered, err);

	if (code == 0)
		code = record_newest(store, &newest, err);
	if (code < 0)
		return code;
	u->edition = newest.edition;
	code = newest_of_image(&u->before, s->path, err);
	if (code == 0)
		code = read_source(u, s, err);
	if (code == 0)
		code = judge(u, err);
	return code == 0 ? take_in(u, s, store, err) : code;
}

static int update_state(struct updating *u, struct portbook_error *err)
{
	struct store *store = NULL;
	struct state s;
	int code = state_open(u->options->state, "update", &s, err);

	if (code < 0)
		return code;
	code = record_open(s.path, STORE_WRITE, &store, err);
	if (code == 0)
		code = update_store(u, &s, store, err);
	store_close(store);
	state_close(&s);
	return code;
}

/* Looks, and writes nothing. */
static int try_out(struct updating *u, struct portbook_error *err)
{
	int code = newest_of_image(&u->before, u->options->state, err);

	if (code == 0)
		code = read_source(u, NULL, err);
	if (code == 0)
		code = judge(u, err);
	if (code == 0 && u->report.result == UPDATE_PUBLISHED)
		u->report.versions++;
	return code;
}

static char *path_of_tags(const char *state)
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, state);
	buf_str(&b, "/private/fetched");
	buf_char(&b, '\0');
	if (!buf_failed(&b))
		return b.ptr;
	buf_release(&b);
	return NULL;
}

int update(const struct update_options *options, struct update_report *ret,
    struct portbook_error *err)
{
	struct updating u = {
	    .options = options, .tags_path = path_of_tags(options->state)};
	int code;

	if (u.tags_path == NULL)
		return error_nomem(err);
	findings_init(&u.found);
	code = options->dry_run ? try_out(&u, err) : update_state(&u, err);
	if (code == 0)
		*ret = u.report;
	findings_release(&u.found);
	registry_release(&u.registry);
	newest_release(&u.before);
	mem_release(u.tags_path);
	return code;
}
