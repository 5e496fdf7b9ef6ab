/* SPDX-License-Identifier: ISC */
#include <glob.h>
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
	void *probe;
	int code = PORTBOOK_ENOMEM;

	(void)state;
	mem_fail_from(1);
	probe = mem_alloc(1, 1);
	mem_fail_from(0);
	mem_release(probe);
	if (probe != NULL)
		skip();
	for (size_t n = 1; code != 0; n++) {
		mem_fail_from(n);
		code = append_editions();
		mem_fail_from(0);
		if (code != 0)
			assert_int_equal(code, PORTBOOK_ENOMEM);
		assert_in_range(n, 1, 100000);
	}
}

/* Some of the official files, where PORTBOOK_REGISTRY_DIR has several. */
static void test_history(void **state)
{
	const char *folder = getenv("PORTBOOK_REGISTRY_DIR");
	char pattern[4096];
	struct timeline t;
	glob_t found;
	size_t step;

	(void)state;
	if (folder == NULL)
		skip();
	snprintf(pattern, sizeof(pattern), "%s/20*-*-*.xml", folder);
	if (glob(pattern, 0, NULL, &found) != 0)
		skip();
	step = found.gl_pathc / 16 + 1;
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (int check = 0; check < 2; check++) {
		uint32_t version = 0;

		for (size_t i = 0; i < found.gl_pathc; i += step) {
			struct registry r;

			assert_int_equal(
			    read_registry(found.gl_pathv[i], &r, NULL, NULL),
			    0);
			if (check == 0)
				assert_int_equal(
				    timeline_append(&t, &r, NULL), 0);
			else
				expect_version(&t, version++, &r);
			registry_release(&r);
		}
	}
	globfree(&found);
	timeline_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_editions),
	    cmocka_unit_test(test_same_and_empty),
	    cmocka_unit_test(test_alike_and_moved),
	    cmocka_unit_test(test_no_memory),
	    cmocka_unit_test(test_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
