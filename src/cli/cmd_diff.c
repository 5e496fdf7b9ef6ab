/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/events.h"
#include "cli/place.h"
#include "terms/date.h"
#include "base/banned.h"

static bool is_date(const char *word)
{
	return date_is_day(span_head(span_str(word), 10));
}

static int no_version(const char *word, struct portbook_error *err)
{
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "%.200s is neither a date (YYYY-MM-DD, with .2 for a second "
	    "edition of that day) nor an official file",
	    word);
}

/* Two files are an image of two versions, made first. */
static int open_files(
    struct cli *cli, struct cli_events *e, struct portbook_error *err)
{
	const char *paths[] = {cli->words[0], cli->words[1], NULL};
	int code;

	if (strcmp(paths[0], "-") == 0 && strcmp(paths[1], "-") == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "standard input is one file, and not two");
	if (cli->as_of != NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--as-of is of no use for two files");
	code = cli_open_files(cli, paths, err);
	if (code < 0)
		return code;
	e->to = (uint32_t)cli->image.version_count - 1;
	return 0;
}

static int open_dates(
    struct cli *cli, struct cli_events *e, struct portbook_error *err)
{
	int code = cli_open_registry(cli, err);

	if (code == 0)
		code = search_version(
		    &cli->image, span_str(cli->words[0]), &e->from, err);
	if (code == 0)
		code = search_version(
		    &cli->image, span_str(cli->words[1]), &e->to, err);
	if (code == 0 && e->from > e->to)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the registry of %.20s is older than that of %.20s: the "
		    "older one comes first",
		    cli->words[1], cli->words[0]);
	if (code == 0)
		cli->version = e->to;
	return code;
}

static int open_both(
    struct cli *cli, struct cli_events *e, struct portbook_error *err)
{
	size_t dates = 0;

	for (size_t i = 0; i < 2; i++) {
		bool date = is_date(cli->words[i]);

		dates += date;
		if (!date && !place_is_source(cli->words[i]))
			return no_version(cli->words[i], err);
	}
	if (dates == 1)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "diff takes two dates or two files, not one of each");
	return dates == 2 ? open_dates(cli, e, err) : open_files(cli, e, err);
}

static int find(struct cli *cli, struct cli_events *e,
    struct image_event **events, struct portbook_error *err)
{
	size_t cap = history_diff_room(&cli->image) + 1;
	void *scratch = mem_alloc(history_scratch_len(&cli->image) + 1, 1);
	int code = scratch == NULL ? error_nomem(err) : 0;

	while (code == 0) {
		*events = mem_alloc(cap, sizeof(**events));
		if (*events == NULL) {
			code = error_nomem(err);
			break;
		}
		e->count = history_diff(
		    &cli->image, e->from, e->to, *events, cap, scratch);
		if (e->count <= cap)
			break;
		mem_release(*events);
		cap = e->count;
	}
	mem_release(scratch);
	e->total = e->count;
	e->events = *events;
	return code;
}

static void tell(struct cli *cli, const struct cli_events *e)
{
	struct buf *b = &cli->talk;
	size_t upkeep = 0;

	for (size_t i = 0; i < e->count; i++)
		upkeep += !event_is_substance(image_event_kind(&e->events[i]));
	if (e->count == 0)
		buf_str(b, "no difference");
	else
		cli_put_count(b, e->count);
	if (e->count > 0)
		buf_str(b, e->count == 1 ? " difference" : " differences");
	if (upkeep > 0) {
		buf_str(b, ", of which upkeep ");
		cli_put_count(b, upkeep);
	}
	buf_str(b, "; ");
	history_version_name(b, &cli->image, e->from);
	buf_str(b, " to ");
	history_version_name(b, &cli->image, e->to);
	buf_char(b, '\n');
}

int command_diff(struct cli *cli, struct portbook_error *err)
{
	struct image_event *events = NULL;
	struct cli_events e = {.query = {NULL, 0}};
	int code = open_both(cli, &e, err);

	if (code == 0)
		code = find(cli, &e, &events, err);
	if (code == 0)
		code = cli_put_events(cli, &e, err);
	if (code == 0 && !cli->quiet)
		tell(cli, &e);
	mem_release(events);
	if (code < 0)
		return code;
	return e.count > 0 ? CLI_NOT_FOUND : CLI_FOUND;
}
