/* SPDX-License-Identifier: ISC */
/*
 * Read in halves a source gives what it gives read from its beginning: the
 * same registry to the last number, or the same failure in the same place,
 * and the same findings in the same order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "read/how.h"

#define OPEN "<registry xmlns=\"http://www.iana.org/assignments\" id=\"i\">\n"
#define ONE "<record><name>one</name><number>1</number></record>\n"
#define TWO                                                                    \
	"<record date=\"2001-02-03\">\n  <name>two</name>\n"                   \
	"  <description>a &amp; b<br/>c</description>\n"                       \
	"  <xref type=\"person\" data=\"P\"/></record>\n"
#define PEOPLE                                                                 \
	"<people>\n<person id=\"P\"><name>P</name></person>\n\n"               \
	"<person id=\"Q\"><name>two</name></person></people>\n"
#define CLOSE "</registry>\n"

/* What one reading gave. */
struct outcome {
	struct registry r;
	struct portbook_error err;
	struct buf findings;
	int code;
};

static void take_finding(void *ctx, const struct finding *f)
{
	char line[80];

	snprintf(line, sizeof(line), "%d %llu %llu ", (int)f->code,
	    (unsigned long long)f->line, (unsigned long long)f->column);
	buf_str(ctx, line);
	buf_add(ctx, f->what);
	buf_char(ctx, '\n');
}

static void read_one(struct span bytes, const struct read_how *how,
    bool findings, struct outcome *o)
{
	struct diag diag = {take_finding, &o->findings, 0};

	o->err = (struct portbook_error){0};
	buf_init(&o->findings);
	o->code = read_registry_how(
	    bytes, "test", how, &o->r, findings ? &diag : NULL, &o->err);
	assert_false(buf_failed(&o->findings));
}

static void release(struct outcome *o)
{
	registry_release(&o->r);
	buf_release(&o->findings);
}

static void same_bytes(
    const void *a, size_t count, const void *b, size_t other, size_t size)
{
	assert_int_equal(count, other);
	if (count > 0)
		assert_memory_equal(a, b, count * size);
}

/* Records and people have no padding that is not zero: they begin zeroed. */
static void same_registry(const struct registry *a, const struct registry *b)
{
	assert_int_equal(a->texts.count, b->texts.count);
	for (uint32_t n = 0; n < a->texts.count; n++)
		if (!span_eq(registry_text(a, n), registry_text(b, n)))
			fail_msg("text %u is another one", n);
	same_bytes(a->records, a->record_count, b->records, b->record_count,
	    sizeof(*a->records));
	same_bytes(a->people, a->person_count, b->people, b->person_count,
	    sizeof(*a->people));
	same_bytes(a->notes, a->note_count, b->notes, b->note_count,
	    sizeof(*a->notes));
	same_bytes(a->footnotes, a->footnote_count, b->footnotes,
	    b->footnote_count, sizeof(*a->footnotes));
	same_bytes(a->record_gaps, a->record_gap_count, b->record_gaps,
	    b->record_gap_count, sizeof(*a->record_gaps));
	same_bytes(a->person_gaps, a->person_gap_count, b->person_gaps,
	    b->person_gap_count, sizeof(*a->person_gaps));
	assert_memory_equal(a->text, b->text, sizeof(a->text));
	assert_memory_equal(a->digest, b->digest, sizeof(a->digest));
	assert_int_equal(a->source_len, b->source_len);
	assert_int_equal(a->source, b->source);
}

static void same(const struct outcome *a, const struct outcome *b)
{
	assert_int_equal(a->code, b->code);
	if (a->code == 0) {
		same_registry(&a->r, &b->r);
		assert_true(
		    span_eq(buf_span(&a->findings), buf_span(&b->findings)));
		return;
	}
	assert_string_equal(a->err.text, b->err.text);
	assert_string_equal(a->err.source, b->err.source);
	assert_int_equal(a->err.line, b->err.line);
	assert_int_equal(a->err.column, b->err.column);
}

/* How often of the two ways the second half was taken. */
static size_t compare(struct span bytes, size_t from, bool findings)
{
	const struct read_how serial = {.least = SIZE_MAX};
	size_t taken = 0;
	struct read_how hows[] = {{.from = from, .taken = &taken},
	    {.from = from, .taken = &taken, .no_thread = true}};
	struct outcome want, got;

	read_one(bytes, &serial, findings, &want);
	for (size_t i = 0; i < 2; i++) {
		read_one(bytes, &hows[i], findings, &got);
		same(&want, &got);
		release(&got);
	}
	release(&want);
	assert_true(taken == 0 || taken == 2);
	return taken;
}

/* A source to be split at the record behind the one that follows HERE. */
static const struct {
	int line;
	bool taken; /* without anybody who asks for findings */
	bool noted; /* with */
	const char *xml;
} rows[] = {
    {__LINE__, true, true, OPEN ONE "<!--HERE-->" ONE TWO ONE CLOSE},
    {__LINE__, true, true,
	OPEN ONE "<!--HERE-->" ONE "\n  " TWO ONE PEOPLE CLOSE "<!-- x -->"},
    {__LINE__, true, true, OPEN ONE "<!--HERE-->" ONE "<record/>" CLOSE},
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE CLOSE},
    /* Never got to: the place is in something else. */
    {__LINE__, false, false,
	OPEN ONE "<!--HERE </record>\n<record>-->" TWO CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<record><note><![CDATA[HERE</record> <record>]]></note>"
		 "</record>" CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<?HERE </record>\n<record> ?>" TWO CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<record x='HERE</record>\n<record>'/>" TWO CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<!--HERE--><note>" ONE TWO "</note>" CLOSE},
    {__LINE__, false, false,
	OPEN "<people><!--HERE-->" ONE TWO "</people>" CLOSE},
    {__LINE__, false, false, OPEN PEOPLE "<!--HERE-->" ONE TWO CLOSE},
    {__LINE__, false, false,
	"<registry xmlns=\"x\">" ONE "<!--HERE-->" ONE TWO CLOSE},
    {__LINE__, false, false,
	"<!DOCTYPE registry [<!ENTITY e 'x'>]>" OPEN ONE
	"<!--HERE-->" ONE TWO CLOSE},
    {__LINE__, false, false,
	"<?xml version='1.0' encoding='latin1'?>" OPEN ONE
	"<!--HERE-->" ONE TWO CLOSE},
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE "<recorder/>" CLOSE},
    {__LINE__, false, false, OPEN ONE CLOSE "<!--HERE-->" ONE TWO CLOSE},
    /* A second half that has what stands once in a registry. */
    {__LINE__, false, false,
	OPEN ONE "<!--HERE-->" ONE TWO "<title>t</title>" CLOSE},
    {__LINE__, false, false,
	OPEN "<updated>2001-01-01</updated>" ONE "<!--HERE-->" ONE TWO
	     "<updated>2002-02-02</updated>" CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<!--HERE-->" ONE TWO "<note>n</note>" CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<!--HERE-->" ONE TWO "<xref type='rfc' data='r'/>" CLOSE},
    {__LINE__, false, false,
	OPEN ONE "<!--HERE-->" ONE TWO "<expert>e</expert>" CLOSE},
    {__LINE__, true, true,
	OPEN "<footnote anchor='0'>z</footnote>" ONE "<!--HERE-->" ONE TWO
	     "<footnote anchor='1'>one <xref type='rfc' data='r'/></footnote>"
	     "<footnote anchor='2'>two</footnote>" PEOPLE CLOSE},
    /* Findings. */
    {__LINE__, true, false, OPEN ONE "<!--HERE-->" ONE TWO "<odd/>" ONE CLOSE},
    {__LINE__, true, false,
	OPEN ONE "<!--HERE-->" ONE "<record><number>x</number></record>" CLOSE},
    {__LINE__, true, true, OPEN "<odd/>" ONE "<odd/><!--HERE-->" ONE TWO CLOSE},
    /* Failures. */
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE TWO "&nbsp;" CLOSE},
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE TWO PEOPLE ONE CLOSE},
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE TWO CLOSE CLOSE},
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE TWO},
    {__LINE__, false, false, OPEN "</x>" ONE "<!--HERE-->" ONE TWO CLOSE},
    {__LINE__, false, false, OPEN ONE "<!--HERE-->" ONE TWO "\xff" CLOSE},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span bytes = span_str(rows[i].xml);
		size_t here = span_find(bytes, SPAN("HERE"));
		bool taken = compare(bytes, here, false) > 0;
		bool noted = compare(bytes, here, true) > 0;

		assert_true(here < bytes.len);
		if (taken != rows[i].taken || noted != rows[i].noted)
			fail_msg("line %d: taken %d, with findings %d",
			    rows[i].line, taken, noted);
	}
}

/* Cut short everywhere, and with a byte changed everywhere. */
static void test_damage(void **state)
{
	static const char xml[] =
	    OPEN "<title>t</title>\n" ONE TWO
		 "<!-- </record> <record> -->" TWO ONE PEOPLE CLOSE;
	static const char pokes[] = "<>&\"\n\xff]-x";
	char copy[sizeof(xml)];
	size_t taken = 0;

	(void)state;
	for (size_t from = 80; from < 400; from += 77) {
		for (size_t len = 0; len < sizeof(xml); len++)
			taken += compare(span_of(xml, len), from, true);
		for (size_t i = 0; i < sizeof(xml) - 1; i++) {
			memcpy(copy, xml, sizeof(xml));
			copy[i] = pokes[i % (sizeof(pokes) - 1)];
			taken +=
			    compare(span_of(copy, sizeof(xml) - 1), from, true);
		}
	}
	assert_true(taken > 100);
}

static bool read_file(const char *path, struct buf *b)
{
	FILE *file = fopen(path, "rb");
	char *room = buf_room(b, (size_t)8 << 20);

	if (file == NULL || room == NULL)
		return false;
	b->len = fread(room, 1, (size_t)8 << 20, file);
	return fclose(file) == 0;
}

/* The usual way splits it, and cut or altered about there it is refused. */
static void check_official(struct buf *b, bool damage)
{
	size_t from = b->len / 2;

	compare(buf_span(b), 0, false);
	compare(buf_span(b), 0, true);
	for (size_t i = 0; damage && i < 12; i++) {
		size_t at = from + i * 37;
		char was = b->ptr[at];

		compare(span_head(buf_span(b), at), from, true);
		b->ptr[at] = "<>&]\xff\n"[i % 6];
		compare(buf_span(b), from, true);
		b->ptr[at] = was;
	}
}

static void test_official(void **state)
{
	const char *folder = getenv("PORTBOOK_REGISTRY_DIR");
	const struct dirent *entry;
	size_t count = 0;
	char path[4096];
	DIR *dir;

	(void)state;
	if (folder == NULL) {
		print_message("skip: PORTBOOK_REGISTRY_DIR does not name the "
			      "official files\n");
		skip();
	}
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);
		struct buf b;

		if (len < 4 || strcmp(entry->d_name + len - 4, ".xml") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		buf_init(&b);
		assert_true(read_file(path, &b));
		check_official(&b, count++ < 2);
		buf_release(&b);
	}
	closedir(dir);
	assert_true(count > 0);
}

/* A split source that is long enough by itself. */
static void test_usual(void **state)
{
	size_t taken = 0;
	struct read_how how = read_how_usual;
	struct outcome o;
	struct buf b;

	(void)state;
	how.taken = &taken;
	buf_init(&b);
	buf_str(&b, OPEN);
	for (size_t i = 0; b.len < how.least; i++)
		buf_str(&b, i % 2 == 0 ? ONE : TWO);
	buf_str(&b, PEOPLE CLOSE);
	assert_false(buf_failed(&b));
	read_one(buf_span(&b), &how, true, &o);
	assert_int_equal(o.code, 0);
	assert_int_equal(taken, 1);
	assert_int_equal(o.findings.len, sizeof("4 1 1 \n") - 1);
	release(&o);
	assert_int_equal(compare(buf_span(&b), 0, true), 2);
	buf_release(&b);
}

/* Each allocation fails once, of either half; only with -Dfaults=true. */
static void test_memory(void **state)
{
	const struct read_how how = {.from = 1, .no_thread = true};
	struct portbook_error err;
	struct registry r;
	size_t n = 1;
	int code;

	(void)state;
	do {
		mem_fail_from(n++);
		code =
		    read_registry_how(span_str(OPEN ONE TWO ONE PEOPLE CLOSE),
			"test", &how, &r, NULL, &err);
		mem_fail_from(0);
		if (code < 0)
			assert_int_equal(code, PORTBOOK_ENOMEM);
		registry_release(&r);
	} while (code < 0);
#ifdef PORTBOOK_FAULTS
	assert_true(n > 10);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_usual),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_official),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
