/* SPDX-License-Identifier: ISC */
#include "tool/admin.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "admin/update.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "cli/cli.h"
#include "tool/programs.h"
#include "base/banned.h"

#define OFFICIAL_URL                                                           \
	"https://www.iana.org/assignments/service-names-port-numbers/"         \
	"service-names-port-numbers.xml"

#define NEWS_SHOWN 20 /* findings; portbook check tells all */

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

/* Findings that the version before did not have, as they come. */
struct news {
	bool quiet;
	size_t count;
};

static void take_news(void *ctx, const struct finding *f)
{
	const struct finding_rule *rule = finding_rule(f->code);
	struct span kind = finding_kind_name(f->kind);
	struct news *news = ctx;
	struct buf b;

	if (news->quiet || news->count++ >= NEWS_SHOWN)
		return;
	buf_init(&b);
	buf_printf(&b, "new finding: %s (", rule->name);
	buf_add(&b, kind);
	buf_str(&b, ")");
	if (f->record.len > 0) {
		buf_str(&b, " in ");
		cli_put_text(&b, f->record);
	}
	buf_printf(&b, ", line %llu: ", (unsigned long long)f->line);
	cli_put_text(
	    &b, f->message.len > 0 ? f->message : span_str(rule->text));
	buf_char(&b, '\n');
	if (!buf_failed(&b))
		fwrite(b.ptr, 1, b.len, stderr);
	buf_release(&b);
}

static void tell_published(
    const struct update_options *options, const struct update_report *report)
{
	char room[32];
	struct buf count;

	buf_init_fixed(&count, room, sizeof(room));
	buf_count(&count, report->records);
	fprintf(stderr, "%s %s, %.*s record%s",
	    options->dry_run ? "would publish" : "published",
	    date_or(report->after), SPAN_FMT(buf_span(&count)),
	    report->records == 1 ? "" : "s");
	if (report->before[0] != '\0')
		fprintf(stderr, ", in place of %s", report->before);
	if (report->versions > 1)
		fprintf(
		    stderr, ", the newest of %zu versions", report->versions);
	fputs(report->findings > 0 ? ", with oddities\n" : "\n", stderr);
}

static void tell(
    const struct update_options *options, const struct update_report *report)
{
	if (report->news > NEWS_SHOWN)
		fprintf(stderr,
		    "and %zu new findings more; portbook check "
		    "tells them\n",
		    report->news - NEWS_SHOWN);
	if (report->recovered)
		fprintf(stderr, "published %s, as it was recorded before\n",
		    date_or(report->before));
	if (report->result == UPDATE_SAME)
		fprintf(stderr, "nothing new: %s is what is there already\n",
		    date_or(report->after));
	else if (report->result == UPDATE_STALE)
		fprintf(stderr,
		    "stale source, nothing changed: %s is kept already, and "
		    "%s is newer\n",
		    date_or(report->after), date_or(report->before));
	else if (strcmp(report->after, report->before) < 0)
		fprintf(stderr,
		    "recorded %s as one of %zu versions; %s is still the "
		    "newest\n",
		    date_or(report->after), report->versions, report->before);
	else
		tell_published(options, report);
}

int admin_update(int argc, char **argv, struct portbook_error *err)
{
	char state[PATH_MAX], program[PATH_MAX];
	struct update_options options = {0};
	struct update_report report;
	struct news news = {0};
	int code;

	if (!parse(argc, argv, &options, &news.quiet))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "update takes --from URL or PATH, --state, --source, "
		    "--force, --dry-run and -q");
	code = program_take_state(&options.state, state, err);
	if (code < 0)
		return code;
	if (options.path == NULL) {
		code = program_path("portbook-fetch", program, err);
		if (code < 0)
			return code;
		options.fetch = program;
	}
	options.news = (struct diag){.take = take_news, .ctx = &news};
	code = update(&options, &report, err);
	if (code < 0)
		return code;
	if (!news.quiet)
		tell(&options, &report);
	return 0;
}
