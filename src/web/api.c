/* SPDX-License-Identifier: ISC */
/* /api/v1/: JSON for programs.  Parameters that it does not know are errors. */
#include "web/api.h"

#include "base/error.h"
#include "base/mem.h"
#include "search/history.h"
#include "search/search.h"
#include "web/people.h"
#include "write/json.h"
#include "base/banned.h"

/* The i-th parameter that an address takes, as-of the last; or NULL. */
static const char *param_at(const struct api_address *address, size_t i)
{
	size_t count = 0;

	while (address->params[count] != NULL)
		count++;
	if (i < count)
		return address->params[i];
	return i == count && !address->constant ? "as-of" : NULL;
}

static bool takes(const struct api_address *address, struct span name)
{
	const char *param;

	for (size_t i = 0; (param = param_at(address, i)) != NULL; i++)
		if (span_eq(name, span_str(param)))
			return true;
	return false;
}

/* The parameter that was meant, if it is a slip of the pen away. */
static const char *param_near(
    const struct api_address *address, struct span name)
{
	unsigned least = name.len < 4 ? 2 : 3;
	const char *param, *found = NULL;

	for (size_t i = 0; (param = param_at(address, i)) != NULL; i++) {
		unsigned distance = search_distance(name, span_str(param));

		if (distance < least) {
			least = distance;
			found = param;
		}
	}
	return found;
}

/* "Did you mean page? It takes q, page and as-of." */
static void put_params(
    struct buf *b, const struct api_address *address, struct span name)
{
	const char *near = param_near(address, name), *param;

	if (near != NULL) {
		buf_str(b, " Did you mean ");
		buf_str(b, near);
		buf_char(b, '?');
	}
	if (param_at(address, 0) == NULL) {
		buf_str(b, " It takes none.");
		return;
	}
	buf_str(b, " It takes ");
	for (size_t i = 0; (param = param_at(address, i)) != NULL; i++) {
		if (i > 0)
			buf_str(b,
			    param_at(address, i + 1) != NULL ? ", " : " and ");
		buf_str(b, param);
	}
	buf_char(b, '.');
}

static int refuse_param(const struct api_address *address, struct span name,
    struct portbook_error *err)
{
	char storage[160];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	put_params(&b, address, name);
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "There is no parameter %.*s here.%.*s",
	    SPAN_FMT(span_head(name, 60)), SPAN_FMT(buf_span(&b)));
}

/* Refuses a parameter that is unknown, or comes twice and may not. */
static int check_params(const struct http_target *target,
    const struct api_address *address, struct portbook_error *err)
{
	for (size_t i = 0; i < target->param_count; i++) {
		struct span name = target->params[i].name, value;

		if (!takes(address, name))
			return refuse_param(address, name, err);
		http_target_param(target, name, &value);
		if (value.ptr != target->params[i].value.ptr &&
		    !span_eq(name, span_str(address->often)))
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "The parameter %.*s may be given once.",
			    SPAN_FMT(name));
	}
	return 0;
}

void api_registry(
    struct buf *b, const struct image *image, const struct as_of *as_of)
{
	buf_str(b, "{\"registry\": ");
	json_registry(b, image, as_of->version, as_of->date);
}

int api_people(struct api_call *call, const uint32_t *rows, size_t count,
    struct portbook_error *err)
{
	uint32_t *people;
	size_t person_count;
	int code = answer_people(call->image, call->as_of.version, rows, count,
	    &people, &person_count, err);

	if (code < 0)
		return code;
	buf_str(call->b, ", \"people\": ");
	people_json(call->b, call->image, people, person_count);
	mem_release(people);
	return 0;
}

struct span api_rest(
    const struct api_call *call, size_t segments, struct buf *storage)
{
	const struct http_target *target = call->target;

	for (size_t i = segments; i < target->segment_count; i++) {
		if (i > segments)
			buf_char(storage, '/');
		buf_add(storage, target->segments[i]);
	}
	return buf_span(storage);
}

void api_last_seen(struct buf *b, const struct image *image, uint32_t version)
{
	struct buf name;

	buf_str(b, ", \"last_seen\": ");
	buf_init(&name);
	if (version < image->version_count)
		history_version_name(&name, image, version);
	json_text_or_null(b, buf_span(&name));
	b->failed |= buf_failed(&name);
	buf_release(&name);
}

int api_missing(
    struct api_call *call, const char *detail, const struct buf *members)
{
	struct span more = members != NULL ? buf_span(members) : SPAN("");
	int status = refuse_with(
	    call->edition, call->request, call->response, 404, detail, more);

	call->b->failed |= members != NULL && buf_failed(members);
	return status;
}

void api_put_pages(struct buf *b, uint64_t total, uint64_t page, uint64_t pages)
{
	buf_str(b, ", \"total\": ");
	buf_u64(b, total);
	buf_str(b, ", \"page\": ");
	buf_u64(b, page);
	buf_str(b, ", \"pages\": ");
	buf_u64(b, pages);
}

void api_put_next(struct buf *b, uint64_t page, uint64_t pages)
{
	buf_str(b, ", \"next\": ");
	if (page < pages)
		buf_u64(b, page + 1);
	else
		buf_str(b, "null");
}

int api_match(
    const struct image *image, struct match *ret, struct portbook_error *err)
{
	*ret = (struct match){.cap = image->row_count};
	ret->rows = mem_alloc(ret->cap + 1, sizeof(*ret->rows));
	return ret->rows != NULL ? 0 : error_nomem(err);
}

/* What every answer that is no problem has in its head. */
static void finish(struct api_call *call)
{
	struct http_response *response = call->response;

	response->type = "application/json";
	if (response->cache == NULL)
		response->cache = "public, max-age=60, must-revalidate";
	http_field(response, SPAN("Access-Control-Allow-Origin"), SPAN("*"));
	http_field(response, SPAN("Access-Control-Expose-Headers"),
	    SPAN("ETag, Link"));
	if (call->links.len > 0)
		http_field(response, SPAN("Link"), buf_span(&call->links));
	response->fields.failed |= buf_failed(&call->links);
}

int api_run(const struct api_address *address,
    const struct http_request *request, struct http_response *response,
    const struct edition *edition)
{
	struct api_call call = {
	    .request = request,
	    .target = &request->target,
	    .response = response,
	    .edition = edition,
	    .image = &edition->image,
	    .b = &response->body,
	};
	struct portbook_error err;
	int code;

	buf_init(&call.links);
	code = check_params(call.target, address, &err);
	if (code == 0)
		code = ask_as_of(call.target, call.image, &call.as_of, &err);
	if (code == 0)
		code = address->answer(&call, &err);
	if (code < 0)
		code = refuse_error(edition, request, response, code, &err);
	else if (code < 400)
		finish(&call);
	buf_release(&call.links);
	return code;
}

/* What a browser asks before it lets a page of another origin read. */
int handle_preflight(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	response->cache = "public, max-age=86400";
	http_field(response, SPAN("Allow"), SPAN("GET, HEAD, OPTIONS"));
	http_field(response, SPAN("Access-Control-Allow-Origin"), SPAN("*"));
	http_field(response, SPAN("Access-Control-Allow-Methods"),
	    SPAN("GET, HEAD, OPTIONS"));
	http_field(response, SPAN("Access-Control-Allow-Headers"),
	    SPAN("Accept, If-Match, If-None-Match, If-Modified-Since, "
		 "If-Unmodified-Since"));
	http_field(response, SPAN("Access-Control-Max-Age"), SPAN("86400"));
	return 204;
}
