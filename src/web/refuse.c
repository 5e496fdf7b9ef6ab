/* SPDX-License-Identifier: ISC */
/* Errors: a page for people, a problem document (RFC 9457) for programs. */
#include "web/goto.h"
#include "write/json.h"
#include "base/banned.h"

void frame_of(
    const struct edition *edition, uint32_t version, struct page_frame *ret)
{
	const struct image *image = &edition->image;
	const struct image_version *v = &image->versions[version];

	ret->updated = image_text(image, v->updated);
	ret->newest_row = image_text(image, v->newest_row);
	ret->source = image_text(image, image->meta->built_from);
	ret->records = le32(v->row_count);
	ret->base = edition->site->base.url;
}

static void problem(const struct http_request *request,
    struct http_response *response, int status, const char *detail,
    struct span members)
{
	struct buf *b = &response->body;

	response->type = "application/problem+json";
	http_field(response, SPAN("Access-Control-Allow-Origin"), SPAN("*"));
	buf_str(b, "{\"type\": \"about:blank\", \"title\": ");
	json_text(b, span_str(http_status_text(status)));
	buf_str(b, ", \"status\": ");
	buf_u64(b, (uint64_t)status);
	buf_str(b, ", \"detail\": ");
	json_text(b, span_str(detail));
	buf_str(b, ", \"instance\": ");
	json_text(b, request->target.raw);
	buf_add(b, members);
	buf_str(b, "}\n");
}

/* /443 and /tcp/443 read as what one may ask for on the page of the registry.
 */
static bool find_meant(struct thing *t, struct span path, struct page_word *ret)
{
	if (path.len < 2)
		return false;
	path = span_skip(path, 1);
	if (span_ends(path, SPAN("/")))
		path.len--;
	return goto_find(t, path, ret);
}

static void page(const struct edition *edition, struct http_response *response,
    int status, const char *detail, const struct page_word *meant)
{
	struct page_refusal p = {
	    .frame = {.no_index = true},
	    .status = (uint64_t)status,
	    .title = span_str(http_status_text(status)),
	    .detail = span_str(detail),
	    .meant = meant,
	};

	p.frame.title = p.title;
	if (edition != NULL)
		frame_of(edition, (uint32_t)(edition->image.version_count - 1),
		    &p.frame);
	response->type = "text/html; charset=utf-8";
	page_refusal(&response->body, &p);
}

/* The target may be one that could not be parsed. */
static bool is_api(const struct http_request *request)
{
	return span_starts(
	    http_target_origin(request->target.raw), SPAN("/api/"));
}

static int answer(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int status, const char *detail, struct span members,
    const struct page_word *meant)
{
	buf_clear(&response->body);
	response->status = status;
	response->cache = "no-store";
	if (is_api(request))
		problem(request, response, status, detail, members);
	else
		page(edition, response, status, detail, meant);
	return status;
}

int refuse_with(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int status, const char *detail, struct span members)
{
	return answer(
	    edition, request, response, status, detail, members, NULL);
}

int refuse(const struct edition *edition, const struct http_request *request,
    struct http_response *response, int status, const char *detail)
{
	return refuse_with(
	    edition, request, response, status, detail, SPAN(""));
}

int refuse_error(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int code, const struct portbook_error *err)
{
	return refuse(edition, request, response, ask_status(code), err->text);
}

int refuse_memory(const struct edition *edition,
    const struct http_request *request, struct http_response *response)
{
	return refuse(
	    edition, request, response, 503, "Out of memory; try again later.");
}

int page_or_refusal(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int code, const struct portbook_error *err)
{
	if (code < 0)
		return refuse_error(edition, request, response, code, err);
	response->type = "text/html; charset=utf-8";
	response->cache = "no-cache";
	return 200;
}

void site_refuse(void *site, const struct http_request *request,
    struct http_response *response, int status, const char *detail)
{
	struct edition *edition = site_take(site);
	const struct http_target *target = &request->target;
	const struct page_word *meant = NULL;
	struct page_word word;
	struct thing t;

	if (status == 404 && is_api(request)) {
		detail = "There is no such address in the API; /api tells "
			 "which there are.";
		http_field(response, SPAN("Link"),
		    SPAN("</api>; rel=\"service-doc\", "
			 "</api/v1/openapi.json>; rel=\"service-desc\""));
	}
	if (edition == NULL || status != 404) {
		refuse(edition, request, response, status, detail);
		edition_give(edition);
		return;
	}
	if (thing_begin(&t, edition, target, NULL) == 0 &&
	    find_meant(&t, target->path, &word))
		meant = &word;
	answer(edition, request, response, status, detail, SPAN(""), meant);
	thing_end(&t);
	edition_give(edition);
}
