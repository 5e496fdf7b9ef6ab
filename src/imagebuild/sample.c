/* SPDX-License-Identifier: ISC */
#include "imagebuild/sample.h"

#include <stdio.h>

#include "base/banned.h"

#define P(id) "\x04p" id "\x06\x07"
#define R(id) "\x04r" id "\x06\x07"
#define ALIAS(name) "This entry is an alias to \"" name "\".\nIt is historic."
#define DUPLICATE "This is a duplicate of the \"http\" service."
#define WIDESPREAD "This entry records an unassigned but widespread use"

struct sample_row {
	const char *name, *number, *protocol, *description;
	const char *assignee, *contact, *reference, *note;
};

static const struct sample_row rows[] = {
    {"", "0", "tcp", "Reserved", P("JT"), P("JT"), "", ""},
    {"", "0", "udp", "Reserved", P("JT"), P("JT"), "", ""},
    {"", "4-6", "", "Unassigned", "", "", "", ""},
    {"", "5", "tcp", "(unassigned) between", "", "", "", ""},
    {"ftp-data", "20", "tcp", "File Transfer [Default Data]", P("JT"), P("JT"),
	R("rfc959"), ""},
    {"ftp-data", "20", "sctp", "FTP", P("RS"), P("RS"), R("rfc9260"), ""},
    {"", "24", "tcp", "any private mail system", P("RA"), P("RA"), "", ""},
    {"any-port", "33", "", "Named without protocol", "", P("RA"), "", ""},
    {"dsp", "33", "udp", "Display Support Protocol", "", P("EC"), "",
	"Ask " P("EC") " or " P("nobody") "."},
    {"dsp", "33", "dccp", "Display Support Protocol", "", P("EC"), "", ""},
    {"whois++", "63", "tcp", "whois++", "", P("RS"), "", ALIAS("whoispp")},
    {"whoispp", "63", "tcp", "whois++", "", P("RS"), "", ""},
    {"http", "80", "tcp", "World Wide Web HTTP", P("IESG"), P("IESG"),
	R("rfc9110"), "Defined TXT keys:\n      u=<username>"},
    {"http", "80", "udp", "World Wide Web HTTP", P("IESG"), P("IESG"),
	R("rfc9110"), ""},
    {"www", "80", "tcp", "World Wide Web HTTP", P("IESG"), P("IESG"), "",
	DUPLICATE},
    {"alpha_1", "99", "tcp", "", "", P("RA"), "", ALIAS("alpha-1")},
    {"beta_1", "99", "tcp", "", "", P("RA"), "", ALIAS("alpha-1")},
    {"ident", "113", "tcp", "", "", P("RS"), R("rfc1413"), ""},
    {"auth", "113", "tcp", "Authentication Service", "", P("RS"), "", ""},
    {"auth", "113", "udp", "Authentication Service", "", P("RS"), "", ""},
    {"urd", "465", "tcp", "URL Rendezvous Directory", "", P("RS"), "", ""},
    {"submissions", "465", "tcp", "Message Submission", P("IESG"), P("IESG"),
	R("rfc8314"), ""},
    {"shilp", "2049", "tcp", "", "", P("RA"), "", ""},
    {"nfs", "2049", "tcp", "Network File System", "", P("RA"), "", ""},
    {"other", "3000", "ddp", "Of another protocol", "", "", "", ""},
    {"group-a", "5000-5003", "tcp", "A range", "", P("RA"), "", ""},
    {"single", "5001", "tcp", "Within the range", "", P("RA"), "", WIDESPREAD},
    {"second", "5001", "tcp", "FORT\xc3\x89 \x01\n      twice", "", P("RA"), "",
	""},
    {"group-b", "5002-5010", "tcp", "Another range", "", P("RA"), "", ""},
    {"A-Name-of-16-Byt", "7000", "udp", "Sixteen bytes", "", "", "", ""},
    {"fifteen-bytes-x", "7001", "udp", "Fifteen bytes", "", "", "", ""},
    {"a-name-of-more-than-sixteen-bytes", "7002", "udp", "Long", "", "", "",
	""},
    {"n\xc3\x84me", "7003", "udp", "Not ASCII", "", "", "", ""},
    {"x", "65535", "tcp", "The last port", "", P("Zoe"), "", ""},
    {"", "49152-65535", "", "Reserved for dynamic use", "", "", "", ""},
    {"rdp", "", "", "Reliable Data Protocol", "", P("RS"), "", ""},
    {"rdp", "", "", "Remote Desktop Protocol", "", P("RA"), "", ""},
    {"_under.score", "", "tcp", "Characters", "", "", "", ""},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static const char *const people[][3] = {
    {"RS", "Robert Sparks", "mailto:rs&example.org"},
    {"JT", "Joe Test", "mailto:jt&example.org"},
    {"EC", "Ed Cain", ""},
    {"IESG", "", "mailto:iesg&example.org"},
    {"Zoe", "Zo\xc3\xab", "mailto:zoe&example.org"},
    {"RA", "Rita Alm", "mailto:ra&example.org"},
};

static void put(struct registry *r, int *code, uint32_t *to, const char *text)
{
	if (*code == 0)
		*code = registry_text_add(r, span_str(text), to, NULL);
}

static int put_row(
    struct registry *r, const struct sample_row *from, const char *description)
{
	struct record *record = registry_record_new(r);
	struct span number = span_str(from->number);
	uint32_t *text;
	int code = 0;

	if (record == NULL)
		return PORTBOOK_ENOMEM;
	text = record->text;
	put(r, &code, &text[FIELD_FORM],
	    from->assignee[0] != '\0' ? "npadmct" : "npdmct");
	put(r, &code, &text[FIELD_NAME], from->name);
	put(r, &code, &text[FIELD_NUMBER], from->number);
	put(r, &code, &text[FIELD_PROTOCOL], from->protocol);
	put(r, &code, &text[FIELD_DESCRIPTION], description);
	put(r, &code, &text[FIELD_ASSIGNEE], from->assignee);
	put(r, &code, &text[FIELD_CONTACT], from->contact);
	put(r, &code, &text[FIELD_REFERENCE], from->reference);
	put(r, &code, &text[FIELD_NOTE], from->note);
	put(r, &code, &text[FIELD_DATE],
	    number.len % 2 == 0 ? "2006-03" : "2011-11-08");
	record->protocol = (uint8_t)protocol_of(span_str(from->protocol));
	record->has_number = port_range_parse(number, &record->number);
	return code;
}

static int put_head(struct registry *r, unsigned edition)
{
	struct registry_note *note = registry_note_new(r);
	struct registry_note *footnote = registry_footnote_new(r);
	struct gap *gap = registry_record_gap_new(r);
	char day[16];
	int code = 0;

	if (note == NULL || footnote == NULL || gap == NULL)
		return PORTBOOK_ENOMEM;
	snprintf(day, sizeof(day), "2026-01-%02u", edition % 28 + 1);
	put(r, &code, &r->text[REGISTRY_ID], "sample");
	put(r, &code, &r->text[REGISTRY_TITLE], "A sample");
	put(r, &code, &r->text[REGISTRY_UPDATED], day);
	put(r, &code, &r->text[REGISTRY_HEAD], "<head>\x01");
	put(r, &code, &r->text[REGISTRY_TAIL], "<tail>");
	put(r, &code, &note->text, "A note\nin two lines.");
	put(r, &code, &footnote->title, "1");
	put(r, &code, &footnote->text, "A footnote.");
	gap->index = 3;
	put(r, &code, &gap->text, "\n\n");
	for (size_t i = 0; i < sizeof(r->digest); i++)
		r->digest[i] = (uint8_t)(i * 7 + edition);
	r->source_len = 1000 + edition;
	return code;
}

static int put_people(struct registry *r, unsigned edition)
{
	int code = 0;

	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct person *person;

		if (edition > 0 && (i + edition) % 5 == 0)
			continue;
		person = registry_person_new(r);
		if (person == NULL)
			return PORTBOOK_ENOMEM;
		put(r, &code, &person->text[PERSON_FORM], "nu");
		put(r, &code, &person->text[PERSON_ID], people[i][0]);
		put(r, &code, &person->text[PERSON_NAME],
		    (i + edition) % 4 == 3 ? "Renamed" : people[i][1]);
		put(r, &code, &person->text[PERSON_URIS], people[i][2]);
	}
	return code;
}

/* Rows come, go, change and move by what is left of their number's division. */
int sample_edition(struct registry *r, unsigned edition)
{
	int code = registry_init(r, NULL);

	if (code == 0)
		code = put_head(r, edition);
	for (size_t i = 0; code == 0 && i < ROW_COUNT; i++) {
		const struct sample_row *row =
		    &rows[(i + edition / 3) % ROW_COUNT];
		char text[32];

		if (edition > 0 && (i + edition) % 11 == 0)
			continue;
		snprintf(text, sizeof(text), "Edited %u", edition / 2);
		code = put_row(r, row,
		    edition > 0 && (i + edition) % 7 == 0 ? text
							  : row->description);
		if (code == 0 && edition > 0 && (i + edition) % 13 == 0)
			code = put_row(r, row, row->description);
	}
	return code == 0 ? put_people(r, edition) : code;
}

int sample_registry(struct registry *ret)
{
	return sample_edition(ret, 0);
}
