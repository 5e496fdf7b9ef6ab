/* SPDX-License-Identifier: ISC */
/* Names that may be registered or not, and what is proposed instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "image/row.h"
#include "search/name.h"
#include "search/sample_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define NEWEST 1 /* version of the sample */

/* The codes, and the names proposed, each with a blank behind. */
static const struct {
	int line;
	struct span name;
	uint32_t version;
	const char *codes;
	const char *nearest;
} rows[] = {
    {__LINE__, SPAN_INIT("portbook"), NEWEST, "", ""},
    {__LINE__, SPAN_INIT("a"), NEWEST, "", ""},
    {__LINE__, SPAN_INIT("http"), NEWEST, "NAME-UNIQ ", "http-2 http2 http-3 "},
    {__LINE__, SPAN_INIT("HttP"), NEWEST, "NAME-UNIQ ", "HttP-2 HttP2 HttP-3 "},
    {__LINE__, SPAN_INIT("x11"), NEWEST, "NAME-UNIQ ", "x11-2 x11-3 x11-4 "},
    {__LINE__, SPAN_INIT("rdp"), NEWEST, "NAME-UNIQ ", "rdp-2 rdp2 rdp-3 "},
    {__LINE__, SPAN_INIT("cl/1"), NEWEST, "NAME-CHAR NAME-UNIQ ",
	"cl-1 cl-1-2 cl-1-3 "},
    /* That was a name in version 0 and is not in this. */
    {__LINE__, SPAN_INIT("Gone"), NEWEST, "NAME-REUSE ", ""},
    {__LINE__, SPAN_INIT("gone_"), NEWEST, "NAME-CHAR ",
	"gone-2 gone2 gone-3 "},
    {__LINE__, SPAN_INIT("gone"), 0, "NAME-UNIQ ", "gone-2 gone2 gone-3 "},
    {__LINE__, SPAN_INIT("http"), 0, "", ""},
    {__LINE__, SPAN_INIT("whois"), NEWEST, "NAME-EVERYDAY ", ""},
    {__LINE__, SPAN_INIT("whois++"), NEWEST, "NAME-CHAR ",
	"whois-2 whois2 whois-3 "},
    {__LINE__, SPAN_INIT(""), NEWEST, "NAME-LEN ", ""},
    {__LINE__, SPAN_INIT("--"), NEWEST, "NAME-LETTER NAME-EDGE NAME-DBLHYPHEN ",
	""},
    {__LINE__, SPAN_INIT("_http"), NEWEST, "NAME-CHAR ",
	"http-2 http2 http-3 "},
    {__LINE__, SPAN_INIT("my_app"), NEWEST, "NAME-CHAR ",
	"my-app my-app-2 my-app2 "},
    {__LINE__, SPAN_INIT(" a \t b "), NEWEST, "NAME-CHAR ", "a-b a-b-2 a-b2 "},
    {__LINE__, SPAN_INIT("fort\xc3\xa9"), NEWEST, "NAME-CHAR ",
	"fort fort-2 fort2 "},
    {__LINE__, SPAN_INIT("123"), NEWEST, "NAME-LETTER ", "x123 x123-2 x123-3 "},
    {__LINE__, SPAN_INIT("a--b-"), NEWEST, "NAME-EDGE NAME-DBLHYPHEN ",
	"a-b a-b-2 a-b2 "},
    {__LINE__, SPAN_INIT("kca_service"), NEWEST, "NAME-CHAR NAME-REDUNDANT ",
	"kca-service kca kca-2 "},
    {__LINE__, SPAN_INIT("https-v2"), NEWEST, "NAME-VERSION ", ""},
    {__LINE__, SPAN_INIT("x-srv_"), NEWEST, "NAME-CHAR ",
	"x-srv x-srv-2 x-srv-3 "},
    {__LINE__, SPAN_INIT("a-long-name-service"), NEWEST,
	"NAME-LEN NAME-REDUNDANT ", "a-long-name a-long-name-2 a-long-name2 "},
    {__LINE__, SPAN_INIT("longer-than-fifteen"), NEWEST, "NAME-LEN ",
	"longer-than longer-than-fif longer-than-f-2 "},
    {__LINE__, SPAN_INIT("abcdefghijklmnopqrstuvwxyz"), NEWEST, "NAME-LEN ",
	"abcdefghijklmno abcdefghijklm-2 abcdefghijklmn2 "},
    {__LINE__, SPAN_INIT("protocol!"), NEWEST, "NAME-CHAR NAME-REDUNDANT ",
	"protocol protocol-2 protocol2 "},
};

static void expect(
    int line, const char *what, const struct buf *ours, const char *wanted)
{
	if (!span_eq(buf_span(ours), span_str(wanted)))
		fail_msg("line %d: %s \"%.*s\", not \"%s\"", line, what,
		    SPAN_FMT(buf_span(ours)), wanted);
}

static void test_names(void **state)
{
	struct sample *w = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct name_report r;
		struct buf codes, nearest;

		buf_init(&codes);
		buf_init(&nearest);
		search_name(&w->image, rows[i].name, rows[i].version, &r);
		for (size_t k = 0; k < r.finding_count; k++)
			buf_printf(&codes, "%s ",
			    finding_rule(r.findings[k].code)->name);
		for (size_t k = 0; k < r.nearest_count; k++)
			buf_printf(&nearest, "%s ", r.nearest[k].text);
		expect(rows[i].line, "findings", &codes, rows[i].codes);
		expect(rows[i].line, "nearest", &nearest, rows[i].nearest);
		buf_release(&codes);
		buf_release(&nearest);
	}
}

/* What is proposed may be registered, whatever was asked. */
static void test_proposals(void **state)
{
	static const char kinds[] = {'h', 'P', '2', '-', '_', '\xc3', ' ', 0};
	struct sample *w = *state;
	uint32_t seed = 1;
	size_t proposed = 0;

	for (size_t i = 0; i < 20000; i++) {
		struct name_report r, again;
		char name[80];
		size_t len;

		seed = seed * 1664525 + 1013904223;
		len = seed >> 16 & 31;
		if (len == 31)
			len = sizeof(name);
		for (size_t k = 0; k < len; k++) {
			seed = seed * 1664525 + 1013904223;
			name[k] = kinds[seed >> 24 & 7];
		}
		search_name(&w->image, span_of(name, len), NEWEST, &r);
		assert_true(r.finding_count <= SEARCH_NAME_FINDINGS);
		assert_true(!name_is_usable(&r) || r.nearest_count == 0);
		for (size_t k = 0; k < r.nearest_count; k++) {
			search_name(&w->image, span_str(r.nearest[k].text),
			    NEWEST, &again);
			if (!name_is_usable(&again))
				fail_msg("%s is proposed", r.nearest[k].text);
			proposed++;
		}
	}
	assert_true(proposed > 20000);
}

/* Which row it is that has the name. */
static void test_rows(void **state)
{
	struct sample *w = *state;
	struct name_report r;
	struct buf key;

	buf_init(&key);
	search_name(&w->image, SPAN("URD"), NEWEST, &r);
	assert_int_equal(r.finding_count, 1);
	image_row_key(&w->image, &w->image.rows[r.findings[0].row], &key);
	expect(__LINE__, "key", &key, "465/tcp/urd");
	buf_clear(&key);
	search_name(&w->image, SPAN("whois"), NEWEST, &r);
	assert_true(r.valid && !r.taken);
	image_row_key(&w->image, &w->image.rows[r.findings[0].row], &key);
	expect(__LINE__, "key", &key, "43/tcp/nicname");
	search_name(&w->image, SPAN("a_"), NEWEST, &r);
	assert_int_equal(r.findings[0].row, IMAGE_NONE);
	assert_true(!r.valid && !r.taken);
	buf_release(&key);
}

/* The official file that is counted below; false if it is not there. */
static bool official(struct registry *ret)
{
	const char *folder = getenv("PORTBOOK_REGISTRY_DIR");
	char path[4096];

	if (folder == NULL)
		return false;
	snprintf(path, sizeof(path),
	    "%s/service-names-port-numbers.2026-08-17.xml", folder);
	return access(path, R_OK) == 0 &&
	       read_registry(path, ret, NULL, NULL) == 0;
}

/* The distinct names, and how many of them break which rule. */
static void test_official(void **state)
{
	size_t count = 0, broken[NAME_RULE_COUNT] = {0};
	struct registry r;
	char *seen;

	(void)state;
	if (!official(&r)) {
		print_message("skipped: no official file of 2026-08-17\n");
		skip();
	}
	seen = mem_zalloc(r.texts.count, 1);
	assert_non_null(seen);
	for (size_t i = 0; i < r.record_count; i++) {
		uint32_t name = r.records[i].text[FIELD_NAME];
		unsigned faults = name_faults(registry_text(&r, name));

		if (name == 0 || seen[name])
			continue;
		seen[name] = 1;
		count++;
		for (unsigned k = 0; k < NAME_RULE_COUNT; k++)
			broken[k] += (faults & NAME_BIT(k)) != 0;
	}
	mem_release(seen);
	registry_release(&r);
	/* As counted from the file by other means. */
	assert_int_equal(count, 7327);
	assert_int_equal(broken[NAME_RULE_CHAR], 97);
	assert_int_equal(broken[NAME_RULE_REDUNDANT], 146);
	assert_int_equal(broken[NAME_RULE_VERSION], 18);
	assert_int_equal(broken[NAME_RULE_LEN] + broken[NAME_RULE_LETTER] +
			     broken[NAME_RULE_EDGE] +
			     broken[NAME_RULE_DBLHYPHEN],
	    0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_proposals),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_official),
	};

	return cmocka_run_group_tests(tests, sample_set_up, sample_tear_down);
}
