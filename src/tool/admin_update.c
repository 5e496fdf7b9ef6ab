/* SPDX-License-Identifier: ISC */
#include "tool/admin.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "admin/update.h"
#include "base/error.h"
#include "base/span.h"
#include "tool/programs.h"
#include "base/banned.h"

#define OFFICIAL_URL                                                           \
	"https://www.iana.org/assignments/service-names-port-numbers/"         \
	"service-names-port-numbers.xml"

static bool is_url(const char *from)
{
	return span_starts(span_str(from), SPAN("https://")) ||
	       span_starts(span_str(from), SPAN("http://"));
}

/* The words of the command into options; false if they are not understood. */
static bool parse(
    int argc, char **argv, struct update_options *ret, bool *quiet)
{
	static const struct option options[] = {
	    {"state", required_argument, NULL, 's'},
	    {"from", required_argument, NULL, 'f'},
	    {"source", required_argument, NULL, 'w'},
	    {"force", no_argument, NULL, 'F'},
	    {"dry-run", no_argument, NULL, 'd'},
	    {"quiet", no_argument, NULL, 'q'},
	    {NULL, 0, NULL, 0},
	};
	const char *from = NULL;
	int c;

	opterr = 0; /* the caller tells what is wrong */
	while ((c = getopt_long(argc, argv, "q", options, NULL)) != -1) {
		if (c == 's')
			ret->state = optarg;
		else if (c == 'f')
			from = optarg;
		else if (c == 'w')
			ret->source = optarg;
		else if (c == 'F')
			ret->force = true;
		else if (c == 'd')
			ret->dry_run = true;
		else if (c == 'q')
			*quiet = true;
		else
			return false;
	}
	if (optind < argc)
		return false;
	if (from == NULL)
		ret->url = OFFICIAL_URL;
	else if (is_url(from))
		ret->url = from;
	else
		ret->path = from;
	return true;
}

static const char *date_or(const char *date)
{
	return date[0] != '\0' ? date : "a CSV without date";
}

static void tell(
    const struct update_options *options, const struct update_report *report)
{
	if (report->result == UPDATE_SAME)
		fprintf(stderr, "nothing new: %s is what is there already\n",
		    date_or(report->after));
	else
		fprintf(stderr, "%s %s, %zu records%s%s%s\n",
		    options->dry_run ? "would publish" : "published",
		    date_or(report->after), report->records,
		    report->before[0] != '\0' ? ", in place of " : "",
		    report->before,
		    report->findings > 0 ? ", with oddities" : "");
}

int admin_update(int argc, char **argv, struct portbook_error *err)
{
	char state[PATH_MAX], program[PATH_MAX];
	struct update_options options = {0};
	struct update_report report;
	bool quiet = false;
	int code;

	if (!parse(argc, argv, &options, &quiet))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "update takes --from URL or PATH, --state, --source, "
		    "--force, --dry-run and -q");
	if (options.state == NULL) {
		code = program_state(state, err);
		if (code < 0)
			return code;
		options.state = state;
	}
	if (options.path == NULL) {
		code = program_path("portbook-fetch", program, err);
		if (code < 0)
			return code;
		options.fetch = program;
	}
	code = update(&options, &report, err);
	if (code < 0)
		return code;
	if (!quiet)
		tell(&options, &report);
	return 0;
}
