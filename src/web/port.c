/* SPDX-License-Identifier: ISC */
/* /port/443, /port/443/tcp; ranges are port_range.c's. */
#include "web/port.h"

#include "image/past.h"
#include "search/neighbours.h"
#include "web/port_words.h"
#include "base/banned.h"

/* All that a page borrows while it is made. */
struct view {
	struct thing *t;
	struct query query;
	struct match match; /* of all transports */
	uint32_t rows[THING_ROWS];
	struct link links[4];
	struct page_number page;
};

struct span port_title(struct thing *t, const struct query *q)
{
	buf_str(
	    &t->scratch, q->range.first == q->range.last ? "Port " : "Ports ");
	thing_put_port(&t->scratch, q->range, q->protocol);
	return thing_keep(t);
}

/* Services that a transport has on the port, the preferred first. */
static void set_services(
    struct view *v, enum protocol protocol, struct page_by_transport *ret)
{
	struct thing *t = v->t;
	struct page_word *words =
	    thing_alloc(t, v->match.count, sizeof(*words));

	for (size_t i = 0; words != NULL && i < v->match.count; i++) {
		const struct image_row *row = &t->image->rows[v->match.rows[i]];
		struct span name = thing_name(t, row);
		struct page_word *w = &words[ret->service_count];

		if (image_row_state(row) != v->match.states[protocol] ||
		    !image_row_speaks_for(row, protocol))
			continue;
		*w = (struct page_word){
		    .text = name,
		    .about = thing_plain(
			t, image_text(t->image, row->text[FIELD_DESCRIPTION])),
		};
		if (name.len > 0)
			w->link = thing_service(t, name);
		else
			w->link = thing_record(t, thing_key(t, row));
		ret->service_count++;
	}
	ret->services = words;
}

static void set_transports(struct view *v)
{
	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++) {
		struct page_by_transport *ret = &v->page.transports[p];

		*ret = (struct page_by_transport){
		    .title = port_protocol_title(p),
		    .link = thing_port(v->t, v->query.range, p),
		    .state = state_name(v->match.states[p]),
		    .shown = thing_state(v->match.states[p]),
		    .asked = v->query.protocol == p,
		};
		set_services(v, p, ret);
	}
}

/* Rows in full: of the transport asked for. */
static void set_entries(struct view *v)
{
	struct thing *t = v->t;
	uint32_t rows[THING_ROWS];
	struct page_entry *entries;
	size_t count = 0;

	for (size_t i = 0; i < v->match.count; i++)
		if (image_row_speaks_for(
			&t->image->rows[v->match.rows[i]], v->query.protocol))
			rows[count++] = v->match.rows[i];
	entries = thing_entries(t, rows, count);
	if (entries != NULL)
		thing_pair(entries, count);
	v->page.entries = entries;
	v->page.entry_count = entries != NULL ? count : 0;
	v->page.more_entries = v->match.total - v->match.count;
}

static struct span neighbour_about(struct view *v, const struct neighbour *n)
{
	struct thing *t = v->t;
	const struct image_row *row = image_row(t->image, n->row);
	struct span name;

	if (row == NULL)
		return n->range.first > PORT_LAST_USER
			   ? SPAN("Dynamic Ports, never assigned")
			   : SPAN("no record");
	name = thing_name(t, row);
	if (name.len == 0)
		name = thing_plain(
		    t, image_text(t->image, row->text[FIELD_DESCRIPTION]));
	/* "unassigned Unassigned" */
	if (span_eq_fold(name, state_name(image_row_state(row))))
		return SPAN("");
	return name;
}

static size_t set_neighbours(
    struct view *v, bool above, struct page_neighbour *ret)
{
	struct neighbour found[PAGE_NEIGHBOURS];
	struct thing *t = v->t;
	size_t count = search_neighbours(t->image, t->as_of.version,
	    v->query.range, above, found, PAGE_NEIGHBOURS);

	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(t->image, found[i].row);
		enum state state =
		    row != NULL ? image_row_state(row) : STATE_NOT_LISTED;
		struct span text;

		thing_put_port(&t->scratch, found[i].range, PROTOCOL_NONE);
		text = thing_keep(t);
		ret[i] = (struct page_neighbour){
		    .word = {.text = text,
			.link = thing_port(t, found[i].range, PROTOCOL_NONE),
			.about = neighbour_about(v, &found[i])},
		    .state = state_name(state),
		    .shown = thing_state(state),
		};
	}
	return count;
}

/* The ports before and behind by number, and what else is one link away. */
static void set_links(struct view *v)
{
	struct page_number *p = &v->page;
	struct port_range range = v->query.range, other;

	if (range.first > 0) {
		other.first = other.last = (uint16_t)(range.first - 1);
		v->links[0] = thing_port(v->t, other, v->query.protocol);
		p->previous = &v->links[0];
		thing_put_port(&v->t->scratch, other, v->query.protocol);
		p->previous_title = thing_keep(v->t);
	}
	if (range.last < PORT_COUNT - 1) {
		other.first = other.last = (uint16_t)(range.last + 1);
		v->links[1] = thing_port(v->t, other, v->query.protocol);
		p->next = &v->links[1];
		thing_put_port(&v->t->scratch, other, v->query.protocol);
		p->next_title = thing_keep(v->t);
	}
	if (v->query.protocol != PROTOCOL_NONE) {
		v->links[2] = thing_port(v->t, range, PROTOCOL_NONE);
		p->whole = &v->links[2];
	}
	buf_u64(&v->t->scratch, range.first);
	v->links[3] = (struct link){
	    .path = SPAN("/suggest"),
	    .filter = SPAN("near"),
	    .value = thing_keep(v->t),
	    .as_of = v->t->as_of.date,
	};
	if (port_class_of(range.first) != PORT_DYNAMIC)
		p->suggest = &v->links[3];
	p->today = thing_today(v->t);
	p->json = port_json(v->t, &v->query);
}

static void set_history(struct view *v)
{
	struct story story = {.kind = STORY_PORT, .query = v->query};

	thing_put_port(&v->t->scratch, v->query.range, v->query.protocol);
	thing_history(v->t, &story, SPAN("port"), thing_keep(v->t),
	    HISTORY_SUBSTANCE, &v->page.history);
}

/* "Port 443: https" */
static void set_frame(struct view *v)
{
	struct page_number *p = &v->page;
	struct buf *b = &v->t->scratch;
	struct span name = SPAN("");

	for (enum protocol i = 0; i < PROTOCOL_COUNT && name.len == 0; i++)
		if ((v->query.protocol == PROTOCOL_NONE ||
			v->query.protocol == i) &&
		    v->match.states[i] == STATE_ASSIGNED &&
		    p->transports[i].service_count > 0)
			name = p->transports[i].services[0].text;
	buf_add(b, p->title);
	if (name.len > 0) {
		buf_str(b, ": ");
		buf_add(b, name);
	}
	thing_frame(v->t, &p->frame);
}

static int show(struct view *v, const struct http_request *request,
    struct http_response *response)
{
	struct thing *t = v->t;
	struct query all = v->query;
	uint16_t port = v->query.range.first;
	struct page_number *p = &v->page;

	all.protocol = PROTOCOL_NONE;
	v->match = (struct match){.rows = v->rows, .cap = THING_ROWS};
	search_lookup(t->image, &all, t->as_of.version, &v->match);
	p->title = port_title(t, &v->query);
	p->lead = port_lead(t, port, v->query.protocol, &v->match);
	set_transports(v);
	set_entries(v);
	p->meaning_count =
	    port_meanings(t, port, v->query.protocol, &v->match, p->meanings);
	p->class = port_class_words(port_class_of(port));
	p->class_link =
	    thing_port(t, port_class_range(port_class_of(port)), PROTOCOL_NONE);
	p->may_apply = port_may_be_asked_for(port, &v->match);
	p->before_count = set_neighbours(v, false, p->before);
	p->behind_count = set_neighbours(v, true, p->behind);
	set_links(v);
	set_history(v);
	set_frame(v);
	page_number(&response->body, p);
	return thing_answer(t, request, response, 200);
}

int port_show(struct thing *t, const struct query *query,
    const struct http_request *request, struct http_response *response)
{
	struct view v = {.t = t, .query = *query};

	return show(&v, request, response);
}
