/* SPDX-License-Identifier: ISC */
/* /port/...: which page it is, and its one spelling. */
#include "base/ascii.h"
#include "base/error.h"
#include "web/port.h"
#include "base/banned.h"

struct link port_json(struct thing *t, const struct query *q)
{
	buf_str(&t->scratch, "/api/v1/ports/");
	thing_put_port(&t->scratch, q->range, q->protocol);
	return (struct link){.path = thing_keep(t), .as_of = t->as_of.date};
}

/* What somebody may have meant: a service, or a range turned round. */
static size_t near_to(
    struct thing *t, struct span text, struct page_word *words)
{
	struct span rest = text, low = span_cut(&rest, '-');
	struct port_range range;
	uint64_t first, last;
	size_t count = 0;

	if (ascii_u64(low, PORT_COUNT - 1, &last) &&
	    ascii_u64(rest, last, &first)) {
		range = (struct port_range){(uint16_t)first, (uint16_t)last};
		buf_str(&t->scratch, "Ports ");
		thing_put_port(&t->scratch, range, PROTOCOL_NONE);
		words[count].text = thing_keep(t);
		words[count++].link = thing_port(t, range, PROTOCOL_NONE);
	} else if (text.len > 0 && image_by_name(t->image, text) != NULL) {
		words[count++] = (struct page_word){
		    .text = text,
		    .link = thing_service(t, text),
		    .about = SPAN("is a service; this is its page"),
		};
	}
	words[count++] = (struct page_word){
	    .text = SPAN("Port 0"),
	    .link = thing_link(t, "/port/0"),
	    .about = SPAN("is the first one"),
	};
	words[count++] = (struct page_word){
	    .text = SPAN("Port 65535"),
	    .link = thing_link(t, "/port/65535"),
	    .about = SPAN("is the last one"),
	};
	return count;
}

static int missing(struct thing *t, struct span text,
    const struct http_request *request, struct http_response *response)
{
	struct page_word words[3] = {0};
	size_t count = near_to(t, text, words);

	return thing_missing(t, request, response, SPAN("No such port"),
	    SPAN("Ports are whole numbers from 0 to 65535. A page is "
		 "/port/443, /port/443/tcp for one transport (tcp, udp, sctp "
		 "or dccp), or /port/8000-8010 for a range, from the lower to "
		 "the higher."),
	    words, count);
}

static int answer(struct thing *t, const struct http_request *request,
    struct http_response *response)
{
	struct span text = thing_path(t, &request->target);
	bool json = thing_is_json(&text);
	struct query q;

	if (query_parse(text, &q, NULL) < 0 || q.kind == QUERY_NAME)
		return missing(t, text, request, response);
	if (json)
		return thing_redirect(t, response, 307, port_json(t, &q));
	t->self = thing_port(t, q.range, q.protocol);
	if (!span_eq(t->self.path, request->target.path))
		return thing_redirect(t, response, 308, t->self);
	if (q.range.first == q.range.last)
		return port_show(t, &q, request, response);
	return port_show_range(t, &q, request, response);
}

int handle_port(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return thing_handle(ctx, request, response, answer);
}
