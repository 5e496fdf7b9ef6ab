/* SPDX-License-Identifier: ISC */
/* /api/v1/versions: the versions kept, the first one first, 100 a page. */
#include "search/history.h"
#include "web/api.h"
#include "write/json.h"
#include "base/banned.h"

static void put_digest(struct buf *b, const uint8_t *digest)
{
	static const char hex[] = "0123456789abcdef";

	buf_str(b, ", \"digest\": \"");
	for (size_t i = 0; i < 32; i++) {
		buf_char(b, hex[digest[i] >> 4]);
		buf_char(b, hex[digest[i] & 15]);
	}
	buf_char(b, '"');
}

static void put_version(struct api_call *call, uint32_t version)
{
	struct buf *b = call->b, name;
	struct history_version v;

	buf_init(&name);
	history_version(call->image, version, &v);
	history_version_name(&name, call->image, version);
	buf_str(b, "{\"id\": ");
	json_text(b, buf_span(&name));
	buf_str(b, ", \"date\": ");
	json_text_or_null(b, v.date);
	put_digest(b, v.digest);
	buf_str(b, ", \"records\": ");
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
	b->failed |= buf_failed(&name);
	buf_release(&name);
}

static int answer_versions(struct api_call *call, struct portbook_error *err)
{
	size_t first, count = (size_t)call->as_of.version + 1;
	uint64_t page = 1, pages = search_page_count(count);
	struct span text;
	int code = 0;

	if (http_target_param(call->target, SPAN("page"), &text))
		code = ask_page(text, &page, err);
	if (code < 0)
		return code;
	first = search_page_of(page, false).first;
	api_registry(call->b, call->image, &call->as_of);
	api_put_pages(call->b, count, page, pages);
	api_put_next(call->b, page, pages);
	api_pages(call, page, pages);
	buf_str(call->b, ", \"versions\": [");
	for (size_t i = first; i < count && i - first < SEARCH_PAGE_ROWS; i++) {
		buf_str(call->b, i > first ? ", " : "");
		put_version(call, (uint32_t)i);
	}
	buf_str(call->b, "]}\n");
	return 200;
}

int handle_api_versions(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {"page", NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_versions};

	return api_run(&address, request, response, ctx);
}
