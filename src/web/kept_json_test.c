/* SPDX-License-Identifier: ISC */
/* What is kept is what is made anew, while it has room and when it has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/kept_json.h"
#include "web/people.h"
#include "write/edition_test.h"
#include "write/json.h"
#include "base/banned.h"

static const struct span source = SPAN_INIT(
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    "<registry xmlns=\"http://www.iana.org/assignments\" "
    "id=\"service-names-port-numbers\">\n"
    "<title>T</title>\n"
    "<updated>2026-01-02</updated>\n"
    "<record>\n<name>a</name>\n<protocol>tcp</protocol>\n"
    "<description>one &quot;a&quot;</description>\n<number>1</number>\n"
    "<xref type=\"person\" data=\"P\"/>\n</record>\n"
    "<record>\n<name>b</name>\n<protocol>udp</protocol>\n"
    "<description>two</description>\n<number>2</number>\n</record>\n"
    "<people>\n<person id=\"P\">\n<name>Name</name>\n"
    "<uri>mailto:p&amp;example.org</uri>\n</person>\n</people>\n"
    "</registry>\n");

/* Three times: the first makes, the others copy.  Row 9 is none. */
static void check(struct edition *e, size_t room)
{
	static const uint32_t rows[] = {1, 0, 9, 0}, people[] = {0, 9};
	struct kept_json *kept = kept_json_new(&e->image, room);
	struct buf want, got;

	assert_non_null(kept);
	buf_init(&want);
	buf_init(&got);
	json_records(&want, &e->image, rows, 4, 0);
	people_json(&want, &e->image, people, 2);
	for (int i = 0; i < 3; i++) {
		buf_clear(&got);
		kept_json_records(kept, &got, rows, 4);
		kept_json_people(kept, &got, people, 2);
		assert_true(span_eq(buf_span(&got), buf_span(&want)));
	}
	/* Both rows and the person are there, the row 0 twice. */
	assert_true(span_find(buf_span(&got), SPAN("\"2/udp/b\"")) < got.len);
	assert_true(span_find(buf_span(&got), SPAN("one \\\"a\\\"")) < got.len);
	assert_true(span_find(buf_span(&got), SPAN("\"Name\"")) < got.len);
	buf_release(&want);
	buf_release(&got);
	kept_json_free(kept);
}

static void test_same(void **state)
{
	static const size_t rooms[] = {0, 300, 700, 1 << 20};
	struct portbook_error err = {0};
	struct edition e;

	(void)state;
	if (edition_open(source, &e, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(e.image.row_count, 2);
	assert_int_equal(e.image.person_count, 1);
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++)
		check(&e, rooms[i]);
	edition_close(&e);
}

/* A buffer that failed is not kept as if it were whole. */
static void test_failed(void **state)
{
	struct portbook_error err = {0};
	const uint32_t row = 0;
	struct kept_json *kept;
	struct buf small, want, got;
	struct edition e;
	char storage[20];

	(void)state;
	if (edition_open(source, &e, &err) < 0)
		fail_msg("%s", err.text);
	kept = kept_json_new(&e.image, 1 << 20);
	assert_non_null(kept);
	buf_init_fixed(&small, storage, sizeof(storage));
	kept_json_records(kept, &small, &row, 1);
	assert_true(buf_failed(&small));
	buf_init(&want);
	buf_init(&got);
	json_records(&want, &e.image, &row, 1, 0);
	kept_json_records(kept, &got, &row, 1);
	assert_true(span_eq(buf_span(&got), buf_span(&want)));
	buf_release(&want);
	buf_release(&got);
	kept_json_free(kept);
	edition_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
