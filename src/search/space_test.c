/* SPDX-License-Identifier: ISC */
/* The port space and the years, of a registry with every kind of overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "search/by_year.h"
#include "search/sample_test.h"
#include "search/search.h"
#include "search/space.h"

#define RECORD(date, inner) "  <record" date ">" inner "</record>\n"
#define BARE(text, number)                                                     \
	RECORD("",                                                             \
	    "<description>" text "</description><number>" number "</number>")
#define OWN(text, protocol, number)                                            \
	RECORD("", "<protocol>" protocol "</protocol><description>" text       \
		   "</description><number>" number "</number>")
#define NAMED(date, name, protocol, number)                                    \
	RECORD(date, "<name>" name "</name><protocol>" protocol                \
		     "</protocol><number>" number "</number>")

static const char before[] =
    SAMPLE_HEAD("2020-01-01") BARE("Unassigned", "0-200") BARE("Reserved", "7")
	NAMED(" date=\"2001-02-03\"", "range", "tcp", "5-9")
	    NAMED(" date=\"2001-02\"", "one", "udp", "8")
		OWN("Unassigned", "tcp", "8") BARE("Removed", "100-150")
		    NAMED("", "both", "", "120") SAMPLE_TAIL;

static const char after[] = SAMPLE_HEAD("2021-01-01")
    BARE("Unassigned", "0-200") BARE("Reserved", "65535")
	NAMED(" date=\"1999-12-31\"", "range", "tcp", "5-9")
	    NAMED(" date=\"2020-02-30\"", "one", "udp", "8")
		OWN("Reserved", "sctp", "200-300") SAMPLE_TAIL;

struct world {
	struct image image;
	uint8_t *bytes;
	struct space space;
	struct by_year years;
};

static int set_up(void **state)
{
	static struct world w;
	struct imagebuild_options options = {.source = SPAN_INIT("sample")};
	struct timeline t;
	size_t len;
	int code = timeline_init(&t, NULL);

	*state = &w;
	if (code == 0)
		code = sample_add(&t, before);
	if (code == 0)
		code = sample_add(&t, after);
	if (code == 0)
		code = imagebuild(&t, &options, &w.bytes, &len, NULL);
	timeline_release(&t);
	return code < 0 ||
	       image_open_memory(
		   span_of((const char *)w.bytes, len), &w.image, NULL) < 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	image_close(&w->image);
	mem_release(w->bytes);
	return 0;
}

/* The states as the rules of design.md tell them, by hand. */
static void test_states(void **state)
{
	static const struct {
		int line;
		uint32_t version;
		enum protocol protocol;
		struct port_range range;
		enum state state;
	} rows[] = {
	    {__LINE__, 0, PROTOCOL_TCP, {0, 4}, STATE_UNASSIGNED},
	    {__LINE__, 0, PROTOCOL_TCP, {5, 6}, STATE_ASSIGNED},
	    {__LINE__, 0, PROTOCOL_TCP, {7, 7}, STATE_RESERVED},
	    {__LINE__, 0, PROTOCOL_TCP, {8, 8}, STATE_UNASSIGNED},
	    {__LINE__, 0, PROTOCOL_TCP, {9, 9}, STATE_ASSIGNED},
	    {__LINE__, 0, PROTOCOL_UDP, {8, 8}, STATE_ASSIGNED},
	    {__LINE__, 0, PROTOCOL_UDP, {9, 99}, STATE_UNASSIGNED},
	    {__LINE__, 0, PROTOCOL_TCP, {100, 119}, STATE_RESERVED},
	    {__LINE__, 0, PROTOCOL_UDP, {120, 120}, STATE_ASSIGNED},
	    {__LINE__, 0, PROTOCOL_SCTP, {120, 120}, STATE_RESERVED},
	    {__LINE__, 0, PROTOCOL_DCCP, {121, 150}, STATE_RESERVED},
	    {__LINE__, 0, PROTOCOL_TCP, {201, 65535}, STATE_NOT_LISTED},
	    {__LINE__, 0, PROTOCOL_NONE, {5, 6}, STATE_ASSIGNED},
	    {__LINE__, 0, PROTOCOL_NONE, {7, 7}, STATE_RESERVED},
	    {__LINE__, 0, PROTOCOL_NONE, {8, 9}, STATE_ASSIGNED},
	    {__LINE__, 1, PROTOCOL_TCP, {5, 9}, STATE_ASSIGNED},
	    {__LINE__, 1, PROTOCOL_UDP, {8, 8}, STATE_ASSIGNED},
	    {__LINE__, 1, PROTOCOL_SCTP, {200, 300}, STATE_RESERVED},
	    {__LINE__, 1, PROTOCOL_NONE, {201, 300}, STATE_RESERVED},
	    {__LINE__, 1, PROTOCOL_NONE, {200, 200}, STATE_RESERVED},
	    {__LINE__, 1, PROTOCOL_DCCP, {0, 200}, STATE_UNASSIGNED},
	    {__LINE__, 1, PROTOCOL_DCCP, {301, 65534}, STATE_NOT_LISTED},
	    {__LINE__, 1, PROTOCOL_DCCP, {65535, 65535}, STATE_RESERVED},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct port_range range = rows[i].range;
		struct space_count count;

		space_fill(
		    &w->image, rows[i].protocol, rows[i].version, &w->space);
		space_count(&w->space, range, &count);
		if (count.of[rows[i].state] != range.last - range.first + 1U)
			fail_msg("line %d: %u of them", rows[i].line,
			    count.of[rows[i].state]);
	}
}

/* What a lookup says of a port is what the map shows, now and then. */
static void test_as_lookups(void **state)
{
	struct world *w = *state;
	uint32_t storage[16];

	for (uint32_t v = 0; v < 2; v++)
		for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
			space_fill(&w->image, (enum protocol)p, v, &w->space);
			for (uint32_t port = 0; port < PORT_COUNT; port++) {
				struct query q = {.kind = QUERY_PORT,
				    .range = {(uint16_t)port, (uint16_t)port},
				    .protocol = PROTOCOL_NONE};
				struct match m = {.rows = storage, .cap = 16};

				search_lookup(&w->image, &q, v, &m);
				assert_int_equal(
				    w->space.state[port], m.states[p]);
			}
		}
}

static void test_years(void **state)
{
	struct world *w = *state;

	by_year_count(&w->image, 0, &w->years);
	assert_int_equal(w->years.of[2001], 2);
	assert_int_equal(w->years.dated, 2);
	assert_int_equal(w->years.undated, 5);
	assert_int_equal(w->years.first, 2001);
	assert_int_equal(w->years.last, 2001);
	/* There is no 30th of February. */
	by_year_count(&w->image, 1, &w->years);
	assert_int_equal(w->years.of[1999], 1);
	assert_int_equal(w->years.dated, 1);
	assert_int_equal(w->years.undated, 4);
	assert_int_equal(w->years.last, 1999);
}

static void test_kept(void **state)
{
	struct world *w = *state;

	by_year_kept(&w->image, 0, &w->years);
	assert_int_equal(w->years.first, 2020);
	assert_int_equal(w->years.last, 2020);
	assert_int_equal(w->years.of[2020], 7);
	by_year_kept(&w->image, 1, &w->years);
	assert_int_equal(w->years.of[2020], 7);
	assert_int_equal(w->years.of[2021], 5);
	assert_int_equal(w->years.last, 2021);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_states),
	    cmocka_unit_test(test_as_lookups),
	    cmocka_unit_test(test_years),
	    cmocka_unit_test(test_kept),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
