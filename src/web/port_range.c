/* SPDX-License-Identifier: ISC */
/* /port/8000-8010: the rows of a range, and how many ports are in what state.
 */
#include "base/error.h"
#include "base/mem.h"
#include "search/neighbours.h"
#include "web/port.h"
#include "web/port_words.h"
#include "base/banned.h"

struct view {
	struct thing *t;
	struct query query;
	uint32_t *rows; /* owned: of the range, for any transport */
	void *weights;	/* owned */
	struct match match;
	struct link links[2];
	struct steps steps;
	struct page_range page;
};

static int find(struct view *v, struct portbook_error *err)
{
	const struct image *image = v->t->image;
	struct query all = v->query;

	all.protocol = PROTOCOL_NONE;
	v->rows = mem_alloc(image->row_count + 1, sizeof(*v->rows));
	v->weights = mem_alloc(search_port_counts_len(v->query.range), 1);
	if (v->rows == NULL || v->weights == NULL)
		return error_nomem(err);
	v->match = (struct match){.rows = v->rows, .cap = image->row_count};
	search_lookup(image, &all, v->t->as_of.version, &v->match);
	return 0;
}

static void set_counts(struct view *v)
{
	struct port_counts counts;

	search_port_counts(v->t->image, v->query.range, v->rows, v->match.count,
	    &counts, v->weights);
	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++) {
		struct page_count *c = &v->page.counts[p];

		c->title = port_protocol_title(p);
		for (unsigned s = 0; s <= STATE_ASSIGNED; s++)
			c->states[s] = counts.at[p][s];
	}
}

/* Those of the transport asked for alone are shown. */
static void leave_transport(struct view *v)
{
	if (v->query.protocol == PROTOCOL_NONE)
		return;
	search_lookup(v->t->image, &v->query, v->t->as_of.version, &v->match);
}

static void set_rows(struct view *v, uint64_t page)
{
	struct page_part *p = &v->page.part;

	thing_part(v->t, v->rows, v->match.count, page, &v->steps, p);
	p->rows.caption = SPAN("Records of these ports");
	if (page > 1 && page <= p->pages)
		v->t->self.page = page;
}

static void put_count(
    struct buf *b, uint64_t count, struct span state, bool *any)
{
	if (count == 0)
		return;
	buf_str(b, *any ? ", " : "");
	buf_count(b, count);
	buf_char(b, ' ');
	buf_add(b, state);
	*any = true;
}

/* "Of 11 ports, 9 are assigned for TCP ..." */
static void set_lead(struct view *v)
{
	struct buf *b = &v->t->scratch;
	struct port_range range = v->query.range;

	buf_count(b, (uint64_t)range.last - range.first + 1);
	buf_str(b, " ports.");
	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++) {
		const struct page_count *c = &v->page.counts[p];
		bool any = false;

		if (v->query.protocol != PROTOCOL_NONE &&
		    v->query.protocol != p)
			continue;
		buf_char(b, ' ');
		buf_add(b, c->title);
		buf_str(b, ": ");
		for (enum state s = STATE_ASSIGNED + 1; s-- > 0;)
			put_count(b, c->states[s],
			    s == STATE_NOT_LISTED ? SPAN("not listed")
						  : state_name(s),
			    &any);
		buf_char(b, '.');
	}
	v->page.lead = thing_keep(v->t);
}

static void set_classes(struct view *v)
{
	struct port_range range = v->query.range;

	for (enum port_class c = PORT_SYSTEM; c <= PORT_DYNAMIC; c++)
		if (port_range_meets(port_class_range(c), range))
			v->page.classes[v->page.class_count++] =
			    port_class_words(c);
}

static void set_links(struct view *v)
{
	struct page_range *p = &v->page;
	struct thing *t = v->t;

	if (v->query.protocol != PROTOCOL_NONE) {
		v->links[0] = thing_port(t, v->query.range, PROTOCOL_NONE);
		p->whole = &v->links[0];
	}
	buf_u64(&t->scratch, v->query.range.first);
	v->links[1] = (struct link){
	    .path = SPAN("/suggest"),
	    .filter = SPAN("near"),
	    .value = thing_keep(t),
	    .as_of = t->as_of.date,
	};
	if (v->query.range.first <= PORT_LAST_USER)
		p->suggest = &v->links[1];
	p->today = thing_today(t);
	p->json = port_json(t, &v->query);
}

static void set_history(struct view *v)
{
	struct story story = {.kind = STORY_PORT, .query = v->query};

	thing_put_port(&v->t->scratch, v->query.range, v->query.protocol);
	thing_history(v->t, &story, SPAN("port"), thing_keep(v->t),
	    HISTORY_SUBSTANCE, &v->page.history);
}

static int show(struct view *v, const struct http_request *request,
    struct http_response *response)
{
	struct thing *t = v->t;
	struct portbook_error err;
	uint64_t page = 1;
	struct span text;
	int code = 0;

	if (http_target_param(&request->target, SPAN("page"), &text))
		code = ask_page(text, &page, &err);
	if (code == 0)
		code = find(v, &err);
	if (code < 0)
		return refuse_error(t->edition, request, response, code, &err);
	set_counts(v);
	leave_transport(v);
	v->page.title = port_title(t, &v->query);
	set_lead(v);
	set_classes(v);
	set_links(v);
	set_rows(v, page);
	set_history(v);
	buf_add(&t->scratch, v->page.title);
	thing_frame(t, &v->page.frame);
	page_range(&response->body, &v->page);
	return thing_answer(t, request, response, 200);
}

int port_show_range(struct thing *t, const struct query *query,
    const struct http_request *request, struct http_response *response)
{
	struct view v = {.t = t, .query = *query};
	int status = show(&v, request, response);

	mem_release(v.rows);
	mem_release(v.weights);
	return status;
}
