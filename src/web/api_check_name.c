/* SPDX-License-Identifier: ISC */
/* /api/v1/check-name: whether a service name may be registered. */
#include "base/error.h"
#include "search/name.h"
#include "web/api.h"
#include "write/json.h"
#include "write/json_finding.h"
#include "base/banned.h"

static void put_finding(struct api_call *call, const struct name_finding *f)
{
	const struct finding_rule *rule = finding_rule(f->code);
	const struct image_row *row = image_row(call->image, f->row);
	struct buf key;

	buf_init(&key);
	if (row != NULL)
		image_row_key(call->image, row, &key);
	/* A new name is held against the rules of today. */
	json_finding(
	    call->b, &(struct json_finding){.code = span_str(rule->name),
			 .kind = finding_kind_name(rule->new_kind),
			 .record = buf_span(&key),
			 .message = span_str(rule->text),
			 .source = span_str(rule->source)});
	call->b->failed |= buf_failed(&key);
	buf_release(&key);
}

static void put_report(
    struct api_call *call, struct span name, const struct name_report *r)
{
	struct buf *b = call->b;

	api_registry(b, call->image, &call->as_of);
	buf_str(b, ", \"name\": ");
	json_text(b, name);
	buf_str(b, r->valid ? ", \"valid\": true" : ", \"valid\": false");
	buf_str(b, r->taken ? ", \"free\": false" : ", \"free\": true");
	buf_str(b, ", \"findings\": [");
	for (size_t i = 0; i < r->finding_count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		put_finding(call, &r->findings[i]);
	}
	buf_str(b, "], \"nearest\": [");
	for (size_t i = 0; i < r->nearest_count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		json_text(b, span_of(r->nearest[i].text, r->nearest[i].len));
	}
	buf_str(b, "]}\n");
}

static int answer_name(struct api_call *call, struct portbook_error *err)
{
	struct name_report report;
	struct span name;

	if (!http_target_param(call->target, SPAN("name"), &name))
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "Say which name: ?name=example.");
	search_name(call->image, name, call->as_of.version, &report);
	put_report(call, name, &report);
	return 200;
}

int handle_api_check_name(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {"name", NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_name};

	return api_run(&address, request, response, ctx);
}
