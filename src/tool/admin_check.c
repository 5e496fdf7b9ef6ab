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
#include "cli/place.h"
#include "read/read.h"
#include "tool/report.h"
#include "write/format.h"
#include "write/json.h"
#include "base/banned.h"

#define BASELINE_LEN_MAX ((size_t)64 << 20)
#define OFFICIAL_NAME "service-names-port-numbers"

struct words {
	const char *file, *explain, *baseline, *write;
	unsigned kinds; /* bits; 0: all of them */
	bool all, json;
};

static int set_format(
    struct words *w, const char *name, struct portbook_error *err)
{
	w->json = strcmp(name, "json") == 0;
	if (w->json || strcmp(name, "table") == 0)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "check writes --format table or json, not %.40s", name);
}

/* "violation,bookkeeping" */
static int set_kinds(
    struct words *w, struct span text, struct portbook_error *err)
{
	bool more = true;

	while (more) {
		size_t comma = span_find_char(text, 0, ',');
		struct span name = span_head(text, comma);
		unsigned bit = 0;

		for (unsigned k = 0; k < FINDING_KIND_COUNT; k++)
			if (span_eq(
				name, finding_kind_name((enum finding_kind)k)))
				bit = 1U << k;
		if (bit == 0)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "--kind is violation, bookkeeping, history or "
			    "information, or several with commas between, and "
			    "not \"%.*s\"",
			    SPAN_FMT(span_head(name, 40)));
		w->kinds |= bit;
		more = comma < text.len;
		text = span_skip(text, comma + 1);
	}
	return 0;
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

/* An option that getopt did not take. */
static int refuse_option(char **argv, int c, struct portbook_error *err)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.60s takes a value; portbook check --help says which",
		    word);
	if (optopt != 0 && span_starts(span_str(word), SPAN("--")))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.60s: the option takes no value", word);
	if (optopt != 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "check takes no -%c; portbook check --help lists what it "
		    "takes",
		    optopt);
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "check takes no %.60s; portbook check --help lists what it takes",
	    word);
}

/* What cannot be meant together. */
static int refuse_words(int argc, char **argv, const struct cli *cli,
    const struct words *w, struct portbook_error *err)
{
	int files = argc - optind;
	const char *text = NULL;

	if (w->explain != NULL &&
	    (files > 0 || w->all || w->json || w->kinds != 0 ||
		w->baseline != NULL || w->write != NULL))
		text = "--explain prints a rule and looks at no registry: "
		       "leave out what else is there";
	else if (files > 1)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "check looks at one registry, and %.60s and %.60s are "
		    "two: check them one by one",
		    argv[optind], argv[optind + 1]);
	else if (files > 0 && (cli->registry != NULL || cli->state != NULL))
		text = "check looks at one registry: give FILE, --registry or "
		       "--state";
	else if (w->all && w->baseline != NULL)
		text = "--all tells what a baseline knows, too: give --all or "
		       "--baseline";
	else if (w->write != NULL &&
		 (w->baseline != NULL || w->kinds != 0 || w->json))
		text = "--write-baseline writes all that is found, and nothing "
		       "else: it goes with no --baseline, --kind or --json";
	if (text == NULL)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0, "%s", text);
}

/* A file, or what answers otherwise: a state folder or an image. */
static void set_source(struct cli *cli, struct words *w, const char *path)
{
	if (path != NULL && !place_is_source(path) && access(path, F_OK) == 0)
		cli->registry = path;
	else
		w->file = path;
	if (w->file == NULL)
		w->file = cli_named_source(cli);
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
	    {"kind", required_argument, NULL, 'k'},
	    {"all", no_argument, NULL, 'a'},
	    {"json", no_argument, NULL, 'j'},
	    {"quiet", no_argument, NULL, 'q'},
	    {NULL, 0, NULL, 0},
	};
	int c, code = 0;

	opterr = 0; /* the caller tells what is wrong */
	while (code == 0 &&
	       (c = getopt_long(argc, argv, ":q", options, NULL)) != -1) {
		if (c == 'f')
			code = set_format(w, optarg, err);
		else if (c == 'k')
			code = set_kinds(w, span_str(optarg), err);
		else if (!set(cli, w, c))
			code = refuse_option(argv, c, err);
	}
	if (code == 0)
		code = refuse_words(argc, argv, cli, w, err);
	if (code < 0)
		return code;
	set_source(cli, w, optind < argc ? argv[optind] : NULL);
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

/* A file that is there is written over only if it is a baseline, or empty. */
static int guard(const char *path, struct portbook_error *err)
{
	struct baseline old = {.lines = NULL};
	struct buf text;
	int code = 0;

	if (strcmp(path, "-") == 0 ||
	    (access(path, F_OK) < 0 && errno == ENOENT))
		return 0;
	buf_init(&text);
	code = read_text(path, &text, err);
	if (code == 0 && baseline_parse(buf_span(&text), path, &old, NULL) < 0)
		code = error_set(err, PORTBOOK_EUSAGE, 0,
		    "%s is there and is no baseline, and is left as it is: "
		    "give another name, or remove it",
		    path);
	baseline_release(&old);
	buf_release(&text);
	return code;
}

/* Writes what is now found as what is known from now on. */
static int write_baseline(const char *path, const struct registry *r,
    struct report *report, struct portbook_error *err)
{
	struct buf b;
	int code;

	buf_init(&b);
	baseline_format(&b, report->findings, report->count,
	    registry_text(r, r->text[REGISTRY_UPDATED]));
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
	int code = report_finish(report, r, err);

	if (code < 0)
		return code;
	if (w->write != NULL)
		return write_baseline(w->write, r, report, err);
	if (w->json)
		put_json(cli, w, r, report);
	else
		report_text(&cli->out, report, span_str(name),
		    isatty(STDOUT_FILENO) ? cli->style.width : 0);
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

	report_init(&report, w->all ? NULL : baseline);
	if (w->kinds != 0)
		report.wanted = w->kinds;
	if (w->file != NULL)
		code = read_registry(w->file, &registry, &diag, err);
	else
		code = read_image(cli, &registry, &diag, &name, err);
	if (code == 0) {
		code = check_registry(&registry, baseline, &diag, err);
		if (code == 0)
			code = put(cli, w, name, &registry, &report, err);
		registry_release(&registry);
	}
	report_release(&report);
	return code;
}

/*
 * With the baseline asked for, that of a file or the shipped one, which --all
 * asks for what is old alone; with none where a new one is written.
 */
static int run(
    struct cli *cli, const struct words *w, struct portbook_error *err)
{
	struct baseline baseline = {.lines = NULL};
	struct buf text;
	int code = 0;

	if (w->explain != NULL)
		return report_explain(&cli->out, span_str(w->explain), err);
	if (w->write != NULL) {
		code = guard(w->write, err);
		return code < 0 ? code : check(cli, w, NULL, err);
	}
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
	cli_look_at_terminal(&cli);
	code = parse(argc, argv, &cli, &words, err);
	if (code == 0)
		code = run(&cli, &words, err);
	flushed = code < 0 ? 0 : cli_flush(&cli, err);
	cli_close_registry(&cli);
	buf_release(&cli.out);
	buf_release(&cli.talk);
	return flushed < 0 ? flushed : code;
}
