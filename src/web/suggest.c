/* SPDX-License-Identifier: ISC */
/* /suggest: free ports, and what speaks for and against one. */
#include "web/suggest.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/mem.h"
#include "web/api.h"
#include "web/routes.h"
#include "base/banned.h"

struct view {
	struct suggest_found found;
	struct as_of as_of;
	struct arena arena;
	struct page_suggest out;
	struct page_proposal proposals[FREE_COUNT_MAX];
	struct page_reason reasons[FREE_CODE_COUNT];
	struct link canonical;
	bool failed; /* out of memory */
};

/* What is in b from now on belongs to the page. */
static struct span keep(struct view *v, struct buf *b)
{
	struct span text = SPAN("");

	if (!buf_failed(b))
		text = arena_text(&v->arena, buf_span(b));
	if (buf_failed(b) || text.ptr == NULL) {
		v->failed = true;
		text = SPAN("");
	}
	buf_release(b);
	return text;
}

static struct span text_of(struct view *v, size_t port, size_t reason)
{
	const struct free_report *report = &v->found.reports[port];
	struct buf b;

	buf_init(&b);
	suggest_text(&b, &v->found.out, report, &report->reasons[reason]);
	return keep(v, &b);
}

/* Whether a rule says the same of all ports, and is not about them alone. */
static bool is_common(struct view *v, size_t reason)
{
	const struct suggestion *s = &v->found.out;
	struct span first;

	if (s->rejected == NULL)
		return true;
	if (s->reports[0].reasons[reason].code == FREE_REGISTRY)
		return false;
	first = text_of(v, 0, reason);
	for (size_t i = 1; i < s->count; i++)
		if (!span_eq(first, text_of(v, i, reason)))
			return false;
	return true;
}

static void add_reason(struct view *v, size_t reason)
{
	const struct free_reason *r = &v->found.reports[0].reasons[reason];

	v->reasons[v->out.reason_count++] = (struct page_reason){
	    .verdict = free_verdict_name(r->verdict),
	    .text = text_of(v, 0, reason),
	    .source = free_code_source(r->code),
	};
}

static struct link explain_link(struct view *v, uint16_t port)
{
	struct buf b;

	buf_init(&b);
	buf_u64(&b, port);
	return (struct link){.path = SPAN("/suggest"),
	    .filter = SPAN("explain"),
	    .value = keep(v, &b),
	    .as_of = v->as_of.date};
}

static void set_proposals(struct view *v)
{
	const struct suggestion *s = &v->found.out;
	bool common[FREE_CODE_COUNT] = {false};

	for (size_t i = 0; s->count > 0 && i < s->reports[0].reason_count;
	     i++) {
		common[i] = is_common(v, i);
		if (common[i])
			add_reason(v, i);
	}
	for (size_t i = 0; s->rejected != NULL && i < s->count; i++) {
		struct page_proposal *p = &v->proposals[i];
		const char *sep = "";
		struct buf own;

		buf_init(&own);
		for (size_t k = 0; k < s->reports[i].reason_count; k++) {
			if (common[k])
				continue;
			buf_str(&own, sep);
			suggest_text(
			    &own, s, &s->reports[i], &s->reports[i].reasons[k]);
			sep = "; ";
		}
		p->port = s->reports[i].port;
		p->own = keep(v, &own);
		v->out.proposal_count++;
	}
	v->out.proposals = v->proposals;
	v->out.reasons = v->reasons;
}

static void set_transports(struct view *v)
{
	struct page_suggest *p = &v->out;
	struct buf asked, listed;

	buf_init(&asked);
	buf_init(&listed);
	suggest_transports(&asked, v->found.ask.transports);
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++) {
		struct page_choice *t = &p->transports[i];

		t->name = protocol_name((enum protocol)i);
		t->asked = (v->found.ask.transports >> i & 1) != 0;
		if (!t->asked)
			continue;
		buf_str(&listed, listed.len > 0 ? "," : "");
		buf_add(&listed, t->name);
	}
	p->usual = v->found.ask.transports == FREE_TCP_UDP;
	p->transports_asked = keep(v, &asked);
	p->transports_listed = keep(v, &listed);
}

static struct span number(struct view *v, bool has, uint64_t n)
{
	struct buf b;

	buf_init(&b);
	if (has)
		buf_u64(&b, n);
	return keep(v, &b);
}

/* What the form has in its fields. */
static void set_form(struct view *v)
{
	const struct free_ask *ask = &v->found.ask;
	struct page_suggest *p = &v->out;
	struct buf range;

	buf_init(&range);
	if (ask->has_range)
		buf_printf(&range, "%u-%u", ask->range.first, ask->range.last);
	p->near = number(v, ask->has_near, ask->near);
	p->range = keep(v, &range);
	p->count = ask->count;
	p->seed = ask->seed;
	set_transports(v);
}

static void set_frame(struct view *v, const struct edition *edition)
{
	const struct free_ask *ask = &v->found.ask;
	struct page_suggest *p = &v->out;
	struct buf title;

	frame_of(edition, v->as_of.version, &p->frame);
	p->frame.as_of = v->as_of.date;
	p->frame.place = PLACE_SUGGEST;
	p->frame.no_index = ask->has_near || ask->has_range ||
			    (ask->seed.len > 0 && !v->found.random);
	buf_init(&title);
	if (p->judged)
		buf_printf(&title, "Is port %u free?", ask->explain);
	else
		buf_str(&title, "Free ports");
	p->frame.title = keep(v, &title);
	v->canonical = (struct link){.path = SPAN("/suggest")};
	if (p->judged)
		v->canonical = explain_link(v, ask->explain);
	p->frame.canonical = &v->canonical;
	p->today = v->canonical;
	p->today.as_of = SPAN("");
}

static void set_page(struct view *v, const struct edition *edition)
{
	struct page_suggest *p = &v->out;
	struct buf shortage, notice;

	p->judged = v->found.ask.has_explain;
	p->port = v->found.ask.explain;
	if (p->judged)
		p->verdict = suggest_verdict(&v->found.out);
	buf_init(&notice);
	buf_add(&notice, suggest_notice(&v->found.out));
	buf_char(&notice, '.');
	p->notice = keep(v, &notice);
	buf_init(&shortage);
	suggest_shortage(&shortage, &v->found.out);
	p->shortage = keep(v, &shortage);
	set_form(v);
	set_proposals(v);
	set_frame(v, edition);
}

int handle_suggest(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	const struct image *image = &edition->image;
	struct view *v = mem_zalloc(1, sizeof(*v));
	struct portbook_error err;
	int code, status;

	if (v == NULL)
		return refuse_memory(edition, request, response);
	arena_init(&v->arena);
	code = ask_as_of(&request->target, image, &v->as_of, &err);
	if (code == 0)
		code = suggest_find(
		    &request->target, image, &v->as_of, true, &v->found, &err);
	if (code == 0) {
		set_page(v, edition);
		if (v->failed)
			code = error_nomem(&err);
	}
	status = page_or_refusal(edition, request, response, code, &err);
	if (status == 200) {
		if (v->found.random)
			response->cache = "no-store";
		page_suggest(&response->body, &v->out);
	}
	arena_release(&v->arena);
	mem_release(v);
	return status;
}

/* The parameters are those of the API, but for fields left empty in a form. */
int handle_suggest_json(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct http_target *target = &request->target;
	char sep = '?';
	struct buf b;

	(void)ctx;
	buf_init(&b);
	buf_str(&b, API "/suggest");
	for (size_t i = 0; i < target->param_count; i++) {
		if (target->params[i].value.len == 0)
			continue;
		buf_char(&b, sep);
		url_arg(&b, target->params[i].name);
		buf_char(&b, '=');
		url_arg(&b, target->params[i].value);
		sep = '&';
	}
	http_field(response, SPAN("Location"), buf_span(&b));
	response->fields.failed |= buf_failed(&b);
	response->cache = "no-cache";
	buf_str(&response->body, "See ");
	buf_add(&response->body, buf_span(&b));
	buf_char(&response->body, '\n');
	buf_release(&b);
	return 308;
}
