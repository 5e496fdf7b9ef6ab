/* SPDX-License-Identifier: ISC */
#include "cli/annotate/ask.h"

#include "base/ascii.h"
#include "base/error.h"
#include "cli/cli.h"
#include "base/banned.h"

static const struct span field_names[ANNOTATE_FIELD_COUNT] = {
    [ANNOTATE_SERVICE] = SPAN_INIT("service"),
    [ANNOTATE_STATE] = SPAN_INIT("state"),
    [ANNOTATE_CLASS] = SPAN_INIT("class"),
    [ANNOTATE_DESCRIPTION] = SPAN_INIT("description"),
    [ANNOTATE_PORT] = SPAN_INIT("port"),
};

struct span annotate_field_name(enum annotate_field field)
{
	return field_names[field];
}

static int read_ports(
    struct span list, struct annotate_ask *ask, struct portbook_error *err)
{
	do {
		struct span column = span_cut(&list, ',');

		if (column.len == 0)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "--port takes COLUMN[,COLUMN...], and one is "
			    "empty");
		if (ask->port_count == ANNOTATE_PORTS_MAX)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "--port takes at most %u columns",
			    ANNOTATE_PORTS_MAX);
		for (size_t i = 0; i < ask->port_count; i++)
			if (span_eq(column, ask->ports[i]))
				return error_set(err, PORTBOOK_EUSAGE, 0,
				    "--port names %.*s twice",
				    SPAN_FMT(span_head(column, 40)));
		ask->ports[ask->port_count++] = column;
	} while (list.len > 0);
	return 0;
}

static bool has_field(const struct annotate_ask *ask, enum annotate_field field)
{
	for (size_t i = 0; i < ask->field_count; i++)
		if (ask->fields[i] == field)
			return true;
	return false;
}

static int read_fields(
    struct span list, struct annotate_ask *ask, struct portbook_error *err)
{
	while (list.len > 0) {
		struct span name = span_cut(&list, ',');
		unsigned field = 0;

		while (field < ANNOTATE_FIELD_COUNT &&
		       !span_eq(name, field_names[field]))
			field++;
		if (field == ANNOTATE_FIELD_COUNT)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "--add takes state, class, description and port, "
			    "parted by commas; not %.*s",
			    SPAN_FMT(span_head(name, 40)));
		if (!has_field(ask, (enum annotate_field)field))
			ask->fields[ask->field_count++] =
			    (enum annotate_field)field;
	}
	return 0;
}

static int read_input(
    struct span word, struct annotate_ask *ask, struct portbook_error *err)
{
	static const struct span names[] = {
	    [INPUT_GUESSED] = SPAN_INIT("auto"),
	    [INPUT_CSV] = SPAN_INIT("csv"),
	    [INPUT_TSV] = SPAN_INIT("tsv"),
	    [INPUT_SPACE] = SPAN_INIT("space"),
	    [INPUT_JSONL] = SPAN_INIT("jsonl"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!span_eq(word, names[i]))
			continue;
		ask->input = (enum annotate_input)i;
		return 0;
	}
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "--input is auto, csv, tsv, space or jsonl, not %.*s",
	    SPAN_FMT(span_head(word, 40)));
}

static int read_jobs(
    struct span word, struct annotate_ask *ask, struct portbook_error *err)
{
	uint64_t n;

	if (!ascii_u64(word, ANNOTATE_JOBS_MAX, &n) || n == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--jobs is a number from 1 to %u, not %.*s",
		    ANNOTATE_JOBS_MAX, SPAN_FMT(span_head(word, 40)));
	ask->jobs = (size_t)n;
	return 0;
}

static int read_assumed(
    struct span word, struct annotate_ask *ask, struct portbook_error *err)
{
	if (protocol_parse(word, &ask->assumed))
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "--assume is tcp, udp, sctp or dccp, not %.*s",
	    SPAN_FMT(span_head(word, 40)));
}

/* What makes sense only together. */
static int check(const struct annotate_ask *ask, struct portbook_error *err)
{
	if (ask->port_count == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "annotate needs --port COLUMN: a name of the header, or a "
		    "number from 1");
	if (ask->protocol.len == 0 && ask->assumed == PROTOCOL_NONE)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "annotate needs --protocol COLUMN, or --assume tcp where "
		    "no column has it");
	if (ask->guess && ask->port_count != 2)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--guess chooses one of two ports: --port A,B");
	return 0;
}

int annotate_ask_read(
    int argc, char **argv, struct annotate_ask *ret, struct portbook_error *err)
{
	static const struct {
		const char *name;
		int (*read)(struct span value, struct annotate_ask *ask,
		    struct portbook_error *err);
	} readers[] = {
	    {"port", read_ports},
	    {"add", read_fields},
	    {"input", read_input},
	    {"jobs", read_jobs},
	    {"assume", read_assumed},
	};
	int code = 0;

	*ret = (struct annotate_ask){
	    .protocol = span_str(cli_find_option(argc, argv, "protocol")),
	    .prefix = span_str(cli_find_option(argc, argv, "prefix")),
	    .assumed = PROTOCOL_NONE,
	    .fields = {ANNOTATE_SERVICE},
	    .field_count = 1,
	    .guess = cli_find_option(argc, argv, "guess") != NULL,
	    .jobs = 1,
	};
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		const char *value =
		    cli_find_option(argc, argv, readers[i].name);

		if (code == 0 && value != NULL)
			code = readers[i].read(span_str(value), ret, err);
	}
	if (cli_find_option(argc, argv, "header") != NULL)
		ret->header = HEADER_YES;
	if (cli_find_option(argc, argv, "no-header") != NULL)
		ret->header = HEADER_NO;
	return code < 0 ? code : check(ret, err);
}
