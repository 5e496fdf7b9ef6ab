/* SPDX-License-Identifier: ISC */
/* /api/v1/: JSON for programs.  Parameters that it does not know are errors. */
#include "web/api.h"

#include "base/error.h"
#include "base/mem.h"
#include "web/people.h"
#include "write/json.h"
#include "base/banned.h"

/* Rows in the answer to one lookup request: the registry twice over. */
#define LOOKUP_ROWS_MAX 40000

void api_begin(struct http_response *response)
{
	response->type = "application/json";
	response->cache = "no-cache";
	http_field(response, SPAN("Access-Control-Allow-Origin"), SPAN("*"));
}

void api_registry(
    struct buf *b, const struct image *image, const struct as_of *as_of)
{
	buf_str(b, "{\"registry\": ");
	json_registry(b, image, as_of->version, as_of->date);
}

static int put_people(struct buf *b, const struct image *image,
    uint32_t version, const uint32_t *rows, size_t count,
    struct portbook_error *err)
{
	uint32_t *people;
	size_t person_count;
	int code = answer_people(
	    image, version, rows, count, &people, &person_count, err);

	if (code < 0)
		return code;
	buf_str(b, "\"people\": ");
	people_json(b, image, people, person_count);
	mem_release(people);
	return 0;
}

static int put_lookup(struct buf *b, const struct image *image,
    const struct as_of *as_of, struct span text, struct match *room,
    size_t *left, struct portbook_error *err)
{
	struct match match = {.rows = room->rows, .cap = room->cap};
	struct query query;
	int code = query_parse(text, &query, err);

	if (code < 0)
		return code;
	search_lookup(image, &query, as_of->version, &match);
	if (match.count > *left)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "That is more than %d rows; ask for less at a time.",
		    LOOKUP_ROWS_MAX);
	*left -= match.count;
	api_registry(b, image, as_of);
	json_lookup(b, image, text, &query, &match, as_of->version);
	buf_str(b, ", ");
	code =
	    put_people(b, image, as_of->version, match.rows, match.count, err);
	buf_char(b, '}');
	return code;
}

static size_t count_params(const struct http_target *target, struct span name)
{
	size_t count = 0;

	for (size_t i = 0; i < target->param_count; i++)
		count += span_eq(target->params[i].name, name);
	return count;
}

static int put_lookups(struct buf *b, const struct image *image,
    const struct as_of *as_of, const struct http_target *target,
    struct portbook_error *err)
{
	struct match room = {.cap = image->row_count};
	size_t left = LOOKUP_ROWS_MAX, done = 0;
	bool many = count_params(target, SPAN("q")) > 1;
	int code = 0;

	room.rows = mem_alloc(room.cap + 1, sizeof(*room.rows));
	if (room.rows == NULL)
		return error_nomem(err);
	if (many)
		buf_char(b, '[');
	for (size_t i = 0; i < target->param_count && code == 0; i++) {
		if (!span_eq(target->params[i].name, SPAN("q")))
			continue;
		if (done++ > 0)
			buf_str(b, ", ");
		code = put_lookup(b, image, as_of, target->params[i].value,
		    &room, &left, err);
	}
	buf_str(b, many ? "]\n" : "\n");
	mem_release(room.rows);
	return code;
}

int api_fail(const struct edition *edition, const struct http_request *request,
    struct http_response *response, int code, const char *text)
{
	return refuse(edition, request, response, ask_status(code), text);
}

int api_params(const struct http_target *target, const char *const *names,
    struct span often, struct portbook_error *err)
{
	for (size_t i = 0; i < target->param_count; i++) {
		struct span name = target->params[i].name, value;
		size_t n = 0;

		while (names[n] != NULL && !span_eq(name, span_str(names[n])))
			n++;
		if (names[n] == NULL)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "There is no parameter %.*s here.",
			    SPAN_FMT(span_head(name, 60)));
		http_target_param(target, name, &value);
		if (value.ptr != target->params[i].value.ptr &&
		    !span_eq(name, often))
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "The parameter %s may be given once.", names[n]);
	}
	return 0;
}

int handle_lookup(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const names[] = {"q", "as-of", NULL};
	const struct edition *edition = ctx;
	const struct http_target *target = &request->target;
	struct portbook_error err;
	struct as_of as_of;
	int code = api_params(target, names, SPAN("q"), &err);

	if (code == 0 && count_params(target, SPAN("q")) == 0)
		code = error_set(&err, PORTBOOK_EUSAGE, 0,
		    "Say what to look up: ?q=443/tcp; q may be repeated.");
	if (code == 0)
		code = ask_as_of(target, &edition->image, &as_of, &err);
	if (code == 0)
		code = put_lookups(
		    &response->body, &edition->image, &as_of, target, &err);
	if (code < 0)
		return api_fail(edition, request, response, code, err.text);
	api_begin(response);
	return 200;
}

static int put_search(struct buf *b, const struct image *image,
    const struct ask *ask, struct portbook_error *err)
{
	struct answer a;
	int code = answer_find(image, ask, &a, err);

	if (code < 0)
		return code;
	api_registry(b, image, &ask->as_of);
	buf_str(b, ", \"query\": ");
	json_text(b, ask->search);
	buf_str(b, ", \"total\": ");
	buf_u64(b, a.total);
	buf_str(b, ", \"page\": ");
	buf_u64(b, ask->page);
	buf_str(b, ", \"pages\": ");
	buf_u64(b, a.pages);
	buf_str(b, ", \"records\": [");
	for (size_t i = 0; i < a.row_count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		json_record(
		    b, image, image_row(image, a.rows[i]), ask->as_of.version);
	}
	buf_str(b, "], \"people\": ");
	people_json(b, image, a.people, a.person_count);
	buf_str(b, "}\n");
	answer_release(&a);
	return 0;
}

int handle_search(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const names[] = {"q", "page", "as-of", NULL};
	const struct edition *edition = ctx;
	const struct http_target *target = &request->target;
	struct ask ask = {.search = SPAN(""), .page = 1};
	struct portbook_error err;
	struct span page;
	int code = api_params(target, names, SPAN(""), &err);

	http_target_param(target, SPAN("q"), &ask.search);
	if (code == 0 && http_target_param(target, SPAN("page"), &page))
		code = ask_page(page, &ask.page, &err);
	if (code == 0)
		code = search_parse(ask.search, &ask.query, &err);
	if (code == 0)
		code = ask_as_of(target, &edition->image, &ask.as_of, &err);
	if (code == 0)
		code = put_search(&response->body, &edition->image, &ask, &err);
	if (code < 0)
		return api_fail(edition, request, response, code, err.text);
	api_begin(response);
	return 200;
}
