/* SPDX-License-Identifier: ISC */
#include "admin/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "admin/ahead.h"
#include "admin/archive.h"
#include "admin/fits.h"
#include "admin/record.h"
#include "admin/shown.h"
#include "admin/state.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

/* A transaction ends after so many files or so long, what comes first. */
#define BATCH_FILES 64
#define BATCH_MS 1000

/* The date of a version that the store had; begins with its digest. */
struct known_date {
	uint8_t digest[REGISTRY_DIGEST_LEN];
	char date[16];
};

struct importing {
	const struct import_options *options;
	struct import_report *report;
	struct store *store;
	struct ahead *ahead;
	bool writing;
	size_t batch; /* files in the transaction */
	int64_t began;
	struct known_date *dates; /* owned, sorted */
	size_t date_count;
};

static int64_t now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int take_known(void *ctx, const struct store_version *v)
{
	struct importing *in = ctx;
	struct known_date *to = &in->dates[in->date_count++];

	memcpy(to->digest, v->digest, sizeof(v->digest));
	snprintf(to->date, sizeof(to->date), "%.*s", SPAN_FMT(v->date));
	return 0;
}

static int by_digest(const void *a, const void *b)
{
	return memcmp(a, b, REGISTRY_DIGEST_LEN);
}

/* What the store has already; digests are the caller's to release. */
static int find_known(
    struct importing *in, struct ahead_known *ret, struct portbook_error *err)
{
	size_t count;
	int code = store_version_count(in->store, &count, err);

	if (code < 0)
		return code;
	ret->digests = mem_alloc(count + 1, sizeof(*ret->digests));
	in->dates = mem_alloc(count + 1, sizeof(*in->dates));
	if (ret->digests == NULL || in->dates == NULL)
		return error_nomem(err);
	code = store_versions(in->store, take_known, in, err);
	if (code < 0)
		return code;
	if (in->date_count > 0)
		qsort(in->dates, in->date_count, sizeof(*in->dates), by_digest);
	for (; ret->count < in->date_count; ret->count++)
		memcpy(ret->digests[ret->count], in->dates[ret->count].digest,
		    REGISTRY_DIGEST_LEN);
	return 0;
}

static int end_batch(struct importing *in, struct portbook_error *err)
{
	if (!in->writing)
		return 0;
	in->writing = false;
	return store_commit(in->store, err);
}

static int begin_batch(struct importing *in, struct portbook_error *err)
{
	int code = in->writing ? 0 : store_begin(in->store, err);

	if (code == 0 && !in->writing) {
		in->writing = true;
		in->batch = 0;
		in->began = now_ms();
	}
	return code;
}

static void skip(struct importing *in, const struct portbook_error *why)
{
	int status = error_exit_status(why->code);

	in->report->skipped++;
	if (status != 3 && why->code != PORTBOOK_ELIMIT)
		in->report->failed++;
	if (in->options->tell != NULL)
		in->options->tell(in->options->ctx, why);
}

/* Whether what was read can stand in the store's order. */
static bool has_place(const struct ahead_result *r, struct portbook_error *err)
{
	if (r->registry == NULL)
		return true;
	if (r->registry->source == REGISTRY_SERVICES)
		error_set(err, PORTBOOK_EFORMAT, 0,
		    "a services(5) file, no version of the registry");
	else if (r->registry->record_count == 0)
		error_set(err, PORTBOOK_EFORMAT, 0, "no record in it");
	else if (record_date(r->registry).len == 0)
		error_set(err, PORTBOOK_EFORMAT, 0,
		    "no date in it, so it has no place among the versions");
	else
		return true;
	error_locate(err, r->item.name, 0, 0);
	return false;
}

/* Whether it can be published: 1, 0 with the reason in why, or no memory. */
static int can_show(const struct ahead_result *r, struct portbook_error *why,
    struct portbook_error *err)
{
	int code = r->registry != NULL ? fits(r->registry, why) : 0;

	if (code == PORTBOOK_ENOMEM)
		return error_nomem(err);
	if (code < 0)
		error_locate(why, r->item.name, 0, 0);
	return code == 0;
}

/* One that the store had when the import began: seen once more. */
static int record_known(struct importing *in, const struct ahead_result *r,
    const struct store_arrival *arrival, struct portbook_error *err)
{
	int64_t version = 0;
	int code = store_version_find(in->store, r->digest, &version, err);

	return code == 0 ? store_sighting_add(in->store, version, arrival, err)
			 : code;
}

/* The N of the name's DATE.N, where DATE is that of the version. */
static uint32_t edition_of(
    const struct importing *in, const struct ahead_result *r)
{
	struct span name = archive_item_base(&r->item);
	const struct known_date *known = NULL;

	if (r->registry != NULL)
		return record_edition(name, record_date(r->registry));
	if (in->date_count > 0)
		known = bsearch(r->digest, in->dates, in->date_count,
		    sizeof(*in->dates), by_digest);
	return known != NULL ? record_edition(name, span_str(known->date)) : 0;
}

static int record_result(struct importing *in, const struct ahead_result *r,
    struct portbook_error *err)
{
	struct span from = archive_item_from(&r->item);
	struct store_arrival arrival = {
	    .source = archive_item_base(&r->item),
	    .seen = record_now(),
	};
	bool added = false;
	char storage[300];
	struct buf how;
	int code = begin_batch(in, err);

	buf_init_fixed(&how, storage, sizeof(storage));
	buf_str(&how, from.len > 0 ? "import of " : "import");
	buf_add(&how, span_head(from, 280));
	arrival.how = buf_span(&how);
	arrival.edition = edition_of(in, r);
	if (code == 0)
		code = r->known ? record_known(in, r, &arrival, err)
				: record_add(in->store, r->registry, &arrival,
				      &added, err);
	buf_release(&how);
	if (code < 0)
		return code;
	in->report->added += added;
	in->report->known += !added;
	if (++in->batch == BATCH_FILES || now_ms() - in->began >= BATCH_MS)
		code = end_batch(in, err);
	return code;
}

static bool is_stopped(struct importing *in)
{
	const struct import_options *options = in->options;

	if (!in->report->stopped && options->stop != NULL)
		in->report->stopped = options->stop(options->ctx);
	return in->report->stopped;
}

static int take_result(
    struct importing *in, struct ahead_result *r, struct portbook_error *err)
{
	struct portbook_error why = {0};
	int code;

	in->report->files++;
	if (r->item.code == PORTBOOK_ENOMEM) {
		if (err != NULL)
			*err = r->item.err;
		return PORTBOOK_ENOMEM;
	}
	if (r->item.code < 0) {
		skip(in, &r->item.err);
		return 0;
	}
	code = has_place(r, &why) ? can_show(r, &why, err) : 0;
	if (code == 0)
		skip(in, &why);
	return code > 0 ? record_result(in, r, err) : code;
}

/* Everything that is read, until the end or the first failure. */
static int record_all(struct importing *in, struct portbook_error *err)
{
	struct import_report *report = in->report;
	struct ahead_result result;
	int code = 0;

	while (code == 0 && !is_stopped(in)) {
		code = ahead_next(in->ahead, &result, err);
		if (code <= 0)
			break;
		code = take_result(in, &result, err);
		ahead_result_release(&result);
		ahead_progress(in->ahead, &report->done, &report->len);
		if (in->options->progress != NULL)
			in->options->progress(in->options->ctx, report);
	}
	if (code == 0)
		return end_batch(in, err);
	if (in->writing)
		store_abort(in->store);
	return code;
}

static int import_paths(struct importing *in, struct portbook_error *err)
{
	struct ahead_known known = {0};
	struct archive *archive = NULL;
	int code =
	    archive_open(in->options->paths, in->options->count, &archive, err);

	if (code == 0)
		code = find_known(in, &known, err);
	if (code == 0)
		code = ahead_start(archive, &known, &in->ahead, err);
	if (code == 0)
		code = record_all(in, err);
	ahead_stop(in->ahead);
	archive_close(archive);
	mem_release(known.digests);
	mem_release(in->dates);
	return code;
}

static int take_span(void *ctx, const struct store_version *v)
{
	struct import_report *report = ctx;

	if (report->versions++ == 0)
		snprintf(report->first, sizeof(report->first), "%.*s",
		    SPAN_FMT(v->date));
	snprintf(report->last, sizeof(report->last), "%.*s", SPAN_FMT(v->date));
	return 0;
}

static int publish_all(
    struct importing *in, const struct state *s, struct portbook_error *err)
{
	struct import_report *report = in->report;
	bool shown = false;
	int code = store_versions(in->store, take_span, report, err);

	if (code < 0 || report->stopped || report->versions == 0)
		return code;
	code = shown_is(s, in->store, &shown, err);
	if (code < 0 || shown)
		return code;
	code = shown_publish(s, in->store, err);
	report->published = code == 0;
	return code;
}

int import(const struct import_options *options, struct import_report *ret,
    struct portbook_error *err)
{
	struct importing in = {.options = options, .report = ret};
	bool recovered;
	struct state s;
	int code;

	*ret = (struct import_report){0};
	code = state_open(options->state, "import", &s, err);
	if (code < 0)
		return code;
	code = record_open(s.path, STORE_WRITE, &in.store, err);
	if (code == 0)
		code = shown_recover(&s, in.store, &recovered, err);
	if (code == 0)
		code = import_paths(&in, err);
	if (code == 0)
		code = publish_all(&in, &s, err);
	store_close(in.store);
	state_close(&s);
	return code;
}
