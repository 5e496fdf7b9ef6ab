/* SPDX-License-Identifier: ISC */
/*
 * walk IMAGE...: all that can be asked of each file, be it damaged.  Any answer
 * will do, but for texts: where one is said to need so much room, that much is
 * enough.  Prints "N opened, N refused, N faults".
 */
#include <portbook/portbook.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 400 /* of one answer */

typedef size_t text_fn(
    const struct portbook_record *record, char *buf, size_t size);

static unsigned long opened, refused, faults, sum;

static void look(const char *text)
{
	if (text != NULL)
		sum += strlen(text);
}

/* Room of a text's own, so that every byte behind it is a fault. */
static void text_of(text_fn *fn, const struct portbook_record *record)
{
	size_t told = fn(record, NULL, 0), again;
	char *buf = malloc(told + 1), few[5];

	fn(record, few, sizeof(few));
	sum += strlen(few);
	again = fn(record, buf, told + 1);
	faults += again > told || strlen(buf) > again;
	free(buf);
}

static void lists_of(const struct portbook_record *record)
{
	struct portbook_person person;
	char buf[300];

	for (size_t n = 0; n < 20; n++) {
		portbook_record_assignee(record, n, buf, sizeof(buf));
		portbook_record_contact(record, n, buf, sizeof(buf));
		for (int part = PORTBOOK_REFERENCE_TYPE;
		     part <= PORTBOOK_REFERENCE_URL; part++)
			portbook_record_reference(record, n,
			    (enum portbook_reference)part, buf, sizeof(buf));
		if (!portbook_record_person(record, n, &person))
			continue;
		look(portbook_person_id(&person));
		look(portbook_person_updated(&person));
		portbook_person_name(&person, buf, sizeof(buf));
		portbook_person_organization(&person, buf, sizeof(buf));
		portbook_person_uri(&person, n, buf, sizeof(buf));
		faults += portbook_person_uri(
			      &person, SIZE_MAX, buf, sizeof(buf)) != 0;
	}
}

static void record_of(const struct portbook_record *record)
{
	look(portbook_record_name(record));
	look(portbook_record_alias_of(record));
	look(portbook_record_registered(record));
	look(portbook_record_modified(record));
	sum += (size_t)portbook_record_first(record);
	sum += (size_t)portbook_record_last(record);
	faults += portbook_record_protocol(record) > PORTBOOK_OTHER;
	faults += portbook_record_state(record) > PORTBOOK_ASSIGNED;
	faults += portbook_record_class(record) > PORTBOOK_UNNUMBERED;
	sum += (size_t)portbook_record_is_preferred(record);
	text_of(portbook_record_key, record);
	text_of(portbook_record_description, record);
	text_of(portbook_record_note, record);
	text_of(portbook_record_unauthorized_use, record);
	text_of(portbook_record_service_code, record);
	lists_of(record);
}

static void records_of(struct portbook_it *it, int found)
{
	struct portbook_record record;

	for (int n = 0; found >= 0 && n < RECORDS; n++) {
		if (!portbook_next(it, &record))
			break;
		record_of(&record);
	}
}

static void names_of(const struct portbook *db, const char *as_of)
{
	static const char *const names[] = {"https", "rdp", "whois", "x11",
	    "a-name-of-more-than-fifteen-letters", "\xc3\xa9", ""};
	struct portbook_name_report report = {.size = sizeof(report)};
	struct portbook_person person;
	struct portbook_it it;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		records_of(&it, portbook_by_name(db, names[i], PORTBOOK_ANY,
				    as_of, &it, NULL));
		if (portbook_check_name(db, names[i], as_of, &report, NULL) < 0)
			continue;
		for (size_t n = 0; n < report.finding_count; n++)
			look(report.findings[n]);
	}
	if (portbook_person_find(db, "IESG", &person))
		look(portbook_person_id(&person));
}

static void ports_of(const struct portbook *db, const char *as_of)
{
	struct portbook_free wish = PORTBOOK_FREE_INIT;
	struct portbook_reason reason = {.size = sizeof(reason)};
	struct portbook_it it;
	uint16_t ports[3];

	for (unsigned port = 0; port < 65536; port += port < 1024 ? 41 : 3023) {
		for (int p = PORTBOOK_TCP; p <= PORTBOOK_ANY; p++) {
			enum portbook_protocol protocol =
			    (enum portbook_protocol)p;

			records_of(&it, portbook_by_port(db, port, protocol,
					    as_of, &it, NULL));
			faults += portbook_port_state(
				      db, port, protocol, as_of, NULL) > 3;
		}
		for (size_t n = 0; portbook_reason_find(db, &wish, as_of, port,
				       n, &reason, NULL) == 1;
		     n++)
			look(reason.code);
	}
	wish.seed = "walk";
	faults += portbook_suggest(db, &wish, as_of, ports, 3, NULL) > 3;
}

static void found_of(const struct portbook *db, const char *as_of)
{
	static const char *const words[] = {"", "tcp", "whois", "a 1", "\xc3"};
	size_t size = portbook_scratch_size(db, RECORDS);
	void *scratch = malloc(size);
	struct portbook_it it;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		records_of(&it, portbook_search(db, words[i], as_of, i * 7,
				    scratch, size, &it, NULL));
	records_of(&it,
	    portbook_query(db, "0-65535", as_of, scratch, size, &it, NULL));
	records_of(
	    &it, portbook_query(db, "8000-8010", as_of, NULL, 0, &it, NULL));
	free(scratch);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		static const char *const dates[] = {
		    NULL, "2016-11-10", "2020-01-10", "2026-08-17.2"};
		struct portbook *db;

		if (portbook_open(argv[i], &db, NULL) < 0) {
			refused++;
			continue;
		}
		opened++;
		look(portbook_date(db));
		for (size_t n = 0; n < sizeof(dates) / sizeof(dates[0]); n++) {
			const char *date;

			if (portbook_as_of(db, dates[n], &date, NULL) == 0)
				look(date);
			names_of(db, dates[n]);
			ports_of(db, dates[n]);
			found_of(db, dates[n]);
		}
		portbook_close(db);
	}
	printf(
	    "%lu opened, %lu refused, %lu faults\n", opened, refused, faults);
	return sum == 1;
}
