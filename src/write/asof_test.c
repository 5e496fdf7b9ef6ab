/* SPDX-License-Identifier: ISC */
/*
 * As of a date: each format, in each style, of a version among several is that
 * of the version alone, byte for byte.  Small versions by hand; and where
 * PORTBOOK_REGISTRY_DIR has them, official ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write/edition_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define TOP(date)                                                              \
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"s\">"        \
	"<title>T</title><updated>" date "</updated>\n"
#define REC(name, protocol, number, more)                                      \
	"<record><name>" name "</name><protocol>" protocol                     \
	"</protocol><description>d</description><number>" number               \
	"</number>" more "</record>\n"
#define WHO(id, name) "<person id=\"" id "\"><name>" name "</name></person>\n"
#define ALIAS "<note>This entry is an alias to \"http\".</note>"
#define KEYS "<note>Defined TXT keys: a</note>"
#define BY(id) "<xref type=\"person\" data=\"" id "\"/>"
#define FREE(number)                                                           \
	"<record><description>Unassigned</description><number>" number         \
	"</number></record>\n"

/* Rows come, go and come back; are preferred, aliases and twins, or not. */
static const char *const small[] = {
    TOP("2014-05-01") REC("www", "tcp", "80", "")
	REC("b_c", "udp", "9", BY("P"))
	    FREE("10-12") "<people>" WHO("P", "Old") "</people></registry>\n",
    TOP("2019-02-01") "<note>New.</note>" REC("http", "tcp", "80", KEYS)
	REC("www", "tcp", "80", ALIAS) REC("b_c", "udp", "9", "")
	    REC("b-c", "udp", "9", BY("P")) "  \n" FREE("10-11")
		REC("b-c", "udp", "12", "") "<people>" WHO("P", "New")
		    WHO("Q", "&quot;") "</people></registry>",
    TOP("2023-04-01") REC("http", "tcp", "80", KEYS)
	REC("http", "tcp", "80", "") REC("b_c", "udp", "9", BY("P"))
	    FREE("10-12") "<footnote anchor=\"1\">F</footnote><people>" WHO(
		"P", "Old") "</people></registry>\n",
    TOP("2026-08-01") FREE("9") "</registry>\n",
    TOP("2026-08-02") REC("www", "tcp", "80", "")
	REC("B-C", "udp", "9", "") "</registry>\n",
};

/* Reads each again, as the first image has taken it. */
static void open_all(
    const struct span *sources, size_t count, struct edition *ret)
{
	struct imagebuild_options options = {
	    .source = SPAN_INIT("test"), .no_search = true};
	struct portbook_error err = {0};
	struct timeline t;
	size_t len = 0;

	assert_int_equal(timeline_init(&t, &err), 0);
	for (size_t i = 0; i < count; i++) {
		struct registry r;

		if (read_registry_memory(sources[i], "test", &r, NULL, &err) <
		    0)
			fail_msg("version %zu: %s", i, err.text);
		assert_int_equal(timeline_append(&t, &r, &err), 0);
		registry_release(&r);
	}
	assert_int_equal(imagebuild(&t, &options, &ret->bytes, &len, &err), 0);
	timeline_release(&t);
	assert_int_equal(
	    image_open_memory(
		span_of((const char *)ret->bytes, len), &ret->image, &err),
	    0);
	assert_int_equal(ret->image.version_count, count);
}

static void write_one(const struct edition *e, size_t version,
    const struct format *format, const char *style, struct buf *b)
{
	struct write_job job = {.image = &e->image,
	    .version = (uint32_t)version,
	    .style = span_str(style),
	    .epoch = -1};
	struct portbook_error err = {0};

	buf_init(b);
	if (format_write(format, &job, b, &err) < 0)
		fail_msg("%s %s of version %zu: %s", format->name, style,
		    version, err.text);
}

static void compare(const struct edition *all, const struct edition *one,
    size_t version, const struct format *format, const char *style)
{
	struct span ours, wanted;
	struct buf a, b;
	size_t at = 0, from;

	write_one(all, version, format, style, &a);
	write_one(one, 0, format, style, &b);
	ours = buf_span(&a);
	wanted = buf_span(&b);
	assert_true(wanted.len > 0);
	while (
	    at < ours.len && at < wanted.len && ours.ptr[at] == wanted.ptr[at])
		at++;
	from = at > 60 ? at - 60 : 0;
	if (!span_eq(ours, wanted))
		fail_msg("%s %s of version %zu, byte %zu\n%.*s\nwanted\n%.*s",
		    format->name, style, version, at,
		    SPAN_FMT(span_head(span_skip(ours, from), 300)),
		    SPAN_FMT(span_head(span_skip(wanted, from), 300)));
	buf_release(&a);
	buf_release(&b);
}

static void compare_all(const struct span *sources, size_t count)
{
	struct portbook_error err = {0};
	struct edition all;

	open_all(sources, count, &all);
	for (size_t i = 0; i < count; i++) {
		struct edition one;

		assert_int_equal(edition_open(sources[i], &one, &err), 0);
		for (size_t f = 0; f < format_count; f++) {
			const char *const *style = formats[f].styles;

			compare(&all, &one, i, &formats[f], "");
			for (; style != NULL && *style != NULL; style++)
				compare(&all, &one, i, &formats[f], *style);
		}
		edition_close(&one);
	}
	edition_close(&all);
}

static void test_small(void **state)
{
	struct span sources[COUNT(small)];

	(void)state;
	for (size_t i = 0; i < COUNT(small); i++)
		sources[i] = span_str(small[i]);
	compare_all(sources, COUNT(small));
}

static void take_member(const char *folder, const char *date, struct buf *ret)
{
	char command[4096];
	FILE *pipe;
	size_t len = 1;

	snprintf(command, sizeof(command),
	    "zstd -dc '%s/history.tar.zst' | tar xO --occurrence=1 '%s.xml' "
	    "2>&-",
	    folder, date);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	buf_init(ret);
	while (len > 0) {
		char *room = buf_room(ret, 65536);

		assert_non_null(room);
		len = fread(room, 1, 65536, pipe);
		ret->len += len;
	}
	pclose(pipe);
	assert_true(ret->len > 0);
}

static void test_official(void **state)
{
	static const char *const dates[] = {"2015-05-04", "2026-08-17"};
	const char *folder = getenv("PORTBOOK_REGISTRY_DIR");
	struct span sources[COUNT(dates)];
	struct buf bytes[COUNT(dates)];

	(void)state;
	if (folder == NULL || folder[0] == '\0') {
		print_message("skip: no official files\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(dates); i++) {
		take_member(folder, dates[i], &bytes[i]);
		sources[i] = buf_span(&bytes[i]);
	}
	compare_all(sources, COUNT(dates));
	for (size_t i = 0; i < COUNT(dates); i++)
		buf_release(&bytes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_small),
	    cmocka_unit_test(test_official),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
