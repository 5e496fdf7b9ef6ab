/* SPDX-License-Identifier: ISC */
/* /changes.json, /versions.json: the JSON of a page is the API's. */
#include "web/api.h"
#include "web/emit.h"
#include "web/story.h"
#include "base/banned.h"

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
