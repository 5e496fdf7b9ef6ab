/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/registry.h"

static uint32_t text(struct registry *r, struct span s)
{
	uint32_t number;

	assert_int_equal(registry_text_add(r, s, &number, NULL), 0);
	return number;
}

static void expect(const struct registry *r, const char *want)
{
	struct buf b;

	buf_init(&b);
	registry_to_xml(r, &b);
	if (!span_eq(buf_span(&b), span_str(want)))
		fail_msg("%.*s\nis not\n%s", SPAN_FMT(buf_span(&b)), want);
	buf_release(&b);
}

static void test_empty(void **state)
{
	struct registry r;

	(void)state;
	assert_int_equal(registry_init(&r, NULL), 0);
	assert_int_equal(registry_text(&r, 0).len, 0);
	assert_int_equal(text(&r, SPAN("")), 0);
	assert_int_equal(text(&r, SPAN("a")), 1);
	assert_int_equal(text(&r, SPAN("a")), 1);
	expect(&r, "");
	assert_int_equal(registry_newest_row(&r).len, 0);
	registry_release(&r);
	registry_release(&r);
}

static void test_xml(void **state)
{
	struct registry r;
	struct record *record;
	struct person *person;
	struct gap *gap;

	(void)state;
	assert_int_equal(registry_init(&r, NULL), 0);
	r.text[REGISTRY_HEAD] = text(&r, SPAN("<h>\x01</h>"));
	r.text[REGISTRY_UPDATED] = text(&r, SPAN("2026-01-31"));
	r.text[REGISTRY_MIDDLE] = text(&r, SPAN("<m/>"));
	r.text[REGISTRY_TAIL] = text(&r, SPAN("<t/>"));
	record = registry_record_new(&r);
	record->text[FIELD_DATE] = text(&r, SPAN("2020-01"));
	record = registry_record_new(&r);
	record->residue = text(&r, SPAN("<record/>"));
	record->text[FIELD_UPDATED] = text(&r, SPAN("2020-01-02"));
	record = registry_record_new(&r);
	assert_non_null(record);
	gap = registry_record_gap_new(&r);
	gap->index = 2;
	gap->text = text(&r, SPAN("|"));
	person = registry_person_new(&r);
	person->residue = text(&r, SPAN("<person/>"));
	person = registry_person_new(&r);
	person->text[PERSON_ID] = text(&r, SPAN("A"));
	gap = registry_person_gap_new(&r);
	gap->index = 1;
	gap->text = 0;
	expect(&r, "<h>2026-01-31</h><record date=\"2020-01\">\n  </record>\n  "
		   "<record/>|<record>\n  </record><m/><person/>"
		   "<person id=\"A\">\n    </person><t/>");
	assert_true(span_eq(registry_newest_row(&r), SPAN("2020-01-02")));
	registry_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
