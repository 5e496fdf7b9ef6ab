/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/events.h"
#include "cli/page.h"
#include "base/banned.h"

struct log {
	struct cli *cli;
	struct history_ask ask;
	struct cli_events found;
	void *scratch;		    /* owned */
	uint32_t *numbers;	    /* owned: of events */
	uint32_t *since;	    /* owned */
	struct image_event *events; /* owned */
};

static void release(struct log *l)
{
	mem_release(l->scratch);
	mem_release(l->numbers);
	mem_release(l->since);
	mem_release(l->events);
}

static int make_room(struct log *l, struct portbook_error *err)
{
	const struct image *image = &l->cli->image;
	size_t most = image->row_count > image->person_count
			  ? image->row_count
			  : image->person_count;

	l->scratch = mem_alloc(history_scratch_len(image) + 1, 1);
	l->numbers = mem_alloc(image->event_count + 1, sizeof(*l->numbers));
	l->since = mem_alloc(most + 1, sizeof(*l->since));
	l->events = mem_alloc(image->event_count + 1, sizeof(*l->events));
	if (l->scratch == NULL || l->numbers == NULL || l->since == NULL ||
	    l->events == NULL)
		return error_nomem(err);
	return 0;
}

/* What is asked for: the story of one thing, or the newest changes. */
static int prepare(struct log *l, struct portbook_error *err)
{
	struct cli *cli = l->cli;
	bool one = cli->word_count > 0;
	int code = 0;

	if (one) {
		l->found.query = span_str(cli->words[0]);
		code = history_parse(
		    &cli->image, l->found.query, &l->ask.story, err);
	}
	if (code == 0 && cli->page != NULL)
		code = cli_parse_page(cli->page, &l->found.page, err);
	if (code == 0 && cli->since != NULL)
		code = history_since(
		    &cli->image, span_str(cli->since), &l->ask.after, err);
	if (code < 0)
		return code;
	l->found.from = l->ask.after;
	l->ask.upto = cli->version;
	l->ask.kinds = one || cli->all ? HISTORY_EVERY : HISTORY_SUBSTANCE;
	l->ask.falling = !one;
	l->found.to = cli->version;
	l->found.people = l->ask.story.kind == STORY_PERSON;
	return 0;
}

static void find(struct log *l)
{
	const struct image *image = &l->cli->image;
	struct cli_events *f = &l->found;
	size_t first = 0, cap = image->event_count;

	if (f->page > 0) {
		struct search_page page = search_page_of(f->page, false);

		first = page.first;
		cap = cap < page.count ? cap : page.count;
	}
	f->count = history_run(
	    image, &l->ask, first, l->numbers, cap, &f->total, l->scratch);
	for (size_t i = 0; i < f->count; i++)
		l->events[i] = image->events[l->numbers[i]];
	f->events = l->events;
	f->since = l->since;
	if (f->page <= 1 && l->ask.story.kind != STORY_ALL &&
	    l->cli->since == NULL)
		f->since_count = history_rows(image, &l->ask.story, 0, l->since,
		    image->row_count, l->scratch);
}

static void tell(struct log *l)
{
	struct buf *b = &l->cli->talk;
	const struct cli_events *f = &l->found;
	uint64_t pages = search_page_count(f->total);

	cli_put_count(b, f->total);
	buf_str(b, f->total == 1 ? " event" : " events");
	if (f->page > 0) {
		buf_str(b, f->page > pages ? ", no page " : ", page ");
		cli_put_count(b, f->page);
		buf_str(b, " of ");
		cli_put_count(b, pages);
	}
	if (l->cli->image.version_count == 1)
		buf_str(b, ": one version is kept here, which has no history");
	buf_char(b, '\n');
	cli_tell_registry(l->cli);
}

/* Nothing is, or was, what was asked for. */
static void tell_unknown(struct log *l)
{
	struct buf *b = &l->cli->talk;

	if (l->ask.story.kind == STORY_NAME) {
		cli_hint(l->cli, l->found.query, l->ask.story.query.name);
		return;
	}
	buf_str(b, "portbook: ");
	cli_put_text(b, l->found.query);
	buf_str(b, ": the registry has, and had, nothing of that\n");
}

static int run(struct log *l, struct portbook_error *err)
{
	struct cli *cli = l->cli;
	int code = make_room(l, err);

	if (code == 0)
		code = prepare(l, err);
	if (code < 0)
		return code;
	find(l);
	code = cli_put_events(cli, &l->found, err);
	if (code < 0)
		return code;
	if (!cli->quiet) {
		if (!history_is_known(&cli->image, &l->ask.story, l->scratch))
			tell_unknown(l);
		tell(l);
	}
	return l->found.count > 0 ? CLI_FOUND : CLI_NOT_FOUND;
}

int command_log(struct cli *cli, struct portbook_error *err)
{
	struct log l = {.cli = cli};
	int code = run(&l, err);

	release(&l);
	return code;
}
