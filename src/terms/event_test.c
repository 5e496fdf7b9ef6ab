/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "terms/event.h"

/* The words and their order are those of the JSON's documentation. */
static void test_names(void **state)
{
	static const char *const words[] = {"assigned", "deassigned", "renamed",
	    "renumbered", "transferred", "split", "merged", "modified",
	    "editorial", "person"};
	enum event_kind kind = EVENT_KIND_COUNT;

	(void)state;
	assert_int_equal(sizeof(words) / sizeof(words[0]), EVENT_KIND_COUNT);
	for (enum event_kind k = 0; k < EVENT_KIND_COUNT; k++) {
		assert_true(span_eq(event_kind_name(k), span_str(words[k])));
		assert_true(event_kind_parse(span_str(words[k]), &kind));
		assert_int_equal(kind, k);
		assert_int_equal(event_is_substance(k),
		    k != EVENT_EDITORIAL && k != EVENT_PERSON);
	}
	for (enum event_kind k = 0; k < EVENT_KIND_COUNT; k++) {
		assert_in_range(event_kind_says(k).len, 10, 60);
		for (enum event_kind other = 0; other < k; other++)
			assert_false(span_eq(
			    event_kind_says(k), event_kind_says(other)));
	}
	assert_int_equal(event_kind_says(EVENT_KIND_COUNT).len, 0);
	assert_int_equal(event_kind_name(EVENT_KIND_COUNT).len, 0);
	assert_false(event_kind_parse(SPAN(""), &kind));
	assert_false(event_kind_parse(SPAN("Assigned"), &kind));
	assert_int_equal(kind, EVENT_PERSON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
