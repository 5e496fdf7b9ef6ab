/* SPDX-License-Identifier: ISC */
/* What the builder does with too much, with too little and with nothing. */
#include <stdio.h>

#include "imagebuild/build_test.h"
#include "imagebuild/sample.h"
#include "read/read.h"
#include "terms/state.h"

static void add_range(struct registry *r, const char *number)
{
	struct record *record = need(registry_record_new(r));

	assert_int_equal(registry_text_add(r, span_str(number),
			     &record->text[FIELD_NUMBER], NULL),
	    0);
	record->protocol = PROTOCOL_NONE;
	record->has_number =
	    port_range_parse(span_str(number), &record->number);
	assert_true(record->has_number);
}

/* Ranges that would make lists of many gigabytes. */
static void test_overlap(void **state)
{
	const struct imagebuild_options options = {.source = SPAN("test")};
	struct portbook_error err = {0};
	struct registry r;
	struct timeline t;
	char number[32];
	uint8_t *bytes;
	size_t len;

	(void)state;
	assert_int_equal(registry_init(&r, NULL), 0);
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(number, sizeof(number), "%u-%u", i, 65535 - i);
		add_range(&r, number);
	}
	assert_int_equal(timeline_init(&t, NULL), 0);
	assert_int_equal(timeline_append(&t, &r, NULL), 0);
	assert_int_equal(
	    imagebuild(&t, &options, &bytes, &len, &err), PORTBOOK_ELIMIT);
	assert_non_null(strstr(err.text, "overlap"));
	timeline_release(&t);
	registry_release(&r);
}

#ifdef PORTBOOK_FAULTS
static int build_editions(void)
{
	const struct imagebuild_options options = {.source = SPAN("test")};
	struct timeline t;
	uint8_t *bytes = NULL;
	size_t len;
	int code = timeline_init(&t, NULL);

	for (unsigned i = 0; code == 0 && i < 2; i++) {
		struct registry r;

		code = sample_edition(&r, i);
		if (code == 0)
			code = timeline_append(&t, &r, NULL);
		registry_release(&r);
	}
	if (code == 0)
		code = imagebuild(&t, &options, &bytes, &len, NULL);
	timeline_release(&t);
	mem_release(bytes);
	return code;
}

static void test_no_memory(void **state)
{
	int code = PORTBOOK_ENOMEM;

	(void)state;
	for (size_t n = 1; code != 0; n++) {
		mem_fail_from(n);
		code = build_editions();
		mem_fail_from(0);
		if (code != 0)
			assert_int_equal(code, PORTBOOK_ENOMEM);
		assert_in_range(n, 1, 100000);
	}
}

/*
 * The same with rows enough for a thread: which allocation fails is then not
 * the same in every run, but what comes of it is.
 */
static void test_no_memory_beside(void **state)
{
	const struct imagebuild_options options = {.source = SPAN("test")};
	struct buf xml;
	struct registry r;
	struct timeline t;
	uint8_t *bytes;
	size_t len;
	int code = PORTBOOK_ENOMEM;

	(void)state;
	buf_init(&xml);
	buf_str(&xml, "<registry xmlns=\"http://www.iana.org/assignments\">");
	for (unsigned i = 0; i < 1500; i++)
		buf_printf(&xml, "<record><name>name%u</name></record>", i);
	buf_str(&xml, "</registry>");
	assert_int_equal(
	    read_registry_memory(buf_span(&xml), "test", &r, NULL, NULL), 0);
	buf_release(&xml);
	assert_int_equal(timeline_init(&t, NULL), 0);
	assert_int_equal(timeline_append(&t, &r, NULL), 0);
	for (size_t n = 1; code != 0; n += 3) {
		mem_fail_from(n);
		code = imagebuild(&t, &options, &bytes, &len, NULL);
		mem_fail_from(0);
		if (code != 0)
			assert_int_equal(code, PORTBOOK_ENOMEM);
		assert_in_range(n, 1, 100000);
	}
	mem_release(bytes);
	timeline_release(&t);
	registry_release(&r);
}
#endif

/* No version; a version without anything. */
static void test_empty(void **state)
{
	const struct imagebuild_options options = {.source = SPAN("")};
	struct registry r;
	struct timeline t;
	struct image image;
	uint8_t *bytes;
	size_t len;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	assert_int_equal(
	    imagebuild(&t, &options, &bytes, &len, NULL), PORTBOOK_ENODATA);
	timeline_release(&t);
	assert_int_equal(registry_init(&r, NULL), 0);
	build(&r, false, &bytes, &len);
	open_bytes(bytes, len, &image);
	assert_int_equal(image.row_count, 0);
	assert_null(image_row(&image, 0));
	assert_null(image_by_name(&image, SPAN("http")));
	assert_int_equal(image_by_port(&image, 80, PROTOCOL_TCP).count, 0);
	assert_int_equal(image_by_person(&image, SPAN("IESG")), IMAGE_NONE);
	assert_int_equal(image_gram(&image, "a", 1).count, 0);
	image_close(&image);
	mem_release(bytes);
	registry_release(&r);
}

/* Keys without number and protocol, and equal ones: no squares. */
static void test_many(void **state)
{
	enum { COUNT = 60000 };
	struct portbook_error err;
	struct image image;
	struct registry r;
	uint8_t *bytes;
	struct buf xml;
	size_t len;

	(void)state;
	buf_init(&xml);
	buf_str(&xml, "<registry xmlns=\"http://www.iana.org/assignments\">");
	for (unsigned i = 0; i < COUNT; i++)
		buf_printf(&xml,
		    "<record><name>n%u</name></record>"
		    "<record><name>same</name></record>",
		    i);
	buf_str(&xml, "</registry>");
	if (read_registry_memory(buf_span(&xml), "test", &r, NULL, &err) < 0)
		fail_msg("%s", err.text);
	build(&r, true, &bytes, &len);
	open_bytes(bytes, len, &image);
	assert_int_equal(le32(image.rows[2].ordinal), 1);
	assert_int_equal(le32(image.rows[2 * COUNT - 1].ordinal), COUNT);
	image_close(&image);
	mem_release(bytes);
	registry_release(&r);
	buf_release(&xml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_overlap),
#ifdef PORTBOOK_FAULTS
	    cmocka_unit_test(test_no_memory),
	    cmocka_unit_test(test_no_memory_beside),
#endif
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
