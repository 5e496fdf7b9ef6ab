/* SPDX-License-Identifier: ISC */
/*
 * All versions in one image: what it costs to build, to keep, and to ask of the
 * past.  The store of them is made by run.sh out of history.tar.zst.
 *
 * The past is asked in the same image as today, for the same things, at a
 * version in the middle and at the first: what is asked for is ports and names
 * that both have, and searches.
 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "imagebuild/imagebuild.h"
#include "search/history.h"
#include "store/store.h"

#define ASKED 4096
#define GOAL_BUILD_NS 150e6
#define GOAL_LOG_NS 50e3
#define GOAL_TIMES 2
#define GOAL_LEN 1.5

struct past {
	const struct timeline *timeline;
	struct image image;
	uint32_t version;
	struct query *queries;
	struct search_query search;
	struct history_ask story;
	uint32_t *rows;
	void *scratch;
	struct image_event *events;
};

static void build_all(void *ctx)
{
	const struct imagebuild_options options = {.source = SPAN("bench")};
	struct past *p = ctx;
	uint8_t *bytes;
	size_t len;

	if (imagebuild(p->timeline, &options, &bytes, &len, NULL) < 0)
		die("building all versions failed");
	bench_sink += len;
	mem_release(bytes);
}

static void lookups(void *ctx)
{
	struct past *p = ctx;

	for (size_t i = 0; i < ASKED; i++) {
		struct match m = {.rows = p->rows, .cap = p->image.row_count};

		search_lookup(&p->image, &p->queries[i], p->version, &m);
		bench_sink += m.total;
	}
}

static void search_once(void *ctx)
{
	struct past *p = ctx;
	size_t total;

	bench_sink += search_run(&p->image, &p->search, p->version, 0, p->rows,
	    SEARCH_PAGE_ROWS, &total, p->scratch);
}

static void log_once(void *ctx)
{
	struct past *p = ctx;
	size_t total;

	bench_sink += history_run(&p->image, &p->story, 0, p->rows,
	    p->image.row_count, &total, p->scratch);
}

static void diff_once(void *ctx)
{
	struct past *p = ctx;

	bench_sink += history_diff(&p->image, 0, p->version, p->events,
	    history_diff_room(&p->image), p->scratch);
}

/* The past beside today, asked the same. */
static void pair(
    const char *what, struct past *p, void (*run)(void *ctx), size_t ops)
{
	struct past now = *p;
	char text[96];

	now.version = (uint32_t)p->image.version_count - 1;
	for (unsigned i = 0; i < 2; i++) {
		struct past then = *p;
		struct racer r[] = {{run, &then, ops, 0}, {run, &now, ops, 0}};

		then.version = i == 0 ? now.version / 2 : 0;
		race(r, 2);
		snprintf(text, sizeof(text), "%s, as of %s", what,
		    i == 0 ? "halfway" : "the first version");
		row(text, r[0].ns, "today", r[1].ns, GOAL_TIMES);
	}
}

static void ask_ports(struct past *p)
{
	uint64_t state = 1;

	for (size_t i = 0; i < ASKED; i++) {
		uint16_t port = (uint16_t)random_next(&state);

		p->queries[i] = (struct query){.kind = QUERY_PORT,
		    .range = {port, port},
		    .protocol = i % 2 == 0 ? PROTOCOL_TCP : PROTOCOL_NONE};
	}
	pair("ports at random", p, lookups, ASKED);
}

static void ask_names(struct past *p)
{
	uint64_t state = 2;

	for (size_t i = 0; i < ASKED; i++) {
		const struct image_name *name =
		    &p->image.names[random_next(&state) % p->image.name_count];

		p->queries[i] = (struct query){.kind = QUERY_NAME,
		    .name = image_text(&p->image, name->name),
		    .protocol = PROTOCOL_NONE};
	}
	pair("names at random", p, lookups, ASKED);
}

static void ask_ranges(struct past *p)
{
	uint64_t state = 3;

	for (size_t i = 0; i < ASKED; i++) {
		uint16_t port = (uint16_t)(random_next(&state) % 65000);

		p->queries[i] = (struct query){.kind = QUERY_RANGE,
		    .range = {port, (uint16_t)(port + 99)},
		    .protocol = PROTOCOL_NONE};
	}
	pair("ranges of 100 at random", p, lookups, ASKED);
}

static void ask_searches(struct past *p)
{
	static const char *const texts[] = {"a", "tcp", "tcp udp", "http",
	    "openstack", "remote control", "2026"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char what[64];

		if (search_parse(span_str(texts[i]), &p->search, NULL) < 0)
			die("a search is not understood");
		snprintf(what, sizeof(what), "search for %s", texts[i]);
		pair(what, p, search_once, 1);
	}
}

/* The port with the most events. */
static uint16_t busiest(struct past *p, size_t *events)
{
	uint16_t ret = 0;

	*events = 0;
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		size_t total;

		p->story.story.query.range.first = (uint16_t)port;
		p->story.story.query.range.last = (uint16_t)port;
		history_run(
		    &p->image, &p->story, 0, p->rows, 0, &total, p->scratch);
		if (total > *events) {
			*events = total;
			ret = (uint16_t)port;
		}
	}
	return ret;
}

static void ask_stories(struct past *p)
{
	struct racer r[] = {{log_once, p, 1, 0}, {diff_once, p, 1, 0}};
	size_t events;
	uint16_t port;

	p->story =
	    (struct history_ask){.upto = (uint32_t)p->image.version_count - 1,
		.kinds = HISTORY_EVERY,
		.story = {.kind = STORY_PORT}};
	p->story.story.query.protocol = PROTOCOL_NONE;
	port = busiest(p, &events);
	p->story.story.query.range = (struct port_range){port, port};
	p->version = p->story.upto;
	race(r, 2);
	row_within("log of the busiest port", r[0].ns, GOAL_LOG_NS);
	row_within("difference of the first and the last", r[1].ns, 0);
	note("the busiest port is %u, with %zu events; of all there are %zu",
	    port, events, p->image.event_count);
}

static void measure(struct bench *b, struct past *p)
{
	const struct imagebuild_options options = {.source = SPAN("bench")};
	struct racer r[] = {{build_all, p, 1, 0}};
	struct timeline newest;
	uint8_t *bytes, *alone;
	size_t len, alone_len, scratch;

	race(r, 1);
	row_within("building the image of all", r[0].ns, GOAL_BUILD_NS);
	if (imagebuild(p->timeline, &options, &bytes, &len, NULL) < 0 ||
	    timeline_init(&newest, NULL) < 0 ||
	    timeline_append(&newest, &b->registry, NULL) < 0 ||
	    imagebuild(&newest, &options, &alone, &alone_len, NULL) < 0)
		die("building failed");
	timeline_release(&newest);
	row_len("the image of all versions", (double)len,
	    GOAL_LEN * (double)alone_len);
	note("%.3f times that of the newest alone (%zu bytes)",
	    (double)len / (double)alone_len, alone_len);
	if (image_open_memory(
		span_of((const char *)bytes, len), &p->image, NULL) < 0)
		die("the image cannot be opened");
	scratch = search_scratch_len(&p->image);
	if (history_scratch_len(&p->image) > scratch)
		scratch = history_scratch_len(&p->image);
	p->rows = need(p->image.row_count, sizeof(*p->rows));
	p->queries = need(ASKED, sizeof(*p->queries));
	p->scratch = need(scratch, 1);
	p->events = need(history_diff_room(&p->image), sizeof(*p->events));
	ask_ports(p);
	ask_names(p);
	ask_ranges(p);
	ask_searches(p);
	ask_stories(p);
	mem_release(p->rows);
	mem_release(p->queries);
	mem_release(p->scratch);
	mem_release(p->events);
	image_close(&p->image);
	mem_release(bytes);
	mem_release(alone);
}

void bench_history(struct bench *b)
{
	const char *path = getenv("BENCH_STORE");
	struct portbook_error err = {0};
	struct past p = {0};
	struct timeline timeline;
	struct store *store;

	title("History");
	if (path == NULL || path[0] == '\0') {
		note("no history.tar.zst in PORTBOOK_REGISTRY_DIR: skipped");
		return;
	}
	if (store_open(path, STORE_READ, &store, &err) < 0 ||
	    store_timeline(store, &timeline, &err) < 0)
		die("%s: %s", path, err.text);
	store_close(store);
	p.timeline = &timeline;
	measure(b, &p);
	timeline_release(&timeline);
}
