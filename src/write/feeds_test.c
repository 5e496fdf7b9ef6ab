/* SPDX-License-Identifier: ISC */
/* The formats nft, avahi and c, on registries that mean ill. */
#include "core/timeline.h"
#include "imagebuild/build_test.h"
#include "imagebuild/sample.h"
#include "write/format.h"

#define ALIAS(name) "This entry is an alias to \"" name "\"."

struct row {
	const char *name, *number, *protocol, *description, *note;
};

struct world {
	struct image image;
	uint8_t *bytes;
};

static uint32_t text(struct registry *r, const char *s)
{
	uint32_t ret;

	assert_int_equal(registry_text_add(r, span_str(s), &ret, NULL), 0);
	return ret;
}

static void put_row(struct registry *r, const struct row *from)
{
	struct record *record = need(registry_record_new(r));

	record->text[FIELD_NAME] = text(r, from->name);
	record->text[FIELD_NUMBER] = text(r, from->number);
	record->text[FIELD_PROTOCOL] = text(r, from->protocol);
	record->text[FIELD_DESCRIPTION] = text(r, from->description);
	record->text[FIELD_NOTE] = text(r, from->note);
	record->protocol = (uint8_t)protocol_of(span_str(from->protocol));
	record->has_number =
	    port_range_parse(span_str(from->number), &record->number);
}

static void open_registry(struct world *w, const struct registry *r)
{
	size_t len;

	build(r, true, &w->bytes, &len);
	open_bytes(w->bytes, len, &w->image);
}

static void open_rows(
    struct world *w, const char *date, const struct row *rows, size_t count)
{
	struct registry r;

	assert_int_equal(registry_init(&r, NULL), 0);
	r.text[REGISTRY_UPDATED] = text(&r, date);
	for (size_t i = 0; i < count; i++)
		put_row(&r, &rows[i]);
	open_registry(w, &r);
	registry_release(&r);
}

static void close_world(struct world *w)
{
	image_close(&w->image);
	mem_release(w->bytes);
}

static int write_as(const struct world *w, const char *format,
    const char *style, int64_t epoch, struct buf *b)
{
	const struct format *f = format_find(span_str(format));
	struct write_job job = {.image = &w->image,
	    .version = (uint32_t)w->image.version_count - 1,
	    .style = span_str(style),
	    .epoch = epoch};
	struct portbook_error err = {0};

	assert_non_null(f);
	buf_init(b);
	return format_write(f, &job, b, &err);
}

/* What stands behind the first empty line. */
static struct span body(const struct buf *b)
{
	struct span all = buf_span(b);
	size_t at = span_find(all, SPAN("\n\n"));

	assert_true(at < all.len);
	return span_skip(all, at + 2);
}

static void expect_body(int line, const struct world *w, const char *format,
    const char *style, const char *wanted)
{
	struct buf b;

	assert_int_equal(write_as(w, format, style, -1, &b), 0);
	if (!span_eq(body(&b), span_str(wanted)))
		fail_msg("line %d: \"%.*s\", not \"%s\"", line,
		    SPAN_FMT(body(&b)), wanted);
	buf_release(&b);
}

static void expect_part(int line, const struct world *w, const char *format,
    const char *style, const char *part)
{
	struct buf b;

	assert_int_equal(write_as(w, format, style, -1, &b), 0);
	if (span_find(buf_span(&b), span_str(part)) == b.len)
		fail_msg("line %d: no \"%s\" in \"%.*s\"", line, part,
		    SPAN_FMT(buf_span(&b)));
	buf_release(&b);
}

#define COUNT(rows) (sizeof(rows) / sizeof(rows[0]))

/* Ports join, names collide, a number is taken already. */
static const struct row colliding[] = {
    {"x11", "6000-6063", "tcp", "", ""},
    {"many", "80", "tcp", "", ""},
    {"Many", "82-90", "tcp", "", ""},
    {"many", "85", "tcp", "", ""},
    {"many", "91", "tcp", "", ""},
    {"many", "65535", "tcp", "", ""},
    {"both", "7", "", "", ""},
    {"9-p", "9", "sctp", "", ""},
    {"cl-1", "172", "tcp", "", ""},
    {"cl/1", "172", "tcp", "", ALIAS("cl-1")},
    {"cl+1", "173", "tcp", "", ALIAS("cl-1")},
    {"cl*1", "174", "tcp", "", ""},
    {"cl-1-2", "175", "tcp", "", ""},
    {"", "24", "tcp", "any private mail system", ""},
    {"none", "", "tcp", "", ""},
    {"other", "3000", "ddp", "", ""},
};

static void test_defines(void **state)
{
	struct world w;

	(void)state;
	open_rows(&w, "2026-01-02", colliding, COUNT(colliding));
	expect_body(__LINE__, &w, "nft", "",
	    "define _9_p_sctp = 9 # 9-p\n"
	    "define both_tcp = 7\n"
	    "define both_udp = 7\n"
	    "define cl_1_2_tcp = 175 # cl-1-2\n"
	    "define cl_1_tcp = 172 # cl-1\n"
	    "define cl_1_3_tcp = 174 # cl*1\n"
	    "define cl_1_4_tcp = 173 # cl+1\n"
	    "define many_tcp = { 80, 82-91, 65535 }\n"
	    "define x11_tcp = 6000-6063\n");
	close_world(&w);
}

/* A single port beats a range, a protocol none, and the state is last. */
static const struct row stated[] = {
    {"", "0-9", "", "Unassigned", ""},
    {"wide", "1-8", "tcp", "", ""},
    {"", "5", "", "Reserved", ""},
    {"named", "6", "", "", ""},
    {"", "6", "tcp", "Unassigned", ""},
    {"system", "1023", "udp", "", ""},
    {"user", "1024", "udp", "", ""},
};

static void test_sets(void **state)
{
	struct world w;

	(void)state;
	open_rows(&w, "2026-01-02", stated, COUNT(stated));
#define SET(name, elements)                                                    \
	"\tset " name " {\n\t\ttype inet_service\n\t\tflags interval\n"        \
	"\t\telements = { " elements " }\n\t}\n"
#define NO_SET(name)                                                           \
	"\tset " name " {\n\t\ttype inet_service\n\t\tflags interval\n\t}\n"
	expect_body(__LINE__, &w, "nft", "sets",
	    SET("tcp_assigned", "1-4, 7-8") SET("tcp_assigned_system",
		"1-4, 7-8") NO_SET("tcp_assigned_user") SET("tcp_reserved",
		"5") SET("tcp_unassigned", "0, 6, 9") SET("udp_assigned",
		"6, 1023-1024") SET("udp_assigned_system",
		"6, 1023") SET("udp_assigned_user", "1024") SET("udp_reserved",
		"5") SET("udp_unassigned", "0-4, 7-9") NO_SET("sctp_assigned")
		NO_SET("sctp_assigned_system") NO_SET("sctp_assigned_user") SET(
		    "sctp_reserved", "5") SET("sctp_unassigned", "0-4, 6-9")
		    NO_SET("dccp_assigned") NO_SET("dccp_assigned_system")
			NO_SET("dccp_assigned_user") SET("dccp_reserved", "5")
			    SET("dccp_unassigned", "0-4, 6-9"));
	expect_part(__LINE__, &w, "nft", "table",
	    "flush set inet portbook dccp_unassigned\n"
	    "table inet portbook {\n" SET("tcp_assigned", "1-4, 7-8"));
	close_world(&w);
}

static const struct row discoverable[] = {
    {"ssh", "22", "tcp", "Secure Shell", ""},
    {"keys", "23", "tcp", "With\nkeys", "Defined\n      txt Keys: None"},
    {"half", "24", "tcp", "No keys", "Defined TXT records"},
    {"zed", "", "dccp", "Of DCCP", ""},
    {"Zed", "", "udp", "Of UDP", ""},
    {"zed", "", "sctp", "Of SCTP", ""},
    {"any", "", "", " Of none ", ""},
    {"bare", "", "tcp", "", ""},
    {"old_name", "", "tcp", "", ""},
    {"a--b", "", "tcp", "", ""},
    {"sixteen-bytes-xy", "", "tcp", "", ""},
    {"other", "", "tcp", "", ALIAS("bare")},
    {"foreign", "", "ddp", "", ""},
};

static void test_types(void **state)
{
	struct world w;

	(void)state;
	open_rows(&w, "2026-01-02", discoverable, COUNT(discoverable));
#define TYPES(half, ssh)                                                       \
	"_any._tcp:Of none\n_any._udp:Of none\n_bare._tcp:bare\n" half         \
	"_keys._tcp:With keys\n" ssh "_Zed._udp:Of UDP\n"
	expect_body(__LINE__, &w, "avahi", "", TYPES("", ""));
	expect_body(__LINE__, &w, "avahi", "discovery", TYPES("", ""));
	expect_body(__LINE__, &w, "avahi", "full",
	    TYPES("_half._tcp:No keys\n", "_ssh._tcp:Secure Shell\n"));
	close_world(&w);
}

static const struct row ordered[] = {
    {"old", "9", "tcp", "", ALIAS("Good")},
    {"Good", "9", "tcp", "", ""},
    {"range", "8-10", "", "", ""},
    {"good", "7", "udp", "", ""},
};

static void test_table(void **state)
{
	struct world w;

	(void)state;
	open_rows(&w, "2026-01-02", ordered, COUNT(ordered));
	expect_part(__LINE__, &w, "c", "",
	    "IANA_PORTS_(services)[] = {\n"
	    "\t{7, 7, 1, \"good\"},\n"
	    "\t{9, 9, 0, \"Good\"},\n"
	    "\t{9, 9, 0, \"old\"},\n"
	    "\t{8, 10, 0, \"range\"},\n"
	    "\t{8, 10, 1, \"range\"},\n"
	    "\t{0, 0, IANA_PORTS_(any), \"\"}\n"
	    "};\n");
	expect_part(
	    __LINE__, &w, "c", "", "names)[] = {\n\t0, 1, 2, 3, 4,\n\t0\n};\n");
	expect_part(__LINE__, &w, "c", "",
	    "#define IANA_PORTS_DATE \"2026-01-02\"\n"
	    "#define IANA_PORTS_COUNT 5U /* services in the table */\n"
	    "#define IANA_PORTS_SINGLE 3U /* of one port, before ranges */\n");
	close_world(&w);
}

/* What would end a comment, a string or a line, if it came through. */
#define EVIL                                                                   \
	"*/\n}; \"\\ ?\?/\nadd table x # $y 'z`\t\xff\xc3\xa9"                 \
	"9"

static const struct row hostile[] = {
    {"x" EVIL, "1", "tcp", EVIL, EVIL},
    {EVIL, "2", "udp", "ends in \\", ALIAS(EVIL)},
    {"fine", "3", "tcp", EVIL, "Defined TXT keys"},
    {"*/", "4", "sctp", "%s%n", ""},
};

static bool is_define(struct span line)
{
	const struct span good =
	    SPAN_INIT("abcdefghijklmnopqrstuvwxyz0123456789_ =-,{}");
	size_t hash = span_find(line, SPAN(" # "));
	struct span code = span_head(line, hash);

	for (size_t i = 0; i < code.len; i++)
		if (span_find_char(good, 0, code.ptr[i]) == good.len)
			return false;
	for (size_t i = hash; i < line.len; i++)
		if (line.ptr[i] < ' ' || line.ptr[i] > '~' ||
		    line.ptr[i] == '\\')
			return false;
	return span_starts(line, SPAN("define ")) && code.len > 14;
}

static void test_hostile_lines(void **state)
{
	struct world w;
	struct span rest;
	struct buf b;
	size_t count = 0;

	(void)state;
	open_rows(&w, "*/ x\n\"\\", hostile, COUNT(hostile));
	assert_int_equal(write_as(&w, "nft", "defines", -1, &b), 0);
	for (rest = buf_span(&b); rest.len > 0;) {
		struct span line = span_cut(&rest, '\n');

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!is_define(line))
			fail_msg("\"%.*s\"", SPAN_FMT(line));
		count++;
	}
	assert_int_equal(count, COUNT(hostile));
	buf_release(&b);
	expect_body(__LINE__, &w, "avahi", "full",
	    "_fine._tcp:*/ }; \"\\ ?\?/ add table x # $y 'z` "
	    "\xef\xbf\xbd\xc3\xa9"
	    "9\n");
	close_world(&w);
}

#define ESCAPED                                                                \
	"*/\\012}; \\\"\\\\ \\?\\?/\\012add table x # $y 'z`\\011"             \
	"\\377\\303\\2519"

static void test_hostile_header(void **state)
{
	struct world w;
	struct buf b;
	struct span all;
	size_t end;

	(void)state;
	open_rows(&w, "*/ x\n\"\\", hostile, COUNT(hostile));
	expect_part(
	    __LINE__, &w, "c", "full", "\t{1, 1, 0, \"x" ESCAPED "\", ");
	expect_part(__LINE__, &w, "c", "full", "\"fine\", \"*/\\012}; \\\"");
	expect_part(__LINE__, &w, "c", "full",
	    "#define IANA_PORTS_DATE \"*/ x\\012\\\"\\\\\"\n");
	assert_int_equal(write_as(&w, "c", "full", -1, &b), 0);
	all = buf_span(&b);
	for (size_t i = 0; i < all.len; i++)
		assert_true(all.ptr[i] == '\n' || all.ptr[i] == '\t' ||
			    (all.ptr[i] >= ' ' && all.ptr[i] <= '~'));
	assert_int_equal(span_find(all, SPAN("?\?")), all.len);
	/* The first comment ends where it should, before the guard. */
	end = span_find(all, SPAN("*/"));
	assert_true(
	    span_starts(span_skip(all, end), SPAN("*/\n#ifndef IANA_PORTS_H")));
	buf_release(&b);
	close_world(&w);
}

static const struct {
	int line;
	const char *format, *lead;
} formats_here[] = {
    {__LINE__, "nft", "# "},
    {__LINE__, "avahi", "# "},
    {__LINE__, "c", " * "},
};

static void test_header(void **state)
{
	struct world w;

	(void)state;
	open_rows(&w, "2026-01-02", colliding, COUNT(colliding));
	for (size_t i = 0; i < COUNT(formats_here); i++) {
		struct buf plain, dated, again, made;

		buf_init(&made);
		assert_int_equal(
		    write_as(&w, formats_here[i].format, "", -1, &plain), 0);
		assert_int_equal(write_as(&w, formats_here[i].format, "",
				     1000000000, &dated),
		    0);
		assert_int_equal(write_as(&w, formats_here[i].format, "",
				     1000000000, &again),
		    0);
		buf_str(&made, formats_here[i].lead);
		buf_str(&made, "Made: 2001-09-09T01:46:40Z\n");
		assert_true(span_eq(buf_span(&dated), buf_span(&again)));
		assert_int_equal(
		    span_find(buf_span(&plain), SPAN("Made")), plain.len);
		assert_true(
		    span_find(buf_span(&dated), buf_span(&made)) < dated.len);
		assert_int_equal(dated.len, plain.len + made.len);
		assert_true(span_find(buf_span(&plain),
				SPAN("Registry: 2026-01-02\n")) < plain.len);
		assert_true(span_find(buf_span(&plain),
				SPAN("Licence: CC0 1.0, ")) < plain.len);
		buf_release(&plain);
		buf_release(&dated);
		buf_release(&again);
		buf_release(&made);
	}
	close_world(&w);
}

/* A registry without a row still makes files that programs can read. */
static void test_empty(void **state)
{
	struct world w;

	(void)state;
	open_rows(&w, "", NULL, 0);
	expect_body(__LINE__, &w, "nft", "", "");
	expect_body(__LINE__, &w, "avahi", "", "");
	expect_part(__LINE__, &w, "c", "full",
	    "services)[] = {\n\t{0, 0, IANA_PORTS_(any), \"\", \"\"}\n};\n");
	expect_part(__LINE__, &w, "c", "", "names)[] = {\n\t0\n};\n");
	close_world(&w);
}

#ifdef PORTBOOK_FAULTS

/* Every allocation fails once; then what comes out is the same. */
static void test_no_memory(void **state)
{
	struct registry r;
	struct world w;

	(void)state;
	assert_int_equal(sample_registry(&r), 0);
	open_registry(&w, &r);
	for (size_t i = 0; i < COUNT(formats_here); i++) {
		int code = PORTBOOK_ENOMEM;
		size_t n = 0;

		while (code != 0) {
			struct buf b;

			mem_fail_from(++n);
			code = write_as(&w, formats_here[i].format, "", -1, &b);
			mem_fail_from(0);
			buf_release(&b);
			assert_true(code == 0 || code == PORTBOOK_ENOMEM);
		}
		assert_true(n > 3);
	}
	close_world(&w);
	registry_release(&r);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defines),
	    cmocka_unit_test(test_sets),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_hostile_lines),
	    cmocka_unit_test(test_hostile_header),
	    cmocka_unit_test(test_header),
	    cmocka_unit_test(test_empty),
#ifdef PORTBOOK_FAULTS
	    cmocka_unit_test(test_no_memory),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
