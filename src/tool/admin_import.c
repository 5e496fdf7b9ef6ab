/* SPDX-License-Identifier: ISC */
/*
 * import: many versions, with a bar for who waits, and an end at any moment:
 * SIGINT and SIGTERM are asked for between two files.
 */
#include "tool/admin.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "admin/import.h"
#include "base/buf.h"
#include "base/error.h"
#include "cli/cli.h"
#include "tool/programs.h"
#include "base/banned.h"

#define BAR_WIDTH 30
#define REDRAW_MS 100

struct watch {
	bool quiet, drawn;
	bool bar; /* somebody looks */
	int64_t start, last;
	sigset_t signals;
};

static int64_t now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wipe(struct watch *w)
{
	if (w->drawn)
		fputs("\r\033[K", stderr);
	w->drawn = false;
}

/* Names come from archives: what steers a terminal goes no further. */
static void tell(void *ctx, const struct portbook_error *why)
{
	struct watch *w = ctx;
	struct buf b;

	wipe(w);
	buf_init(&b);
	buf_str(&b, "portbook: skipped ");
	cli_put_text(&b, span_str(why->source));
	if (why->line > 0)
		buf_printf(&b, ":%llu:%llu", (unsigned long long)why->line,
		    (unsigned long long)why->column);
	buf_str(&b, ": ");
	cli_put_text(&b, span_str(why->text));
	buf_char(&b, '\n');
	if (!buf_failed(&b))
		fwrite(b.ptr, 1, b.len, stderr);
	buf_release(&b);
}

/* "[=====     ] 123 files, 120 new, 12 s left" over itself. */
static void progress(void *ctx, const struct import_report *r)
{
	struct watch *w = ctx;
	int64_t now = now_ms(), left = -1;
	double share = r->len > 0 ? (double)r->done / (double)r->len : 0;
	size_t filled = (size_t)(share * BAR_WIDTH);
	struct buf b;

	if (!w->bar || (w->drawn && now - w->last < REDRAW_MS))
		return;
	w->last = now;
	if (share > 0.01)
		left = (int64_t)((double)(now - w->start) * (1 - share) /
				 share / 1000);
	buf_init(&b);
	buf_str(&b, "\r\033[K[");
	buf_fill(&b, '=', filled);
	buf_fill(&b, ' ', BAR_WIDTH - filled);
	buf_printf(&b, "] %zu files, %zu new", r->files, r->added);
	if (r->skipped > 0)
		buf_printf(&b, ", %zu skipped", r->skipped);
	if (left >= 0)
		buf_printf(&b, ", %lld s left", (long long)left);
	if (!buf_failed(&b)) {
		fwrite(b.ptr, 1, b.len, stderr);
		fflush(stderr);
		w->drawn = true;
	}
	buf_release(&b);
}

static bool stop(void *ctx)
{
	static const struct timespec at_once = {0};
	struct watch *w = ctx;

	return sigtimedwait(&w->signals, NULL, &at_once) > 0;
}

/* From here on the two signals wait until they are asked for. */
static void hold_signals(struct watch *w)
{
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGINT);
	sigaddset(&w->signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &w->signals, NULL);
}

static void sum_up(const struct import_report *r)
{
	fprintf(stderr, "%zu files: %zu new versions, %zu known", r->files,
	    r->added, r->known);
	if (r->skipped > 0)
		fprintf(stderr, ", %zu skipped", r->skipped);
	if (r->stopped)
		fputs("; stopped: what is recorded stays, and the same "
		      "command goes on from here\n",
		    stderr);
	else if (r->versions == 0)
		fputs("; nothing to publish\n", stderr);
	else
		fprintf(stderr, "; %s %zu, from %s to %s\n",
		    r->published ? "published" : "as published before:",
		    r->versions, r->first, r->last);
}

/* The words of the command; false if they are not understood. */
static bool parse(
    int argc, char **argv, struct import_options *ret, bool *quiet)
{
	static const struct option options[] = {
	    {"state", required_argument, NULL, 's'},
	    {"quiet", no_argument, NULL, 'q'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	opterr = 0; /* the caller tells what is wrong */
	while ((c = getopt_long(argc, argv, "q", options, NULL)) != -1) {
		if (c == 's')
			ret->state = optarg;
		else if (c == 'q')
			*quiet = true;
		else
			return false;
	}
	ret->paths = argv + optind;
	ret->count = (size_t)(argc - optind);
	return ret->count > 0;
}

int admin_import(int argc, char **argv, struct portbook_error *err)
{
	struct watch w = {.start = now_ms()};
	struct import_options options = {
	    .tell = tell, .progress = progress, .stop = stop, .ctx = &w};
	struct import_report report = {0};
	char state[PATH_MAX];
	int code;

	if (!parse(argc, argv, &options, &w.quiet))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "import takes files, folders and archives, --state and "
		    "-q");
	code = program_take_state(&options.state, state, err);
	if (code < 0)
		return code;
	w.bar = !w.quiet && isatty(STDERR_FILENO);
	hold_signals(&w);
	code = import(&options, &report, err);
	wipe(&w);
	if (code < 0)
		return code;
	if (!w.quiet)
		sum_up(&report);
	if (report.stopped || report.failed > 0)
		return CLI_SYSTEM;
	return report.skipped > 0 ? CLI_DATA : CLI_FOUND;
}
