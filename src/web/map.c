/* SPDX-License-Identifier: ISC */
/* The map of the port space, and when its records were registered. */
#include "base/error.h"
#include "base/mem.h"
#include "search/by_year.h"
#include "web/api.h"
#include "web/map_ask.h"
#include "web/routes.h"
#include "base/banned.h"

#define YEARS_MAX 100U /* a picture of more would be of no use */

struct view {
	const struct image *image;
	struct map_ask ask;
	struct arena arena;
	struct link self;
	struct space space;
	struct map map;
	struct by_year years;
	struct plot_bar registered[YEARS_MAX], kept[YEARS_MAX];
	struct page_map out;
};

static bool set_blocks(struct view *v)
{
	for (uint32_t i = 0; i < SPACE_BLOCK_COUNT; i++) {
		struct map_block *block = &v->map.blocks[i];
		uint32_t first = i * SPACE_BLOCK;
		struct span path = map_path(&v->arena, "/map/", first);

		if (path.ptr == NULL)
			return false;
		block->range = (struct port_range){
		    (uint16_t)first, (uint16_t)(first + SPACE_BLOCK - 1)};
		block->link = map_ask_link(&v->ask, path);
		space_count(&v->space, block->range, &block->count);
	}
	return true;
}

static void set_looks(struct view *v)
{
	struct page_look *looks = v->out.looks;

	for (unsigned i = 0; i < MAP_LOOK_COUNT; i++)
		looks[i].look = (enum map_look)i;
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		enum map_look look =
		    map_look((enum state)v->space.state[port], (uint16_t)port);

		looks[look].of[port_class_of((uint16_t)port)]++;
		looks[look].all++;
	}
}

/* The last years of those counted; *first is set to the first of them. */
static struct plot set_bars(
    const struct by_year *years, struct plot_bar *bars, unsigned *first)
{
	size_t count = 0;

	*first = years->first;
	if (years->last >= YEARS_MAX && *first < years->last - YEARS_MAX + 1)
		*first = years->last - YEARS_MAX + 1;
	for (unsigned year = *first; year <= years->last; year++)
		bars[count++] = (struct plot_bar){year, years->of[year]};
	return (struct plot){bars, count};
}

static void set_years(struct view *v)
{
	struct page_map *p = &v->out;
	unsigned first;

	by_year_count(v->image, v->ask.as_of.version, &v->years);
	p->dated = v->years.dated;
	p->undated = v->years.undated;
	p->registered.what = SPAN("Registered");
	p->registered.id = "map-registered";
	p->registered.plot = set_bars(&v->years, v->registered, &first);
	for (unsigned year = 0; year < first && year < BY_YEAR_END; year++)
		p->earlier += v->years.of[year];
	by_year_kept(v->image, v->ask.as_of.version, &v->years);
	p->kept.what = SPAN("Records");
	p->kept.id = "map-kept";
	p->kept.plot = set_bars(&v->years, v->kept, &first);
}

static struct span set_title(struct view *v)
{
	struct span date = v->ask.as_of.date;
	char storage[120];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	buf_str(&b, "Map of the ports: ");
	buf_add(&b, v->out.what);
	if (date.len > 0) {
		buf_str(&b, ", as of ");
		buf_add(&b, date);
	}
	return arena_text(&v->arena, buf_span(&b));
}

static bool set_page(struct view *v, const struct edition *edition)
{
	struct page_map *p = &v->out;

	v->self = map_ask_link(&v->ask, SPAN("/map"));
	frame_of(edition, v->ask.as_of.version, &p->frame);
	p->frame.as_of = v->ask.as_of.date;
	p->frame.place = PLACE_MAP;
	p->frame.canonical = &v->self;
	p->what = map_ask_name(v->ask.protocol);
	p->frame.title = set_title(v);
	p->today = v->self;
	p->today.as_of = SPAN("");
	p->json = map_ask_link(&v->ask, SPAN(API "/map"));
	map_ask_transports(&v->ask, v->self.path, p->transports);
	space_fill(v->image, v->ask.protocol, v->ask.as_of.version, &v->space);
	set_looks(v);
	set_years(v);
	v->map.space = &v->space;
	p->map = &v->map;
	return p->frame.title.ptr != NULL && set_blocks(v);
}

int handle_map(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	struct view *v = mem_zalloc(1, sizeof(*v));
	struct portbook_error err;
	int code, status;

	if (v == NULL)
		return refuse_memory(edition, request, response);
	v->image = &edition->image;
	arena_init(&v->arena);
	code = map_ask_parse(&request->target, v->image, &v->ask, &err);
	if (code == 0 && !set_page(v, edition))
		code = error_nomem(&err);
	status = page_or_refusal(edition, request, response, code, &err);
	if (status == 200)
		page_map(&response->body, &v->out);
	arena_release(&v->arena);
	mem_release(v);
	return status;
}
