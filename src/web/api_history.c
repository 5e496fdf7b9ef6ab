/* SPDX-License-Identifier: ISC */
/* /api/v1/changes, log and versions. */
#include "base/error.h"
#include "base/mem.h"
#include "search/history.h"
#include "web/api.h"
#include "web/change.h"
#include "web/people.h"
#include "web/story.h"
#include "write/event.h"
#include "write/json.h"
#include "base/banned.h"

#define EVENTS_PAGE SEARCH_PAGE_ROWS

/* A request for events, and what it found. */
struct inquiry {
	const struct image *image;
	struct as_of as_of;
	struct span query; /* of a log */
	struct history_ask ask;
	uint64_t page, total;
	struct image_event events[EVENTS_PAGE];
	size_t count;
	void *scratch; /* owned */
	struct arena arena;
};

static int read_common(struct inquiry *q, const struct http_target *target,
    struct portbook_error *err)
{
	struct span page;
	int code = ask_as_of(target, q->image, &q->as_of, err);

	q->page = 1;
	q->ask.upto = q->as_of.version;
	if (code == 0 && http_target_param(target, SPAN("page"), &page))
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
static int read_since(struct inquiry *q, const struct http_target *target,
    struct portbook_error *err)
{
	struct history_version v;
	struct span since;
	int code;

	if (!http_target_param(target, SPAN("since"), &since))
		return 0;
	if (since.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "since must be a date, YYYY-MM-DD, with .2 behind it for "
		    "the second edition of a day.");
	code = search_version(q->image, since, &q->ask.after, err);
	if (code == PORTBOOK_ENOVERSION && since.len == 10) {
		q->ask.after = 0; /* all that is known is since then */
		return 0;
	}
	if (code < 0)
		return code;
	history_version(q->image, q->ask.after, &v);
	if (since.len == 10 && span_eq(v.date, since))
		q->ask.after -= v.edition - 1;
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
	struct span name = version_show(q->image, version, &q->arena);

	b->failed |= name.ptr == NULL;
	if (name.ptr != NULL)
		json_text(b, name);
}

/* "total", "page", "pages", "next": the last is a page to ask for, or null. */
static void put_pages(struct buf *b, uint64_t total, uint64_t page)
{
	uint64_t pages = search_page_count(total);

	buf_str(b, ", \"total\": ");
	buf_u64(b, total);
	buf_str(b, ", \"page\": ");
	buf_u64(b, page);
	buf_str(b, ", \"pages\": ");
	buf_u64(b, pages);
	buf_str(b, ", \"next\": ");
	if (page < pages)
		buf_u64(b, page + 1);
	else
		buf_str(b, "null");
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

static void put_head(struct inquiry *q, struct buf *b)
{
	api_registry(b, q->image, &q->as_of);
	if (q->query.ptr != NULL) {
		buf_str(b, ", \"query\": ");
		json_text(b, q->query);
	}
	buf_str(b, ", \"from\": ");
	put_version(q, b, q->ask.after);
	buf_str(b, ", \"to\": ");
	put_version(q, b, q->ask.upto);
	put_pages(b, q->total, q->page);
}

static int answer_changes(struct inquiry *q, const struct http_target *target,
    struct buf *b, struct portbook_error *err)
{
	static const char *const names[] = {
	    "since", "kind", "page", "as-of", NULL};
	int code = api_params(target, names, SPAN("kind"), err);

	if (code == 0)
		code = read_common(q, target, err);
	if (code == 0)
		code = read_kinds(target, &q->ask.kinds, err);
	if (code == 0)
		code = read_since(q, target, err);
	if (code == 0)
		code = find(q, err);
	if (code < 0)
		return code;
	put_head(q, b);
	return put_events(q, b, err);
}

/* What it was in the first version, on the page where its story begins. */
static int put_since(
    struct inquiry *q, struct buf *b, struct portbook_error *err)
{
	const struct image *image = q->image;
	const struct story *story = &q->ask.story;
	size_t cap = image->row_count, count = 0;
	uint32_t *rows;

	if (cap < image->person_count)
		cap = image->person_count;
	rows = mem_alloc(cap + 1, sizeof(*rows));
	if (rows == NULL)
		return error_nomem(err);
	if (q->page == 1)
		count = history_rows(image, story, 0, rows, cap, q->scratch);
	buf_str(b, ", \"since\": ");
	if (story->kind == STORY_PERSON)
		people_json(b, image, rows, count < cap ? count : cap);
	else
		json_records(b, image, rows, count < cap ? count : cap, 0);
	mem_release(rows);
	return 0;
}

static int answer_log(struct inquiry *q, const struct http_target *target,
    struct buf *b, struct portbook_error *err)
{
	static const char *const names[] = {"q", "page", "as-of", NULL};
	int code = api_params(target, names, SPAN(""), err);

	if (code == 0 && (!http_target_param(target, SPAN("q"), &q->query) ||
			     q->query.len == 0))
		code = error_set(err, PORTBOOK_EUSAGE, 0,
		    "Say whose story: ?q=443/tcp, a name, a record's key or "
		    "a person's id.");
	if (code == 0)
		code = read_common(q, target, err);
	if (code == 0)
		code = history_parse(q->image, q->query, &q->ask.story, err);
	q->ask.kinds = HISTORY_EVERY;
	if (code == 0)
		code = find(q, err);
	if (code < 0)
		return code;
	put_head(q, b);
	code = put_since(q, b, err);
	return code < 0 ? code : put_events(q, b, err);
}

static void put_one_version(struct inquiry *q, struct buf *b, uint32_t version)
{
	static const char hex[] = "0123456789abcdef";
	struct history_version v;

	history_version(q->image, version, &v);
	buf_str(b, "{\"id\": ");
	put_version(q, b, version);
	buf_str(b, ", \"date\": ");
	json_text_or_null(b, v.date);
	buf_str(b, ", \"digest\": \"");
	for (size_t i = 0; i < 32; i++) {
		buf_char(b, hex[v.digest[i] >> 4]);
		buf_char(b, hex[v.digest[i] & 15]);
	}
	buf_str(b, "\", \"records\": ");
	buf_u64(b, v.rows);
	buf_str(b, ", \"people\": ");
	buf_u64(b, v.people);
	buf_str(b, ", \"events\": {");
	for (enum event_kind kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		buf_str(b, kind > 0 ? ", " : "");
		json_text(b, event_kind_name(kind));
		buf_str(b, ": ");
		buf_u64(b, v.events[kind]);
	}
	buf_str(b, "}}");
}

static int answer_versions(struct inquiry *q, const struct http_target *target,
    struct buf *b, struct portbook_error *err)
{
	static const char *const names[] = {"page", "as-of", NULL};
	int code = api_params(target, names, SPAN(""), err);
	size_t first, count;

	if (code == 0)
		code = read_common(q, target, err);
	if (code < 0)
		return code;
	first = search_page_of(q->page, false).first;
	count = (size_t)q->as_of.version + 1;
	api_registry(b, q->image, &q->as_of);
	put_pages(b, count, q->page);
	buf_str(b, ", \"versions\": [");
	for (size_t i = first; i < count && i - first < SEARCH_PAGE_ROWS; i++) {
		buf_str(b, i > first ? ", " : "");
		put_one_version(q, b, (uint32_t)i);
	}
	buf_str(b, "]}\n");
	return 0;
}

typedef int answerer(struct inquiry *q, const struct http_target *target,
    struct buf *b, struct portbook_error *err);

static int answer(const struct http_request *request,
    struct http_response *response, const struct edition *edition,
    answerer *run)
{
	struct inquiry *q = mem_zalloc(1, sizeof(*q));
	struct portbook_error err;
	int code, status = 200;

	if (q == NULL)
		return refuse(edition, request, response, 503,
		    "Out of memory; try again later.");
	q->image = &edition->image;
	arena_init(&q->arena);
	code = run(q, &request->target, &response->body, &err);
	if (code == 0)
		api_begin(response);
	else
		status = api_fail(edition, request, response, code, err.text);
	arena_release(&q->arena);
	mem_release(q->scratch);
	mem_release(q);
	return status;
}

int handle_api_changes(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return answer(request, response, ctx, answer_changes);
}

int handle_api_log(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return answer(request, response, ctx, answer_log);
}

int handle_api_versions(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return answer(request, response, ctx, answer_versions);
}

/* The JSON of a page is the API's. */
static int redirect(struct http_response *response, const char *path,
    struct span query, const struct as_of *as_of)
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, path);
	if (query.len > 0) {
		buf_str(&b, "?q=");
		url_arg(&b, query);
	}
	if (as_of->date.len > 0) {
		buf_str(&b, query.len > 0 ? "&as-of=" : "?as-of=");
		url_arg(&b, as_of->date);
	}
	http_field(response, SPAN("Location"), buf_span(&b));
	response->fields.failed |= buf_failed(&b);
	response->cache = "no-cache";
	buf_str(&response->body, "See ");
	buf_add(&response->body, buf_span(&b));
	buf_char(&response->body, '\n');
	buf_release(&b);
	return 308;
}

int handle_changes_json(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	struct portbook_error err;
	struct filter filter;
	struct as_of as_of;
	int code =
	    filter_parse(&request->target, &edition->image, &filter, &err);

	if (code == 0)
		code =
		    ask_as_of(&request->target, &edition->image, &as_of, &err);
	if (code < 0)
		return refuse(
		    edition, request, response, ask_status(code), err.text);
	if (filter.story.kind == STORY_SEARCH)
		return refuse(edition, request, response, 404,
		    "What happened to the records of a search is here as a "
		    "page and a feed alone.");
	return redirect(response,
	    filter.story.kind == STORY_ALL ? "/api/v1/changes" : "/api/v1/log",
	    filter.value, &as_of);
}

int handle_versions_json(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	struct portbook_error err;
	struct as_of as_of;
	int code = ask_as_of(&request->target, &edition->image, &as_of, &err);

	if (code < 0)
		return refuse(
		    edition, request, response, ask_status(code), err.text);
	return redirect(response, "/api/v1/versions", SPAN(""), &as_of);
}
