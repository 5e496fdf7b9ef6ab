/* SPDX-License-Identifier: ISC */
/* /diff/OLD..NEW: what differs between two versions, field by field. */
#include "base/ckd.h"
#include "base/error.h"
#include "base/mem.h"
#include "web/api.h"
#include "web/change.h"
#include "web/steps.h"
#include "web/thing.h"
#include "base/banned.h"

#define PAGE_EVENTS 200U

struct view {
	const struct image *image;
	uint32_t from, to;
	uint64_t page;
	struct arena arena;
	struct steps steps;
	struct page_diff out;
	struct image_event *events; /* owned; all that differs */
	size_t event_count;
	uint32_t counts[EVENT_KIND_COUNT];
	struct image_event shown[PAGE_EVENTS];
	struct page_change changes[PAGE_EVENTS];
};

/* Where an event stands on the page: what matters, upkeep, people. */
static unsigned part_of(const struct image_event *e)
{
	if (image_event_is_person(e))
		return 2;
	return event_is_substance(image_event_kind(e)) ? 0 : 1;
}

/* A redirect to the difference of two versions, in their order. */
static int redirect(const struct image *image, struct http_response *response,
    uint32_t from, uint32_t to, int status)
{
	struct arena arena;
	struct buf b;
	struct span a, z;

	arena_init(&arena);
	buf_init(&b);
	a = version_show(image, from, &arena);
	z = version_show(image, to, &arena);
	buf_str(&b, "/diff/");
	if (a.ptr != NULL && z.ptr != NULL) {
		buf_add(&b, a);
		buf_str(&b, "..");
		buf_add(&b, z);
	} else {
		b.failed = true;
	}
	http_field(response, SPAN("Location"), buf_span(&b));
	response->fields.failed |= buf_failed(&b);
	response->cache = "no-cache";
	buf_str(&response->body, "See ");
	buf_add(&response->body, buf_span(&b));
	buf_char(&response->body, '\n');
	buf_release(&b);
	arena_release(&arena);
	return status;
}

/*
 * What happened between them, in the API.  It tells it version by version,
 * where the page sums up.
 */
static int redirect_json(const struct image *image,
    struct http_response *response, uint32_t from, uint32_t to)
{
	struct arena arena;
	struct buf b;
	struct span a, z;

	arena_init(&arena);
	buf_init(&b);
	a = version_show(image, from < to ? from : to, &arena);
	z = version_show(image, from < to ? to : from, &arena);
	b.failed = a.ptr == NULL || z.ptr == NULL;
	buf_str(&b, API "/changes?since=");
	buf_add(&b, a);
	buf_str(&b, "&as-of=");
	buf_add(&b, z);
	for (enum event_kind kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		buf_str(&b, kind == 0 ? "&kind=" : ",");
		buf_add(&b, event_kind_name(kind));
	}
	arena_release(&arena);
	return site_redirect(response, 307, &b);
}

static int read_version(const struct image *image, struct span date,
    uint32_t *ret, struct portbook_error *err)
{
	date = span_trim(date);
	if (date.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "Name two versions by their dates: "
		    "/diff/2025-01-31..2026-02-02; a second one of a day is "
		    "2026-02-02.2.");
	return search_version(image, date, ret, err);
}

/* "OLD..NEW" */
static int read_versions(
    struct view *v, struct span text, struct portbook_error *err)
{
	size_t dots = span_find(text, SPAN(".."));
	int code = read_version(v->image, span_head(text, dots), &v->from, err);

	if (code == 0)
		code = read_version(
		    v->image, span_skip(text, dots + 2), &v->to, err);
	return code;
}

/*
 * The events of a page, part by part: they are counted on the way, so that the
 * page after any other is found.
 */
static size_t choose(struct view *v)
{
	size_t first, at = 0, count = 0;

	if (ckd_mul(&first, v->page - 1, (uint64_t)PAGE_EVENTS))
		first = SIZE_MAX;
	for (unsigned part = 0; part < 3; part++) {
		for (size_t i = 0; i < v->event_count; i++) {
			if (part_of(&v->events[i]) != part)
				continue;
			if (at++ >= first && count < PAGE_EVENTS)
				v->shown[count++] = v->events[i];
		}
	}
	return count;
}

/* All that differs; with more room where there are more than one expects. */
static int find_events(struct view *v, void *scratch)
{
	size_t cap = history_diff_room(v->image);

	for (;;) {
		v->events = mem_alloc(cap + 1, sizeof(*v->events));
		if (v->events == NULL)
			return -1;
		v->event_count = history_diff(
		    v->image, v->from, v->to, v->events, cap, scratch);
		if (v->event_count <= cap)
			return 0;
		cap = v->event_count;
		mem_release(v->events);
	}
}

static int find(struct view *v, struct portbook_error *err)
{
	void *scratch = mem_alloc(history_scratch_len(v->image) + 1, 1);
	int code = 0;

	if (scratch == NULL)
		return error_nomem(err);
	if (v->from != v->to)
		code = find_events(v, scratch);
	mem_release(scratch);
	if (code < 0)
		return error_nomem(err);
	for (size_t i = 0; i < v->event_count; i++)
		v->counts[image_event_kind(&v->events[i])]++;
	v->out.total = v->event_count;
	v->out.pages =
	    v->event_count / PAGE_EVENTS + (v->event_count % PAGE_EVENTS != 0);
	return 0;
}

static bool set_part(struct view *v, unsigned part, size_t count, size_t *at,
    size_t *used, const struct page_change **ret, size_t *ret_count)
{
	size_t len = 0;
	int shown;

	while (*at + len < count && part_of(&v->shown[*at + len]) == part)
		len++;
	shown = changes_show(
	    v->image, v->shown + *at, len, v->changes + *used, &v->arena);
	if (shown < 0)
		return false;
	*ret = v->changes + *used;
	*ret_count = (size_t)shown;
	*at += len;
	*used += (size_t)shown;
	return true;
}

static bool set_changes(struct view *v)
{
	size_t count = choose(v), at = 0, used = 0;
	struct page_diff *p = &v->out;

	return set_part(
		   v, 0, count, &at, &used, &p->matter, &p->matter_count) &&
	       set_part(v, 1, count, &at, &used, &p->rest, &p->rest_count) &&
	       set_part(v, 2, count, &at, &used, &p->people, &p->person_count);
}

static bool set_title(struct view *v)
{
	struct page_diff *p = &v->out;
	struct span path;
	struct buf b;

	buf_init(&b);
	buf_str(&b, "Changes from ");
	buf_add(&b, p->before);
	buf_str(&b, " to ");
	buf_add(&b, p->after);
	p->frame.title = arena_text(&v->arena, buf_span(&b));
	buf_clear(&b);
	buf_str(&b, "/diff/");
	buf_add(&b, p->before);
	buf_str(&b, "..");
	buf_add(&b, p->after);
	path = arena_text(&v->arena, buf_span(&b));
	p->start = (struct link){.path = path};
	if (buf_failed(&b))
		path.ptr = NULL;
	buf_release(&b);
	return path.ptr != NULL && p->frame.title.ptr != NULL;
}

static bool set_page(struct view *v, const struct edition *edition)
{
	struct page_diff *p = &v->out;

	frame_of(edition, (uint32_t)(v->image->version_count - 1), &p->frame);
	p->frame.no_index = true;
	p->before = version_show(v->image, v->from, &v->arena);
	p->after = version_show(v->image, v->to, &v->arena);
	p->counts = counts_show(v->counts, HISTORY_SUBSTANCE, &v->arena);
	p->upkeep = counts_show(
	    v->counts, HISTORY_EVERY & ~HISTORY_SUBSTANCE, &v->arena);
	if (p->before.ptr == NULL || p->after.ptr == NULL ||
	    p->counts.ptr == NULL || p->upkeep.ptr == NULL)
		return false;
	p->compare = (struct page_compare){p->before, p->after};
	p->before_link = (struct link){.path = SPAN("/"), .as_of = p->before};
	p->after_link = (struct link){.path = SPAN("/"), .as_of = p->after};
	p->same = v->from == v->to;
	p->page = v->page;
	if (!set_title(v) || !set_changes(v))
		return false;
	if (p->pages > 1 && v->page <= p->pages) {
		steps_set(&v->steps, &p->start, v->page, p->pages);
		p->steps = v->steps.at;
		p->step_count = v->steps.count;
		p->previous = v->steps.previous;
		p->next = v->steps.next;
	}
	return true;
}

static int show(const struct http_request *request,
    struct http_response *response, const struct edition *edition,
    struct view *v)
{
	struct portbook_error err;
	struct span text = request->target.segments[1], page;
	bool json = thing_is_json(&text);
	int code = read_versions(v, text, &err), status;

	v->page = 1;
	if (code == 0 && json)
		return redirect_json(v->image, response, v->from, v->to);
	if (code == 0 &&
	    http_target_param(&request->target, SPAN("page"), &page))
		code = ask_page(page, &v->page, &err);
	if (code == 0 && v->from > v->to)
		return redirect(v->image, response, v->to, v->from, 308);
	if (code == 0)
		code = find(v, &err);
	if (code == 0 && !set_page(v, edition))
		code = error_nomem(&err);
	status = page_or_refusal(edition, request, response, code, &err);
	if (status == 200)
		page_diff(&response->body, &v->out);
	return status;
}

int handle_diff(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	struct view *v = mem_zalloc(1, sizeof(*v));
	int status;

	if (v == NULL)
		return refuse_memory(edition, request, response);
	v->image = &edition->image;
	arena_init(&v->arena);
	status = show(request, response, edition, v);
	arena_release(&v->arena);
	mem_release(v->events);
	mem_release(v);
	return status;
}

/*
 * What the form asks for: ?old=DATE&new=DATE; without, the newest step, or
 * the last one of the date that a page is of.
 */
int handle_compare(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	const struct image *image = &edition->image;
	struct span before = SPAN(""), after = SPAN("");
	struct portbook_error err;
	struct as_of as_of;
	uint32_t from = 0, to = 0;
	int code;

	http_target_param(&request->target, SPAN("old"), &before);
	http_target_param(&request->target, SPAN("new"), &after);
	if (before.len > 0 || after.len > 0) {
		code = read_version(image, before, &from, &err);
		if (code == 0)
			code = read_version(image, after, &to, &err);
	} else {
		code = ask_as_of(&request->target, image, &as_of, &err);
		to = as_of.version;
		from = to > 0 ? to - 1 : 0;
	}
	if (code < 0)
		return refuse_error(edition, request, response, code, &err);
	if (from > to)
		return redirect(image, response, to, from, 303);
	return redirect(image, response, from, to, 303);
}
