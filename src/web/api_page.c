/* SPDX-License-Identifier: ISC */
/* The description of the API, for programs and for people. */
#include "web/api.h"
#include "base/banned.h"

static int answer_document(struct api_call *call, struct portbook_error *err)
{
	(void)err;
	call->response->file = asset_openapi;
	return 200;
}

int handle_openapi(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_document, .constant = true};

	return api_run(&address, request, response, ctx);
}

int handle_api_page(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const struct link own = {.path = SPAN_INIT("/api")};
	const struct edition *edition = ctx;
	struct page_api p = {0};

	(void)request;
	frame_of(
	    edition, (uint32_t)(edition->image.version_count - 1), &p.frame);
	p.frame.title = SPAN("The API");
	p.frame.place = PLACE_API;
	p.frame.canonical = &own;
	response->type = "text/html; charset=utf-8";
	response->cache = "no-cache";
	page_api(&response->body, &p);
	return 200;
}
