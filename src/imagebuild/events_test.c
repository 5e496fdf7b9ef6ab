/* SPDX-License-Identifier: ISC */
/*
 * Events, lives and past rows of an image against the timeline and against
 * loops over all rows: of the sample, and of the official registry, where
 * PORTBOOK_REGISTRY_DIR has it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "core/lives.h"
#include "image/events.h"
#include "image/row.h"
#include "imagebuild/build_test.h"
#include "imagebuild/sample.h"
#include "read/read.h"

struct world {
	struct timeline t;
	struct lives lives;
	uint8_t *bytes;
	size_t len;
	struct image image;
	uint32_t *rows;	  /* by place */
	uint32_t *people; /* by place */
};

static void world_make(struct world *w)
{
	const struct imagebuild_options options = {.source = SPAN("test")};

	assert_int_equal(
	    imagebuild(&w->t, &options, &w->bytes, &w->len, NULL), 0);
	open_bytes(w->bytes, w->len, &w->image);
	assert_int_equal(lives_make(&w->t, &w->lives, NULL), 0);
	w->rows = need(mem_alloc(w->t.row_count, sizeof(*w->rows)));
	w->people = need(mem_alloc(w->t.person_count, sizeof(*w->people)));
	for (uint32_t n = 0; n < w->image.row_count; n++)
		w->rows[le32(w->image.rows[n].place)] = n;
	for (uint32_t n = 0; n < w->image.person_count; n++)
		w->people[le32(w->image.people[n].place)] = n;
}

static void world_release(struct world *w)
{
	image_close(&w->image);
	lives_release(&w->lives);
	timeline_release(&w->t);
	mem_release(w->bytes);
	mem_release(w->rows);
	mem_release(w->people);
}

static uint32_t number_of(
    const struct world *w, enum event_kind kind, uint32_t place)
{
	if (place == LIFE_NONE)
		return IMAGE_NONE;
	return kind == EVENT_PERSON ? w->people[place] : w->rows[place];
}

static bool has(struct image_numbers numbers, uint32_t number)
{
	size_t found = 0;

	for (size_t i = 0; i < numbers.count; i++)
		found += le32(numbers.at[i]) == number;
	assert_in_range(found, 0, 1);
	return found == 1;
}

/* Each event is that of the timeline, and is found from its version. */
static void expect_events(const struct world *w)
{
	size_t rows = 0, people = 0;

	assert_int_equal(w->image.event_count, w->lives.event_count);
	for (uint32_t n = 0; n < w->lives.event_count; n++) {
		const struct life_event *from = &w->lives.events[n];
		const struct image_event *e = image_event(&w->image, n);
		uint32_t before = number_of(w, from->kind, from->before);
		uint32_t after = number_of(w, from->kind, from->after);
		bool person = image_event_is_person(e);
		struct image_event_span span =
		    image_version_events(&w->image, le32(e->version));

		assert_in_range(n, span.first, span.end - 1);
		assert_int_equal(le32(e->version), from->version);
		assert_int_equal(image_event_kind(e), from->kind);
		assert_int_equal(le32(e->before), before);
		assert_int_equal(le32(e->after), after);
		assert_int_equal(le32(e->fields), from->fields);
		if (before != IMAGE_NONE)
			assert_true(
			    has(person ? image_person_events(&w->image, before)
				       : image_row_events(&w->image, before),
				n));
		if (after != IMAGE_NONE)
			assert_true(
			    has(person ? image_person_events(&w->image, after)
				       : image_row_events(&w->image, after),
				n));
		*(person ? &people : &rows) += (before != IMAGE_NONE) ? 1 : 0;
		*(person ? &people : &rows) += (after != IMAGE_NONE) ? 1 : 0;
	}
	for (uint32_t n = 0; n < w->image.row_count; n++)
		rows -= image_row_events(&w->image, n).count;
	for (uint32_t n = 0; n < w->image.person_count; n++)
		people -= image_person_events(&w->image, n).count;
	assert_int_equal(rows, 0);
	assert_int_equal(people, 0);
}

static void expect_lives(const struct world *w)
{
	for (uint32_t i = 0; i < w->t.row_count; i++) {
		uint32_t n = w->rows[i];
		struct image_numbers life = image_row_life(&w->image, n);

		assert_int_equal(image_row_last(&w->image, n),
		    w->rows[w->lives.row_last[i]]);
		assert_true(life.count != 1);
		assert_int_equal(has(life, n), life.count > 0);
		if (w->lives.row_last[i] != i)
			assert_true(has(life, w->rows[w->lives.row_last[i]]));
	}
	for (uint32_t i = 0; i < w->t.person_count; i++)
		assert_int_equal(image_person_last(&w->image, w->people[i]),
		    w->people[w->lives.person_last[i]]);
}

static bool is_on(const struct image_row *row, uint32_t port)
{
	return (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       le16(row->first) <= port && port <= le16(row->last);
}

/* Marks rows that are rising and past, and have the port if they must. */
static void mark_past(const struct world *w, struct image_numbers rows,
    uint32_t port, bool must, uint8_t *marks)
{
	for (size_t i = 0; i < rows.count; i++) {
		uint32_t n = le32(rows.at[i]);

		assert_in_range(
		    n, w->image.current_rows, w->image.row_count - 1);
		assert_true(i == 0 || le32(rows.at[i - 1]) < n);
		assert_true(!must || is_on(&w->image.rows[n], port));
		assert_int_equal(marks[n], 0);
		marks[n] = is_on(&w->image.rows[n], port);
	}
}

/* All past rows of a port are found, and no others. */
static void expect_port(const struct world *w, uint32_t port, uint8_t *marks)
{
	const struct image *image = &w->image;

	memset(marks, 0, image->row_count);
	mark_past(
	    w, image_past_by_port(image, (uint16_t)port), port, true, marks);
	mark_past(w, image_past_wide(image), port, false, marks);
	for (size_t n = image->current_rows; n < image->row_count; n++)
		assert_int_equal(marks[n], is_on(&image->rows[n], port));
}

/* Ports where past rows begin and end, and those beside them. */
static void expect_ports(const struct world *w)
{
	uint8_t *marks = need(mem_alloc(w->image.row_count, 1));

	for (size_t n = w->image.current_rows; n < w->image.row_count; n++) {
		const struct image_row *row = &w->image.rows[n];

		if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
			continue;
		expect_port(w, le16(row->first), marks);
		expect_port(w, le16(row->last), marks);
		expect_port(w, (le16(row->last) + 1) % PORT_COUNT, marks);
	}
	for (uint32_t port = 0; port < PORT_COUNT; port += 997)
		expect_port(w, port, marks);
	expect_port(w, 65535, marks);
	mem_release(marks);
}

static void fold_name(const struct world *w, size_t n, struct buf *ret)
{
	struct record_text text;
	struct buf plain;

	buf_init(&plain);
	buf_clear(ret);
	image_row_text(&w->image, &w->image.rows[n], &text);
	column_text(&plain, &text, COLUMN_NAME);
	unicode_fold_text(ret, buf_span(&plain));
	buf_release(&plain);
}

/* By its name as it is, each past row; and as many as have it. */
static void expect_names(const struct world *w)
{
	const struct image *image = &w->image;
	struct buf a, b;

	buf_init(&a);
	buf_init(&b);
	for (uint32_t n = (uint32_t)image->current_rows; n < image->row_count;
	     n++) {
		struct span name =
		    image_text(image, image->rows[n].text[FIELD_NAME]);
		struct image_numbers rows = image_past_by_name(image, name);
		size_t count = 0;

		if (name.len == 0)
			continue;
		assert_true(has(rows, n));
		fold_name(w, n, &a);
		for (size_t m = image->current_rows; m < image->row_count;
		     m++) {
			fold_name(w, m, &b);
			count += span_eq(buf_span(&a), buf_span(&b));
		}
		assert_int_equal(rows.count, count);
		rows = image_past_by_name(image, buf_span(&a));
		assert_int_equal(rows.count, count);
	}
	assert_int_equal(image_past_by_name(image, SPAN("")).count, 0);
	assert_int_equal(image_past_by_name(image, SPAN("no-such")).count, 0);
	assert_int_equal(
	    image_past_by_name(image, SPAN("no-such-name-of-any-length")).count,
	    0);
	buf_release(&a);
	buf_release(&b);
}

static void expect_people(const struct world *w)
{
	const struct image *image = &w->image;
	size_t count = 0;

	for (uint32_t n = 0; n < image->person_count; n++) {
		struct image_numbers found = image_past_by_person(
		    image, image_text(image, image->people[n].text[PERSON_ID]));

		assert_int_equal(has(found, n), n >= image->current_people);
		count += n >= image->current_people;
	}
	assert_int_equal(count, image->past_person_count);
	assert_int_equal(image_past_by_person(image, SPAN("")).count, 0);
}

static void test_sample(void **state)
{
	(void)state;
	for (unsigned count = 2; count < 40; count += 7) {
		struct world w = {0};

		assert_int_equal(timeline_init(&w.t, NULL), 0);
		for (unsigned i = 0; i < count; i++) {
			struct registry r;

			assert_int_equal(sample_edition(&r, i), 0);
			assert_int_equal(timeline_append(&w.t, &r, NULL), 0);
			registry_release(&r);
		}
		world_make(&w);
		expect_events(&w);
		expect_lives(&w);
		expect_ports(&w);
		expect_names(&w);
		expect_people(&w);
		world_release(&w);
	}
}

/* An image of one version has no past, nor room for it. */
static void test_single(void **state)
{
	const struct image_header *header;
	const struct image_section *table;
	struct registry r;
	struct image image;
	uint8_t *bytes;
	size_t len, count;
	uint64_t first = UINT64_MAX;

	(void)state;
	assert_int_equal(sample_registry(&r), 0);
	build(&r, false, &bytes, &len);
	open_bytes(bytes, len, &image);
	header = (const void *)bytes;
	table = (const void *)(header + 1);
	count = le32(header->section_count);
	assert_int_equal(count, 17 + 4);
	for (size_t i = 0; i < count; i++) {
		assert_not_in_range(
		    le32(table[i].id), IMAGE_EVENTS, IMAGE_COMMON_COUNTS);
		if (le64(table[i].off) < first)
			first = le64(table[i].off);
	}
	/* 32 bytes of header and 21 times 32 of table, at a multiple of 64. */
	assert_int_equal(first, 704);
	assert_null(image.events);
	assert_int_equal(image_version_events(&image, 0).end, 0);
	assert_int_equal(image_row_events(&image, 0).count, 0);
	assert_int_equal(image_row_life(&image, 0).count, 0);
	assert_int_equal(image_row_last(&image, 3), 3);
	assert_int_equal(image_person_last(&image, 2), 2);
	assert_int_equal(image_past_by_port(&image, 80).count, 0);
	assert_int_equal(image_past_wide(&image).count, 0);
	assert_int_equal(image_past_by_name(&image, SPAN("http")).count, 0);
	assert_int_equal(image_past_by_person(&image, SPAN("RS")).count, 0);
	image_close(&image);
	registry_release(&r);
	mem_release(bytes);
}

/* Ranges that cut each other into more items than one row may be in. */
static void test_wide(void **state)
{
	struct world w = {0};
	size_t wide;

	(void)state;
	assert_int_equal(timeline_init(&w.t, NULL), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct registry r;

		assert_int_equal(registry_init(&r, NULL), 0);
		for (unsigned k = 0; i == 0 && k < 100; k++) {
			struct record *record = need(registry_record_new(&r));
			char text[16];

			record->number = (struct port_range){
			    (uint16_t)(100 + 10 * k), (uint16_t)(50000 - k)};
			record->has_number = true;
			record->protocol = PROTOCOL_NONE;
			snprintf(text, sizeof(text), "%u-%u", 100 + 10 * k,
			    50000 - k);
			assert_int_equal(registry_text_add(&r, span_str(text),
					     &record->text[FIELD_NUMBER], NULL),
			    0);
		}
		assert_int_equal(timeline_append(&w.t, &r, NULL), 0);
		registry_release(&r);
	}
	world_make(&w);
	/* Row k spans the 2 * (99 - k) + 1 items of those within it. */
	wide = image_past_wide(&w.image).count;
	assert_int_equal(wide, 84);
	expect_ports(&w);
	world_release(&w);
}

#define OFFICIAL "2015-05-04 2020-01-16 2025-10-16 2026-02-02"

static void test_official(void **state)
{
	const char *from = getenv("PORTBOOK_REGISTRY_DIR");
	char folder[] = "/tmp/portbook-events-XXXXXX", command[4096];
	struct span names = SPAN(OFFICIAL);
	struct world w = {0};

	(void)state;
	if (from == NULL) {
		print_message("skipped: PORTBOOK_REGISTRY_DIR is not set\n");
		skip();
	}
	assert_non_null(mkdtemp(folder));
	assert_int_equal(timeline_init(&w.t, NULL), 0);
	snprintf(command, sizeof(command),
	    "zstd -qdc '%s/history.tar.zst' | tar -x -C %s "
	    "$(printf '%%s.xml ' " OFFICIAL ")",
	    from, folder);
	assert_int_equal(system(command), 0);
	while (names.len > 0) {
		struct span name = span_cut(&names, ' ');
		struct registry r;
		char path[128];

		snprintf(
		    path, sizeof(path), "%s/%.*s.xml", folder, SPAN_FMT(name));
		assert_int_equal(read_registry(path, &r, NULL, NULL), 0);
		assert_int_equal(timeline_append(&w.t, &r, NULL), 0);
		registry_release(&r);
	}
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	world_make(&w);
	expect_events(&w);
	expect_lives(&w);
	expect_ports(&w);
	expect_names(&w);
	expect_people(&w);
	world_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sample),
	    cmocka_unit_test(test_single),
	    cmocka_unit_test(test_wide),
	    cmocka_unit_test(test_official),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
