/* SPDX-License-Identifier: ISC */
/* /api/v1/suggest: free ports, or what speaks for and against one. */
#include "base/error.h"
#include "base/mem.h"
#include "web/api.h"
#include "web/suggest.h"
#include "base/banned.h"

static int answer(struct api_call *call, struct portbook_error *err)
{
	struct suggest_found *found = mem_zalloc(1, sizeof(*found));
	int code;

	if (found == NULL)
		return error_nomem(err);
	code = suggest_find(
	    call->target, call->image, &call->as_of, false, found, err);
	if (code == 0) {
		json_suggest(call->b, &found->out);
		if (found->random)
			call->response->cache = "no-store";
		code = 200;
	}
	mem_release(found);
	return code;
}

int handle_api_suggest(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {
	    "near", "range", "count", "for", "seed", "explain", NULL};
	static const struct api_address address = {
	    .params = params, .often = "for", .answer = answer};

	return api_run(&address, request, response, ctx);
}
