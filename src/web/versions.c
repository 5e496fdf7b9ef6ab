/* SPDX-License-Identifier: ISC */
/* /versions: what is kept, the newest first. */
#include "base/error.h"
#include "base/mem.h"
#include "web/ask.h"
#include "web/change.h"
#include "web/routes.h"
#include "web/steps.h"
#include "base/banned.h"

#define PAGE_VERSIONS SEARCH_PAGE_ROWS

struct view {
	const struct image *image;
	struct as_of as_of;
	uint64_t page;
	struct arena arena;
	struct steps steps;
	struct page_versions out;
	struct page_version versions[PAGE_VERSIONS];
};

static struct span digest_text(const uint8_t digest[32], struct arena *arena)
{
	static const char hex[] = "0123456789abcdef";
	char text[64];

	for (size_t i = 0; i < 32; i++) {
		text[2 * i] = hex[digest[i] >> 4];
		text[2 * i + 1] = hex[digest[i] & 15];
	}
	return arena_text(arena, span_of(text, sizeof(text)));
}

static bool set_version(
    struct view *v, uint32_t version, struct page_version *p)
{
	struct history_version h;
	struct span path = diff_path(v->image, version, &v->arena);

	history_version(v->image, version, &h);
	*p = (struct page_version){
	    .name = version_show(v->image, version, &v->arena),
	    .records = h.rows,
	    .people = h.people,
	    .digest = digest_text(h.digest, &v->arena),
	    .counts = counts_show(h.events, HISTORY_SUBSTANCE, &v->arena),
	    .upkeep = counts_show(
		h.events, HISTORY_EVERY & ~HISTORY_SUBSTANCE, &v->arena),
	    .first = version == 0,
	    .diff = {.path = path},
	};
	p->as_of = (struct link){.path = SPAN("/"), .as_of = p->name};
	return path.ptr != NULL && p->name.ptr != NULL &&
	       p->digest.ptr != NULL && p->counts.ptr != NULL &&
	       p->upkeep.ptr != NULL;
}

static void set_steps(struct view *v)
{
	struct page_versions *p = &v->out;
	struct link link = {.path = SPAN("/versions"), .as_of = v->as_of.date};

	p->start = p->today = link;
	p->today.as_of = SPAN("");
	p->feed = (struct link){.path = SPAN("/changes.atom")};
	if (p->pages < 2 || v->page > p->pages)
		return;
	steps_set(&v->steps, &link, v->page, p->pages);
	p->steps = v->steps.at;
	p->step_count = v->steps.count;
	p->previous = v->steps.previous;
	p->next = v->steps.next;
}

static bool set_page(struct view *v, const struct edition *edition)
{
	struct page_versions *p = &v->out;
	size_t count = (size_t)v->as_of.version + 1;
	size_t first = search_page_of(v->page, false).first;

	frame_of(edition, v->as_of.version, &p->frame);
	p->frame.as_of = v->as_of.date;
	p->frame.place = PLACE_VERSIONS;
	p->frame.title = SPAN("Versions of the registry");
	p->total = count;
	p->page = v->page;
	p->pages = search_page_count(count);
	p->versions = v->versions;
	for (size_t i = first; i < count && p->version_count < PAGE_VERSIONS;
	     i++)
		if (!set_version(v, (uint32_t)(count - 1 - i),
			&v->versions[p->version_count++]))
			return false;
	p->compare.before = version_show(
	    v->image, count > 1 ? (uint32_t)count - 2 : 0, &v->arena);
	p->compare.after =
	    version_show(v->image, (uint32_t)count - 1, &v->arena);
	set_steps(v);
	return p->compare.before.ptr != NULL && p->compare.after.ptr != NULL;
}

int handle_versions(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	struct view *v = mem_zalloc(1, sizeof(*v));
	struct portbook_error err;
	struct span page;
	int code = 0, status;

	if (v == NULL)
		return refuse_memory(edition, request, response);
	v->image = &edition->image;
	v->page = 1;
	arena_init(&v->arena);
	if (http_target_param(&request->target, SPAN("page"), &page))
		code = ask_page(page, &v->page, &err);
	if (code == 0)
		code = ask_as_of(&request->target, v->image, &v->as_of, &err);
	if (code == 0 && !set_page(v, edition))
		code = error_nomem(&err);
	status = page_or_refusal(edition, request, response, code, &err);
	if (status == 200)
		page_versions(&response->body, &v->out);
	arena_release(&v->arena);
	mem_release(v);
	return status;
}
