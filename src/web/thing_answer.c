/* SPDX-License-Identifier: ISC */
/* How pages of one thing end: an answer, a redirect, or what is near. */
#include "base/error.h"
#include "web/thing.h"
#include "base/banned.h"

struct link thing_today(const struct thing *t)
{
	struct link link = t->self;

	link.as_of = SPAN("");
	return link;
}

void thing_frame(struct thing *t, struct page_frame *ret)
{
	frame_of(t->edition, t->as_of.version, ret);
	ret->as_of = t->as_of.date;
	if (t->as_of.date.len > 0) {
		buf_str(&t->scratch, ", as of ");
		buf_add(&t->scratch, t->as_of.date);
	}
	ret->title = thing_keep(t);
	ret->canonical = &t->self;
}

int thing_handle(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    thing_answerer *answer)
{
	struct portbook_error err;
	struct thing t;
	int code = thing_begin(&t, edition, &request->target, &err), status;

	if (code < 0)
		status = refuse_error(edition, request, response, code, &err);
	else
		status = answer(&t, request, response);
	thing_end(&t);
	return status;
}

int thing_answer(struct thing *t, const struct http_request *request,
    struct http_response *response, int status)
{
	if (t->failed)
		return refuse_memory(t->edition, request, response);
	response->type = "text/html; charset=utf-8";
	response->cache = "no-cache";
	response->status = status;
	return status;
}

/* An address as a header has it, without what HTML escapes. */
static void put_location(struct buf *b, struct span html)
{
	while (html.len > 0) {
		size_t at = span_find(html, SPAN("&amp;"));

		buf_add(b, span_head(html, at));
		if (at < html.len)
			buf_char(b, '&');
		html = span_skip(html, at + SPAN("&amp;").len);
	}
}

static int redirect(
    struct http_response *response, int status, struct span location)
{
	http_field(response, SPAN("Location"), location);
	response->cache = "no-cache";
	buf_str(&response->body, "See ");
	buf_add(&response->body, location);
	buf_char(&response->body, '\n');
	return status;
}

int thing_redirect(
    struct thing *t, struct http_response *response, int status, struct link to)
{
	struct buf b;

	buf_init(&b);
	html_link(&t->scratch, &to);
	put_location(&b, thing_keep(t));
	redirect(response, status, buf_span(&b));
	response->fields.failed |= buf_failed(&b) || t->failed;
	buf_release(&b);
	return status;
}

int thing_json(struct thing *t, struct http_response *response)
{
	struct span path = thing_keep(t);

	buf_str(&t->scratch, "/api/v1/");
	buf_add(&t->scratch, path);
	return thing_redirect(t, response, 307,
	    (struct link){.path = thing_keep(t), .as_of = t->as_of.date});
}

int thing_missing(struct thing *t, const struct http_request *request,
    struct http_response *response, struct span title, struct span detail,
    const struct page_word *words, size_t count)
{
	struct page_missing p = {
	    .title = title,
	    .detail = detail,
	    .words = words,
	    .word_count = count,
	};

	buf_clear(&t->scratch);
	buf_add(&t->scratch, title);
	thing_frame(t, &p.frame);
	p.frame.canonical = NULL;
	p.frame.no_index = true;
	page_missing(&response->body, &p);
	return thing_answer(t, request, response, 404);
}

bool thing_is_json(struct span *text)
{
	if (!span_ends(*text, SPAN(".json")))
		return false;
	text->len -= SPAN(".json").len;
	return true;
}

struct span thing_path(struct thing *t, const struct http_target *target)
{
	size_t end = target->segment_count;

	while (end > 1 && target->segments[end - 1].len == 0)
		end--;
	for (size_t i = 1; i < end; i++) {
		if (i > 1)
			buf_char(&t->scratch, '/');
		buf_add(&t->scratch, target->segments[i]);
	}
	return thing_keep(t);
}
