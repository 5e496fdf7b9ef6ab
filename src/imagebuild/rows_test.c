/* SPDX-License-Identifier: ISC */
/*
 * An image of rows alone against the whole one: it says the same of every
 * version, row and person, every format writes the same from it, and lookups
 * find nothing.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imagebuild/build_test.h"
#include "imagebuild/sample.h"
#include "read/read.h"
#include "write/format.h"

struct pair {
	uint8_t *bytes[2];
	struct image whole, rows;
};

static void make(const struct timeline *t, struct pair *p)
{
	const struct imagebuild_options options[2] = {{.source = SPAN("test")},
	    {.source = SPAN("test"), .rows_only = true}};
	size_t len[2];

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    imagebuild(t, &options[i], &p->bytes[i], &len[i], NULL), 0);
	open_bytes(p->bytes[0], len[0], &p->whole);
	open_bytes(p->bytes[1], len[1], &p->rows);
	assert_true(len[1] < len[0]);
}

static void unmake(struct pair *p)
{
	image_close(&p->whole);
	image_close(&p->rows);
	mem_release(p->bytes[0]);
	mem_release(p->bytes[1]);
}

static void same_text(const struct pair *p, struct le32 whole, struct le32 rows)
{
	assert_true(
	    span_eq(image_text(&p->whole, whole), image_text(&p->rows, rows)));
}

static void same_list(const struct pair *p, const struct image_list *whole,
    const struct image_list *rows)
{
	struct image_numbers a = image_list(&p->whole, whole);
	struct image_numbers b = image_list(&p->rows, rows);

	assert_int_equal(a.count, b.count);
	if (a.count > 0)
		assert_memory_equal(a.at, b.at, a.count * sizeof(*a.at));
}

static void same_row(const struct pair *p, size_t n)
{
	const struct image_row *a = &p->whole.rows[n], *b = &p->rows.rows[n];

	for (size_t i = 0; i < FIELD_COUNT; i++)
		same_text(p, a->text[i], b->text[i]);
	same_text(p, a->residue, b->residue);
	same_text(p, a->alias_of, b->alias_of);
	assert_int_equal(le32(a->ordinal), le32(b->ordinal));
	assert_int_equal(le16(a->first), le16(b->first));
	assert_int_equal(le16(a->last), le16(b->last));
	assert_int_equal(a->protocol, b->protocol);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(le32(a->first_version), le32(b->first_version));
	assert_int_equal(le32(a->last_version), le32(b->last_version));
	assert_int_equal(le32(a->place), le32(b->place));
	same_list(p, &a->people, &b->people);
}

static void same_person(const struct pair *p, size_t n)
{
	const struct image_person *a = &p->whole.people[n];
	const struct image_person *b = &p->rows.people[n];

	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		same_text(p, a->text[i], b->text[i]);
	same_text(p, a->residue, b->residue);
	assert_int_equal(le32(a->place), le32(b->place));
	same_list(p, &a->rows, &b->rows);
}

static void same_names(const struct pair *p)
{
	assert_memory_equal(p->whole.meta->names_digest,
	    p->rows.meta->names_digest, sizeof(p->rows.meta->names_digest));
	assert_int_equal(p->whole.curated_count, p->rows.curated_count);
	assert_true(p->rows.curated_count > 0);
	for (size_t i = 0; i < p->whole.curated_count; i++) {
		const struct image_curated *a = &p->whole.curated[i];
		const struct image_curated *b = &p->rows.curated[i];

		assert_int_equal(le32(a->kind), le32(b->kind));
		assert_int_equal(le32(a->row), le32(b->row));
		same_text(p, a->name, b->name);
		same_text(p, a->reason, b->reason);
		same_text(p, a->origin, b->origin);
	}
}

/*
 * Which row of the past was preferred only an image with ports can tell: of
 * an earlier version the official formats alone, the first in the table, are
 * the same.
 */
static void same_formats(const struct pair *p, uint32_t version)
{
	size_t count = version + 1 == p->whole.version_count ? format_count : 4;

	for (size_t i = 0; i < count; i++) {
		struct write_job job = {
		    .image = &p->whole, .version = version, .epoch = 0};
		struct buf a, b;

		job.style = job.as_of = job.frequencies = SPAN("");
		buf_init(&a);
		buf_init(&b);
		assert_int_equal(format_write(&formats[i], &job, &a, NULL), 0);
		job.image = &p->rows;
		assert_int_equal(format_write(&formats[i], &job, &b, NULL), 0);
		assert_true(a.len > 0);
		if (!span_eq(buf_span(&a), buf_span(&b)))
			fail_msg("other bytes of %s", formats[i].name);
		buf_release(&a);
		buf_release(&b);
	}
}

static void finds_nothing(const struct pair *p)
{
	const struct image *image = &p->rows;

	assert_null(image->ports);
	assert_null(image->names);
	assert_null(image->search);
	assert_null(image->gram_pairs);
	assert_null(image->orders);
	assert_null(image->people_order);
	assert_int_equal(image_by_port(image, 80, PROTOCOL_TCP).count, 0);
	assert_int_equal(
	    image_first_by_port(image, 80, PROTOCOL_TCP), IMAGE_NONE);
	assert_null(image_by_name(image, SPAN("http")));
	assert_int_equal(image_by_person(image, SPAN("IESG")), IMAGE_NONE);
	assert_int_equal(image_order(image, COLUMN_NAME, 0), 0);
	assert_int_equal(image_gram(image, "h", 1).count, 0);
	assert_int_equal(image_search_text(image, &image->rows[0]).len, 0);
}

static void check(const struct timeline *t)
{
	struct pair p;

	make(t, &p);
	assert_int_equal(p.whole.row_count, p.rows.row_count);
	assert_int_equal(p.whole.current_rows, p.rows.current_rows);
	assert_int_equal(p.whole.person_count, p.rows.person_count);
	assert_int_equal(p.whole.version_count, p.rows.version_count);
	assert_int_equal(p.whole.gap_count, p.rows.gap_count);
	for (size_t n = 0; n < p.whole.row_count; n++)
		same_row(&p, n);
	for (size_t n = 0; n < p.whole.person_count; n++)
		same_person(&p, n);
	same_names(&p);
	for (uint32_t v = 0; v < p.whole.version_count; v++)
		same_formats(&p, v);
	finds_nothing(&p);
	unmake(&p);
}

static void test_sample(void **state)
{
	struct timeline t;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (unsigned i = 0; i < 3; i++) {
		struct registry r;

		assert_int_equal(sample_edition(&r, i), 0);
		assert_int_equal(timeline_append(&t, &r, NULL), 0);
		registry_release(&r);
	}
	check(&t);
	timeline_release(&t);
}

/* Of one row: without a port, and without a name. */
static void test_small(void **state)
{
	static const char *const xml[] = {
	    "<registry xmlns=\"http://www.iana.org/assignments\">"
	    "<updated>2020-02-02</updated>"
	    "<record><name>a</name></record></registry>",
	    "<registry xmlns=\"http://www.iana.org/assignments\">"
	    "<record><number>22</number></record></registry>"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct registry r;
		struct timeline t;

		assert_int_equal(read_registry_memory(
				     span_str(xml[i]), "test", &r, NULL, NULL),
		    0);
		assert_int_equal(timeline_init(&t, NULL), 0);
		assert_int_equal(timeline_append(&t, &r, NULL), 0);
		check(&t);
		timeline_release(&t);
		registry_release(&r);
	}
}

static void test_official(void **state)
{
	const char *folder = getenv("PORTBOOK_REGISTRY_DIR");
	char pattern[4096];
	struct registry r;
	struct timeline t;
	glob_t found;

	(void)state;
	if (folder == NULL) {
		print_message("skip: PORTBOOK_REGISTRY_DIR does not name the "
			      "official files\n");
		skip();
	}
	snprintf(pattern, sizeof(pattern), "%s/service-names-port-numbers*.xml",
	    folder);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_int_equal(
	    read_registry(found.gl_pathv[found.gl_pathc - 1], &r, NULL, NULL),
	    0);
	globfree(&found);
	assert_int_equal(timeline_init(&t, NULL), 0);
	assert_int_equal(timeline_append(&t, &r, NULL), 0);
	registry_release(&r);
	check(&t);
	timeline_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sample),
	    cmocka_unit_test(test_small),
	    cmocka_unit_test(test_official),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
