/* SPDX-License-Identifier: ISC */
/* /changes: what happened, to all or to one thing, the newest first. */
#include "web/change.h"

#include "base/error.h"
#include "base/mem.h"
#include "web/ask.h"
#include "web/routes.h"
#include "web/steps.h"
#include "web/story.h"
#include "base/banned.h"

#define EVENTS_PAGE SEARCH_PAGE_ROWS
#define LINES_MAX 20U /* records that a page says of what something is */

/* All that a page borrows while it is written. */
struct view {
	const struct image *image;
	struct filter filter;
	struct as_of as_of;
	uint64_t page;
	bool upkeep;
	struct arena arena;
	void *scratch; /* owned */
	struct steps steps;
	struct page_changes out;

	/* One before the page, then those of the page. */
	struct image_event events[EVENTS_PAGE + 1];
	size_t event_count;
	bool has_before;
	struct page_change changes[EVENTS_PAGE];
	struct page_version versions[EVENTS_PAGE];
	struct page_line lines[2][LINES_MAX];
};

static int read_request(struct view *v, const struct http_target *target,
    struct portbook_error *err)
{
	struct span text;
	int code = filter_parse(target, v->image, &v->filter, err);

	v->page = 1;
	if (code == 0 && http_target_param(target, SPAN("page"), &text))
		code = ask_page(text, &v->page, err);
	if (code == 0)
		code = ask_as_of(target, v->image, &v->as_of, err);
	/* All that happens to the entry of a person is upkeep. */
	v->upkeep = v->filter.story.kind == STORY_PERSON ||
		    (http_target_param(target, SPAN("upkeep"), &text) &&
			text.len > 0 && !span_eq(text, SPAN("0")));
	return code;
}

/* The events of the page, and the one before it. */
static int find(struct view *v, struct portbook_error *err)
{
	struct history_ask ask = filter_ask(&v->filter, v->as_of.version);
	size_t first = search_page_of(v->page, false).first, total;
	uint32_t numbers[EVENTS_PAGE + 1];

	v->scratch = mem_alloc(history_scratch_len(v->image) + 1, 1);
	if (v->scratch == NULL)
		return error_nomem(err);
	if (v->upkeep)
		ask.kinds = HISTORY_EVERY;
	v->has_before = first > 0;
	v->event_count = history_run(v->image, &ask, first - v->has_before,
	    numbers, EVENTS_PAGE + v->has_before, &total, v->scratch);
	for (size_t i = 0; i < v->event_count; i++) {
		const struct image_event *e = image_event(v->image, numbers[i]);

		if (e == NULL)
			return error_set(err, PORTBOOK_EDAMAGED, 0,
			    "The image of the registry is damaged.");
		v->events[i] = *e;
	}
	v->out.total = total;
	v->out.pages = search_page_count(total);
	return 0;
}

static struct link link_of(const struct view *v)
{
	return (struct link){
	    .path = SPAN("/changes"),
	    .filter = v->filter.name,
	    .value = v->filter.value,
	    .upkeep = v->upkeep,
	    .as_of = v->as_of.date,
	};
}

static void set_links(struct view *v)
{
	struct page_changes *p = &v->out;
	struct link link = link_of(v);

	p->start = p->today = p->upkeep = link;
	p->today.as_of = SPAN("");
	p->upkeep.upkeep = !v->upkeep;
	p->all = (struct link){
	    .path = SPAN("/changes"),
	    .upkeep = v->upkeep,
	    .as_of = v->as_of.date,
	};
	/* Feeds carry no people, and nothing is new in the past. */
	p->has_feed =
	    v->filter.story.kind != STORY_PERSON && v->as_of.date.len == 0;
	p->feed = (struct link){
	    .path = SPAN("/changes.atom"),
	    .filter = v->filter.name,
	    .value = v->filter.value,
	};
	if (p->pages > 1 && v->page <= p->pages) {
		steps_set(&v->steps, &link, v->page, p->pages);
		p->steps = v->steps.at;
		p->step_count = v->steps.count;
		p->previous = v->steps.previous;
		p->next = v->steps.next;
	}
}

/* Its events are some of the page, from number on. */
static bool set_version(
    struct view *v, uint32_t version, struct page_version *ret)
{
	struct span path;

	*ret = (struct page_version){
	    .name = version_show(v->image, version, &v->arena),
	    .records = le32(v->image->versions[version].row_count),
	    .first = version == 0,
	};
	path = diff_path(v->image, version, &v->arena);
	if (ret->name.ptr == NULL || path.ptr == NULL)
		return false;
	ret->as_of = (struct link){.path = SPAN("/"), .as_of = ret->name};
	ret->diff = (struct link){.path = path};
	return true;
}

static bool set_versions(struct view *v)
{
	const struct image_event *e = v->events;
	size_t left = v->event_count, used = 0;
	uint32_t before = UINT32_MAX;

	if (v->has_before && left > 0) {
		before = le32(e->version);
		e++;
		left--;
	}
	while (left > 0) {
		struct page_version *p = &v->versions[v->out.version_count++];
		uint32_t version = le32(e->version);
		size_t len = 1;
		int count;

		while (len < left && le32(e[len].version) == version)
			len++;
		count = changes_show(
		    v->image, e, len, &v->changes[used], &v->arena);
		if (count < 0 || version >= v->image->version_count ||
		    !set_version(v, version, p))
			return false;
		p->continued = version == before;
		p->changes = &v->changes[used];
		p->change_count = (size_t)count;
		used += (size_t)count;
		e += len;
		left -= len;
	}
	v->out.versions = v->versions;
	return true;
}

/* What the thing is in a version. */
static bool set_lines(struct view *v, uint32_t version,
    struct page_line lines[LINES_MAX], size_t *ret_count)
{
	uint32_t rows[LINES_MAX];
	size_t count = history_rows(
	    v->image, &v->filter.story, version, rows, LINES_MAX, v->scratch);
	int shown = lines_show(v->image, rows,
	    count < LINES_MAX ? count : LINES_MAX, lines, &v->arena);

	if (shown < 0)
		return false;
	*ret_count = (size_t)shown;
	return true;
}

static bool set_ends(struct view *v)
{
	struct page_changes *p = &v->out;
	enum story_kind kind = v->filter.story.kind;
	bool good = true;

	p->first_name = version_show(v->image, 0, &v->arena);
	p->last_name = version_show(v->image, v->as_of.version, &v->arena);
	if (p->first_name.ptr == NULL || p->last_name.ptr == NULL)
		return false;
	p->unknown = kind != STORY_ALL && kind != STORY_SEARCH &&
		     p->total == 0 &&
		     !history_is_known(v->image, &v->filter.story, v->scratch);
	if (kind != STORY_PORT && kind != STORY_NAME && kind != STORY_RECORD)
		return true;
	p->now = v->lines[0];
	p->once = v->lines[1];
	if (v->page == 1)
		good =
		    set_lines(v, v->as_of.version, v->lines[0], &p->now_count);
	if (v->page == p->pages || p->pages == 0)
		good = good && set_lines(v, 0, v->lines[1], &p->once_count);
	return good;
}

static bool set_title(struct view *v)
{
	struct page_changes *p = &v->out;
	struct buf b;

	buf_init(&b);
	filter_title(&b, &v->filter);
	p->title = arena_text(&v->arena, buf_span(&b));
	if (v->page > 1 && v->page <= p->pages)
		buf_printf(&b, ", page %llu", (unsigned long long)v->page);
	if (v->as_of.date.len > 0) {
		buf_str(&b, ", as of ");
		buf_add(&b, v->as_of.date);
	}
	p->frame.title = arena_text(&v->arena, buf_span(&b));
	if (buf_failed(&b))
		p->title.ptr = NULL;
	buf_release(&b);
	return p->title.ptr != NULL && p->frame.title.ptr != NULL;
}

static bool set_page(struct view *v, const struct edition *edition)
{
	struct page_changes *p = &v->out;

	frame_of(edition, v->as_of.version, &p->frame);
	p->frame.as_of = v->as_of.date;
	p->frame.place = PLACE_CHANGES;
	p->frame.no_index = v->upkeep || v->filter.story.kind == STORY_PERSON;
	p->value = v->filter.value;
	p->with_upkeep = v->upkeep;
	p->person = v->filter.story.kind == STORY_PERSON;
	p->page = v->page;
	set_links(v);
	return set_versions(v) && set_ends(v) && set_title(v);
}

int handle_changes(const struct http_request *request,
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
	code = read_request(v, &request->target, &err);
	if (code == 0)
		code = find(v, &err);
	if (code == 0 && !set_page(v, edition))
		code = error_nomem(&err);
	status = page_or_refusal(edition, request, response, code, &err);
	if (status == 200)
		page_changes(&response->body, &v->out);
	arena_release(&v->arena);
	mem_release(v->scratch);
	mem_release(v);
	return status;
}
