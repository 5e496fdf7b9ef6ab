/* SPDX-License-Identifier: ISC */
/* /api/v1/formats: the official files, and what convert makes. */
#include "web/api.h"
#include "web/formats.h"
#include "write/format.h"
#include "write/json.h"
#include "base/banned.h"

static void put_url(
    struct buf *b, const char *member, struct span base, struct span address)
{
	struct buf url;

	buf_init(&url);
	buf_add(&url, base);
	buf_add(&url, address);
	buf_str(b, member);
	json_text(b, buf_span(&url));
	b->failed |= buf_failed(&url);
	buf_release(&url);
}

static void put_file(struct api_call *call, const struct format_file *f)
{
	struct buf *b = call->b;
	uint64_t bytes = format_bytes(call->edition, f);

	buf_str(b, "{\"name\": ");
	json_text(b, f->name);
	buf_str(b, ", \"type\": ");
	json_text(b, f->type);
	if (format_is_here(call->edition, f))
		put_url(b, ", \"url\": ", call->edition->site->base.url,
		    f->address);
	else
		buf_str(b, ", \"url\": null");
	buf_str(b, ", \"bytes\": ");
	if (bytes > 0)
		buf_u64(b, bytes);
	else
		buf_str(b, "null");
	put_url(b, ", \"official\": ", SPAN(FORMATS_IANA), f->address);
	buf_str(b, ", \"about\": ");
	json_text(b, f->about);
	buf_char(b, '}');
}

static void put_export(struct buf *b, const struct format *f)
{
	buf_str(b, "{\"name\": ");
	json_text(b, span_str(f->name));
	buf_str(b, ", \"about\": ");
	json_text(b, span_str(f->does));
	buf_str(b, ", \"styles\": [");
	for (size_t i = 0; f->styles != NULL && f->styles[i] != NULL; i++) {
		buf_str(b, i > 0 ? ", " : "");
		json_text(b, span_str(f->styles[i]));
	}
	buf_str(b, "]}");
}

static int answer_formats(struct api_call *call, struct portbook_error *err)
{
	struct buf *b = call->b;

	(void)err;
	api_canonical(call, SPAN("formats"));
	api_registry(b, call->image, &call->as_of);
	buf_str(b, ", \"files\": [");
	for (size_t i = 0; i < FORMAT_FILES; i++) {
		buf_str(b, i > 0 ? ", " : "");
		put_file(call, &format_files[i]);
	}
	buf_str(b, "], \"exports\": [");
	for (size_t i = 0; i < format_count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		put_export(b, &formats[i]);
	}
	buf_str(b, "]}\n");
	return 200;
}

int handle_api_formats(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_formats};

	return api_run(&address, request, response, ctx);
}
