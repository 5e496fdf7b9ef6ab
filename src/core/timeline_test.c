/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/timeline.h"
#include "imagebuild/sample.h"
#include "read/read.h"

#define EDITIONS 24

static void expect_texts(const struct timeline *t, const uint32_t *have,
    const struct registry *r, const uint32_t *want, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_true(span_eq(
		    timeline_text(t, have[i]), registry_text(r, want[i])));
}

/* The states of a version, by place, are its records in their order. */
static void expect_version(
    const struct timeline *t, uint32_t version, const struct registry *r)
{
	const struct timeline_version *v = &t->versions[version];
	size_t record = 0, person = 0;

	for (size_t i = 0; i < t->row_count; i++) {
		const struct timeline_row *row = &t->rows[i];

		if (row->first > version || row->last < version)
			continue;
		assert_in_range(record, 0, r->record_count - 1);
		expect_texts(t, row->record.text, r, r->records[record].text,
		    FIELD_COUNT + 1);
		assert_int_equal(
		    row->record.has_number, r->records[record].has_number);
		assert_int_equal(
		    row->record.protocol, r->records[record].protocol);
		record++;
	}
	assert_int_equal(record, r->record_count);
	for (size_t i = 0; i < t->person_count; i++) {
		const struct timeline_person *p = &t->people[i];

		if (p->first > version || p->last < version)
			continue;
		expect_texts(t, p->person.text, r, r->people[person].text,
		    PERSON_FIELD_COUNT + 1);
		person++;
	}
	assert_int_equal(person, r->person_count);
	assert_int_equal(v->record_count, r->record_count);
	assert_int_equal(v->person_count, r->person_count);
	assert_int_equal(v->note_count, r->note_count);
	assert_int_equal(v->footnote_count, r->footnote_count);
	for (size_t i = 0; i < r->note_count; i++)
		expect_texts(t, &t->notes[v->note_off + i].title, r,
		    &r->notes[i].title, 2);
	for (size_t i = 0; i < r->footnote_count; i++)
		expect_texts(t, &t->notes[v->footnote_off + i].title, r,
		    &r->footnotes[i].title, 2);
	expect_texts(t, v->text, r, r->text, REGISTRY_FIELD_COUNT);
	assert_memory_equal(v->digest, r->digest, sizeof(v->digest));
}

static void test_editions(void **state)
{
	struct timeline t;
	struct registry r;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (unsigned i = 0; i < EDITIONS; i++) {
		assert_int_equal(sample_edition(&r, i), 0);
		assert_int_equal(timeline_append(&t, &r, NULL), 0);
		registry_release(&r);
		for (unsigned n = 0; n <= i; n++) {
			assert_int_equal(sample_edition(&r, n), 0);
			expect_version(&t, n, &r);
			registry_release(&r);
		}
	}
	/* Most rows of most editions are those of the edition before. */
	assert_in_range(t.row_count, EDITIONS, EDITIONS * 20);
	timeline_release(&t);
}

/* The same version again adds no states; one without rows ends them all. */
static void test_same_and_empty(void **state)
{
	struct timeline t;
	struct registry r, empty;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	assert_int_equal(sample_registry(&r), 0);
	assert_int_equal(registry_init(&empty, NULL), 0);
	assert_int_equal(timeline_append(&t, &empty, NULL), 0);
	assert_int_equal(timeline_append(&t, &r, NULL), 0);
	assert_int_equal(timeline_append(&t, &r, NULL), 0);
	assert_int_equal(t.row_count, r.record_count);
	assert_int_equal(t.note_count, 2);
	assert_int_equal(timeline_append(&t, &empty, NULL), 0);
	assert_int_equal(timeline_append(&t, &r, NULL), 0);
	assert_int_equal(t.row_count, 2 * r.record_count);
	expect_version(&t, 0, &empty);
	expect_version(&t, 2, &r);
	expect_version(&t, 3, &empty);
	expect_version(&t, 4, &r);
	registry_release(&r);
	registry_release(&empty);
	timeline_release(&t);
}

static void add_row(struct registry *r, const char *name)
{
	struct record *record = registry_record_new(r);

	assert_non_null(record);
	assert_int_equal(registry_text_add(r, span_str(name),
			     &record->text[FIELD_NAME], NULL),
	    0);
}

/* Rows that are all alike; and a row that moves is a new one. */
static void test_alike_and_moved(void **state)
{
	static const struct {
		int line;
		const char *before, *after;
		size_t states;
	} cases[] = {
	    {__LINE__, "aaaa", "aaaaaa", 6},
	    {__LINE__, "aaaaaa", "aa", 6},
	    {__LINE__, "abc", "bca", 4},
	    {__LINE__, "abcd", "dabc", 5},
	    {__LINE__, "abab", "baba", 6},
	    {__LINE__, "abc", "cba", 5},
	    {__LINE__, "abc", "xaybzc", 6},
	    {__LINE__, "", "ab", 2},
	    {__LINE__, "ab", "", 2},
	    {__LINE__, "abcdef", "abxef", 7},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct timeline t;
		struct registry r[2];

		assert_int_equal(timeline_init(&t, NULL), 0);
		for (size_t n = 0; n < 2; n++) {
			const char *rows =
			    n == 0 ? cases[i].before : cases[i].after;

			assert_int_equal(registry_init(&r[n], NULL), 0);
			for (; *rows != '\0'; rows++)
				add_row(&r[n], (const char[]){*rows, '\0'});
			assert_int_equal(timeline_append(&t, &r[n], NULL), 0);
		}
		if (t.row_count != cases[i].states)
			fail_msg(
			    "line %d: %zu states", cases[i].line, t.row_count);
		for (uint32_t n = 0; n < 2; n++) {
			if (r[n].record_count > 0)
				expect_version(&t, n, &r[n]);
			registry_release(&r[n]);
		}
		timeline_release(&t);
	}
}

#ifdef PORTBOOK_FAULTS
static int append_editions(void)
{
	struct timeline t;
	int code = timeline_init(&t, NULL);

	for (unsigned i = 0; code == 0 && i < 3; i++) {
		struct registry r;

		code = sample_edition(&r, i);
		if (code == 0)
			code = timeline_append(&t, &r, NULL);
		registry_release(&r);
	}
	timeline_release(&t);
	return code;
}

static void test_no_memory(void **state)
{
	int code = PORTBOOK_ENOMEM;

	(void)state;
	for (size_t n = 1; code != 0; n++) {
		mem_fail_from(n);
		code = append_editions();
		mem_fail_from(0);
		if (code != 0)
			assert_int_equal(code, PORTBOOK_ENOMEM);
		assert_in_range(n, 1, 100000);
	}
}
#endif

/* Far apart, close together, and two of one day. */
#define OFFICIAL                                                               \
	"2015-05-04.xml 2016-12-23.xml 2019-12-20.xml 2025-09-22.xml "         \
	"2025-09-26.xml 2025-09-26.3.xml 2026-02-02.xml 2026-02-02.2.xml "     \
	"2026-08-17.xml"

/* Unpacks the editions into a new folder. */
static void unpack(const char *from, char to[64])
{
	char command[8192];

	snprintf(to, 64, "/tmp/portbook-timeline-XXXXXX");
	assert_non_null(mkdtemp(to));
	snprintf(command, sizeof(command),
	    "zstd -qdc '%s/history.tar.zst' | tar -x -C %s " OFFICIAL, from,
	    to);
	assert_int_equal(system(command), 0);
}

static void drop(const char *folder)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

/* Each version has the records of its file, in their order. */
static void test_history(void **state)
{
	const char *from = getenv("PORTBOOK_REGISTRY_DIR");
	const char *const names[] = {"2015-05-04", "2016-12-23", "2019-12-20",
	    "2025-09-22", "2025-09-26", "2025-09-26.3", "2026-02-02",
	    "2026-02-02.2", "2026-08-17"};
	char folder[64], path[128];
	struct timeline t;

	(void)state;
	if (from == NULL) {
		print_message("skipped: PORTBOOK_REGISTRY_DIR is not set\n");
		skip();
	}
	unpack(from, folder);
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (int check = 0; check < 2; check++) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			struct registry r;

			snprintf(
			    path, sizeof(path), "%s/%s.xml", folder, names[i]);
			assert_int_equal(
			    read_registry(path, &r, NULL, NULL), 0);
			if (check == 0)
				assert_int_equal(
				    timeline_append(&t, &r, NULL), 0);
			else
				expect_version(&t, (uint32_t)i, &r);
			registry_release(&r);
		}
	}
	timeline_release(&t);
	drop(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_editions),
	    cmocka_unit_test(test_same_and_empty),
	    cmocka_unit_test(test_alike_and_moved),
#ifdef PORTBOOK_FAULTS
	    cmocka_unit_test(test_no_memory),
#endif
	    cmocka_unit_test(test_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
