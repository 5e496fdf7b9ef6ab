/* SPDX-License-Identifier: ISC */
/* A block of the map: 256 ports, what each is, and where to read more. */
#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "terms/rich.h"
#include "web/api.h"
#include "web/map_ask.h"
#include "web/thing.h"
#include "web/routes.h"
#include "base/banned.h"

#define NAME_MAX_LEN 60 /* bytes of a name in the table */

struct view {
	const struct image *image;
	struct map_ask ask;
	struct arena arena;
	struct link self, previous, next;
	bool failed;	/* out of memory */
	uint32_t *rows; /* owned: room for those of any port */
	struct page_block out;
};

/* The beginning of a text, whole characters of it. */
static struct span cut(struct span text)
{
	struct span rest = text;
	size_t len = 0;

	if (text.len <= NAME_MAX_LEN)
		return text;
	while (rest.len > 0 && len <= NAME_MAX_LEN) {
		len = text.len - rest.len;
		if (len <= NAME_MAX_LEN)
			utf8_next(&rest);
	}
	return span_head(text, len > NAME_MAX_LEN ? NAME_MAX_LEN : len);
}

/* Plain text, kept in the arena. */
static struct span keep_plain(struct view *v, struct span rich)
{
	struct span text;
	struct buf b;

	buf_init(&b);
	rich_plain(&b, rich);
	text = arena_text(&v->arena, cut(span_trim(buf_span(&b))));
	if (buf_failed(&b) || text.ptr == NULL) {
		v->failed = true;
		text = SPAN("");
	}
	buf_release(&b);
	return text;
}

/* What an assigned port is called; some have a description alone. */
static struct span name_of(struct view *v, const struct image_row *row)
{
	struct span name =
	    span_trim(image_text(v->image, row->text[FIELD_NAME]));

	if (name.len == 0)
		name = image_text(v->image, row->text[FIELD_DESCRIPTION]);
	return keep_plain(v, name);
}

/* The state for the transport asked for, or where it is most. */
static enum state state_of_match(const struct view *v, const struct match *m)
{
	enum state state = STATE_NOT_LISTED;

	if (v->ask.protocol < PROTOCOL_COUNT)
		return m->states[v->ask.protocol];
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
		if (m->states[i] > state)
			state = m->states[i];
	return state;
}

/* "tcp, udp": for which a port is assigned. */
static struct span transports_of(struct view *v, const struct match *m)
{
	char storage[40];
	struct span text;
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++) {
		if (m->states[i] != STATE_ASSIGNED)
			continue;
		if (b.len > 0)
			buf_str(&b, ", ");
		buf_add(&b, protocol_name((enum protocol)i));
	}
	text = arena_text(&v->arena, buf_span(&b));
	v->failed = v->failed || text.ptr == NULL;
	return text.ptr == NULL ? SPAN("") : text;
}

/* The first row that is an assignment, and how many are; NULL if none is. */
static const struct image_row *assigned_row(
    const struct view *v, const struct match *m, uint64_t *count)
{
	const struct image_row *first = NULL;

	*count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct image_row *row = &v->image->rows[m->rows[i]];

		if (image_row_state(row) != STATE_ASSIGNED)
			continue;
		if (++*count == 1)
			first = row;
	}
	return first;
}

static void set_port(struct view *v, uint16_t port, struct page_port *ret)
{
	struct query query = {.kind = QUERY_PORT,
	    .range = {port, port},
	    .protocol = v->ask.protocol};
	struct match m = {.rows = v->rows, .cap = v->image->row_count};
	struct span path = map_path(&v->arena, "/port/", port);
	const struct image_row *row;
	enum state state;
	uint64_t count;

	search_lookup(v->image, &query, v->ask.as_of.version, &m);
	state = state_of_match(v, &m);
	v->failed = v->failed || path.ptr == NULL;
	*ret = (struct page_port){
	    .port = port,
	    .look = map_look(state, port),
	    .link = {.path = path, .as_of = v->ask.as_of.date},
	};
	row = assigned_row(v, &m, &count);
	if (state != STATE_ASSIGNED || row == NULL)
		return;
	ret->name = name_of(v, row);
	if (v->ask.protocol == PROTOCOL_NONE)
		ret->transports = transports_of(v, &m);
	else
		ret->more = count - 1;
}

static void set_neighbours(struct view *v, uint16_t first)
{
	struct page_block *p = &v->out;

	if (first > 0) {
		v->previous = map_ask_link(
		    &v->ask, map_path(&v->arena, "/map/", first - SPACE_BLOCK));
		p->previous = &v->previous;
		v->failed = v->failed || v->previous.path.ptr == NULL;
	}
	if (first + SPACE_BLOCK < PORT_COUNT) {
		v->next = map_ask_link(
		    &v->ask, map_path(&v->arena, "/map/", first + SPACE_BLOCK));
		p->next = &v->next;
		v->failed = v->failed || v->next.path.ptr == NULL;
	}
}

/* The records of a block, in the API. */
static void put_json(struct buf *b, const struct map_ask *ask, uint16_t first)
{
	buf_printf(b, API "/ports/%u-%u", first, first + SPACE_BLOCK - 1);
	if (ask->protocol < PROTOCOL_COUNT) {
		buf_char(b, '/');
		buf_add(b, protocol_name(ask->protocol));
	}
}

static void set_json(struct view *v, uint16_t first)
{
	struct link *json = &v->out.json;
	char storage[60];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	put_json(&b, &v->ask, first);
	json->path = arena_text(&v->arena, buf_span(&b));
	json->as_of = v->ask.as_of.date;
	v->failed = v->failed || json->path.ptr == NULL;
}

static void set_title(struct view *v)
{
	struct page_block *p = &v->out;
	char storage[120];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	buf_printf(&b, "Ports %u to %u: ", (unsigned)p->range.first,
	    (unsigned)p->range.last);
	buf_add(&b, p->what);
	if (v->ask.as_of.date.len > 0) {
		buf_str(&b, ", as of ");
		buf_add(&b, v->ask.as_of.date);
	}
	p->frame.title = arena_text(&v->arena, buf_span(&b));
	v->failed = v->failed || p->frame.title.ptr == NULL;
}

static bool set_page(
    struct view *v, const struct edition *edition, uint16_t first)
{
	struct page_block *p = &v->out;

	v->self = map_ask_link(&v->ask, map_path(&v->arena, "/map/", first));
	v->failed = v->self.path.ptr == NULL;
	if (v->failed)
		return false;
	frame_of(edition, v->ask.as_of.version, &p->frame);
	p->frame.as_of = v->ask.as_of.date;
	p->frame.place = PLACE_MAP;
	p->frame.canonical = &v->self;
	p->range.first = first;
	p->range.last = (uint16_t)(first + SPACE_BLOCK - 1);
	p->class = port_class_of(first);
	p->what = map_ask_name(v->ask.protocol);
	p->today = v->self;
	p->today.as_of = SPAN("");
	p->map = map_ask_link(&v->ask, SPAN("/map"));
	map_ask_transports(&v->ask, v->self.path, p->transports);
	set_title(v);
	set_neighbours(v, first);
	set_json(v, first);
	for (uint32_t i = 0; i < SPACE_BLOCK; i++) {
		set_port(v, (uint16_t)(first + i), &p->ports[i]);
		p->looks[p->ports[i].look]++;
	}
	return !v->failed;
}

/* Any port leads to its block. */
static int redirect(const struct http_request *request,
    struct http_response *response, uint16_t first)
{
	char storage[HTTP_TARGET_MAX + 40];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	buf_str(&b, "/map/");
	buf_u64(&b, first);
	if (request->target.query.len > 0) {
		buf_char(&b, '?');
		buf_add(&b, request->target.query);
	}
	return site_redirect(response, 308, &b);
}

static int redirect_json(const struct http_request *request,
    struct http_response *response, const struct edition *edition,
    uint16_t first)
{
	struct portbook_error err;
	struct map_ask ask;
	struct buf b;
	int code = map_ask_parse(&request->target, &edition->image, &ask, &err);

	if (code < 0)
		return refuse_error(edition, request, response, code, &err);
	buf_init(&b);
	put_json(&b, &ask, first);
	if (ask.as_of.date.len > 0) {
		buf_str(&b, "?as-of=");
		url_arg(&b, ask.as_of.date);
	}
	return site_redirect(response, 307, &b);
}

static int answer(const struct http_request *request,
    struct http_response *response, const struct edition *edition,
    uint16_t first)
{
	struct view *v = mem_zalloc(1, sizeof(*v));
	struct portbook_error err;
	int code = 0, status;

	if (v == NULL)
		return refuse_memory(edition, request, response);
	v->image = &edition->image;
	arena_init(&v->arena);
	v->rows = mem_alloc(v->image->row_count, sizeof(*v->rows));
	if (v->rows == NULL && v->image->row_count > 0)
		code = error_nomem(&err);
	if (code == 0)
		code = map_ask_parse(&request->target, v->image, &v->ask, &err);
	if (code == 0 && !set_page(v, edition, first))
		code = error_nomem(&err);
	status = page_or_refusal(edition, request, response, code, &err);
	if (status == 200)
		page_block(&response->body, &v->out);
	arena_release(&v->arena);
	mem_release(v->rows);
	mem_release(v);
	return status;
}

int handle_map_block(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	struct span word = request->target.segments[1];
	bool json = thing_is_json(&word);
	uint64_t port;
	uint16_t first;

	if (!ascii_u64(word, PORT_COUNT - 1, &port))
		return refuse(ctx, request, response, 404,
		    "There is no such block of the map: its address ends with "
		    "a port, a number from 0 to 65535.");
	first = (uint16_t)(port / SPACE_BLOCK * SPACE_BLOCK);
	if (json)
		return redirect_json(request, response, ctx, first);
	if (port != first || (word.len > 1 && word.ptr[0] == '0'))
		return redirect(request, response, first);
	return answer(request, response, ctx, first);
}
