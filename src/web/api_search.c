/* SPDX-License-Identifier: ISC */
/* /api/v1/search: the registry's own search, 100 records a page. */
#include "base/error.h"
#include "web/api.h"
#include "web/people.h"
#include "write/json.h"
#include "base/banned.h"

/* What most answers need; an answer that is copied as it grows costs more. */
#define OTHER_BYTES 512
#define ROW_BYTES 512
#define PERSON_BYTES 192

/* Of today's rows most have been in another answer. */
static void put_rows(struct api_call *call, const struct answer *a)
{
	struct kept_json *kept = call->edition->json;
	uint32_t version = call->as_of.version;
	bool today = version == call->image->version_count - 1;
	struct buf *b = call->b;

	buf_str(b, ", \"records\": ");
	if (today && kept != NULL)
		kept_json_records(kept, b, a->rows, a->row_count);
	else
		json_records(b, call->image, a->rows, a->row_count, version);
	buf_str(b, ", \"people\": ");
	if (kept != NULL)
		kept_json_people(kept, b, a->people, a->person_count);
	else
		people_json(b, call->image, a->people, a->person_count);
}

static void put_answer(
    struct api_call *call, const struct ask *ask, const struct answer *a)
{
	struct buf *b = call->b;

	buf_room(b, OTHER_BYTES + ROW_BYTES * a->row_count +
			PERSON_BYTES * a->person_count);
	api_registry(b, call->image, &call->as_of);
	buf_str(b, ", \"query\": ");
	json_text(b, ask->search);
	api_put_pages(b, a->total, ask->page, a->pages);
	put_rows(call, a);
	buf_str(b, "}\n");
}

static int answer_search(struct api_call *call, struct portbook_error *err)
{
	struct ask ask;
	struct answer a;
	int code = ask_parse(call->target, call->image, false, &ask, err);

	/* What a page calls search is q here, as it is of lookups and logs. */
	http_target_param(call->target, SPAN("q"), &ask.search);
	if (code == 0)
		code = search_parse(ask.search, &ask.query, err);
	if (code == 0)
		code = answer_find(call->image, &ask, &a, err);
	if (code < 0)
		return code;
	put_answer(call, &ask, &a);
	api_pages(call, ask.page, a.pages);
	answer_release(&a);
	return 200;
}

int handle_search(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {
	    "q", "page", "sort", "protocol", "state", "class", NULL};
	static const struct api_address address = {
	    .params = params, .often = "sort", .answer = answer_search};

	return api_run(&address, request, response, ctx);
}
