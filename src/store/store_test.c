/* SPDX-License-Identifier: ISC */
/*
 * The contract of store.h, held against every backend that there is.  What is
 * SQLite's alone is in sqlite_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/help_test.h"

#define EDITIONS 12U

static const struct backend *const backends[] = {&backend_sqlite};

#define BACKEND_COUNT (sizeof(backends) / sizeof(backends[0]))

static struct store *open_store(
    const struct backend *backend, const struct place *p, enum store_mode mode)
{
	struct portbook_error err = {0};
	struct store *s = NULL;

	if (store_open_on(backend, p->file, mode, &s, &err) < 0)
		fail_msg("%s: %s", backend->name, err.text);
	return s;
}

/* Editions of the sample, one transaction each. */
static void put_editions(struct store *s, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		struct registry r;
		int64_t number = 0;

		assert_int_equal(sealed_edition(&r, i), 0);
		assert_int_equal(store_begin(s, NULL), 0);
		assert_int_equal(put_registry(s, &r, "sample", 1, &number), 0);
		assert_int_equal(store_commit(s, NULL), 0);
		assert_int_equal(number, i + 1);
		registry_release(&r);
	}
}

static void expect_count(struct store *s, size_t want)
{
	size_t count;

	assert_int_equal(store_version_count(s, &count, NULL), 0);
	assert_int_equal(count, want);
}

/* The timeline of the store is that of the editions up to count. */
static void expect_editions(struct store *s, unsigned count)
{
	struct timeline want, have;

	assert_int_equal(timeline_init(&want, NULL), 0);
	for (unsigned i = 0; i < count; i++) {
		struct registry r;

		assert_int_equal(sealed_edition(&r, i), 0);
		assert_int_equal(timeline_append(&want, &r, NULL), 0);
		assert_int_equal(timeline_edition_add(&want, i, 1, NULL), 0);
		registry_release(&r);
	}
	assert_int_equal(store_timeline(s, &have, NULL), 0);
	expect_same(&have, &want);
	timeline_release(&want);
	timeline_release(&have);
	expect_count(s, count);
}

static void test_empty(const struct backend *backend)
{
	const uint8_t digest[REGISTRY_DIGEST_LEN] = {1};
	struct place p;
	struct store *s = NULL;
	int64_t number = 7;

	place_make(&p);
	assert_int_equal(store_open_on(backend, p.file, STORE_READ, &s, NULL),
	    PORTBOOK_ENODATA);
	s = open_store(backend, &p, STORE_WRITE);
	assert_int_equal(store_version_find(s, digest, &number, NULL), 0);
	assert_int_equal(number, 0);
	expect_editions(s, 0);
	assert_int_equal(store_verify(s, NULL), 0);
	assert_int_equal(
	    store_version_xml(s, 1, NULL, NULL), PORTBOOK_ENOVERSION);
	store_close(s);
	s = open_store(backend, &p, STORE_READ);
	expect_editions(s, 0);
	assert_int_equal(store_begin(s, NULL), PORTBOOK_EUSAGE);
	store_close(s);
	store_close(NULL);
	place_drop(&p);
}

/* What goes in comes out, from the same store and from one opened anew. */
static void expect_contents(struct store *s)
{
	for (unsigned i = 0; i < EDITIONS; i++) {
		struct registry r;
		struct buf have, want;
		int64_t number;

		assert_int_equal(sealed_edition(&r, i), 0);
		assert_int_equal(
		    store_version_find(s, r.digest, &number, NULL), 0);
		assert_int_equal(number, i + 1);
		buf_init(&have);
		buf_init(&want);
		buf_str(&have, "before");
		assert_int_equal(store_version_xml(s, number, &have, NULL), 0);
		buf_str(&want, "before");
		registry_to_xml(&r, &want);
		assert_true(span_eq(buf_span(&have), buf_span(&want)));
		buf_release(&have);
		buf_release(&want);
		registry_release(&r);
	}
	expect_editions(s, EDITIONS);
	assert_int_equal(store_verify(s, NULL), 0);
}

static void test_contents(const struct backend *backend)
{
	struct place p;
	struct store *s;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	put_editions(s, 0, EDITIONS);
	expect_contents(s);
	store_close(s);
	s = open_store(backend, &p, STORE_READ);
	expect_contents(s);
	store_close(s);
	place_drop(&p);
}

/* What store_versions must give, one after the other. */
struct listed {
	const char *date;
	uint32_t edition, sightings;
	const char *source;
};

struct listing {
	const struct listed *next;
	size_t count;
};

static int take_listed(void *ctx, const struct store_version *v)
{
	struct listing *l = ctx;

	assert_in_range(l->count, 1, SIZE_MAX);
	assert_true(span_eq(v->date, span_str(l->next->date)));
	assert_true(span_eq(v->updated, v->date));
	assert_int_equal(v->edition, l->next->edition);
	assert_int_equal(v->sightings, l->next->sightings);
	assert_true(span_eq(v->source, span_str(l->next->source)));
	assert_int_equal(v->records, 1);
	assert_int_equal(v->people, 0);
	l->next++;
	l->count--;
	return 0;
}

/* A registry of one row. */
static void make_dated(struct registry *r, const char *date, const char *name)
{
	struct record *record;

	assert_int_equal(registry_init(r, NULL), 0);
	record = registry_record_new(r);
	assert_non_null(record);
	assert_int_equal(registry_text_add(r, span_str(name),
			     &record->text[FIELD_NAME], NULL),
	    0);
	assert_int_equal(
	    registry_text_add(r, SPAN("n"), &record->text[FIELD_FORM], NULL),
	    0);
	assert_int_equal(registry_text_add(r, SPAN("<h>\x01</h>"),
			     &r->text[REGISTRY_HEAD], NULL),
	    0);
	assert_int_equal(registry_text_add(r, span_str(date),
			     &r->text[REGISTRY_UPDATED], NULL),
	    0);
	assert_int_equal(seal(r), 0);
}

static const struct {
	const char *date, *name;
	uint32_t edition;
} arrivals[] = {
    {"2020-01-02", "a", 10},
    {"2020-01-02", "b", 2},
    {"2019-05-05", "c", 3},
    {"2020-01-02", "d", 0}, /* counts as 1 */
    {"2020-01-02", "e", 4},
    {"2021-01-01", "f", 1},
    {"2019-05-05", "c", 1}, /* again, under a lower number */
    {"2019-05-05", "g", 2},
    {"2020-01-02", "e", 11}, /* again, under a higher one */
    {"2020-01-02", "e", 0},
};

static const struct listed listed[] = {
    {"2019-05-05", 1, 2, "c"},
    {"2019-05-05", 2, 1, "g"},
    {"2020-01-02", 1, 1, "d"},
    {"2020-01-02", 2, 1, "b"},
    {"2020-01-02", 4, 3, "e"},
    {"2020-01-02", 10, 1, "a"},
    {"2021-01-01", 1, 1, "f"},
};

/* Each number that a version was seen with, by version. */
static const struct timeline_edition numbered[] = {
    {0, 1}, {0, 3}, {1, 2}, {2, 1}, {3, 2}, {4, 4}, {4, 11}, {5, 10}, {6, 1}};

#define ARRIVAL_COUNT (sizeof(arrivals) / sizeof(arrivals[0]))
#define LISTED_COUNT (sizeof(listed) / sizeof(listed[0]))

static void put_arrival(struct store *s, size_t n)
{
	const struct store_arrival again = {
	    .source = SPAN("again"),
	    .edition = arrivals[n].edition,
	    .how = SPAN("update"),
	};
	struct registry r;
	int64_t number;

	make_dated(&r, arrivals[n].date, arrivals[n].name);
	assert_int_equal(store_version_find(s, r.digest, &number, NULL), 0);
	if (number == 0) {
		assert_int_equal(put_registry(s, &r, arrivals[n].name,
				     arrivals[n].edition, &number),
		    0);
	} else {
		assert_int_equal(
		    put_registry(s, &r, "twice", 1, &number), PORTBOOK_EUSAGE);
		assert_int_equal(
		    store_sighting_add(s, number, &again, NULL), 0);
	}
	registry_release(&r);
}

static void expect_order(struct store *s)
{
	struct listing l = {listed, LISTED_COUNT};

	assert_int_equal(store_versions(s, take_listed, &l, NULL), 0);
	assert_int_equal(l.count, 0);
}

static void expect_numbers(const struct timeline *t)
{
	assert_int_equal(
	    t->edition_count, sizeof(numbered) / sizeof(numbered[0]));
	for (size_t i = 0; i < t->edition_count; i++) {
		assert_int_equal(t->editions[i].version, numbered[i].version);
		assert_int_equal(t->editions[i].number, numbered[i].number);
	}
}

/* By date, then number, whatever came first; numbers are not texts. */
static void test_order(const struct backend *backend)
{
	struct timeline first;

	for (size_t turn = 0; turn < ARRIVAL_COUNT; turn++) {
		struct timeline have;
		struct place p;
		struct store *s;

		place_make(&p);
		s = open_store(backend, &p, STORE_WRITE);
		assert_int_equal(store_begin(s, NULL), 0);
		for (size_t i = 0; i < ARRIVAL_COUNT; i++)
			put_arrival(s, (turn + i * 7) % ARRIVAL_COUNT);
		expect_order(s);
		assert_int_equal(store_commit(s, NULL), 0);
		expect_order(s);
		assert_int_equal(store_timeline(s, &have, NULL), 0);
		assert_int_equal(store_verify(s, NULL), 0);
		expect_numbers(&have);
		store_close(s);
		if (turn == 0) {
			first = have;
		} else {
			expect_same(&have, &first);
			timeline_release(&have);
		}
		place_drop(&p);
	}
	timeline_release(&first);
}

static int stop(void *ctx, const struct store_version *v)
{
	(void)v;
	(*(int *)ctx)++;
	return 5;
}

/* Names are to differ, also where sources say no number or the same one. */
static void test_numbers(const struct backend *backend)
{
	static const struct {
		const char *date, *name;
		uint32_t edition;
	} put[] = {
	    {"2020-01-02", "a", 0},
	    {"2020-01-02", "b", 0},
	    {"2020-01-02", "c", 2},
	    {"2020-01-02", "d", 1},
	    {"2020-01-03", "e", UINT32_MAX},
	    {"2020-01-03", "f", 7},
	};
	/* In order a, b, d (all 1), c; then f, e. */
	static const struct timeline_edition want[] = {
	    {0, 1}, {1, 3}, {2, 4}, {3, 2}, {4, 7}, {5, UINT32_MAX}};
	struct timeline have;
	struct place p;
	struct store *s;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	assert_int_equal(store_begin(s, NULL), 0);
	for (size_t i = 0; i < sizeof(put) / sizeof(put[0]); i++) {
		struct registry r;
		int64_t number;

		make_dated(&r, put[i].date, put[i].name);
		assert_int_equal(
		    put_registry(s, &r, put[i].name, put[i].edition, &number),
		    0);
		registry_release(&r);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	assert_int_equal(store_timeline(s, &have, NULL), 0);
	assert_int_equal(have.edition_count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(have.editions[i].version, want[i].version);
		assert_int_equal(have.editions[i].number, want[i].number);
	}
	timeline_release(&have);
	store_close(s);
	place_drop(&p);
}

static void test_take_stops(const struct backend *backend)
{
	struct place p;
	struct store *s;
	int calls = 0;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	put_editions(s, 0, 3);
	assert_int_equal(store_versions(s, stop, &calls, NULL), 5);
	assert_int_equal(calls, 1);
	expect_editions(s, 3);
	store_close(s);
	place_drop(&p);
}

/* Only what is committed is there, and nothing is added outside. */
static void test_transactions(const struct backend *backend)
{
	const struct store_arrival arrival = {
	    .source = SPAN("x"), .how = SPAN("update")};
	struct place p;
	struct store *s;
	struct registry r;
	int64_t number;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	put_editions(s, 0, 2);
	assert_int_equal(sealed_edition(&r, 2), 0);
	assert_int_equal(put_registry(s, &r, "x", 1, &number), PORTBOOK_EUSAGE);
	assert_int_equal(
	    store_sighting_add(s, 1, &arrival, NULL), PORTBOOK_EUSAGE);
	assert_int_equal(store_commit(s, NULL), PORTBOOK_EUSAGE);
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(store_begin(s, NULL), PORTBOOK_EUSAGE);
	assert_int_equal(put_registry(s, &r, "x", 1, &number), 0);
	assert_int_equal(
	    store_sighting_add(s, 9, &arrival, NULL), PORTBOOK_EUSAGE);
	expect_editions(s, 3);
	store_abort(s);
	expect_editions(s, 2);
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(put_registry(s, &r, "x", 1, &number), 0);
	store_close(s);
	s = open_store(backend, &p, STORE_WRITE);
	expect_editions(s, 2);
	put_editions(s, 2, 4);
	expect_editions(s, 4);
	assert_int_equal(store_verify(s, NULL), 0);
	store_close(s);
	registry_release(&r);
	place_drop(&p);
}

/* Who reads sees what was committed, before and after. */
static void test_readers(const struct backend *backend)
{
	struct place p;
	struct store *s, *reader;
	struct registry r;
	int64_t number;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	put_editions(s, 0, 2);
	reader = open_store(backend, &p, STORE_READ);
	expect_editions(reader, 2);
	assert_int_equal(sealed_edition(&r, 2), 0);
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(put_registry(s, &r, "x", 1, &number), 0);
	expect_editions(reader, 2);
	expect_editions(s, 3);
	assert_int_equal(store_commit(s, NULL), 0);
	expect_editions(reader, 3);
	assert_int_equal(store_verify(reader, NULL), 0);
	registry_release(&r);
	store_close(reader);
	store_close(s);
	place_drop(&p);
}

/* Two that write: the second waits its turn, and then knows what the first
 * did, though it had looked before. */
static void test_writers(const struct backend *backend)
{
	struct portbook_error err = {0};
	struct place p;
	struct store *s, *other;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	other = open_store(backend, &p, STORE_WRITE);
	put_editions(s, 0, 1);
	put_editions(other, 1, 2);
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(store_begin(other, &err), PORTBOOK_EBUSY);
	assert_non_null(strstr(err.text, "another process is writing"));
	assert_string_equal(err.source, p.file);
	store_abort(s);
	put_editions(other, 2, 4);
	put_editions(s, 4, 6);
	put_editions(other, 6, 7);
	expect_editions(s, 7);
	expect_editions(other, 7);
	store_close(s);
	assert_int_equal(store_verify(other, NULL), 0);
	store_close(other);
	place_drop(&p);
}

/* A CSV is a version too, dated by its rows, and has no XML. */
static void test_csv(const struct backend *backend)
{
	struct place p;
	struct store *s;
	struct registry r;
	struct timeline have, expected;
	int64_t number;
	struct buf b;

	place_make(&p);
	s = open_store(backend, &p, STORE_WRITE);
	put_editions(s, 0, 2);
	assert_int_equal(sample_edition(&r, 2), 0);
	r.source = REGISTRY_CSV;
	for (size_t i = 0; i < REGISTRY_FIELD_COUNT; i++)
		r.text[i] = 0;
	assert_int_equal(store_begin(s, NULL), 0);
	assert_int_equal(put_registry(s, &r, "csv", 1, &number), 0);
	assert_int_equal(store_commit(s, NULL), 0);
	assert_int_equal(number, 3);
	buf_init(&b);
	assert_int_equal(
	    store_version_xml(s, number, &b, NULL), PORTBOOK_EFORMAT);
	buf_release(&b);
	assert_int_equal(timeline_init(&expected, NULL), 0);
	assert_int_equal(timeline_append(&expected, &r, NULL), 0);
	assert_int_equal(timeline_edition_add(&expected, 0, 1, NULL), 0);
	registry_release(&r);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(sealed_edition(&r, i), 0);
		assert_int_equal(timeline_append(&expected, &r, NULL), 0);
		assert_int_equal(
		    timeline_edition_add(&expected, i + 1, 1, NULL), 0);
		registry_release(&r);
	}
	assert_int_equal(store_timeline(s, &have, NULL), 0);
	expect_same(&have, &expected);
	timeline_release(&have);
	timeline_release(&expected);
	assert_int_equal(store_verify(s, NULL), 0);
	store_close(s);
	place_drop(&p);
}

static const struct {
	const char *name;
	void (*run)(const struct backend *backend);
} tests[] = {
    {"empty", test_empty},
    {"contents", test_contents},
    {"order", test_order},
    {"numbers", test_numbers},
    {"take stops", test_take_stops},
    {"transactions", test_transactions},
    {"readers", test_readers},
    {"writers", test_writers},
    {"csv", test_csv},
};

#define TEST_COUNT (sizeof(tests) / sizeof(tests[0]))

static void run(void **state)
{
	size_t n = *(const size_t *)*state;

	tests[n % TEST_COUNT].run(backends[n / TEST_COUNT]);
}

/* Every test on every backend. */
int main(void)
{
	struct CMUnitTest all[BACKEND_COUNT * TEST_COUNT];
	size_t numbers[BACKEND_COUNT * TEST_COUNT];
	char names[BACKEND_COUNT * TEST_COUNT][64];

	for (size_t n = 0; n < BACKEND_COUNT * TEST_COUNT; n++) {
		numbers[n] = n;
		snprintf(names[n], sizeof(names[n]), "%s: %s",
		    backends[n / TEST_COUNT]->name, tests[n % TEST_COUNT].name);
		all[n] =
		    (struct CMUnitTest){names[n], run, NULL, NULL, &numbers[n]};
	}
	return cmocka_run_group_tests(all, NULL, NULL);
}
