/* SPDX-License-Identifier: ISC */
/*
 * Small registries of two versions, and what happened between them.  A row is
 * a line "NUMBER/PROTOCOL/NAME FIELD=VALUE; ...", with the fields
 *
 *	d date  u updated  t description  a assignee  c contact  r rfc
 *	D draft  n note  x unauthorized  f form  s source
 *
 * and a person is "@ID NAME; ORG; URI".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/lives_test.h"
#include "imagebuild/sample.h"
#include "terms/rich.h"

static uint32_t text_of(struct registry *r, struct span text)
{
	uint32_t number;

	assert_int_equal(registry_text_add(r, text, &number, NULL), 0);
	return number;
}

/* Ids parted by commas as references of a type. */
static uint32_t xrefs_of(
    struct registry *r, enum xref_type type, struct span ids)
{
	struct buf b;
	uint32_t number;

	buf_init(&b);
	while (ids.len > 0) {
		struct xref x = {.type = type,
		    .data = span_cut(&ids, ','),
		    .attributes = SPAN(""),
		    .body = SPAN("")};

		xref_put(&b, &x);
	}
	number = text_of(r, buf_span(&b));
	buf_release(&b);
	return number;
}

static void put_field(struct registry *r, struct record *record, struct span f)
{
	struct span value = span_skip(f, 2);
	uint32_t *text = record->text;

	switch (f.ptr[0]) {
	case 'd':
		text[FIELD_DATE] = text_of(r, value);
		break;
	case 'u':
		text[FIELD_UPDATED] = text_of(r, value);
		break;
	case 't':
		text[FIELD_DESCRIPTION] = text_of(r, value);
		break;
	case 'a':
		text[FIELD_ASSIGNEE] = xrefs_of(r, XREF_PERSON, value);
		break;
	case 'c':
		text[FIELD_CONTACT] = xrefs_of(r, XREF_PERSON, value);
		break;
	case 'r':
		text[FIELD_REFERENCE] = xrefs_of(r, XREF_RFC, value);
		break;
	case 'D':
		text[FIELD_REFERENCE] = xrefs_of(r, XREF_DRAFT, value);
		break;
	case 'n':
		text[FIELD_NOTE] = text_of(r, value);
		break;
	case 'x':
		text[FIELD_UNAUTHORIZED] = text_of(r, value);
		break;
	case 'f':
		text[FIELD_FORM] = text_of(r, value);
		break;
	case 's':
		record->residue = text_of(r, value);
		break;
	default:
		fail_msg("no field %.*s", SPAN_FMT(f));
	}
}

static void put_record(struct registry *r, struct span line)
{
	struct record *record = registry_record_new(r);
	struct span head = span_cut(&line, ' ');
	struct record_key key;

	assert_non_null(record);
	assert_true(key_parse(head, &key));
	record->text[FIELD_NUMBER] = text_of(r, key.number);
	record->text[FIELD_PROTOCOL] = text_of(r, key.protocol);
	record->text[FIELD_NAME] = text_of(r, key.name);
	if (key.name.len == 0)
		record->text[FIELD_DESCRIPTION] =
		    text_of(r, SPAN("Unassigned"));
	record->has_number = port_range_parse(key.number, &record->number);
	record->protocol = (uint8_t)protocol_of(key.protocol);
	while (line.len > 0)
		put_field(r, record, span_trim(span_cut(&line, ';')));
}

static void put_person(struct registry *r, struct span line)
{
	struct person *person = registry_person_new(r);

	assert_non_null(person);
	person->text[PERSON_ID] = text_of(r, span_cut(&line, ' '));
	person->text[PERSON_NAME] = text_of(r, span_trim(span_cut(&line, ';')));
	person->text[PERSON_ORG] = text_of(r, span_trim(span_cut(&line, ';')));
	person->text[PERSON_URIS] = text_of(r, span_trim(line));
}

static void append(struct timeline *t, const char *lines)
{
	struct span rest = span_str(lines);
	struct registry r;

	assert_int_equal(registry_init(&r, NULL), 0);
	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');

		if (span_starts(line, SPAN("@")))
			put_person(&r, span_skip(line, 1));
		else
			put_record(&r, line);
	}
	assert_int_equal(timeline_append(t, &r, NULL), 0);
	registry_release(&r);
}

/* Rows that lead to another one than themselves. */
static void put_lives(
    struct buf *b, const struct timeline *t, const struct lives *l)
{
	for (uint32_t i = 0; i < t->row_count; i++) {
		if (l->row_last[i] == i)
			continue;
		put_place(b, t, false, i);
		buf_str(b, " => ");
		put_place(b, t, false, l->row_last[i]);
		buf_str(b, "\n");
	}
}

#define PEOPLE "@ann Ann;;mailto:a\n@bob Bob;;\n@acme ;Acme Inc.;\n@new ;New;\n"

static const struct {
	int line;
	const char *before, *after;
	const char *events; /* and then lives */
} cases[] = {
    /* Nothing, and what only moved. */
    {__LINE__, "1/tcp/a\n2/tcp/b\n3/tcp/c", "1/tcp/a\n2/tcp/b\n3/tcp/c", ""},
    {__LINE__, "-/tcp/a t=A\n-/tcp/b\n-/tcp/c", "-/tcp/b\n-/tcp/c\n-/tcp/a t=A",
	"-/tcp/a => -/tcp/a\n"},
    {__LINE__, "@ann Ann;;\n@bob Bob;;\n@cid C;;",
	"@bob Bob;;\n@cid C;;\n@ann Ann;;", ""},

    /* Assigned: a name, a port from a range, a Reserved sibling. */
    {__LINE__, "1/tcp/a", "1/tcp/a\n-/tcp/b", "assigned none -> -/tcp/b\n"},
    {__LINE__, "10-19/-/-",
	"10-13/-/-\n14/tcp/a d=2020-01-01\n14/udp/- t=Reserved\n15-19/-/-",
	"split 10-19/-/- -> 10-13/-/-: number\n"
	"assigned 10-19/-/- -> 14/tcp/a: date name protocol number "
	"description\n"
	"split 10-19/-/- -> 14/udp/-: protocol number description\n"
	"split 10-19/-/- -> 15-19/-/-: number\n"
	"10-19/-/- => 15-19/-/-\n"},
    {__LINE__, "10-19/-/-", "10/tcp/a\n10/udp/a\n11-19/-/-",
	"assigned 10-19/-/- -> 10/tcp/a: name protocol number description\n"
	"assigned 10-19/-/- -> 10/udp/a: name protocol number description\n"
	"split 10-19/-/- -> 11-19/-/-: number\n"
	"10-19/-/- => 11-19/-/-\n"},
    {__LINE__, "10/-/-", "10/tcp/a\n10/udp/- t=Reserved",
	"assigned 10/-/- -> 10/tcp/a: name protocol description\n"
	"split 10/-/- -> 10/udp/-: protocol description\n"
	"10/-/- => 10/tcp/a\n"},
    {__LINE__, "7/tcp/a\n7/udp/- t=Reserved", "7/tcp/a\n7/udp/a t=Also",
	"assigned 7/udp/- -> 7/udp/a: name description\n"
	"7/udp/- => 7/udp/a\n"},
    {__LINE__, "7/tcp/a", "7/tcp/a\n7/sctp/a\n7/tcp/b",
	"assigned none -> 7/sctp/a\nassigned none -> 7/tcp/b\n"},
    {__LINE__, "24/tcp/- t=any private mail system", "24/tcp/mail",
	"assigned 24/tcp/- -> 24/tcp/mail: name description\n"
	"24/tcp/- => 24/tcp/mail\n"},

    /* Deassigned, with the name gone, kept, and kept by one for all. */
    {__LINE__, "5/tcp/a d=2006-12\n5/udp/a d=2006-12",
	"5/tcp/- d=2006-12; u=2022-01-10; t=Reserved; n=was a\n"
	"5/udp/- d=2006-12; u=2022-01-10; t=Reserved; n=was a",
	"deassigned 5/tcp/a -> 5/tcp/-: updated name description note\n"
	"deassigned 5/udp/a -> 5/udp/-: updated name description note\n"
	"5/tcp/a => 5/tcp/-\n5/udp/a => 5/udp/-\n"},
    {__LINE__, "5/tcp/a\n5/udp/a", "5/-/- t=Reserved",
	"deassigned 5/tcp/a -> 5/-/-: name protocol description\n"
	"deassigned 5/udp/a -> 5/-/-: name protocol description\n"
	"5/tcp/a => 5/-/-\n5/udp/a => 5/-/-\n"},
    {__LINE__, "8/tcp/a t=A\n8/udp/a t=A",
	"8/tcp/- t=Reserved\n8/udp/- t=Reserved\n-/-/a t=A",
	"deassigned 8/tcp/a -> 8/tcp/-: name description\n"
	"deassigned 8/udp/a -> 8/udp/-: name description\n"
	"renumbered 8/tcp/a -> -/-/a: protocol number\n"
	"renumbered 8/udp/a -> -/-/a: protocol number\n"
	"8/tcp/a => -/-/a\n8/udp/a => -/-/a\n"},
    {__LINE__, "2/tcp/a\n2/udp/a\n3/tcp/a\n3/udp/a",
	"2/tcp/- t=Reserved\n2/udp/- t=Reserved\n3/tcp/- t=Reserved\n"
	"3/udp/- t=Reserved\n-/tcp/a\n-/udp/a",
	"deassigned 2/tcp/a -> 2/tcp/-: name description\n"
	"deassigned 2/udp/a -> 2/udp/-: name description\n"
	"deassigned 3/tcp/a -> 3/tcp/-: name description\n"
	"deassigned 3/udp/a -> 3/udp/-: name description\n"
	"renumbered 2/tcp/a -> -/tcp/a: number\n"
	"renumbered 3/tcp/a -> -/tcp/a: number\n"
	"renumbered 2/udp/a -> -/udp/a: number\n"
	"renumbered 3/udp/a -> -/udp/a: number\n"
	"2/tcp/a => -/tcp/a\n2/udp/a => -/udp/a\n"
	"3/tcp/a => -/tcp/a\n3/udp/a => -/udp/a\n"},
    {__LINE__, "4/-/-\n5/tcp/a\n6-9/-/-", "4-9/-/-",
	"deassigned 5/tcp/a -> 4-9/-/-: name protocol number description\n"
	"merged 4/-/- -> 4-9/-/-: number\n"
	"merged 6-9/-/- -> 4-9/-/-: number\n"
	"4/-/- => 4-9/-/-\n5/tcp/a => 4-9/-/-\n6-9/-/- => 4-9/-/-\n"},
    {__LINE__, "-/tcp/a\n9/tcp/b", "",
	"deassigned -/tcp/a -> none\n"
	"deassigned 9/tcp/b -> none\n"},
    {__LINE__, "9/tcp/a", "-/tcp/a",
	"renumbered 9/tcp/a -> -/tcp/a: number\n9/tcp/a => -/tcp/a\n"},

    /* Another service on a number: the date is another. */
    {__LINE__, "9/tcp/a d=2007-06; t=A", "9/tcp/b d=2015-11-13; t=B",
	"deassigned 9/tcp/a -> none\n"
	"assigned 9/tcp/a -> 9/tcp/b: date name description\n"
	"9/tcp/a => 9/tcp/b\n"},

    /* Renamed, with all else or all but the date changed; and twice. */
    {__LINE__, "9/tcp/a d=2003-07; t=T", "9/tcp/b d=2003-07; u=2025-01-01; t=T",
	"renamed 9/tcp/a -> 9/tcp/b: updated name\n9/tcp/a => 9/tcp/b\n"},
    {__LINE__, "9/tcp/a t=A; c=ann", "9/tcp/b t=B; c=bob",
	"renamed 9/tcp/a -> 9/tcp/b: name description contact\n"
	"9/tcp/a => 9/tcp/b\n"},
    {__LINE__, "9/tcp/a-b t=A\n9/tcp/a_b t=B", "9/tcp/x t=B\n9/tcp/y t=A",
	"renamed 9/tcp/a_b -> 9/tcp/x: name\n"
	"renamed 9/tcp/a-b -> 9/tcp/y: name\n"
	"9/tcp/a-b => 9/tcp/y\n9/tcp/a_b => 9/tcp/x\n"},
    {__LINE__, "-/tcp/a_x d=2019-06-13; c=ann; t=A\n-/tcp/z",
	"-/tcp/a-x d=2019-06-13; c=ann; t=A\n-/tcp/b d=2019-06-13; c=bob\n"
	"-/tcp/z",
	"renamed -/tcp/a_x -> -/tcp/a-x: name\nassigned none -> -/tcp/b\n"
	"-/tcp/a_x => -/tcp/a-x\n"},
    {__LINE__, "-/tcp/a t=A\n-/tcp/z", "-/tcp/b t=B\n-/tcp/z",
	"deassigned -/tcp/a -> none\nassigned none -> -/tcp/b\n"},
    /* The name goes to another number as another takes its place. */
    {__LINE__, "30-39/-/-\n44/tcp/zs d=2012-10-12",
	"30/tcp/zs d=2015-06-26\n31-39/-/-\n44/tcp/zt d=2012-10-12",
	"assigned 30-39/-/- -> 30/tcp/zs: date name protocol number "
	"description\n"
	"split 30-39/-/- -> 31-39/-/-: number\n"
	"renamed 44/tcp/zs -> 44/tcp/zt: name\n"
	"30-39/-/- => 31-39/-/-\n44/tcp/zs => 44/tcp/zt\n"},

    /* Renumbered, and what that does to the ranges. */
    {__LINE__,
	"10-14/-/-\n15/tcp/g d=2020-01-10\n15/udp/- t=Reserved\n"
	"20-29/-/-",
	"10-15/-/-\n20-22/-/-\n23/tcp/g d=2020-01-10\n23/udp/- t=Reserved\n"
	"24-29/-/-",
	"merged 10-14/-/- -> 10-15/-/-: number\n"
	"merged 15/udp/- -> 10-15/-/-: protocol number description\n"
	"split 20-29/-/- -> 20-22/-/-: number\n"
	"renumbered 15/tcp/g -> 23/tcp/g: number\n"
	"split 20-29/-/- -> 23/udp/-: protocol number description\n"
	"split 20-29/-/- -> 24-29/-/-: number\n"
	"10-14/-/- => 10-15/-/-\n15/tcp/g => 23/tcp/g\n"
	"15/udp/- => 10-15/-/-\n20-29/-/- => 24-29/-/-\n"},
    {__LINE__, "5/tcp/x t=X\n6/tcp/y t=Y", "5/tcp/y t=Y\n6/tcp/x t=X",
	"renumbered 6/tcp/y -> 5/tcp/y: number\n"
	"renumbered 5/tcp/x -> 6/tcp/x: number\n"
	"5/tcp/x => 6/tcp/x\n6/tcp/y => 5/tcp/y\n"},
    {__LINE__, "5/-/-\n-/tcp/x t=X", "5/tcp/x t=X\n5/udp/- t=Reserved",
	"renumbered -/tcp/x -> 5/tcp/x: number\n"
	"split 5/-/- -> 5/udp/-: protocol description\n"
	"5/-/- => 5/udp/-\n-/tcp/x => 5/tcp/x\n"},
    {__LINE__, "-/-/x t=X", "5/tcp/x t=X\n5/udp/x t=X",
	"renumbered -/-/x -> 5/tcp/x: protocol number\n"
	"assigned none -> 5/udp/x\n-/-/x => 5/tcp/x\n"},
    {__LINE__, "-/tcp/x t=X", "-/udp/x t=X; u=2016-03-30",
	"modified -/tcp/x -> -/udp/x: updated protocol\n"
	"-/tcp/x => -/udp/x\n"},

    /* Transferred, alone and with more; not the same party by another id. */
    {__LINE__, PEOPLE "1/tcp/a a=acme; c=ann", PEOPLE "1/tcp/a a=new; c=bob",
	"transferred 1/tcp/a -> 1/tcp/a: assignee contact\n"
	"1/tcp/a => 1/tcp/a\n"},
    {__LINE__, PEOPLE "1/tcp/a a=acme", PEOPLE "1/tcp/b a=new; u=2025-10-30",
	"renamed 1/tcp/a -> 1/tcp/b: updated name\n"
	"transferred 1/tcp/a -> 1/tcp/b: assignee\n1/tcp/a => 1/tcp/b\n"},
    {__LINE__, PEOPLE "1/tcp/a", PEOPLE "1/tcp/a a=new",
	"modified 1/tcp/a -> 1/tcp/a: assignee\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, PEOPLE "1/tcp/a a=new", PEOPLE "1/tcp/a",
	"modified 1/tcp/a -> 1/tcp/a: assignee\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, PEOPLE "1/tcp/a a=nobody", PEOPLE "1/tcp/a a=new",
	"modified 1/tcp/a -> 1/tcp/a: assignee\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "@acme ;Acme Inc.;x\n1/tcp/a a=acme",
	"@acme_2 ;ACME, Inc;y\n1/tcp/a a=acme_2",
	"editorial 1/tcp/a -> 1/tcp/a: assignee\n"
	"person acme -> none\nperson none -> acme_2\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "@T_2 ;3GPP2;m\n1/tcp/a a=T_2", "@_3_2 ;3GPP2;m\n1/tcp/a a=_3_2",
	"editorial 1/tcp/a -> 1/tcp/a: assignee\n"
	"person T_2 -> _3_2: id\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a a=Cisco_systems_3", "1/tcp/a a=Cisco_Systems_3",
	"editorial 1/tcp/a -> 1/tcp/a: assignee\n1/tcp/a => 1/tcp/a\n"},

    /* Ranges: pieces, sums, corrections, and what has no other side. */
    {__LINE__, "10-19/-/-\n21-29/-/-", "10-29/-/-",
	"merged 10-19/-/- -> 10-29/-/-: number\n"
	"merged 21-29/-/- -> 10-29/-/-: number\n"
	"10-19/-/- => 10-29/-/-\n21-29/-/- => 10-29/-/-\n"},
    {__LINE__, "10-19/-/-", "10-12/-/-\n13/-/-\n14-19/-/-",
	"split 10-19/-/- -> 10-12/-/-: number\n"
	"split 10-19/-/- -> 13/-/-: number\n"
	"split 10-19/-/- -> 14-19/-/-: number\n10-19/-/- => 14-19/-/-\n"},
    {__LINE__, "10-19/-/-\n20-29/-/-", "10-15/-/-\n16-29/-/-",
	"split 10-19/-/- -> 10-15/-/-: number\n"
	"split 10-19/-/- -> 16-29/-/-: number\n"
	"merged 20-29/-/- -> 16-29/-/-: number\n"
	"10-19/-/- => 10-15/-/-\n20-29/-/- => 16-29/-/-\n"},
    {__LINE__, "10-19/-/-", "12-19/-/-",
	"modified 10-19/-/- -> 12-19/-/-: number\n10-19/-/- => 12-19/-/-\n"},
    {__LINE__, "6/-/-", "6-9/-/-",
	"modified 6/-/- -> 6-9/-/-: number\n6/-/- => 6-9/-/-\n"},
    {__LINE__, "6/-/- t=Unassigned", "6/-/- t=Reserved",
	"modified 6/-/- -> 6/-/-: description\n6/-/- => 6/-/-\n"},
    {__LINE__, "6/udp/- t=Reserved\n7/tcp/a", "7/tcp/a\n9/udp/- t=Reserved",
	"modified 6/udp/- -> none\nmodified none -> 9/udp/-\n"},
    {__LINE__, "6/tcp/-\n6/udp/-", "6/tcp/- x=yes\n6/udp/-",
	"modified 6/tcp/- -> 6/tcp/-: unauthorized\n6/tcp/- => 6/tcp/-\n"},

    /* Modified: what else matters. */
    {__LINE__, "1/tcp/a t=One two", "1/tcp/a t=One too",
	"modified 1/tcp/a -> 1/tcp/a: description\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a n=Note", "1/tcp/a n=NOTE",
	"modified 1/tcp/a -> 1/tcp/a: note\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a u=2020-01-01; r=rfc1", "1/tcp/a u=2021-01-01; r=rfc2",
	"modified 1/tcp/a -> 1/tcp/a: updated reference\n"
	"1/tcp/a => 1/tcp/a\n"},
    {__LINE__, PEOPLE "1/tcp/a c=ann", PEOPLE "1/tcp/a c=ann,bob",
	"modified 1/tcp/a -> 1/tcp/a: contact\n1/tcp/a => 1/tcp/a\n"},

    /* Editorial. */
    {__LINE__, "1/tcp/a t=One  two", "1/tcp/a t=one\n",
	"modified 1/tcp/a -> 1/tcp/a: description\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a t=One  two", "1/tcp/a t=One \x01 two",
	"editorial 1/tcp/a -> 1/tcp/a: description\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a t=fort\xc3\xa9 X", "1/tcp/a t=FORT\xc3\x89 x",
	"editorial 1/tcp/a -> 1/tcp/a: description\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a D=RFC-ietf-x-7", "1/tcp/a r=rfc9900",
	"editorial 1/tcp/a -> 1/tcp/a: reference\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__,
	"1/tcp/- n=By \x04"
	"dRFC-ietf-x\x06\x07",
	"1/tcp/- n=By \x04rrfc9900\x06\x07",
	"editorial 1/tcp/- -> 1/tcp/-: note\n1/tcp/- => 1/tcp/-\n"},
    {__LINE__, "@k K M;;\n1/tcp/a n=Ask \x04pk\x06\x07",
	"@k2 K M;;\n1/tcp/a n=Ask \x04pk2\x06\x07",
	"editorial 1/tcp/a -> 1/tcp/a: note\nperson k -> k2: id\n"
	"1/tcp/a => 1/tcp/a\n"},
    {__LINE__, PEOPLE "1/tcp/a c=ann,bob", PEOPLE "1/tcp/a c=bob,ann",
	"editorial 1/tcp/a -> 1/tcp/a: contact\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a f=np", "1/tcp/a f=npt",
	"editorial 1/tcp/a -> 1/tcp/a: form\n1/tcp/a => 1/tcp/a\n"},
    {__LINE__, "1/tcp/a", "1/tcp/a s=<record/>",
	"editorial 1/tcp/a -> 1/tcp/a: source\n1/tcp/a => 1/tcp/a\n"},

    /* Persons. */
    {__LINE__, "@ann Ann;;a\n@bob Bob;;", "@ann Ann;;b\n@cid Cid;;",
	"person bob -> none\nperson ann -> ann: uris\n"
	"person none -> cid\n"},

    /* Equal keys go by their place, but for those that are the same. */
    {__LINE__, "-/-/rdp t=One\n-/-/rdp t=Two", "-/-/rdp t=One\n-/-/rdp t=Too",
	"modified -/-/rdp -> -/-/rdp: description\n-/-/rdp => -/-/rdp\n"},
    {__LINE__, "-/-/rdp t=One\n-/-/rdp t=Two; c=ann", "-/-/rdp t=Two; c=bob",
	"deassigned -/-/rdp -> none\n"
	"modified -/-/rdp -> -/-/rdp: contact\n-/-/rdp => -/-/rdp\n"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct timeline t;
		struct lives l;
		struct buf b;

		buf_init(&b);
		assert_int_equal(timeline_init(&t, NULL), 0);
		append(&t, cases[i].before);
		append(&t, cases[i].after);
		assert_int_equal(lives_make(&t, &l, NULL), 0);
		for (size_t n = 0; n < l.event_count; n++)
			put_event(&b, &t, &l.events[n]);
		put_lives(&b, &t, &l);
		buf_char(&b, '\0');
		if (strcmp(b.ptr, cases[i].events) != 0)
			fail_msg("line %d:\n%s\ninstead of\n%s", cases[i].line,
			    b.ptr, cases[i].events);
		lives_release(&l);
		timeline_release(&t);
		buf_release(&b);
	}
}

/* A life through several versions, and one that ends. */
static void test_long_life(void **state)
{
	static const char *const editions[] = {
	    "5-9/-/-\n20/tcp/x",
	    "5/tcp/a t=A\n5/udp/- t=Reserved\n6-9/-/-\n20/tcp/x",
	    "5/tcp/a t=B\n5/udp/- t=Reserved\n6-9/-/-",
	    "5/tcp/b t=B\n5/udp/b t=B\n6-9/-/-",
	    "5/tcp/b t=B\n5/udp/b t=B\n6-9/-/-",
	    "5/tcp/- t=Reserved\n5/udp/- t=Reserved\n6-9/-/-\n-/tcp/b t=B",
	};
	static const uint32_t first_event[] = {0, 0, 3, 5, 7, 7, 10};
	struct timeline t;
	struct lives l;
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (size_t i = 0; i < sizeof(editions) / sizeof(editions[0]); i++)
		append(&t, editions[i]);
	assert_int_equal(lives_make(&t, &l, NULL), 0);
	put_lives(&b, &t, &l);
	buf_char(&b, '\0');
	assert_string_equal(b.ptr, "5-9/-/- => 6-9/-/-\n"
				   "5/tcp/a => -/tcp/b\n"
				   "5/tcp/a => -/tcp/b\n"
				   "5/udp/- => 5/udp/-\n"
				   "5/tcp/b => -/tcp/b\n"
				   "5/udp/b => 5/udp/-\n");
	assert_memory_equal(l.first_event, first_event, sizeof(first_event));
	lives_release(&l);
	timeline_release(&t);
	buf_release(&b);
}

static void expect_order(const struct lives *l)
{
	for (size_t i = 1; i < l->event_count; i++) {
		const struct life_event *a = &l->events[i - 1], *b = a + 1;

		assert_true(a->version <= b->version);
		assert_true(a->version < b->version ||
			    a->kind != EVENT_PERSON || b->kind == EVENT_PERSON);
	}
}

/*
 * What holds for any registry: each row that begins or ends without its twin
 * is in an event, and who comes next begins in the version that ends it.
 */
static void expect_sound(const struct timeline *t, const struct lives *l)
{
	uint8_t *come = mem_zalloc(t->row_count, 1);
	uint8_t *gone = mem_zalloc(t->row_count, 1);

	assert_non_null(come);
	assert_non_null(gone);
	for (size_t i = 0; i < l->event_count; i++) {
		const struct life_event *e = &l->events[i];

		if (e->kind == EVENT_PERSON)
			continue;
		if (e->before != LIFE_NONE) {
			gone[e->before] = true;
			assert_int_equal(
			    t->rows[e->before].last + 1, e->version);
		}
		if (e->after != LIFE_NONE) {
			come[e->after] = true;
			assert_int_equal(t->rows[e->after].first, e->version);
		}
	}
	for (size_t i = 0; i < t->row_count; i++) {
		uint32_t next = l->row_next[i];
		const struct timeline_row *row = &t->rows[i];

		if (next != LIFE_NONE) {
			assert_int_equal(t->rows[next].first, row->last + 1);
			assert_int_equal(l->row_last[i], l->row_last[next]);
			if (memcmp(row->record.text, t->rows[next].record.text,
				sizeof(row->record.text)) == 0)
				come[next] = gone[i] = true;
		} else {
			assert_int_equal(l->row_last[i], i);
		}
	}
	for (size_t i = 0; i < t->row_count; i++) {
		assert_true(come[i] || t->rows[i].first == 0);
		assert_true(gone[i] || t->rows[i].last + 1 == t->version_count);
	}
	mem_release(come);
	mem_release(gone);
	expect_order(l);
}

static void test_editions(void **state)
{
	struct timeline t;
	struct lives l, again;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (unsigned i = 0; i < 40; i++) {
		struct registry r;

		assert_int_equal(sample_edition(&r, i), 0);
		assert_int_equal(timeline_append(&t, &r, NULL), 0);
		registry_release(&r);
	}
	assert_int_equal(lives_make(&t, &l, NULL), 0);
	assert_int_equal(lives_make(&t, &again, NULL), 0);
	expect_sound(&t, &l);
	assert_int_equal(l.event_count, again.event_count);
	assert_memory_equal(
	    l.events, again.events, l.event_count * sizeof(l.events[0]));
	lives_release(&l);
	lives_release(&again);
	timeline_release(&t);
}

/* Of i from 0: ranges that overlap as much as they can, or names. */
static void append_many(
    struct timeline *t, unsigned count, unsigned from, bool ranges)
{
	struct registry r;

	assert_int_equal(registry_init(&r, NULL), 0);
	for (unsigned i = 0; i < count; i++) {
		char line[80];

		if (ranges)
			snprintf(line, sizeof(line), "%u-%u/-/-",
			    (from + i) % 30000, 40000 + (from + i * 7) % 20000);
		else
			snprintf(line, sizeof(line), "%u/tcp/n%u t=%u",
			    (from + i) % 65536, i, from);
		put_record(&r, span_str(line));
	}
	assert_int_equal(timeline_append(t, &r, NULL), 0);
	registry_release(&r);
}

/* All of it replaced: what is told, and the time it takes, stays in line. */
static void test_absurd(void **state)
{
	static const struct {
		unsigned count;
		bool ranges;
	} sizes[] = {{100000, false}, {10000, true}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct timeline t;
		struct lives l;

		assert_int_equal(timeline_init(&t, NULL), 0);
		append_many(&t, sizes[i].count, 0, sizes[i].ranges);
		append_many(&t, sizes[i].count, 1, sizes[i].ranges);
		assert_int_equal(lives_make(&t, &l, NULL), 0);
		expect_sound(&t, &l);
		assert_in_range(l.event_count, sizes[i].count,
		    200 * (size_t)sizes[i].count);
		lives_release(&l);
		timeline_release(&t);
	}
}

#ifdef PORTBOOK_FAULTS
static void test_no_memory(void **state)
{
	struct timeline t;
	struct lives l;
	int code = PORTBOOK_ENOMEM;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	append(&t, PEOPLE "5-9/-/-\n20/tcp/x t=X\n21/tcp/y");
	append(&t, "5/tcp/a t=A\n6-9/-/-\n20/tcp/x t=Y\n-/tcp/y");
	for (size_t n = 1; code != 0; n++) {
		mem_fail_from(n);
		code = lives_make(&t, &l, NULL);
		mem_fail_from(0);
		if (code != 0)
			assert_int_equal(code, PORTBOOK_ENOMEM);
		assert_in_range(n, 1, 1000);
	}
	lives_release(&l);
	timeline_release(&t);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_long_life),
	    cmocka_unit_test(test_editions),
	    cmocka_unit_test(test_absurd),
#ifdef PORTBOOK_FAULTS
	    cmocka_unit_test(test_no_memory),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
