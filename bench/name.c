/* SPDX-License-Identifier: ISC */
/* One lookup by name, beside gperf's table. */
#include "harness.h"

#include <dlfcn.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "calls.h"

/* What gperf makes: the name in its table, or NULL. */
typedef const char *gperf_find(const char *name, size_t len);

struct names {
	const struct image *image;
	gperf_find *find;
	struct span *at;
	size_t count;
};

static void ours(void *ctx)
{
	const struct names *n = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < n->count; i++)
		sum += calls_name_rows(n->image, n->at[i].ptr, n->at[i].len);
	bench_sink += sum;
}

static void theirs(void *ctx)
{
	const struct names *n = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < n->count; i++) {
		const char *name = n->find(n->at[i].ptr, n->at[i].len);

		sum += name != NULL ? (uint8_t)name[0] : 0;
	}
	bench_sink += sum;
}

/* Each name once as the registry writes it first, in any order. */
static struct names hits(const struct bench *b)
{
	const struct registry *r = &b->registry;
	bool *seen = need(b->image.name_count, sizeof(*seen));
	struct names n = {
	    .image = &b->image, .at = need(b->image.name_count, sizeof(*n.at))};

	for (size_t i = 0; i < r->record_count; i++) {
		struct span text =
		    registry_text(r, r->records[i].text[FIELD_NAME]);
		const struct image_name *name;
		size_t place;

		if (text.len == 0)
			continue;
		name = image_by_name(&b->image, text);
		if (name == NULL) {
			fault(
			    "%.*s: the image has no such name", SPAN_FMT(text));
			continue;
		}
		place = (size_t)(name - b->image.names);
		if (!seen[place])
			n.at[n.count++] = text;
		seen[place] = true;
	}
	mem_release(seen);
	shuffle(n.at, n.count, sizeof(*n.at), 3);
	return n;
}

/* Names of the same lengths with one byte changed, none of them known. */
static struct names misses(const struct names *from, struct arena *arena)
{
	static const char other[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	struct names n = {
	    .image = from->image, .at = need(from->count, sizeof(*n.at))};
	uint64_t state = 4;

	for (size_t i = 0; i < from->count; i++) {
		struct span text = from->at[i];
		char *copy = arena_alloc(arena, text.len + 1);
		uint64_t r = random_next(&state);

		if (copy == NULL)
			die("out of memory");
		memcpy(copy, text.ptr, text.len);
		copy[text.len] = '\0';
		copy[r % text.len] = other[(r >> 32) % (sizeof(other) - 1)];
		text = span_of(copy, text.len);
		if (image_by_name(n.image, text) == NULL)
			n.at[n.count++] = text;
	}
	return n;
}

static void compare(const struct names *n, bool hit, const char *table)
{
	for (size_t i = 0; i < n->count; i++)
		if ((n->find(n->at[i].ptr, n->at[i].len) != NULL) != hit)
			fault("%.*s: %s and the image differ",
			    SPAN_FMT(n->at[i]), table);
}

static void against(struct names *n, const char *what, gperf_find *find,
    const char *table, bool hit, double goal)
{
	struct racer r[] = {{ours, n, n->count, 0}, {theirs, n, n->count, 0}};

	n->find = find;
	compare(n, hit, table);
	race(r, 2);
	row(what, r[0].ns, table, r[1].ns, goal);
}

static gperf_find *find_in(void *library, const char *name)
{
	void *symbol = dlsym(library, name);
	gperf_find *find;

	if (symbol == NULL)
		die("%s: %s", name, dlerror());
	memcpy(&find, &symbol, sizeof(find));
	return find;
}

static void alone(struct names *n, const char *what)
{
	struct racer r[] = {{ours, n, n->count, 0}};

	race(r, 1);
	row_within(what, r[0].ns, 0);
}

/* Names as they are written in lower case, for a table that knows no case. */
static struct names lowered(const struct names *from, struct arena *arena)
{
	struct names n = {
	    .image = from->image, .at = need(from->count, sizeof(*n.at))};

	for (size_t i = 0; i < from->count; i++) {
		struct span text = from->at[i];
		char *copy = arena_alloc(arena, text.len + 1);

		if (copy == NULL)
			die("out of memory");
		for (size_t k = 0; k < text.len; k++)
			copy[k] = ascii_lower(text.ptr[k]);
		copy[text.len] = '\0';
		n.at[n.count++] = span_of(copy, text.len);
	}
	return n;
}

void bench_name(struct bench *b)
{
	struct names hit = hits(b), miss, low;
	struct arena arena;
	void *library;

	arena_init(&arena);
	miss = misses(&hit, &arena);
	title("By name");
	if (b->gperf[0] == '\0') {
		alone(&hit, "hit");
		alone(&miss, "miss");
		note("gperf not measured: it makes no table of %zu names",
		    hit.count);
		goto out;
	}
	library = dlopen(b->gperf, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		die("%s", dlerror());
	against(&hit, "hit", find_in(library, "gperf_fold"),
	    "gperf --ignore-case", true, 1 / 1.5);
	against(&miss, "miss", find_in(library, "gperf_fold"),
	    "gperf --ignore-case", false, 1 / 1.5);
	low = lowered(&hit, &arena);
	against(&low, "hit, lower case", find_in(library, "gperf_plain"),
	    "gperf, case matters", true, 0);
	mem_release(low.at);
	low = lowered(&miss, &arena);
	against(&low, "miss, lower case", find_in(library, "gperf_plain"),
	    "gperf, case matters", false, 0);
	mem_release(low.at);
	note(
	    "%zu names, %zu misses of the same lengths", hit.count, miss.count);
out:
	mem_release(hit.at);
	mem_release(miss.at);
	arena_release(&arena);
}
