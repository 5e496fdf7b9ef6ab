/* SPDX-License-Identifier: ISC */
/*
 * True stories of the official registry, told by hand from the XML of the
 * editions below.  The file that has them is named by PORTBOOK_REGISTRY_DIR.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/lives_test.h"
#include "read/read.h"

static const char *const editions[] = {"2021-12-23", "2021-12-24", "2022-01-10",
    "2022-01-20", "2025-01-14", "2025-02-13", "2025-09-22", "2025-09-26",
    "2025-09-29", "2025-10-16", "2025-10-29.2", "2025-10-30", "2025-10-30.2",
    "2025-11-14", "2026-02-02", "2026-07-20.2", "2026-07-22", "2026-07-23",
    "2026-08-05"};

#define EDITION_COUNT (sizeof(editions) / sizeof(editions[0]))

static struct timeline t;
static struct lives l;

static int load(void **state)
{
	const char *from = getenv("PORTBOOK_REGISTRY_DIR");
	char folder[] = "/tmp/portbook-lives-XXXXXX", command[4096];
	int code = timeline_init(&t, NULL), len;

	(void)state;
	if (from == NULL || code < 0 || mkdtemp(folder) == NULL)
		return code;
	len = snprintf(command, sizeof(command),
	    "zstd -qdc '%s/history.tar.zst' | tar -x -C %s", from, folder);
	for (size_t i = 0; i < EDITION_COUNT; i++)
		len += snprintf(command + len, sizeof(command) - (size_t)len,
		    " %s.xml", editions[i]);
	if (system(command) != 0)
		return -1;
	for (size_t i = 0; code == 0 && i < EDITION_COUNT; i++) {
		struct registry r;
		char path[128];

		snprintf(path, sizeof(path), "%s/%s.xml", folder, editions[i]);
		code = read_registry(path, &r, NULL, NULL);
		if (code == 0)
			code = timeline_append(&t, &r, NULL);
		registry_release(&r);
	}
	snprintf(command, sizeof(command), "rm -r %s", folder);
	if (system(command) != 0)
		return -1;
	return code == 0 ? lives_make(&t, &l, NULL) : code;
}

static int unload(void **state)
{
	(void)state;
	lives_release(&l);
	timeline_release(&t);
	return 0;
}

static void need_history(void)
{
	if (t.version_count > 0)
		return;
	print_message("skipped: PORTBOOK_REGISTRY_DIR is not set\n");
	skip();
}

/* Whether a record stands on the number, or has the name, of a story. */
static bool is_of(uint32_t place, const char *word)
{
	const uint32_t *text;

	if (place == LIFE_NONE)
		return false;
	text = t.rows[place].record.text;
	return span_eq(timeline_text(&t, text[FIELD_NUMBER]), span_str(word)) ||
	       span_eq(timeline_text(&t, text[FIELD_NAME]), span_str(word));
}

/* "EDITION EVENT" for each event of a number or name. */
static void tell(struct buf *b, const char *word)
{
	for (size_t i = 0; i < l.event_count; i++) {
		const struct life_event *e = &l.events[i];

		if (e->kind == EVENT_PERSON ||
		    (!is_of(e->before, word) && !is_of(e->after, word)))
			continue;
		buf_str(b, editions[e->version]);
		buf_str(b, " ");
		put_event(b, &t, e);
	}
}

static const struct {
	int line;
	const char *word;
	const char *events;
} stories[] = {
    {__LINE__, "netconf-beep",
	"2025-10-16 deassigned 831/tcp/netconf-beep -> 831/tcp/-: updated name "
	"description reference note\n"
	"2025-10-16 deassigned 831/udp/netconf-beep -> 831/udp/-: updated name "
	"description reference note\n"
	"2025-10-16 renumbered 831/tcp/netconf-beep -> -/-/netconf-beep: "
	"protocol number reference\n"
	"2025-10-16 renumbered 831/udp/netconf-beep -> -/-/netconf-beep: "
	"protocol number reference\n"
	"2026-02-02 editorial -/-/netconf-beep -> -/-/netconf-beep: "
	"reference\n"},
    {__LINE__, "832",
	"2025-10-16 deassigned 832/tcp/netconfsoaphttp -> 832/tcp/-: updated "
	"name description reference note\n"
	"2025-10-16 deassigned 832/udp/netconfsoaphttp -> 832/udp/-: updated "
	"name description reference note\n"
	"2025-10-16 renumbered 832/tcp/netconfsoaphttp -> "
	"-/-/netconfsoaphttp: protocol number reference\n"
	"2025-10-16 renumbered 832/udp/netconfsoaphttp -> "
	"-/-/netconfsoaphttp: protocol number reference\n"
	"2026-02-02 editorial 832/tcp/- -> 832/tcp/-: note\n"
	"2026-02-02 editorial 832/udp/- -> 832/udp/-: note\n"},
    {__LINE__, "44322",
	"2025-09-26 renamed 44322/tcp/pmcdproxy -> 44322/tcp/pmproxy: updated "
	"name assignee\n"
	"2025-09-26 renamed 44322/udp/pmcdproxy -> 44322/udp/pmproxy: updated "
	"name assignee\n"
	"2025-09-29 modified 44322/tcp/pmproxy -> 44322/tcp/pmproxy: "
	"description\n"
	"2025-09-29 modified 44322/udp/pmproxy -> 44322/udp/pmproxy: "
	"description\n"},
    {__LINE__, "pmwebapi", /* Ken_McDonell_2 is Ken_McDonell */
	"2025-09-26 editorial 44323/tcp/pmwebapi -> 44323/tcp/pmwebapi: "
	"contact\n"},
    {__LINE__, "4319",
	"2022-01-20 assigned 4318-4319/-/- -> 4319/tcp/fox-skytale: date name "
	"protocol number description assignee contact\n"
	"2022-01-20 assigned 4318-4319/-/- -> 4319/udp/fox-skytale: date name "
	"protocol number description assignee contact\n"
	"2025-01-14 modified 4319/tcp/fox-skytale -> 4319/tcp/fox-skytale: "
	"updated contact\n"
	"2025-01-14 modified 4319/udp/fox-skytale -> 4319/udp/fox-skytale: "
	"updated contact\n"
	"2025-10-30 renamed 4319/tcp/fox-skytale -> 4319/tcp/skytale: updated "
	"name description\n"
	"2025-10-30 transferred 4319/tcp/fox-skytale -> 4319/tcp/skytale: "
	"assignee\n"
	"2025-10-30 renamed 4319/udp/fox-skytale -> 4319/udp/skytale: updated "
	"name description\n"
	"2025-10-30 transferred 4319/udp/fox-skytale -> 4319/udp/skytale: "
	"assignee\n"},
    {__LINE__, "11431-11488",
	"2026-02-02 split 11431-11488/-/- -> 11431-11433/-/-: number "
	"unauthorized\n"
	"2026-02-02 assigned 11431-11488/-/- -> 11434/tcp/ollama: date name "
	"protocol number description assignee contact unauthorized\n"
	"2026-02-02 split 11431-11488/-/- -> 11434/udp/-: protocol number "
	"description unauthorized\n"
	"2026-02-02 split 11431-11488/-/- -> 11435-11488/-/-: number\n"},
    {__LINE__, "7123",
	"2021-12-24 assigned 7122-7127/-/- -> 7123/tcp/snif: date name "
	"protocol number description assignee contact\n"
	"2021-12-24 split 7122-7127/-/- -> 7123/udp/-: protocol number "
	"description\n"
	"2026-07-22 modified 7123/tcp/snif -> 7123/tcp/snif: updated "
	"description reference\n"
	"2026-07-22 assigned 7123/udp/- -> 7123/udp/snif: date updated name "
	"description assignee contact reference\n"},
    {__LINE__, "compressnet",
	"2025-02-13 deassigned 2/tcp/compressnet -> 2/tcp/-: updated name "
	"description note\n"
	"2025-02-13 deassigned 2/udp/compressnet -> 2/udp/-: updated name "
	"description note\n"
	"2025-02-13 deassigned 3/tcp/compressnet -> 3/tcp/-: updated name "
	"description contact note\n"
	"2025-02-13 deassigned 3/udp/compressnet -> 3/udp/-: updated name "
	"description contact note\n"
	"2025-02-13 renumbered 2/tcp/compressnet -> -/tcp/compressnet: updated "
	"number description assignee contact note\n"
	"2025-02-13 renumbered 3/tcp/compressnet -> -/tcp/compressnet: updated "
	"number description assignee note\n"
	"2025-02-13 renumbered 2/udp/compressnet -> -/udp/compressnet: updated "
	"number description assignee contact note\n"
	"2025-02-13 renumbered 3/udp/compressnet -> -/udp/compressnet: updated "
	"number description assignee note\n"},
    {__LINE__, "5030",
	"2022-01-10 deassigned 5030/tcp/surfpass -> 5030/tcp/-: updated name "
	"description contact note\n"
	"2022-01-10 deassigned 5030/udp/surfpass -> 5030/udp/-: updated name "
	"description contact note\n"},
    {__LINE__, "4413",
	"2025-10-30.2 transferred 4413/tcp/avi-nms -> 4413/tcp/avi-nms: "
	"updated assignee contact\n"
	"2025-10-30.2 transferred 4413/udp/avi-nms-disc -> "
	"4413/udp/avi-nms-disc: updated assignee contact\n"
	"2025-11-14 renamed 4413/tcp/avi-nms -> 4413/tcp/vision-mon: updated "
	"name description\n"
	"2025-11-14 renamed 4413/udp/avi-nms-disc -> 4413/udp/vision-mon-disc: "
	"updated name description\n"},
    {__LINE__, "1980",
	"2026-02-02 renamed 1980/tcp/pearldoc-xact -> 1980/tcp/panquest-xact: "
	"updated name description\n"
	"2026-02-02 renamed 1980/udp/pearldoc-xact -> 1980/udp/panquest-xact: "
	"updated name description\n"},
    {__LINE__, "700",
	"2026-08-05 modified 700/udp/epp -> 700/udp/epp: updated description "
	"assignee contact reference\n"},
    {__LINE__, "a25-fap-fgw", /* ThreeGPP_2 is _3GPP_2 */
	"2026-02-02 editorial 4502/sctp/a25-fap-fgw -> 4502/sctp/a25-fap-fgw: "
	"assignee\n"},
};

static void test_stories(void **state)
{
	(void)state;
	need_history();
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct buf b;

		buf_init(&b);
		tell(&b, stories[i].word);
		buf_char(&b, '\0');
		if (strcmp(b.ptr, stories[i].events) != 0)
			fail_msg("line %d, %s:\n%s", stories[i].line,
			    stories[i].word, b.ptr);
		buf_release(&b);
	}
}

/* What a key of the past leads to, by the row of it that ends first. */
static void test_last(void **state)
{
	static const struct {
		const char *past, *present;
	} rows[] = {
	    {"831/tcp/netconf-beep", "-/-/netconf-beep"},
	    {"833/udp/netconfsoapbeep", "-/-/netconfsoapbeep"},
	    {"44322/tcp/pmcdproxy", "44322/tcp/pmproxy"},
	    {"4319/udp/fox-skytale", "4319/udp/skytale"},
	    {"4318-4319/-/-", "4318/-/-"},
	    {"7123/udp/-", "7123/udp/snif"},
	    {"7122-7127/-/-", "7124-7127/-/-"},
	    {"2/tcp/compressnet", "-/tcp/compressnet"},
	    {"3/udp/compressnet", "-/udp/compressnet"},
	    {"5030/tcp/surfpass", "5030/tcp/-"},
	    {"4413/udp/avi-nms-disc", "4413/udp/vision-mon-disc"},
	    {"443/tcp/https", "443/tcp/https"},
	};

	(void)state;
	need_history();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;
		uint32_t row = 0;

		buf_init(&b);
		for (; row < t.row_count; row++) {
			buf_clear(&b);
			put_place(&b, &t, false, row);
			if (span_eq(buf_span(&b), span_str(rows[i].past)))
				break;
		}
		assert_in_range(row, 0, t.row_count - 1);
		buf_clear(&b);
		put_place(&b, &t, false, l.row_last[row]);
		buf_char(&b, '\0');
		assert_string_equal(b.ptr, rows[i].present);
		assert_int_equal(
		    t.rows[l.row_last[row]].last, EDITION_COUNT - 1);
		buf_release(&b);
	}
}

/* Of the step to 2025-11-14: two rows renamed, and nothing else. */
static void test_small_step(void **state)
{
	uint32_t version = 13;

	(void)state;
	need_history();
	assert_string_equal(editions[version], "2025-11-14");
	assert_int_equal(
	    l.first_event[version + 1] - l.first_event[version], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_stories),
	    cmocka_unit_test(test_last),
	    cmocka_unit_test(test_small_step),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
