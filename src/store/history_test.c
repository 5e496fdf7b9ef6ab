/* SPDX-License-Identifier: ISC */
/*
 * The store's timeline is the one that timeline_append gives for the same
 * versions in their order, whatever order they came in: invented histories in
 * which rows come, go, move and are alike, and official ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read/read.h"
#include "store/help_test.h"

#define VERSIONS 12U
#define ROWS 60U
#define KINDS 90U

/* The official ones: far apart, close together, several of one day. */
static const struct {
	const char *name;
	uint32_t edition;
} official[] = {
    {"2015-05-04", 1},
    {"2016-12-23", 1},
    {"2017-05-16", 1},
    {"2017-05-12.2", 2},
    {"2017-05-12.3", 3},
    {"2019-12-20", 1},
    {"2020-01-10.3", 3},
    {"2020-01-10", 1}, /* the same */
    {"2020-01-10.2", 2},
    {"2021-07-27", 1},
    {"2025-09-22", 1},
    {"2025-09-26", 1},
    {"2025-09-26.3", 3},
    {"2026-02-02", 1},
    {"2026-02-02.2", 2},
    {"2026-08-17", 1},
};

#define OFFICIAL_COUNT (sizeof(official) / sizeof(official[0]))

/* An invented history: kinds of rows by version. */
struct history {
	uint32_t seed;
	uint32_t rows[VERSIONS][2 * ROWS];
	size_t counts[VERSIONS];
	uint32_t people[VERSIONS][2 * ROWS];
	size_t person_counts[VERSIONS];
};

static uint32_t pick(struct history *h, uint32_t below)
{
	h->seed = h->seed * 1664525U + 1013904223U;
	return (h->seed >> 8) % below;
}

static void take_out(uint32_t *rows, size_t *count, size_t at)
{
	memmove(&rows[at], &rows[at + 1], (*count - at - 1) * sizeof(*rows));
	--*count;
}

static void put_in(uint32_t *rows, size_t *count, size_t at, uint32_t row)
{
	memmove(&rows[at + 1], &rows[at], (*count - at) * sizeof(*rows));
	rows[at] = row;
	++*count;
}

/* Some edits: gone, new (maybe one that there was or is), changed, moved. */
static void edit(struct history *h, uint32_t *rows, size_t *count)
{
	for (uint32_t edits = pick(h, 6); edits > 0; edits--) {
		size_t at = pick(h, (uint32_t)*count + 1);
		uint32_t kind = pick(h, KINDS), row;

		if (at == *count || pick(h, 4) == 0) {
			if (*count < 2 * ROWS)
				put_in(rows, count, at, kind);
			continue;
		}
		row = rows[at];
		switch (pick(h, 3)) {
		case 0:
			take_out(rows, count, at);
			break;
		case 1:
			rows[at] = kind;
			break;
		default:
			take_out(rows, count, at);
			put_in(rows, count, pick(h, (uint32_t)*count + 1), row);
		}
	}
}

/* Few kinds of rows make many that are alike. */
static void begin(struct history *h, uint32_t *rows, size_t *count)
{
	uint32_t kinds = pick(h, 2) == 0 ? 5 : KINDS;

	*count = pick(h, ROWS);
	for (size_t i = 0; i < *count; i++)
		rows[i] = kinds == KINDS ? (uint32_t)i : pick(h, kinds);
}

static void invent(struct history *h, uint32_t seed)
{
	*h = (struct history){.seed = seed};
	for (size_t v = 0; v < VERSIONS; v++) {
		if (v == 0 || pick(h, 10) == 0) {
			begin(h, h->rows[v], &h->counts[v]);
			begin(h, h->people[v], &h->person_counts[v]);
			continue;
		}
		memcpy(h->rows[v], h->rows[v - 1], sizeof(h->rows[v]));
		h->counts[v] = h->counts[v - 1];
		memcpy(h->people[v], h->people[v - 1], sizeof(h->people[v]));
		h->person_counts[v] = h->person_counts[v - 1];
		edit(h, h->rows[v], &h->counts[v]);
		edit(h, h->people[v], &h->person_counts[v]);
	}
}

static void put_text(struct registry *r, uint32_t *to, const char *text)
{
	assert_int_equal(registry_text_add(r, span_str(text), to, NULL), 0);
}

static void put_row(struct registry *r, uint32_t kind)
{
	struct record *record = registry_record_new(r);
	char text[32];

	assert_non_null(record);
	snprintf(text, sizeof(text), "name-%u", kind);
	put_text(r, &record->text[FIELD_NAME], text);
	put_text(r, &record->text[FIELD_FORM], "npm");
	snprintf(
	    text, sizeof(text), kind % 3 == 0 ? "%u-%u" : "%u", kind, kind + 9);
	put_text(r, &record->text[FIELD_NUMBER], text);
	record->has_number = port_range_parse(span_str(text), &record->number);
	put_text(r, &record->text[FIELD_PROTOCOL], kind % 2 ? "tcp" : "");
	record->protocol = kind % 2 ? PROTOCOL_TCP : PROTOCOL_NONE;
	if (kind % 7 == 0) /* not what its texts say */
		record->protocol = PROTOCOL_OTHER;
	if (kind % 11 == 0)
		put_text(r, &record->residue, "<record/>");
	snprintf(text, sizeof(text), "20%02u-01", kind % 20);
	put_text(r, &record->text[FIELD_DATE], text);
}

static void put_person(struct registry *r, uint32_t kind)
{
	struct person *person = registry_person_new(r);
	char text[32];

	assert_non_null(person);
	snprintf(text, sizeof(text), "Person-%u", kind);
	put_text(r, &person->text[PERSON_ID], text);
	put_text(r, &person->text[PERSON_FORM], "n");
}

static void put_gaps(struct registry *r, size_t version)
{
	for (uint32_t i = 0; i < r->record_count;
	     i += 7 + (uint32_t)version % 3) {
		struct gap *gap = registry_record_gap_new(r);

		assert_non_null(gap);
		gap->index = i;
		put_text(r, &gap->text, i % 2 ? "\n\n" : "\n ");
	}
	if (r->person_count > 2) {
		struct gap *gap = registry_person_gap_new(r);

		assert_non_null(gap);
		gap->index = 2;
		put_text(r, &gap->text, "|");
	}
}

static void make(const struct history *h, size_t version, struct registry *r)
{
	char text[32];

	assert_int_equal(registry_init(r, NULL), 0);
	for (size_t i = 0; i < h->counts[version]; i++)
		put_row(r, h->rows[version][i]);
	for (size_t i = 0; i < h->person_counts[version]; i++)
		put_person(r, h->people[version][i]);
	put_gaps(r, version);
	for (size_t i = 0; i < version / 4 % 3; i++) {
		struct registry_note *note = registry_note_new(r);

		assert_non_null(note);
		snprintf(text, sizeof(text), "note %zu", version / 8);
		put_text(r, &note->text, text);
		note = registry_footnote_new(r);
		assert_non_null(note);
		put_text(r, &note->title, "1");
	}
	put_text(r, &r->text[REGISTRY_HEAD], "<h>\x01</h>");
	snprintf(text, sizeof(text), "2020-01-%02zu", version / 2 + 1);
	put_text(r, &r->text[REGISTRY_UPDATED], text);
	snprintf(text, sizeof(text), "<t>%zu</t>", version);
	put_text(r, &r->text[REGISTRY_TAIL], text);
	assert_int_equal(seal(r), 0);
}

/* The numbers 0 to count - 1 in one of their orders. */
static void shuffle(struct history *h, size_t *order, size_t count, bool really)
{
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = count; really && i > 1; i--) {
		size_t other = pick(h, (uint32_t)i), swap = order[i - 1];

		order[i - 1] = order[other];
		order[other] = swap;
	}
}

static void expect_history(struct history *h, bool shuffled)
{
	struct timeline want, have;
	size_t order[VERSIONS];
	struct registry r;
	struct place p;
	struct store *s;
	int64_t number;

	assert_int_equal(timeline_init(&want, NULL), 0);
	for (size_t v = 0; v < VERSIONS; v++) {
		make(h, v, &r);
		assert_int_equal(timeline_append(&want, &r, NULL), 0);
		assert_int_equal(timeline_edition_add(&want, (uint32_t)v,
				     (uint32_t)v % 2 + 1, NULL),
		    0);
		registry_release(&r);
	}
	place_make(&p);
	assert_int_equal(store_open(p.file, STORE_WRITE, &s, NULL), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	shuffle(h, order, VERSIONS, shuffled);
	for (size_t v = 0; v < VERSIONS; v++) {
		make(h, order[v], &r);
		assert_int_equal(put_registry(s, &r, "invented",
				     (uint32_t)order[v] % 2 + 1, &number),
		    0);
		registry_release(&r);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	assert_int_equal(store_timeline(s, &have, NULL), 0);
	expect_same(&have, &want);
	assert_int_equal(store_verify(s, NULL), 0);
	store_close(s);
	place_drop(&p);
	timeline_release(&want);
	timeline_release(&have);
}

static void test_invented(void **state)
{
	struct history *h = mem_alloc(1, sizeof(*h));

	(void)state;
	assert_non_null(h);
	for (uint32_t seed = 1; seed <= 60; seed++) {
		invent(h, seed);
		expect_history(h, seed % 2 == 0);
	}
	mem_release(h);
}

static void unpack(const struct place *p)
{
	char command[1024];
	int len = snprintf(command, sizeof(command),
	    "zstd -qdc '%s/history.tar.zst' | tar -x -C %s",
	    getenv("PORTBOOK_REGISTRY_DIR"), p->folder);

	for (size_t i = 0; i < OFFICIAL_COUNT; i++)
		len += snprintf(command + len, sizeof(command) - (size_t)len,
		    " %s.xml", official[i].name);
	assert_int_equal(system(command), 0);
}

static void read_official(const struct place *p, size_t n, struct registry *r)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s.xml", p->folder, official[n].name);
	assert_int_equal(read_registry(path, r, NULL, NULL), 0);
}

static void put_official(struct store *s, const struct place *p, size_t n)
{
	const struct store_arrival again = {
	    .source = span_str(official[n].name),
	    .edition = official[n].edition,
	    .how = SPAN("import"),
	};
	struct registry r;
	int64_t number;

	read_official(p, n, &r);
	assert_int_equal(store_version_find(s, r.digest, &number, NULL), 0);
	if (number == 0)
		assert_int_equal(put_registry(s, &r, official[n].name,
				     official[n].edition, &number),
		    0);
	else
		assert_int_equal(
		    store_sighting_add(s, number, &again, NULL), 0);
	registry_release(&r);
}

/* The bytes of a file, of its version. */
static void expect_bytes(struct store *s, const struct place *p, size_t n)
{
	struct registry r;
	struct buf have, want;
	int64_t number;
	char path[128];
	FILE *file;

	read_official(p, n, &r);
	assert_int_equal(store_version_find(s, r.digest, &number, NULL), 0);
	registry_release(&r);
	buf_init(&have);
	assert_int_equal(store_version_xml(s, number, &have, NULL), 0);
	buf_init(&want);
	assert_non_null(buf_room(&want, have.len + 1));
	snprintf(path, sizeof(path), "%s/%s.xml", p->folder, official[n].name);
	file = fopen(path, "rb");
	assert_non_null(file);
	want.len = fread(want.ptr, 1, have.len + 1, file);
	fclose(file);
	assert_true(span_eq(buf_span(&have), buf_span(&want)));
	buf_release(&have);
	buf_release(&want);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(official[*(const size_t *)a].name,
	    official[*(const size_t *)b].name);
}

/* The version just appended: its number, and that it came again as another. */
static void number_official(struct timeline *t, size_t n)
{
	uint32_t version = (uint32_t)t->version_count - 1;

	assert_int_equal(
	    timeline_edition_add(t, version, official[n].edition, NULL), 0);
	if (strcmp(official[n].name, "2020-01-10") == 0)
		assert_int_equal(timeline_edition_add(t, version, 3, NULL), 0);
}

/* By name is by date and number here, and "2020-01-10.3" is no version. */
static void expect_official(const struct place *p, struct timeline *ret)
{
	size_t order[OFFICIAL_COUNT];
	struct registry r;

	assert_int_equal(timeline_init(ret, NULL), 0);
	for (size_t i = 0; i < OFFICIAL_COUNT; i++)
		order[i] = i;
	qsort(order, OFFICIAL_COUNT, sizeof(*order), by_name);
	for (size_t i = 0; i < OFFICIAL_COUNT; i++) {
		if (strcmp(official[order[i]].name, "2020-01-10.3") == 0)
			continue;
		read_official(p, order[i], &r);
		assert_int_equal(timeline_append(ret, &r, NULL), 0);
		registry_release(&r);
		number_official(ret, order[i]);
	}
}

static void test_official(void **state)
{
	size_t order[OFFICIAL_COUNT];
	struct history h = {.seed = 5};
	struct timeline want, have;
	struct place p;

	(void)state;
	if (getenv("PORTBOOK_REGISTRY_DIR") == NULL) {
		print_message("skipped: PORTBOOK_REGISTRY_DIR is not set\n");
		skip();
	}
	place_make(&p);
	unpack(&p);
	expect_official(&p, &want);
	for (int turn = 0; turn < 2; turn++) {
		struct store *s;

		assert_int_equal(store_open(p.file, STORE_WRITE, &s, NULL), 0);
		assert_int_equal(store_begin(s, NULL), 0);
		shuffle(&h, order, OFFICIAL_COUNT, turn > 0);
		for (size_t i = 0; i < OFFICIAL_COUNT; i++)
			put_official(s, &p, order[i]);
		assert_int_equal(store_commit(s, NULL), 0);
		assert_int_equal(store_timeline(s, &have, NULL), 0);
		expect_same(&have, &want);
		timeline_release(&have);
		assert_int_equal(store_verify(s, NULL), 0);
		for (size_t i = (size_t)turn; i < OFFICIAL_COUNT; i += 3)
			expect_bytes(s, &p, i);
		store_close(s);
		assert_int_equal(unlink(p.file), 0);
	}
	timeline_release(&want);
	place_drop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_invented),
	    cmocka_unit_test(test_official),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
