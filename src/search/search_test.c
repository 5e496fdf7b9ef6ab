/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "search/bits.h"
#include "search/find.h"
#include "search/sample_test.h"
#include "search/search.h"

#define ROW_MAX 16

struct world {
	struct image image, bare; /* with grams, and without */
	uint8_t *bytes, *bare_bytes;
};

static int set_up(void **state)
{
	static struct world w;

	*state = &w;
	return sample_open(false, &w.image, &w.bytes) < 0 ||
	       sample_open(true, &w.bare, &w.bare_bytes) < 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	image_close(&w->image);
	image_close(&w->bare);
	mem_release(w->bytes);
	mem_release(w->bare_bytes);
	return 0;
}

/* Keys of rows, a blank between them. */
static void put_keys(struct buf *b, const struct image *image,
    const uint32_t *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(b, ' ');
		image_row_key(image, &image->rows[rows[i]], b);
	}
}

static void expect(int line, const struct buf *b, const char *wanted)
{
	if (span_eq(buf_span(b), span_str(wanted)))
		return;
	fail_msg("line %d: \"%.*s\", not \"%s\"", line, SPAN_FMT(buf_span(b)),
	    wanted);
}

static const struct {
	int line;
	const char *query;
	uint32_t version;
	const char *keys;
} searches[] = {
    {__LINE__, "https", 1, "443/tcp/https 443/udp/https"},
    {__LINE__, "https", 0, "443/tcp/https"},
    {__LINE__, "443 HTTPS", 1, "443/tcp/https 443/udp/https"},
    {__LINE__, "tls", 1, "443/tcp/https 443/udp/https 465/tcp/submissions"},
    {__LINE__, "tls mail", 1, "465/tcp/submissions"},
    {__LINE__, "over tls/ssl udp", 1, "443/udp/https"},
    {__LINE__, "fort\xc3\xa9", 1, "172/tcp/cl/1"},
    {__LINE__, "forte", 1, ""},
    {__LINE__, "tomorrow", 0, "44/tcp/gone"},
    {__LINE__, "tomorrow", 1, ""},
    {__LINE__, "4", 0, "43/tcp/nicname 44/tcp/gone 443/tcp/https"},
    {__LINE__, "[jos\xc3\xa9]", 1, "465/tcp/submissions"},
    {__LINE__, "tcp443", 1, ""},
    {__LINE__, "\xff", 1, ""},
    {__LINE__, "https\xc2\xa0udp", 1, "443/udp/https"},
    {__LINE__, "\xc2\xa0 \t", 0,
	"0/-/- 43/tcp/nicname 44/tcp/gone 443/tcp/https"},
};

/* As an image of minor version 1 is: its past has no grams and no bits. */
static struct image without_standing(const struct image *image)
{
	struct image old = *image;

	assert_non_null(image->standing);
	assert_non_null(image->past_gram_pairs);
	assert_non_null(image->name_since);
	old.standing = NULL;
	old.past_gram_pairs = NULL;
	old.common = NULL;
	old.past_since = old.name_since = NULL;
	return old;
}

static void test_search(void **state)
{
	struct world *w = *state;
	struct image old = without_standing(&w->image);
	const struct image *images[] = {&w->image, &w->bare, &old};

	for (size_t i = 0; i < 3 * sizeof(searches) / sizeof(searches[0]);
	     i++) {
		const struct image *image = images[i % 3];
		uint64_t scratch[64];
		uint32_t rows[ROW_MAX];
		struct search_query q;
		struct buf b;
		size_t total, count;

		buf_init(&b);
		assert_true(search_scratch_len(image) <= sizeof(scratch));
		assert_int_equal(
		    search_parse(span_str(searches[i / 3].query), &q, NULL), 0);
		count = search_run(image, &q, searches[i / 3].version, 0, rows,
		    ROW_MAX, &total, scratch);
		assert_int_equal(count, total);
		put_keys(&b, image, rows, count);
		expect(searches[i / 3].line, &b, searches[i / 3].keys);
		/* Each row is a page of one, too. */
		for (size_t at = 0; at <= total; at++) {
			uint32_t row;
			size_t all;

			count = search_run(image, &q, searches[i / 3].version,
			    at, &row, 1, &all, scratch);
			assert_int_equal(all, total);
			assert_int_equal(count, at < total);
			if (count > 0)
				assert_int_equal(row, rows[at]);
		}
		buf_release(&b);
	}
}

static const struct {
	int line;
	const char *query;
	uint32_t version;
	bool found;
	const char *via; /* name of the line that decided, or NULL */
	const char *states;
	const char *keys;
} lookups[] = {
    {__LINE__, "443", 1, true, NULL, "assigned assigned not-listed not-listed",
	"443/tcp/https 443/udp/https"},
    {__LINE__, "443", 0, true, NULL,
	"assigned not-listed not-listed not-listed", "443/tcp/https"},
    {__LINE__, "443/udp", 1, true, NULL,
	"assigned assigned not-listed not-listed", "443/udp/https"},
    {__LINE__, "443/sctp", 1, false, NULL,
	"assigned assigned not-listed not-listed", ""},
    {__LINE__, "0", 1, false, NULL, "reserved reserved reserved reserved",
	"0/-/-"},
    {__LINE__, "0/dccp", 0, false, NULL, "reserved reserved reserved reserved",
	"0/-/-"},
    {__LINE__, "50", 1, false, NULL,
	"unassigned unassigned unassigned unassigned", "45-79/-/-"},
    {__LINE__, "49152", 1, false, NULL,
	"not-listed not-listed not-listed not-listed", ""},
    {__LINE__, "465", 1, true, "submissions",
	"assigned not-listed not-listed not-listed",
	"465/tcp/submissions 465/tcp/urd"},
    {__LINE__, "6063/tcp", 1, true, NULL,
	"assigned not-listed not-listed not-listed", "6000-6063/tcp/x11"},
    {__LINE__, "0-80", 1, true, NULL, "",
	"0/-/- 43/tcp/nicname 45-79/-/- 80/tcp/http 80/tcp/www"},
    {__LINE__, "0-80", 0, true, NULL, "", "0/-/- 43/tcp/nicname 44/tcp/gone"},
    {__LINE__, "50-50", 1, false, NULL, "", "45-79/-/-"},
    {__LINE__, "1-42", 1, false, NULL, "", ""},
    {__LINE__, "0-65535/udp", 1, true, NULL, "",
	"0/-/- 45-79/-/- 443/udp/https"},
    {__LINE__, "HTTPS", 1, true, NULL, "", "443/tcp/https 443/udp/https"},
    {__LINE__, "https/udp", 1, true, NULL, "", "443/udp/https"},
    {__LINE__, "_https._udp", 1, true, NULL, "", "443/udp/https"},
    {__LINE__, "whois", 1, true, "whois", "", "43/tcp/nicname"},
    {__LINE__, "whois", 0, true, "whois", "", "43/tcp/nicname"},
    {__LINE__, "whois/udp", 1, false, NULL, "", ""},
    {__LINE__, "rdp", 1, true, NULL, "", "-/-/rdp"},
    {__LINE__, "rdp/tcp", 1, false, NULL, "", ""},
    {__LINE__, "cl/1", 1, true, NULL, "", "172/tcp/cl/1"},
    {__LINE__, "gone", 1, false, NULL, "", ""},
    {__LINE__, "gone", 0, true, NULL, "", "44/tcp/gone"},
};

static void put_states(struct buf *b, const struct match *m)
{
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		if (p > 0)
			buf_char(b, ' ');
		buf_add(b, state_name(m->states[p]));
	}
}

static void test_lookup(void **state)
{
	struct world *w = *state;
	const struct image *image = &w->image;

	for (size_t i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++) {
		uint32_t rows[ROW_MAX];
		struct match m = {.rows = rows, .cap = ROW_MAX};
		struct query q;
		struct buf b;

		buf_init(&b);
		assert_int_equal(
		    query_parse(span_str(lookups[i].query), &q, NULL), 0);
		search_lookup(image, &q, lookups[i].version, &m);
		put_keys(&b, image, m.rows, m.count);
		expect(lookups[i].line, &b, lookups[i].keys);
		assert_int_equal(m.count, m.total);
		if (m.found != lookups[i].found)
			fail_msg("line %d: found", lookups[i].line);
		buf_clear(&b);
		if (q.kind == QUERY_PORT)
			put_states(&b, &m);
		expect(lookups[i].line, &b, lookups[i].states);
		buf_clear(&b);
		if (m.curated != IMAGE_NONE)
			buf_add(&b,
			    image_text(image, image->curated[m.curated].name));
		expect(lookups[i].line, &b,
		    lookups[i].via != NULL ? lookups[i].via : "");
		buf_release(&b);
	}
}

static const struct {
	int line;
	const char *date;
	int code;
	uint32_t version;
} dates[] = {
    {__LINE__, "", 0, 1},
    {__LINE__, "2021-02-03", 0, 1},
    {__LINE__, "2021-02-02", 0, 0},
    {__LINE__, "2020-01-01", 0, 0},
    {__LINE__, "2020-01-01.1", 0, 0},
    {__LINE__, "2020-01-01.2", PORTBOOK_ENOVERSION, 0},
    {__LINE__, "2019-12-31", PORTBOOK_ENOVERSION, 0},
    {__LINE__, "9999-12-31", 0, 1},
    {__LINE__, "2021-02-30", PORTBOOK_EUSAGE, 0},
    {__LINE__, "2021-02", PORTBOOK_EUSAGE, 0},
    {__LINE__, "2020-01-01.", PORTBOOK_EUSAGE, 0},
    {__LINE__, "2020-01-01.0", PORTBOOK_EUSAGE, 0},
    {__LINE__, "yesterday", PORTBOOK_EUSAGE, 0},
};

static void test_version(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		uint32_t version = 0;
		int code = search_version(
		    &w->image, span_str(dates[i].date), &version, NULL);

		if (code != dates[i].code || version != dates[i].version)
			fail_msg("line %d: %d, version %u", dates[i].line, code,
			    version);
	}
}

/* A row that did not change stands where it stands today. */
static void test_past_order(void **state)
{
	static const char rows[] =
	    "<record><name>a</name><description/><protocol>tcp</protocol>"
	    "<number>2005</number></record>"
	    "<record><description>Unassigned</description>"
	    "<number>2000-2010</number></record>"
	    "<record><description>Reserved</description>"
	    "<protocol>udp</protocol><number>2005</number></record>"
	    "<record><description>Reserved</description><number>2005</number>"
	    "</record>"
	    "<record><name>b</name><description/><protocol>udp</protocol>"
	    "<number>2007-2008</number></record>";
	static const char *const queries[] = {"2005", "2005/tcp", "2005/udp",
	    "2005/sctp", "2008", "2000-2010", "a", "b"};
	struct imagebuild_options options = {
	    .source = SPAN_INIT("sample"), .no_search = true};
	struct timeline t;
	struct image image;
	uint8_t *bytes;
	size_t len;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (int i = 0; i < 2; i++) {
		struct buf xml;

		buf_init(&xml);
		buf_str(&xml, i == 0 ? SAMPLE_HEAD("2020-01-01")
				     : SAMPLE_HEAD("2021-01-01"));
		buf_str(&xml, rows);
		buf_str(&xml, SAMPLE_TAIL);
		buf_char(&xml, '\0');
		assert_int_equal(sample_add(&t, xml.ptr), 0);
		buf_release(&xml);
	}
	assert_int_equal(imagebuild(&t, &options, &bytes, &len, NULL), 0);
	timeline_release(&t);
	assert_int_equal(
	    image_open_memory(span_of((const char *)bytes, len), &image, NULL),
	    0);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		uint32_t then[ROW_MAX], now[ROW_MAX];
		struct match a = {.rows = then, .cap = ROW_MAX};
		struct match b = {.rows = now, .cap = ROW_MAX};
		struct query q;

		assert_int_equal(
		    query_parse(span_str(queries[i]), &q, NULL), 0);
		search_lookup(&image, &q, 0, &a);
		search_lookup(&image, &q, 1, &b);
		if (a.count != b.count || b.count == 0 ||
		    memcmp(then, now, a.count * sizeof(*then)) != 0)
			fail_msg("%s: another order in the past", queries[i]);
		assert_memory_equal(a.states, b.states, sizeof(a.states));
	}
	image_close(&image);
	mem_release(bytes);
}

static void test_limits(void **state)
{
	char text[SEARCH_QUERY_MAX + 1];
	struct search_query q;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(
	    search_parse(span_of(text, SEARCH_QUERY_MAX), &q, NULL), 0);
	assert_int_equal(search_parse(span_of(text, sizeof(text)), &q, NULL),
	    PORTBOOK_EUSAGE);
	for (size_t i = 1; i < sizeof(text); i += 2)
		text[i] = ' ';
	assert_int_equal(
	    search_parse(span_of(text, 2 * SEARCH_TERM_MAX), &q, NULL), 0);
	assert_int_equal(q.term_count, SEARCH_TERM_MAX);
	assert_int_equal(
	    search_parse(span_of(text, 2 * SEARCH_TERM_MAX + 1), &q, NULL),
	    PORTBOOK_EUSAGE);
	/* Letters that grow when folded do not outgrow the query. */
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc8\xba", 2);
	assert_int_equal(
	    search_parse(span_of(text, SEARCH_QUERY_MAX), &q, NULL), 0);
	assert_int_equal(q.terms[0].len, SEARCH_QUERY_MAX / 2 * 3);
}

static void test_page(void **state)
{
	struct search_page page;

	(void)state;
	page = search_page_of(1, true);
	assert_true(page.first == 0 && page.count == 100);
	page = search_page_of(3, false);
	assert_true(page.first == 200 && page.count == 100);
	page = search_page_of(3, true);
	assert_true(page.first == 199 && page.count == 101);
	page = search_page_of(UINT64_MAX, false);
	assert_true(page.first == SIZE_MAX);
	page = search_page_of(UINT64_MAX / 100 + 3, false);
	assert_true(page.first == SIZE_MAX);
	assert_true(search_page_count(0) == 0);
	assert_true(search_page_count(100) == 1);
	assert_true(search_page_count(101) == 2);
}

/* Every place of every short needle in a text, against the plain way. */
static void test_find(void **state)
{
	char text[150];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + (i * i / 7) % 4);
	for (size_t len = 0; len <= sizeof(text); len++) {
		struct span hay = span_of(text + (sizeof(text) - len), len);

		for (unsigned n = 0; n < 1024; n++) {
			char needle[5];

			for (unsigned i = 0; i < 5; i++)
				needle[i] = (char)('a' + (n >> 2 * i) % 4);
			for (size_t k = 1; k <= 5; k++) {
				struct span s = span_of(needle, k);
				bool there = memmem(hay.ptr, hay.len, s.ptr,
						 s.len) != NULL;

				assert_true(find_term(hay, s) == there);
			}
		}
	}
}

static void test_bits(void **state)
{
	uint64_t bits[3] = {0}, full[17];

	(void)state;
	memset(full, 0xff, sizeof(full));
	assert_int_equal(bits_count(full, 17), 17 * 64);
	full[3] = 5;
	assert_int_equal(bits_count(full, 16), 15 * 64 + 2);
	assert_int_equal(bits_count(full, 0), 0);
	assert_int_equal(bits_count_word(UINT64_MAX), 64);
	assert_int_equal(bits_count_word(UINT64_C(0x8000000000000001)), 2);
	assert_true(bits_next(bits, 3, 0) == BITS_END);
	bits_set(bits, 63);
	bits_set(bits, 130);
	assert_int_equal(bits_next(bits, 3, 0), 63);
	assert_int_equal(bits_next(bits, 3, 64), 130);
	assert_true(bits_next(bits, 3, 131) == BITS_END);
	assert_true(bits_next(bits, 3, 192) == BITS_END);
}

/* Counted one by one, in lengths that are no whole blocks. */
static void test_bits_count(void **state)
{
	uint64_t words[61], seed = 88172645463325252U;
	size_t wanted = 0;

	(void)state;
	for (size_t i = 0; i < 61; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		words[i] = i % 5 == 0 ? seed & seed >> 9 : seed;
	}
	for (size_t i = 0; i <= 61; i++) {
		assert_int_equal(bits_count(words, i), wanted);
		for (size_t n = 0; i < 61 && n < 64; n++)
			wanted += words[i] >> n & 1;
	}
}

static const struct {
	int line;
	struct search_order order[2];
	size_t count;
	const char *keys;
} sorts[] = {
    {__LINE__, {{COLUMN_NAME, false}}, 1,
	"443/tcp/https 43/tcp/nicname -/-/rdp 0/-/-"},
    {__LINE__, {{COLUMN_NAME, true}}, 1,
	"-/-/rdp 43/tcp/nicname 443/tcp/https 0/-/-"},
    {__LINE__, {{COLUMN_NUMBER, true}}, 1,
	"443/tcp/https 43/tcp/nicname 0/-/- -/-/rdp"},
    {__LINE__, {{COLUMN_NUMBER, false}}, 1,
	"0/-/- 43/tcp/nicname 443/tcp/https -/-/rdp"},
    {__LINE__, {{COLUMN_PROTOCOL, false}, {COLUMN_NUMBER, true}}, 2,
	"443/tcp/https 43/tcp/nicname 0/-/- -/-/rdp"},
    {__LINE__, {{COLUMN_CONTACT, false}}, 1,
	"0/-/- 43/tcp/nicname 443/tcp/https -/-/rdp"},
};

static uint32_t row_of(const struct image *image, const char *key)
{
	struct buf b;
	uint32_t n;

	buf_init(&b);
	for (n = 0; n < image->row_count; n++) {
		buf_clear(&b);
		image_row_key(image, &image->rows[n], &b);
		if (span_eq(buf_span(&b), span_str(key)))
			break;
	}
	buf_release(&b);
	return n;
}

static void test_sort(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		uint32_t rows[] = {row_of(&w->image, "0/-/-"),
		    row_of(&w->image, "43/tcp/nicname"),
		    row_of(&w->image, "443/tcp/https"),
		    row_of(&w->image, "-/-/rdp")};
		uint32_t scratch[4];
		struct buf b;

		buf_init(&b);
		search_sort(&w->image, rows, 4, sorts[i].order, sorts[i].count,
		    scratch);
		put_keys(&b, &w->image, rows, 4);
		expect(sorts[i].line, &b, sorts[i].keys);
		buf_release(&b);
	}
}

/* A row of the past finds its place among those of today. */
static void test_sort_past(void **state)
{
	static const struct search_order order = {COLUMN_NAME, false};
	struct world *w = *state;
	uint32_t rows[] = {row_of(&w->image, "43/tcp/nicname"),
	    row_of(&w->image, "443/tcp/https"),
	    row_of(&w->image, "44/tcp/gone"), row_of(&w->image, "-/-/rdp")};
	uint32_t scratch[4];
	struct buf b;

	buf_init(&b);
	search_sort(&w->image, rows, 4, &order, 1, scratch);
	put_keys(&b, &w->image, rows, 4);
	expect(
	    __LINE__, &b, "44/tcp/gone 443/tcp/https 43/tcp/nicname -/-/rdp");
	buf_release(&b);
}

static void test_people(void **state)
{
	struct world *w = *state;
	uint32_t rows[ROW_MAX], people[4];
	uint64_t scratch[64];

	for (uint32_t i = 0; i < w->image.current_rows; i++)
		rows[i] = i;
	assert_int_equal(search_people(&w->image, rows, w->image.current_rows,
			     1, people, 4, scratch),
	    2);
	assert_true(span_eq(SPAN("IESG"),
	    image_text(&w->image, w->image.people[people[0]].text[PERSON_ID])));
	assert_int_equal(
	    search_people(&w->image, rows, 5, 1, people, 4, scratch), 0);
}

static const struct {
	int line;
	const char *a, *b;
	unsigned distance;
} distances[] = {
    {__LINE__, "", "", 0},
    {__LINE__, "https", "HTTPS", 0},
    {__LINE__, "htps", "https", 1},
    {__LINE__, "httsp", "https", 1},
    {__LINE__, "https", "http", 1},
    {__LINE__, "hxxps", "https", 2},
    {__LINE__, "", "abc", 3},
    {__LINE__, "ca", "abc", 3},
};

static void test_near(void **state)
{
	struct world *w = *state;
	uint32_t rows[4];
	struct buf b;
	size_t count;

	for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++)
		if (search_distance(span_str(distances[i].a),
			span_str(distances[i].b)) != distances[i].distance)
			fail_msg("line %d", distances[i].line);
	buf_init(&b);
	count = search_near_names(&w->image, SPAN("htps"), rows, 4);
	put_keys(&b, &w->image, rows, count);
	expect(__LINE__, &b, "443/tcp/https");
	buf_clear(&b);
	count = search_near_names(&w->image, SPAN("subnmisions"), rows, 4);
	put_keys(&b, &w->image, rows, count);
	expect(__LINE__, &b, "465/tcp/submissions");
	buf_release(&b);
}

#ifdef PORTBOOK_FAULTS
/* What a person may ask of an image, as one number that tells answers apart. */
static uint64_t ask_all(const struct image *image)
{
	static const char *const queries[] = {
	    "443", "40-500/tcp", "HTTPS", "dns", "htpps", "_https._tcp"};
	uint64_t sum = 0, scratch[64];

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		const struct search_order order = {COLUMN_DESCRIPTION, true};
		uint32_t rows[ROW_MAX], people[ROW_MAX], more[ROW_MAX];
		struct match m = {.rows = rows, .cap = ROW_MAX};
		struct search_query text;
		struct query q;
		size_t total;

		assert_int_equal(
		    query_parse(span_str(queries[i]), &q, NULL), 0);
		search_lookup(image, &q, 1, &m);
		sum = sum * 31 + m.count + m.found;
		assert_int_equal(
		    search_parse(span_str(queries[i]), &text, NULL), 0);
		m.count = search_run(
		    image, &text, 1, 0, rows, ROW_MAX, &total, scratch);
		search_sort(image, rows, m.count, &order, 1, more);
		for (size_t n = 0; n < m.count; n++)
			sum = sum * 31 + rows[n];
		sum = sum * 31 + total +
		      search_people(
			  image, rows, m.count, 1, people, ROW_MAX, scratch);
		sum = sum * 31 + search_near_names(image, span_str(queries[i]),
				     rows, ROW_MAX);
	}
	return sum;
}

/* Questions allocate nothing: they are answered with no memory at all. */
static void test_no_memory(void **state)
{
	struct world *w = *state;
	uint64_t wanted = ask_all(&w->image), got;

	mem_fail_from(1);
	got = ask_all(&w->image);
	mem_fail_from(0);
	assert_true(got == wanted);
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_search),
	    cmocka_unit_test(test_lookup),
	    cmocka_unit_test(test_version),
	    cmocka_unit_test(test_past_order),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_bits),
	    cmocka_unit_test(test_bits_count),
	    cmocka_unit_test(test_sort),
	    cmocka_unit_test(test_sort_past),
	    cmocka_unit_test(test_people),
	    cmocka_unit_test(test_near),
#ifdef PORTBOOK_FAULTS
	    cmocka_unit_test(test_no_memory),
#endif
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
