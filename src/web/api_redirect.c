/* SPDX-License-Identifier: ISC */
/* PAGE.json: the JSON of a page is the API's. */
#include "web/api.h"
#include "web/emit.h"
#include "web/story.h"
#include "base/banned.h"

int site_redirect(struct http_response *response, int status, struct buf *b)
{
	http_field(response, SPAN("Location"), buf_span(b));
	response->fields.failed |= buf_failed(b);
	response->cache = "no-cache";
	buf_str(&response->body, "See ");
	buf_add(&response->body, buf_span(b));
	buf_char(&response->body, '\n');
	buf_release(b);
	return status;
}

/* A parameter that has a value. */
static void put_param(
    struct buf *b, char *sep, const char *name, struct span value)
{
	if (value.len == 0)
		return;
	buf_char(b, *sep);
	buf_str(b, name);
	buf_char(b, '=');
	url_arg(b, value);
	*sep = '&';
}

static int redirect(struct http_response *response, const char *path,
    struct span query, const struct as_of *as_of)
{
	char sep = '?';
	struct buf b;

	buf_init(&b);
	buf_str(&b, path);
	put_param(&b, &sep, "q", query);
	put_param(&b, &sep, "as-of", as_of->date);
	return site_redirect(response, 308, &b);
}

/*
 * The same parameters there; of those that the page does not know the API
 * would complain.
 */
static int redirect_same(const struct http_request *request,
    struct http_response *response, const char *path, const char *param)
{
	struct span value = SPAN("");
	char sep = '?';
	struct buf b;

	buf_init(&b);
	buf_str(&b, path);
	if (param != NULL &&
	    http_target_param(&request->target, span_str(param), &value))
		put_param(&b, &sep, param, value);
	value = SPAN("");
	http_target_param(&request->target, SPAN("as-of"), &value);
	put_param(&b, &sep, "as-of", value);
	return site_redirect(response, 308, &b);
}

int handle_map_json(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)ctx;
	return redirect_same(request, response, API "/map", "protocol");
}

int handle_api_page_json(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	struct buf b;

	(void)request;
	(void)ctx;
	buf_init(&b);
	buf_str(&b, API "/openapi.json");
	return site_redirect(response, 308, &b);
}

int handle_formats_json(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)ctx;
	return redirect_same(request, response, API "/formats", NULL);
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
		return refuse_error(edition, request, response, code, &err);
	if (filter.story.kind == STORY_SEARCH)
		return refuse(edition, request, response, 404,
		    "What happened to the records of a search is here as a "
		    "page and a feed alone.");
	return redirect(response,
	    filter.story.kind == STORY_ALL ? API "/changes" : API "/log",
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
		return refuse_error(edition, request, response, code, &err);
	return redirect(response, API "/versions", SPAN(""), &as_of);
}
