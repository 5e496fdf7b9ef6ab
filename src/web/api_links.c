/* SPDX-License-Identifier: ISC */
/* Where the API sends its readers: Link fields (RFC 8288) and redirects. */
#include "web/api.h"

#include "web/emit.h"
#include "write/json.h"
#include "base/banned.h"

void api_path(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		/* A slash is one between segments: names may hold them. */
		if (c == '/' || c == ':')
			buf_char(b, c);
		else if (c == ' ')
			buf_str(b, "%20");
		else
			url_arg(b, span_of(&text.ptr[i], 1));
	}
}

/* "<https://example.net/api/v1/PATH", with base only if it is known. */
static void begin(struct api_call *call)
{
	if (call->links.len > 0)
		buf_str(&call->links, ", ");
	buf_char(&call->links, '<');
	buf_add(&call->links, call->edition->site->base.url);
}

static void put_param(
    struct buf *b, const char **sep, struct span name, struct span value)
{
	buf_str(b, *sep);
	url_arg(b, name);
	buf_char(b, '=');
	url_arg(b, value);
	*sep = "&";
}

void api_canonical(struct api_call *call, struct span path)
{
	const char *sep = "?";

	begin(call);
	buf_str(&call->links, API "/");
	buf_add(&call->links, path);
	if (call->as_of.date.len > 0)
		put_param(&call->links, &sep, SPAN("as-of"), call->as_of.date);
	buf_str(&call->links, ">; rel=\"canonical\"");
}

/* The same address with another page. */
static void put_page(struct api_call *call, uint64_t page, const char *rel)
{
	const struct http_target *target = call->target;
	const char *sep = "?";

	begin(call);
	buf_add(&call->links, target->path);
	for (size_t i = 0; i < target->param_count; i++)
		if (!span_eq(target->params[i].name, SPAN("page")))
			put_param(&call->links, &sep, target->params[i].name,
			    target->params[i].value);
	buf_printf(&call->links, "%spage=", sep);
	buf_u64(&call->links, page);
	buf_printf(&call->links, ">; rel=\"%s\"", rel);
}

void api_pages(struct api_call *call, uint64_t page, uint64_t pages)
{
	if (page < pages)
		put_page(call, page + 1, "next");
	if (page > 1 && pages > 0)
		put_page(call, page - 1 < pages ? page - 1 : pages, "prev");
}

int api_moved(struct api_call *call, int status, struct span path)
{
	struct buf b;

	buf_init(&b);
	buf_str(&b, API "/");
	buf_add(&b, path);
	if (call->target->query.len > 0) {
		buf_char(&b, '?');
		buf_add(&b, call->target->query);
	}
	http_field(call->response, SPAN("Location"), buf_span(&b));
	call->response->fields.failed |= buf_failed(&b);
	buf_str(call->b, "{\"location\": ");
	json_text(call->b, buf_span(&b));
	buf_str(call->b, "}\n");
	buf_release(&b);
	return status;
}
