/* SPDX-License-Identifier: ISC */
/*
 * check: the rules over an official file, or over the registry that answers,
 * written as its official file would be so that lines are those of that.
 */
#include "tool/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include "admin/file.h"
#include "base/error.h"
#include "base/mem.h"
#include "check/check.h"
#include "cli/cli.h"
#include "read/read.h"
#include "tool/report.h"
#include "write/format.h"
#include "write/json.h"
#include "base/banned.h"

#define BASELINE_LEN_MAX ((size_t)64 << 20)
#define OFFICIAL_NAME "service-names-port-numbers"

struct words {
	const char *file, *explain, *baseline, *write;
	bool all, json;
};

static int usage(struct portbook_error *err)
{
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "usage: portbook check [--all] [--baseline FILE] "
	    "[--write-baseline FILE] [--json] [FILE], or --explain CODE");
}

static int set_format(
    struct words *w, const char *name, struct portbook_error *err)
{
	w->json = strcmp(name, "json") == 0;
	if (w->json || strcmp(name, "table") == 0)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "check writes --format table or json, not %.40s", name);
}

/* One option; false if it is none. */
static bool set(struct cli *cli, struct words *w, int option)
{
	if (option == 'r')
		cli->registry = optarg;
	else if (option == 's')
		cli->state = optarg;
	else if (option == 'd')
		cli->as_of = optarg;
	else if (option == 'b')
		w->baseline = optarg;
	else if (option == 'w')
		w->write = optarg;
	else if (option == 'e')
		w->explain = optarg;
	else if (option == 'a')
		w->all = true;
	else if (option == 'j')
		w->json = true;
	else if (option == 'q')
		cli->quiet = true;
	else
		return false;
	return true;
}

static int parse(int argc, char **argv, struct cli *cli, struct words *w,
    struct portbook_error *err)
{
	static const struct option options[] = {
	    {"registry", required_argument, NULL, 'r'},
	    {"state", required_argument, NULL, 's'},
	    {"as-of", required_argument, NULL, 'd'},
	    {"baseline", required_argument, NULL, 'b'},
	    {"write-baseline", required_argument, NULL, 'w'},
	    {"explain", required_argument, NULL, 'e'},
	    {"format", required_argument, NULL, 'f'},
	    {"all", no_argument, NULL, 'a'},
	    {"json", no_argument, NULL, 'j'},
	    {"quiet", no_argument, NULL, 'q'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	opterr = 0; /* the caller tells what is wrong */
	while ((c = getopt_long(argc, argv, "q", options, NULL)) != -1) {
		if (c == 'f' ? set_format(w, optarg, err) < 0 : !set(cli, w, c))
			return c == 'f' ? PORTBOOK_EUSAGE : usage(err);
	}
	if (argc - optind > 1 || (w->all && w->baseline != NULL) ||
	    (w->explain != NULL && (argc > optind || w->json)))
		return usage(err);
	w->file = optind < argc ? argv[optind] : cli_named_source(cli);
	if (w->file != NULL && cli->as_of != NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--as-of looks into a registry of many versions, and a "
		    "file has one");
	return 0;
}

/* All of a file of text; the caller releases *ret in any case. */
static int read_text(
    const char *path, struct buf *ret, struct portbook_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), code = 0;
	ssize_t len = 1;

	while (fd >= 0 && len > 0 && code == 0) {
		char *room = buf_room(ret, 65536);

		if (room == NULL) {
			code = error_nomem(err);
		} else if (ret->len > BASELINE_LEN_MAX) {
			code = error_set(err, PORTBOOK_ELIMIT, 0,
			    "%s is larger than 64 MB", path);
		} else {
			len = read(fd, room, 65536);
			if (len < 0 && errno == EINTR)
				len = 1;
			else if (len > 0)
				ret->len += (size_t)len;
		}
	}
	if (fd < 0 || len < 0)
		code = error_set(err,
		    fd < 0 && errno == ENOENT ? PORTBOOK_ENODATA : PORTBOOK_EIO,
		    errno, "cannot read the baseline %s", path);
	if (fd >= 0)
		close(fd);
	return code;
}

/* The version that is asked for, as its source was. */
static int read_image(struct cli *cli, struct registry *ret, struct diag *diag,
    const char **name, struct portbook_error *err)
{
	struct write_job job = {.as_of = span_str(cli->as_of),
	    .style = SPAN(""),
	    .frequencies = SPAN(""),
	    .epoch = -1};
	bool xml;
	struct buf bytes;
	int code = cli_open_registry(cli, err);

	if (code < 0)
		return code;
	job.image = &cli->image;
	job.version = cli->version;
	xml = le32(write_version(&job)->source) == IMAGE_SOURCE_XML;
	*name = xml ? OFFICIAL_NAME ".xml" : OFFICIAL_NAME ".csv";
	buf_init(&bytes);
	code = format_write(
	    format_find(xml ? SPAN("xml") : SPAN("csv")), &job, &bytes, err);
	if (code == 0)
		code = read_registry_memory(
		    buf_span(&bytes), *name, ret, diag, err);
	buf_release(&bytes);
	return code;
}

static struct span source_name(const struct cli *cli, const struct words *w)
{
	const char *slash;

	if (w->file == NULL)
		return image_text(&cli->image, cli->image.meta->built_from);
	if (strcmp(w->file, "-") == 0)
		return SPAN("standard input");
	slash = strrchr(w->file, '/');
	return span_str(
	    slash != NULL && slash[1] != '\0' ? slash + 1 : w->file);
}

static void put_json(struct cli *cli, const struct words *w,
    const struct registry *r, const struct report *report)
{
	struct json_edition e = {
	    .updated = registry_text(r, r->text[REGISTRY_UPDATED]),
	    .newest_row = registry_newest_row(r),
	    .source = source_name(cli, w),
	    .as_of = span_str(cli->as_of),
	    .records = r->record_count,
	    .digest = r->digest,
	    .users = r->source == REGISTRY_SERVICES,
	};

	buf_str(&cli->out, "{\"registry\": ");
	json_edition(&cli->out, &e);
	buf_str(&cli->out, ",\n\"findings\": ");
	report_json(&cli->out, report);
	buf_str(&cli->out, "}\n");
}

static void tell(
    struct cli *cli, const struct registry *r, const struct report *report)
{
	struct span updated = registry_text(r, r->text[REGISTRY_UPDATED]);

	buf_str(&cli->talk, "registry ");
	buf_str(&cli->talk, updated.len > 0 ? "of " : "without date");
	cli_put_text(&cli->talk, updated);
	buf_str(&cli->talk, ", ");
	cli_put_count(&cli->talk, r->record_count);
	buf_str(&cli->talk, " records\n");
	report_summary(&cli->talk, report);
}

/* Writes what is now found as what is known from now on. */
static int write_baseline(
    const char *path, struct report *report, struct portbook_error *err)
{
	struct buf b;
	int code;

	buf_init(&b);
	baseline_format(&b, report->findings, report->count);
	if (buf_failed(&b))
		code = error_nomem(err);
	else if (strcmp(path, "-") != 0)
		code = file_replace(path, buf_span(&b), 0644, err);
	else if (file_write_all(STDOUT_FILENO, buf_span(&b)) < 0)
		code = error_set(err, PORTBOOK_EIO, errno,
		    "cannot write to standard output");
	else
		code = 0;
	buf_release(&b);
	return code;
}

static int put(struct cli *cli, const struct words *w, const char *name,
    const struct registry *r, struct report *report, struct portbook_error *err)
{
	int code = report_finish(report, err);

	if (code < 0)
		return code;
	if (w->write != NULL)
		return write_baseline(w->write, report, err);
	if (w->json)
		put_json(cli, w, r, report);
	else
		report_text(&cli->out, report, span_str(name));
	if (!cli->quiet)
		tell(cli, r, report);
	return report->count > 0 ? 1 : 0;
}

static int check(struct cli *cli, const struct words *w,
    const struct baseline *baseline, struct portbook_error *err)
{
	const char *name = w->file;
	struct registry registry = {0};
	struct report report;
	struct diag diag = {report_take, &report, 0};
	int code;

	report_init(&report, baseline);
	if (w->file != NULL)
		code = read_registry(w->file, &registry, &diag, err);
	else
		code = read_image(cli, &registry, &diag, &name, err);
	if (code == 0) {
		code = check_registry(&registry, &diag, err);
		if (code == 0)
			code = put(cli, w, name, &registry, &report, err);
		registry_release(&registry);
	}
	report_release(&report);
	return code;
}

/* With the baseline asked for: that of a file, the shipped one, or none. */
static int run(
    struct cli *cli, const struct words *w, struct portbook_error *err)
{
	struct baseline baseline = {.lines = NULL};
	struct buf text;
	int code = 0;

	if (w->explain != NULL)
		return report_explain(&cli->out, span_str(w->explain), err);
	if (w->all || w->write != NULL)
		return check(cli, w, NULL, err);
	buf_init(&text);
	if (w->baseline != NULL)
		code = read_text(w->baseline, &text, err);
	if (code == 0)
		code = baseline_parse(
		    w->baseline != NULL ? buf_span(&text) : baseline_shipped(),
		    w->baseline != NULL ? w->baseline : "the shipped baseline",
		    &baseline, err);
	if (code == 0)
		code = check(cli, w, &baseline, err);
	baseline_release(&baseline);
	buf_release(&text);
	return code;
}

int admin_check(int argc, char **argv, struct portbook_error *err)
{
	struct cli cli = {.argc = argc, .argv = argv};
	struct words words = {.file = NULL};
	int code, flushed;

	buf_init(&cli.out);
	buf_init(&cli.talk);
	code = parse(argc, argv, &cli, &words, err);
	if (code == 0)
		code = run(&cli, &words, err);
	flushed = code < 0 ? 0 : cli_flush(&cli, err);
	cli_close_registry(&cli);
	buf_release(&cli.out);
	buf_release(&cli.talk);
	return flushed < 0 ? flushed : code;
}
