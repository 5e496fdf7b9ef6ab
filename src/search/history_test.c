/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "search/history.h"
#include "search/sample_test.h"

#define PERSON(id, org)                                                        \
	"    <person id=\"" id "\"><org>" org "</org></person>\n"
#define FREE(number)                                                           \
	"  <record><description>Unassigned</description><number>" number       \
	"</number></record>\n"
#define OF(name, number, description, person)                                  \
	SAMPLE_RECORD(name, "tcp", number,                                     \
	    SAMPLE_TEXT(description) "<xref type=\"person\" data=\"" person    \
				     "\"/>")
#define EDITION(date, records, people)                                         \
	SAMPLE_HEAD(date)                                                      \
	records "  <people>\n" people "  </people>\n</registry>\n"

/* A range is eaten up, a name changes twice, one goes, one only moves. */
static const char *const editions[] = {
    EDITION("2020-01-01",
	OF("old", "7", "Seven", "A") OF("gone", "8", "Eight", "A")
	    OF("still", "9", "Nine", "A") FREE("4317-4319"),
	PERSON("A", "Alpha")),
    EDITION("2020-02-02",
	OF("mid", "7", "Seven", "A") OF("gone", "8", "Eight", "A") OF("still",
	    "9", "Nine", "A") OF("otlp", "4317", "Tele", "A") FREE("4318-4319"),
	PERSON("A", "Alpha")),
    EDITION("2020-02-02",
	OF("new", "7", "Seven", "A") OF("still", "9", "Nine", "A") OF("otlp",
	    "4317", "Tele", "A") FREE("4318") OF("sky", "4319", "Sky", "B"),
	PERSON("A", "Alpha Ltd") PERSON("B", "Beta")),
};

struct world {
	struct image image;
	uint8_t *bytes;
	void *scratch;
};

static void world_open_numbered(
    struct world *w, const struct timeline_edition *numbers, size_t count)
{
	struct imagebuild_options options = {.source = SPAN_INIT("test")};
	struct timeline t;
	size_t len;

	assert_int_equal(timeline_init(&t, NULL), 0);
	for (size_t i = 0; i < sizeof(editions) / sizeof(editions[0]); i++)
		assert_int_equal(sample_add(&t, editions[i]), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(timeline_edition_add(&t, numbers[i].version,
				     numbers[i].number, NULL),
		    0);
	assert_int_equal(imagebuild(&t, &options, &w->bytes, &len, NULL), 0);
	timeline_release(&t);
	assert_int_equal(image_open_memory(span_of((const char *)w->bytes, len),
			     &w->image, NULL),
	    0);
	w->scratch = mem_alloc(history_scratch_len(&w->image), 1);
	assert_non_null(w->scratch);
}

static void world_open(struct world *w)
{
	world_open_numbered(w, NULL, 0);
}

static void world_close(struct world *w)
{
	mem_release(w->scratch);
	image_close(&w->image);
	mem_release(w->bytes);
}

static void put_side(struct buf *b, const struct image *image,
    const struct image_event *e, struct le32 side)
{
	uint32_t n = le32(side);

	buf_char(b, ' ');
	if (n == IMAGE_NONE)
		buf_str(b, "none");
	else if (image_event_is_person(e))
		buf_add(b, image_text(image, image->people[n].text[PERSON_ID]));
	else
		image_row_key(image, &image->rows[n], b);
}

static void put_event(
    struct buf *b, const struct image *image, const struct image_event *e)
{
	buf_str(b, b->len > 0 ? "; " : "");
	buf_add(b, event_kind_name(image_event_kind(e)));
	put_side(b, image, e, e->before);
	put_side(b, image, e, e->after);
}

static void test_log(void **state)
{
	static const struct {
		int line;
		const char *query;
		const char *events;
		size_t since; /* records of the first version */
	} tests[] = {
	    {__LINE__, "4319",
		"split 4317-4319/-/- 4318-4319/-/-; "
		"split 4318-4319/-/- 4318/-/-; "
		"assigned 4318-4319/-/- 4319/tcp/sky",
		1},
	    {__LINE__, "4317/tcp",
		"assigned 4317-4319/-/- 4317/tcp/otlp; "
		"split 4317-4319/-/- 4318-4319/-/-",
		1},
	    {__LINE__, "7/tcp",
		"renamed 7/tcp/old 7/tcp/mid; renamed 7/tcp/mid 7/tcp/new", 1},
	    {__LINE__, "7/udp", "", 0},
	    {__LINE__, "OLD", "renamed 7/tcp/old 7/tcp/mid", 1},
	    {__LINE__, "7/tcp/old",
		"renamed 7/tcp/old 7/tcp/mid; renamed 7/tcp/mid 7/tcp/new", 1},
	    {__LINE__, "7/tcp/new",
		"renamed 7/tcp/old 7/tcp/mid; renamed 7/tcp/mid 7/tcp/new", 1},
	    {__LINE__, "6-8",
		/* What has gone stands at its place among all rows. */
		"renamed 7/tcp/old 7/tcp/mid; deassigned 8/tcp/gone none; "
		"renamed 7/tcp/mid 7/tcp/new",
		2},
	    {__LINE__, "9/tcp/still", "", 1},
	    {__LINE__, "A",
		"renamed 7/tcp/old 7/tcp/mid; "
		"assigned 4317-4319/-/- 4317/tcp/otlp; "
		"deassigned 8/tcp/gone none; "
		"renamed 7/tcp/mid 7/tcp/new; person A A",
		1},
	    {__LINE__, "B",
		"assigned 4318-4319/-/- 4319/tcp/sky; person none B", 0},
	    {__LINE__, "a", "", 0},
	    {__LINE__, "nothing", "", 0},
	    {__LINE__, "9/tcp/nothing", "", 0},
	};
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct history_ask ask = {.upto = 2, .kinds = HISTORY_EVERY};
		uint32_t events[32], rows[32];
		size_t total, count, since;
		struct buf b;

		assert_int_equal(
		    history_parse(
			&w.image, span_str(tests[i].query), &ask.story, NULL),
		    0);
		count = history_run(
		    &w.image, &ask, 0, events, 32, &total, w.scratch);
		buf_init(&b);
		for (size_t n = 0; n < count; n++)
			put_event(&b, &w.image, &w.image.events[events[n]]);
		if (!span_eq(buf_span(&b), span_str(tests[i].events)) ||
		    total != count)
			fail_msg("line %d: %zu: %.*s", tests[i].line, total,
			    SPAN_FMT(buf_span(&b)));
		since =
		    history_rows(&w.image, &ask.story, 0, rows, 32, w.scratch);
		if (since != tests[i].since)
			fail_msg("line %d: since: %zu", tests[i].line, since);
		buf_release(&b);
	}
	world_close(&w);
}

/* Pages and directions are parts of one whole. */
static void test_pages(void **state)
{
	struct history_ask ask = {.upto = 2, .kinds = HISTORY_EVERY};
	uint32_t all[32], falling[32], one;
	size_t total, count;
	struct world w;

	(void)state;
	world_open(&w);
	count = history_run(&w.image, &ask, 0, all, 32, &total, w.scratch);
	assert_int_equal(count, w.image.event_count);
	assert_int_equal(total, count);
	for (size_t i = 0; i <= count; i++) {
		size_t got =
		    history_run(&w.image, &ask, i, &one, 1, &total, w.scratch);

		assert_int_equal(got, i < count);
		assert_int_equal(total, count);
		if (got == 1)
			assert_int_equal(one, all[i]);
	}
	ask.falling = true;
	history_run(&w.image, &ask, 0, falling, 32, &total, w.scratch);
	assert_int_equal(total, count);
	for (size_t i = 1; i < count; i++) {
		uint32_t a = le32(w.image.events[falling[i - 1]].version);
		uint32_t b = le32(w.image.events[falling[i]].version);

		assert_true(a > b || (a == b && falling[i - 1] < falling[i]));
	}
	ask.after = 1;
	history_run(&w.image, &ask, 0, all, 32, &total, w.scratch);
	assert_int_equal(total, 6);
	ask.kinds = HISTORY_SUBSTANCE;
	history_run(&w.image, &ask, 0, all, 32, &total, w.scratch);
	assert_int_equal(total, 4);
	ask.upto = 1;
	history_run(&w.image, &ask, 0, all, 32, &total, w.scratch);
	assert_int_equal(total, 0);
	world_close(&w);
}

static void test_diff(void **state)
{
	static const struct {
		int line;
		uint32_t from, to;
		const char *events;
	} tests[] = {
	    {__LINE__, 0, 1,
		"renamed 7/tcp/old 7/tcp/mid; "
		"assigned 4317-4319/-/- 4317/tcp/otlp; "
		"split 4317-4319/-/- 4318-4319/-/-"},
	    {__LINE__, 0, 2,
		"deassigned 8/tcp/gone none; renamed 7/tcp/old 7/tcp/new; "
		"assigned 4317-4319/-/- 4317/tcp/otlp; "
		"split 4317-4319/-/- 4318/-/-; "
		"assigned 4317-4319/-/- 4319/tcp/sky; "
		"person A A; person none B"},
	    {__LINE__, 1, 1, ""},
	    {__LINE__, 2, 0, ""},
	};
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct image_event events[32];
		struct buf b;
		size_t count = history_diff(&w.image, tests[i].from,
		    tests[i].to, events, 32, w.scratch);

		assert_in_range(count, 0, history_diff_room(&w.image));
		buf_init(&b);
		for (size_t n = 0; n < count; n++)
			put_event(&b, &w.image, &events[n]);
		if (!span_eq(buf_span(&b), span_str(tests[i].events)))
			fail_msg("line %d: %.*s", tests[i].line,
			    SPAN_FMT(buf_span(&b)));
		assert_int_equal(history_diff(&w.image, tests[i].from,
				     tests[i].to, events, 1, w.scratch),
		    count);
		buf_release(&b);
	}
	world_close(&w);
}

static void test_versions(void **state)
{
	static const char *const names[] = {
	    "2020-01-01", "2020-02-02.1", "2020-02-02.2"};
	struct history_version v;
	struct world w;
	uint32_t found;
	struct buf b;

	(void)state;
	world_open(&w);
	buf_init(&b);
	for (uint32_t i = 0; i < 3; i++) {
		buf_clear(&b);
		history_version_name(&b, &w.image, i);
		assert_true(span_eq(buf_span(&b), span_str(names[i])));
		assert_int_equal(
		    search_version(&w.image, buf_span(&b), &found, NULL), 0);
		assert_int_equal(found, i);
	}
	history_version(&w.image, 2, &v);
	assert_int_equal(v.edition, 2);
	assert_int_equal(v.editions, 2);
	assert_int_equal(v.rows, 5);
	assert_int_equal(v.people, 2);
	assert_int_equal(v.events[EVENT_PERSON], 2);
	assert_int_equal(v.events[EVENT_DEASSIGNED], 1);
	buf_release(&b);
	world_close(&w);
}

/* DATE.N is what was published as that, not the N-th that is kept. */
static void test_editions(void **state)
{
	static const struct timeline_edition numbers[] = {
	    {0, 2}, {1, 2}, {1, 5}, {2, 3}};
	static const struct {
		const char *date;
		uint32_t version; /* UINT32_MAX: not kept */
	} tests[] = {
	    {"2020-01-01", 0},
	    {"2020-01-01.2", 0},
	    {"2020-01-01.1", UINT32_MAX},
	    {"2020-02-01", 0},
	    {"2020-02-01.1", UINT32_MAX},
	    {"2020-02-02", 2},
	    {"2020-02-02.1", UINT32_MAX},
	    {"2020-02-02.2", 1},
	    {"2020-02-02.3", 2},
	    {"2020-02-02.4", UINT32_MAX},
	    {"2020-02-02.5", 1}, /* the same content again */
	    {"2020-02-02.6", UINT32_MAX},
	    {"2020-03-03.2", UINT32_MAX},
	};
	static const char *const names[] = {
	    "2020-01-01", "2020-02-02.2", "2020-02-02.3"};
	struct portbook_error err = {0};
	struct world w;
	struct buf b;

	(void)state;
	world_open_numbered(&w, numbers, 4);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		uint32_t found = UINT32_MAX;
		int code = search_version(
		    &w.image, span_str(tests[i].date), &found, &err);

		assert_int_equal(found, tests[i].version);
		assert_int_equal(
		    code, found == UINT32_MAX ? PORTBOOK_ENOVERSION : 0);
	}
	search_version(&w.image, SPAN("2020-02-02.4"), &(uint32_t){0}, &err);
	assert_string_equal(
	    err.text, "no edition 4 of 2020-02-02 is kept here, but 2, 5, 3");
	buf_init(&b);
	for (uint32_t i = 0; i < 3; i++) {
		buf_clear(&b);
		history_version_name(&b, &w.image, i);
		assert_true(span_eq(buf_span(&b), span_str(names[i])));
	}
	buf_release(&b);
	assert_int_equal(image_verify(&w.image, NULL), 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_log),
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_diff),
	    cmocka_unit_test(test_versions),
	    cmocka_unit_test(test_editions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
