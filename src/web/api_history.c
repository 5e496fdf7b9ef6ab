/* SPDX-License-Identifier: ISC */
/* /api/v1/changes and log: what happened, 100 events a page. */
#include "base/error.h"
#include "base/mem.h"
#include "search/history.h"
#include "web/api.h"
#include "web/people.h"
#include "write/event.h"
#include "write/json.h"
#include "base/banned.h"

#define EVENTS_PAGE SEARCH_PAGE_ROWS

/* A request for events, and what it found. */
struct inquiry {
	struct api_call *call;
	const struct image *image;
	struct span query; /* of a log */
	struct history_ask ask;
	uint64_t page, total;
	struct image_event events[EVENTS_PAGE];
	size_t count;
	void *scratch; /* owned */
};

typedef int answerer(
    struct inquiry *q, struct buf *b, struct portbook_error *err);

static int ask(struct inquiry *q, struct portbook_error *err)
{
	struct span page;
	int code = 0;

	if (http_target_param(q->call->target, SPAN("page"), &page))
		code = ask_page(page, &q->page, err);
	if (code < 0)
		return code;
	q->scratch = mem_alloc(history_scratch_len(q->image) + 1, 1);
	return q->scratch != NULL ? 0 : error_nomem(err);
}

/* kind=assigned,renamed&kind=split */
static int read_kinds(
    const struct http_target *target, uint32_t *ret, struct portbook_error *err)
{
	uint32_t kinds = 0;

	for (size_t i = 0; i < target->param_count; i++) {
		struct span rest = target->params[i].value;

		if (!span_eq(target->params[i].name, SPAN("kind")))
			continue;
		do {
			enum event_kind kind;

			if (!event_kind_parse(span_cut(&rest, ','), &kind))
				return error_set(err, PORTBOOK_EUSAGE, 0,
				    "kind must be some of assigned, "
				    "deassigned, renamed, renumbered, "
				    "transferred, split, merged, modified, "
				    "editorial and person.");
			kinds |= EVENT_BIT(kind);
		} while (rest.len > 0);
	}
	*ret = kinds != 0 ? kinds : HISTORY_SUBSTANCE;
	return 0;
}

/*
 * A day stands for its first edition: who has seen that one and asks again
 * must be told of the second, which was not there before.
 */
static int read_since(struct inquiry *q, struct portbook_error *err)
{
	const struct http_target *target = q->call->target;
	struct history_version v;
	struct span since;
	int code;

	if (!http_target_param(target, SPAN("since"), &since))
		return 0;
	if (since.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "since must be a date, YYYY-MM-DD, with .2 after it for "
		    "the second edition of a day.");
	code = search_version(q->image, since, &q->ask.after, err);
	if (code == PORTBOOK_ENOVERSION && since.len == 10) {
		q->ask.after = 0; /* all that is known is since then */
		return 0;
	}
	if (code < 0)
		return code;
	if (q->ask.after > q->ask.upto)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "Nothing is between these versions: since (%.*s) is later "
		    "than as-of (%.*s).",
		    SPAN_FMT(since), SPAN_FMT(q->call->as_of.date));
	history_version(q->image, q->ask.after, &v);
	if (since.len == 10 && span_eq(v.date, since))
		q->ask.after -= v.earlier;
	return 0;
}

static int find(struct inquiry *q, struct portbook_error *err)
{
	uint32_t numbers[EVENTS_PAGE];
	size_t total;

	q->count =
	    history_run(q->image, &q->ask, search_page_of(q->page, false).first,
		numbers, EVENTS_PAGE, &total, q->scratch);
	q->total = total;
	for (size_t i = 0; i < q->count; i++) {
		const struct image_event *e = image_event(q->image, numbers[i]);

		if (e == NULL)
			return error_set(err, PORTBOOK_EDAMAGED, 0,
			    "The image of the registry is damaged.");
		q->events[i] = *e;
	}
	return 0;
}

static void put_version(struct inquiry *q, struct buf *b, uint32_t version)
{
	struct buf name;

	buf_init(&name);
	history_version_name(&name, q->image, version);
	json_text(b, buf_span(&name));
	b->failed |= buf_failed(&name);
	buf_release(&name);
}

/* What is on the pages: events, and in a log also what stood at first. */
static void put_pages(struct inquiry *q, struct buf *b, uint64_t longer)
{
	uint64_t pages = search_page_count(longer);

	api_put_pages(b, q->total, q->page, pages);
	api_put_next(b, q->page, pages);
	api_pages(q->call, q->page, pages);
}

static void put_person(struct buf *b, const struct image *image, struct le32 n)
{
	const struct image_person *person = image_person(image, le32(n));
	struct person_text text;

	if (person == NULL) {
		buf_str(b, "null");
		return;
	}
	person_shown(image, person, &text);
	json_person_text(b, &text);
}

/* event_json, but of a person who is gone no more than the id. */
static void put_event(
    struct buf *b, const struct image *image, const struct image_event *e)
{
	bool gone = le32(e->after) == IMAGE_NONE;
	const char *field, *sep = "";
	unsigned next = 0;
	struct buf id;

	if (!image_event_is_person(e)) {
		event_json(b, image, e);
		return;
	}
	buf_init(&id);
	event_key(&id, image, e, gone ? e->before : e->after);
	buf_str(b, "{\"date\": ");
	json_text_or_null(b, event_date(image, e));
	buf_str(b, ", \"kind\": ");
	json_text(b, event_kind_name(EVENT_PERSON));
	buf_str(b, ", \"id\": ");
	json_text(b, buf_span(&id));
	buf_str(b, ", \"before\": ");
	put_person(b, image, e->before);
	buf_str(b, ", \"after\": ");
	put_person(b, image, e->after);
	buf_str(b, ", \"fields\": [");
	while ((field = event_field(e, &next)) != NULL) {
		buf_str(b, sep);
		json_text(b, span_str(field));
		sep = ", ";
	}
	buf_str(b, "]}");
	b->failed |= buf_failed(&id);
	buf_release(&id);
}

/* Marks whom a row refers to, as what each is now or was at the end. */
static void mark(const struct image *image, struct le32 number, bool *marks)
{
	const struct image_row *row = image_row(image, le32(number));
	struct image_numbers list;

	if (row == NULL)
		return;
	list = image_list(image, &row->people);
	for (size_t i = 0; i < list.count; i++)
		if (le32(list.at[i]) < image->person_count)
			marks[image_person_last(image, le32(list.at[i]))] =
			    true;
}

/* The people whom the records before and after refer to. */
static int put_people(
    const struct inquiry *q, struct buf *b, struct portbook_error *err)
{
	const struct image *image = q->image;
	bool *marks = mem_zalloc(image->person_count + 1, sizeof(*marks));
	const char *sep = "";

	if (marks == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < q->count; i++) {
		if (image_event_is_person(&q->events[i]))
			continue;
		mark(image, q->events[i].before, marks);
		mark(image, q->events[i].after, marks);
	}
	buf_str(b, "], \"people\": [");
	for (uint32_t n = 0; n < image->person_count; n++) {
		if (!marks[n])
			continue;
		buf_str(b, sep);
		put_person(b, image, le32_of(n));
		sep = ", ";
	}
	buf_str(b, "]}\n");
	mem_release(marks);
	return 0;
}

static int put_events(
    struct inquiry *q, struct buf *b, struct portbook_error *err)
{
	buf_str(b, ", \"events\": [");
	for (size_t i = 0; i < q->count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		put_event(b, q->image, &q->events[i]);
	}
	return put_people(q, b, err);
}

static void put_head(struct inquiry *q, struct buf *b, uint64_t longer)
{
	api_registry(b, q->image, &q->call->as_of);
	if (q->query.ptr != NULL) {
		buf_str(b, ", \"query\": ");
		json_text(b, q->query);
	}
	buf_str(b, ", \"from\": ");
	put_version(q, b, q->ask.after);
	buf_str(b, ", \"to\": ");
	put_version(q, b, q->ask.upto);
	put_pages(q, b, longer);
}

static int put_changes(
    struct inquiry *q, struct buf *b, struct portbook_error *err)
{
	int code = read_kinds(q->call->target, &q->ask.kinds, err);

	if (code == 0)
		code = read_since(q, err);
	if (code == 0)
		code = find(q, err);
	if (code < 0)
		return code;
	put_head(q, b, q->total);
	return put_events(q, b, err);
}

/* Those of the page, out of count rows or persons. */
static void put_once(
    struct inquiry *q, struct buf *b, const uint32_t *rows, size_t count)
{
	size_t first = search_page_of(q->page, false).first;
	size_t left = first < count ? count - first : 0;

	if (left > SEARCH_PAGE_ROWS)
		left = SEARCH_PAGE_ROWS;
	if (left == 0)
		first = 0;
	buf_str(b, ", \"since_total\": ");
	buf_u64(b, count);
	buf_str(b, ", \"since\": ");
	if (q->ask.story.kind == STORY_PERSON)
		people_json(b, q->image, rows + first, left);
	else
		json_records(b, q->image, rows + first, left, 0);
}

/*
 * What stood in the first version is cut into pages as the events are, so
 * that the story of many ports is no answer of megabytes.
 */
static int put_story(
    struct inquiry *q, struct buf *b, struct portbook_error *err)
{
	const struct image *image = q->image;
	size_t cap = image->row_count, count;
	uint32_t *rows;

	if (cap < image->person_count)
		cap = image->person_count;
	rows = mem_alloc(cap + 1, sizeof(*rows));
	if (rows == NULL)
		return error_nomem(err);
	count = history_rows(image, &q->ask.story, 0, rows, cap, q->scratch);
	if (count > cap)
		count = cap;
	put_head(q, b, q->total > count ? q->total : count);
	put_once(q, b, rows, count);
	mem_release(rows);
	return put_events(q, b, err);
}

static int put_log(struct inquiry *q, struct buf *b, struct portbook_error *err)
{
	int code;

	if (!http_target_param(q->call->target, SPAN("q"), &q->query) ||
	    q->query.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "Say whose story: ?q=443/tcp, a name, a record's key or "
		    "a person's id.");
	code = history_parse(q->image, q->query, &q->ask.story, err);
	q->ask.kinds = HISTORY_EVERY;
	if (code == 0)
		code = find(q, err);
	return code < 0 ? code : put_story(q, b, err);
}

static int answer(
    struct api_call *call, answerer *run, struct portbook_error *err)
{
	struct inquiry *q = mem_zalloc(1, sizeof(*q));
	int code;

	if (q == NULL)
		return error_nomem(err);
	q->call = call;
	q->image = call->image;
	q->page = 1;
	q->ask.upto = call->as_of.version;
	code = ask(q, err);
	if (code == 0)
		code = run(q, call->b, err);
	mem_release(q->scratch);
	mem_release(q);
	return code < 0 ? code : 200;
}

static int answer_changes(struct api_call *call, struct portbook_error *err)
{
	return answer(call, put_changes, err);
}

static int answer_log(struct api_call *call, struct portbook_error *err)
{
	return answer(call, put_log, err);
}

int handle_api_changes(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {"since", "kind", "page", NULL};
	static const struct api_address address = {
	    .params = params, .often = "kind", .answer = answer_changes};

	return api_run(&address, request, response, ctx);
}

int handle_api_log(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {"q", "page", NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_log};

	return api_run(&address, request, response, ctx);
}
