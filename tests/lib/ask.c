/* SPDX-License-Identifier: ISC */
/*
 * ask REGISTRY: asks libportbook what lines of standard input say, and prints
 * what it answers, a line with a dot behind each.  Words are parted by tabs; ""
 *is the newest version.  Lines of a text are parted by U+001F.
 *
 *	port N PROTOCOL AS-OF | name NAME PROTOCOL AS-OF | query TEXT AS-OF
 *	search WORDS AS-OF FIRST ROWS [whole] | state N AS-OF | check NAME |
 *person ID suggest SEED COUNT | reasons N | parse TEXT | texts KEY
 *
 * A failure is "error CODE TEXT".  At the end: how often memory was allocated
 * between opening and closing.
 */
#include <portbook/portbook.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t len);
static unsigned long allocations;
static int counting;

/* Takes the place of malloc(3) for the library, too. */
#ifndef NO_COUNT
void *malloc(size_t len)
{
	allocations += counting != 0;
	return __libc_malloc(len);
}
#endif

static char text[65536], line[65536];
static char *words[8];
static void *scratch;
static size_t scratch_len;

static const char *const protocols[] = {
    "tcp", "udp", "sctp", "dccp", "", "other"};

static void out(const char *name, const char *value)
{
	printf("%s\t", name);
	for (; value != NULL && *value != '\0'; value++)
		if (*value == '\n')
			putchar(0x1f);
		else
			putchar(*value);
	putchar('\n');
}

static int protocol_of(const char *name)
{
	int p = 0;

	while (strcmp(protocols[p], name) != 0)
		p++;
	return p;
}

static const char *or_null(const char *word)
{
	if (word != NULL && strcmp(word, "empty") == 0)
		return "";
	return word != NULL && word[0] != '\0' ? word : NULL;
}

static int failed(int code, const struct portbook_error *err)
{
	if (code < 0)
		printf("error\t%d\t%s\n", code, err->text);
	return code < 0;
}

static void put_lists(const struct portbook_record *r)
{
	struct portbook_person person;

	for (size_t n = 0;
	     portbook_record_assignee(r, n, text, sizeof(text)) > 0; n++)
		out("assignee", text);
	for (size_t n = 0;
	     portbook_record_contact(r, n, text, sizeof(text)) > 0; n++)
		out("contact", text);
	for (size_t n = 0; portbook_record_reference(r, n,
			       PORTBOOK_REFERENCE_TYPE, text, sizeof(text)) > 0;
	     n++) {
		static const char *const parts[] = {"reference type",
		    "reference label", "reference target", "reference section",
		    "reference url"};

		for (int part = 0; part < 5; part++) {
			portbook_record_reference(r, n,
			    (enum portbook_reference)part, text, sizeof(text));
			out(parts[part], text);
		}
	}
	for (size_t n = 0; portbook_record_person(r, n, &person); n++)
		out("person", portbook_person_id(&person));
}

static void put_record(const struct portbook_record *r)
{
	portbook_record_key(r, text, sizeof(text));
	out("record", text);
	out("name", portbook_record_name(r));
	printf("numbers\t%d\t%d\n", portbook_record_first(r),
	    portbook_record_last(r));
	out("protocol", protocols[portbook_record_protocol(r)]);
	printf("state\t%d\nclass\t%d\npreferred\t%d\n",
	    (int)portbook_record_state(r), (int)portbook_record_class(r),
	    portbook_record_is_preferred(r));
	out("alias of", portbook_record_alias_of(r));
	out("registered", portbook_record_registered(r));
	out("modified", portbook_record_modified(r));
	portbook_record_description(r, text, sizeof(text));
	out("description", text);
	portbook_record_note(r, text, sizeof(text));
	out("note", text);
	portbook_record_unauthorized_use(r, text, sizeof(text));
	out("unauthorized", text);
	portbook_record_service_code(r, text, sizeof(text));
	out("service code", text);
	put_lists(r);
}

static void put_records(struct portbook_it *it, int found, int whole)
{
	struct portbook_record record;

	printf("found\t%d\ntotal\t%zu\n", found, portbook_total(it));
	while (portbook_next(it, &record))
		if (whole) {
			put_record(&record);
		} else {
			portbook_record_key(&record, text, sizeof(text));
			out("record", text);
		}
}

static void put_states(const struct portbook *db)
{
	struct portbook_error err;

	for (int p = 0; p < 4; p++) {
		int state = portbook_port_state(db, (unsigned)atoi(words[1]),
		    (enum portbook_protocol)p, or_null(words[2]), &err);

		if (!failed(state, &err))
			printf("%s\t%d\n", protocols[p], state);
	}
}

static void put_check(const struct portbook *db)
{
	struct portbook_name_report report = {.size = sizeof(report)};
	struct portbook_error err;
	int code = portbook_check_name(db, words[1], NULL, &report, &err);

	if (failed(code, &err))
		return;
	printf("usable\t%d\nvalid\t%d\nfree\t%d\n", code, report.is_valid,
	    report.is_free);
	for (size_t i = 0; i < report.finding_count; i++) {
		const char *source,
		    *rule = portbook_rule(report.findings[i], &source);

		printf(
		    "finding\t%s\t%s\t%s\n", report.findings[i], source, rule);
	}
	for (size_t i = 0; i < report.nearest_count; i++)
		out("nearest", report.nearest[i]);
}

static void put_person(const struct portbook *db)
{
	struct portbook_person person;

	if (!portbook_person_find(db, words[1], &person))
		return;
	out("id", portbook_person_id(&person));
	portbook_person_name(&person, text, sizeof(text));
	out("name", text);
	portbook_person_organization(&person, text, sizeof(text));
	out("organization", text);
	for (size_t n = 0; portbook_person_uri(&person, n, text, sizeof(text));
	     n++)
		out("uri", text);
	out("updated", portbook_person_updated(&person));
}

static void put_suggestions(const struct portbook *db)
{
	struct portbook_free wish = PORTBOOK_FREE_INIT;
	struct portbook_error err;
	uint16_t ports[100];
	int count;

	wish.seed = or_null(words[1]);
	count = portbook_suggest(
	    db, &wish, NULL, ports, (size_t)atoi(words[2]), &err);
	for (int i = 0; !failed(count, &err) && i < count; i++)
		printf("%u\n", (unsigned)ports[i]);
}

static void put_reasons(const struct portbook *db)
{
	struct portbook_free wish = PORTBOOK_FREE_INIT;
	struct portbook_reason reason = {.size = sizeof(reason)};
	unsigned port = (unsigned)atoi(words[1]);
	struct portbook_error err;
	int code = portbook_is_usable(db, &wish, NULL, port, &err);

	if (failed(code, &err))
		return;
	printf("usable\t%d\n", code);
	for (size_t n = 0;
	     portbook_reason_find(db, &wish, NULL, port, n, &reason, &err) == 1;
	     n++)
		printf("%s\t%d\t%s\t%s\n", reason.code, (int)reason.verdict,
		    reason.source, reason.against);
}

static void put_parsed(void)
{
	struct portbook_question q = {.size = sizeof(q)};
	struct portbook_error err;

	if (!failed(portbook_parse(words[1], &q, &err), &err))
		printf("%d\t%s\t%u\t%u\t%.*s\n", (int)q.kind,
		    protocols[q.protocol], (unsigned)q.first, (unsigned)q.last,
		    (int)q.name_len, q.name);
}

/*
 * Whether small is text as far as size allows: all but blanks, and bytes of a
 * character that does not fit.
 */
static int is_cut(const char *small, size_t size)
{
	size_t len = strlen(small);

	if (strncmp(small, text, len) != 0)
		return 0;
	for (; len + 1 < size; len++)
		if (text[len] != ' ' && text[len] != '\n' &&
		    (unsigned char)text[len] < 0x80)
			return 0;
	return 1;
}

/* Texts in buffers of every size: whole, or cut and told to be. */
static void put_texts(const struct portbook *db)
{
	struct portbook_record record;
	struct portbook_error err;
	struct portbook_it it;
	char small[8192];
	size_t len = 0, faults = 0;

	if (failed(
		portbook_query(db, words[1], NULL, NULL, 0, &it, &err), &err))
		return;
	while (portbook_next(&it, &record)) {
		len = portbook_record_note(&record, text, sizeof(text));
		for (size_t size = 0; size <= len + 2; size++) {
			size_t told;

			memset(small, 'x', sizeof(small));
			told = portbook_record_note(&record, small, size);
			faults += small[size] != 'x';
			if (size > len)
				faults +=
				    told != len || strcmp(small, text) != 0;
			else
				faults += told < size || told < len;
			if (size > 0 && size <= len)
				faults += !is_cut(small, size);
		}
	}
	printf("len\t%zu\nfaults\t%zu\n", len, faults);
}

static void ask(const struct portbook *db)
{
	struct portbook_error err = {0};
	struct portbook_it it;
	int code;

	if (strcmp(words[0], "port") == 0) {
		code = portbook_by_port(db, (unsigned)atoi(words[1]),
		    (enum portbook_protocol)protocol_of(words[2]),
		    or_null(words[3]), &it, &err);
		if (!failed(code, &err))
			put_records(&it, code, 0);
	} else if (strcmp(words[0], "name") == 0) {
		code = portbook_by_name(db, words[1],
		    (enum portbook_protocol)protocol_of(words[2]),
		    or_null(words[3]), &it, &err);
		if (!failed(code, &err))
			put_records(&it, code, 0);
	} else if (strcmp(words[0], "query") == 0) {
		code = portbook_query(db, words[1], or_null(words[2]), scratch,
		    scratch_len, &it, &err);
		if (!failed(code, &err))
			put_records(&it, code, 1);
	} else if (strcmp(words[0], "search") == 0) {
		size_t rows = (size_t)atoi(words[4]);
		size_t size = strcmp(words[4], "none") == 0
				  ? 0
				  : portbook_scratch_size(db, rows);

		code = portbook_search(db, words[1], or_null(words[2]),
		    (size_t)atoi(words[3]), scratch, size, &it, &err);
		if (!failed(code, &err))
			put_records(&it, code, words[5] != NULL);
	} else if (strcmp(words[0], "state") == 0) {
		put_states(db);
	} else if (strcmp(words[0], "check") == 0) {
		put_check(db);
	} else if (strcmp(words[0], "person") == 0) {
		put_person(db);
	} else if (strcmp(words[0], "suggest") == 0) {
		put_suggestions(db);
	} else if (strcmp(words[0], "reasons") == 0) {
		put_reasons(db);
	} else if (strcmp(words[0], "texts") == 0) {
		put_texts(db);
	} else if (strcmp(words[0], "parse") == 0) {
		put_parsed();
	} else {
		printf("unknown\n");
	}
}

int main(int argc, char **argv)
{
	struct portbook_error err;
	struct portbook *db;
	static char buffers[2][65536];

	setvbuf(stdin, buffers[0], _IOFBF, sizeof(buffers[0]));
	setvbuf(stdout, buffers[1], _IOFBF, sizeof(buffers[1]));
	if (failed(portbook_open(argc > 1 ? argv[1] : NULL, &db, &err), &err))
		return 1;
	printf("%s\t%zu\t%zu\n.\n", portbook_date(db),
	    portbook_record_count(db), portbook_version_count(db));
	scratch_len = portbook_scratch_size(db, 0);
	scratch = malloc(scratch_len);
	counting = 1;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *at = line;

		line[strcspn(line, "\n")] = '\0';
		memset(words, 0, sizeof(words));
		for (size_t i = 0; i < 8 && at != NULL; i++) {
			words[i] = at;
			at = strchr(at, '\t');
			if (at != NULL)
				*at++ = '\0';
		}
		ask(db);
		puts(".");
	}
	counting = 0;
	printf("allocations\t%lu\n", allocations);
	free(scratch);
	portbook_close(db);
	return 0;
}
