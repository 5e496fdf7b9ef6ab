/* SPDX-License-Identifier: ISC */
/* What the tests of the store have in common; cmocka comes before it. */
#ifndef STORE_HELP_TEST_H
#define STORE_HELP_TEST_H

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "imagebuild/imagebuild.h"
#include "imagebuild/sample.h"
#include "store/own.h"

/* A folder of its own for each test, in memory if there is such a place. */
struct place {
	char folder[64];
	char file[80];
};

static inline void place_make(struct place *p)
{
	snprintf(p->folder, sizeof(p->folder), "%s/portbook-store-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->file, sizeof(p->file), "%s/s.sqlite", p->folder);
}

static inline void place_drop(const struct place *p)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -r '%s'", p->folder);
	assert_int_equal(system(command), 0);
}

/* Makes the digest and length those of the bytes that come out. */
static inline int seal(struct registry *r)
{
	struct sha256_ctx sha256;
	struct buf b;
	bool failed;

	buf_init(&b);
	registry_to_xml(r, &b);
	failed = buf_failed(&b);
	r->source_len = b.len;
	sha256_init(&sha256);
	sha256_update(&sha256, b.len, (const uint8_t *)b.ptr);
	sha256_digest(&sha256, sizeof(r->digest), r->digest);
	buf_release(&b);
	return failed ? PORTBOOK_ENOMEM : 0;
}

/* An edition of the sample, with its true digest. */
static inline int sealed_edition(struct registry *r, unsigned edition)
{
	int code = sample_edition(r, edition);

	return code == 0 ? seal(r) : code;
}

/* Records r as a source of that name would. */
static inline int put_registry(struct store *s, const struct registry *r,
    const char *source, uint32_t edition, int64_t *ret)
{
	const struct store_arrival arrival = {
	    .source = span_str(source),
	    .edition = edition,
	    .seen = 1000 + edition,
	    .how = SPAN("import"),
	};

	return store_version_add(s, r, &arrival, ret, NULL);
}

static inline void expect_text(const struct timeline *a, uint32_t in_a,
    const struct timeline *b, uint32_t in_b)
{
	if (!span_eq(timeline_text(a, in_a), timeline_text(b, in_b)))
		fail_msg("\"%.*s\" is not \"%.*s\"",
		    SPAN_FMT(timeline_text(a, in_a)),
		    SPAN_FMT(timeline_text(b, in_b)));
}

static inline void expect_texts(const struct timeline *a, const uint32_t *in_a,
    const struct timeline *b, const uint32_t *in_b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_text(a, in_a[i], b, in_b[i]);
}

static inline void expect_same_versions(
    const struct timeline *a, const struct timeline *b)
{
	assert_int_equal(a->version_count, b->version_count);
	for (size_t i = 0; i < a->version_count; i++) {
		const struct timeline_version *x = &a->versions[i];
		const struct timeline_version *y = &b->versions[i];

		assert_int_equal(x->source, y->source);
		assert_memory_equal(x->digest, y->digest, sizeof(x->digest));
		assert_int_equal(x->source_len, y->source_len);
		expect_texts(a, x->text, b, y->text, REGISTRY_FIELD_COUNT);
		expect_text(a, x->newest_row, b, y->newest_row);
		assert_int_equal(x->note_off, y->note_off);
		assert_int_equal(x->note_count, y->note_count);
		assert_int_equal(x->footnote_off, y->footnote_off);
		assert_int_equal(x->footnote_count, y->footnote_count);
		assert_int_equal(x->record_count, y->record_count);
		assert_int_equal(x->person_count, y->person_count);
	}
	assert_int_equal(a->note_count, b->note_count);
	for (size_t i = 0; i < a->note_count; i++)
		expect_texts(a, &a->notes[i].title, b, &b->notes[i].title, 2);
	assert_int_equal(a->gap_count, b->gap_count);
	for (size_t i = 0; i < a->gap_count; i++) {
		assert_int_equal(a->gaps[i].people, b->gaps[i].people);
		assert_int_equal(a->gaps[i].version, b->gaps[i].version);
		assert_int_equal(a->gaps[i].index, b->gaps[i].index);
		expect_text(a, a->gaps[i].text, b, b->gaps[i].text);
	}
}

static inline void expect_same_rows(
    const struct timeline *a, const struct timeline *b)
{
	assert_int_equal(a->row_count, b->row_count);
	for (size_t i = 0; i < a->row_count; i++) {
		const struct record *x = &a->rows[i].record;
		const struct record *y = &b->rows[i].record;

		expect_texts(a, x->text, b, y->text, FIELD_COUNT);
		expect_text(a, x->residue, b, y->residue);
		assert_int_equal(x->has_number, y->has_number);
		assert_int_equal(x->protocol, y->protocol);
		if (x->has_number) {
			assert_int_equal(x->number.first, y->number.first);
			assert_int_equal(x->number.last, y->number.last);
		}
		assert_int_equal(a->rows[i].first, b->rows[i].first);
		assert_int_equal(a->rows[i].last, b->rows[i].last);
	}
	assert_int_equal(a->person_count, b->person_count);
	for (size_t i = 0; i < a->person_count; i++) {
		const struct timeline_person *x = &a->people[i];
		const struct timeline_person *y = &b->people[i];

		expect_texts(
		    a, x->person.text, b, y->person.text, PERSON_FIELD_COUNT);
		expect_text(a, x->person.residue, b, y->person.residue);
		assert_int_equal(x->first, y->first);
		assert_int_equal(x->last, y->last);
	}
}

/* Two timelines are the same, field by field and as images. */
static inline void expect_same(
    const struct timeline *a, const struct timeline *b)
{
	const struct imagebuild_options options = {
	    .source = SPAN("a test"), .no_search = true};
	uint8_t *x, *y;
	size_t x_len, y_len;

	expect_same_versions(a, b);
	expect_same_rows(a, b);
	if (a->version_count == 0)
		return;
	assert_int_equal(imagebuild(a, &options, &x, &x_len, NULL), 0);
	assert_int_equal(imagebuild(b, &options, &y, &y_len, NULL), 0);
	assert_int_equal(x_len, y_len);
	assert_memory_equal(x, y, x_len);
	mem_release(x);
	mem_release(y);
}

#endif
