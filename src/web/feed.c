/* SPDX-License-Identifier: ISC */
/*
 * /changes.atom: what happened, for feed readers.  Feeds carry no people:
 * neither assignee nor contact, nor notes, which often name somebody.  That
 * they differ is said, and the page behind the link has them.
 *
 * Without --base-url links have no host, and are relative to the feed's own
 * address, as RFC 4287 lets them.
 */
#include "base/error.h"
#include "base/mem.h"
#include "terms/key.h"
#include "web/ask.h"
#include "web/change.h"
#include "web/routes.h"
#include "web/story.h"
#include "write/atom.h"
#include "write/event.h"
#include "base/banned.h"

#define ENTRIES_MAX 50U
#define EVENTS_MAX                                                             \
	(4 * ENTRIES_MAX) /* a record has two of a version, or so              \
			   */

/* All that a feed borrows while it is written. */
struct view {
	const struct edition *edition;
	const struct image *image;
	struct filter filter;
	struct as_of as_of;
	struct arena arena;
	struct atom_authority authority;
	struct image_event events[EVENTS_MAX];
	size_t event_count;
	struct buf scratch;
};

/* What is in scratch, kept; without memory *failed is set. */
static struct span keep(struct view *v, bool *failed)
{
	struct span text = SPAN("");

	if (!buf_failed(&v->scratch))
		text = arena_text(&v->arena, buf_span(&v->scratch));
	*failed |= buf_failed(&v->scratch) || text.ptr == NULL;
	buf_clear(&v->scratch);
	return text.ptr != NULL ? text : SPAN("");
}

static int find(struct view *v, struct portbook_error *err)
{
	struct history_ask ask = filter_ask(&v->filter, v->as_of.version);
	uint32_t numbers[EVENTS_MAX];
	size_t total, count;
	void *scratch = mem_alloc(history_scratch_len(v->image) + 1, 1);

	if (scratch == NULL)
		return error_nomem(err);
	count = history_run(
	    v->image, &ask, 0, numbers, EVENTS_MAX, &total, scratch);
	mem_release(scratch);
	for (size_t i = 0; i < count; i++) {
		const struct image_event *e = image_event(v->image, numbers[i]);

		if (e != NULL)
			v->events[v->event_count++] = *e;
	}
	return 0;
}

static void put_param(
    struct view *v, char *sep, struct span name, struct span value)
{
	if (value.len == 0)
		return;
	buf_char(&v->scratch, *sep);
	buf_add(&v->scratch, name);
	buf_char(&v->scratch, '=');
	url_arg(&v->scratch, value);
	*sep = '&';
}

/* "https://ports.example/changes?port=443", with the date asked for. */
static struct span address(struct view *v, const char *path, struct span name,
    struct span value, bool *failed)
{
	char sep = '?';

	buf_add(&v->scratch, v->edition->site->base.url);
	buf_str(&v->scratch, path);
	put_param(v, &sep, name, value);
	put_param(v, &sep, SPAN("as-of"), v->as_of.date);
	return keep(v, failed);
}

static void put_side(
    struct buf *b, const struct page_field *f, bool there, struct span text)
{
	if (!there) {
		buf_str(b, "none");
		return;
	}
	buf_add(b, f->head);
	buf_add(b, text);
	buf_add(b, f->tail);
}

static void put_field(struct buf *b, const struct page_field *f, bool alone)
{
	buf_add(b, f->title);
	buf_str(b, ": ");
	if (!alone || f->had)
		put_side(b, f, f->had, f->before);
	if (!alone)
		buf_str(b, " \xe2\x86\x92 ");
	if (!alone || f->has)
		put_side(b, f, f->has, f->after);
	buf_char(b, '\n');
}

/* The description, what differs, and what else does. */
static struct span summary(
    struct view *v, const struct page_change *c, bool *failed)
{
	struct buf *b = &v->scratch;
	bool any = false;

	if (!c->personal && c->description.len > 0) {
		buf_add(b, c->description);
		buf_char(b, '\n');
	}
	for (size_t i = 0; i < c->field_count; i++)
		if (!c->fields[i].personal)
			put_field(b, &c->fields[i], c->alone);
	for (size_t i = 0; i < c->field_count && !c->alone; i++) {
		if (!c->fields[i].personal)
			continue;
		buf_str(b, any ? ", " : "Also changed: ");
		buf_add(b, c->fields[i].title);
		any = true;
	}
	if (any)
		buf_char(b, '\n');
	buf_add(b, c->told);
	return keep(v, failed);
}

/*
 * A record as the headlines of a feed reader have it: its key, or where there
 * is no port, as of most that are new, "ok-connect (tcp, no port)".
 */
static void put_key(struct buf *b, struct span text)
{
	struct record_key key;

	if (!key_parse(text, &key) || key.number.len > 0 || key.name.len == 0) {
		buf_add(b, text);
		return;
	}
	buf_add(b, key.name);
	buf_str(b, " (");
	buf_add(b, key.protocol);
	if (key.protocol.len > 0)
		buf_str(b, ", ");
	buf_str(b, "no port)");
}

static void put_keys(struct buf *b, const struct page_change *c)
{
	if (c->before.len > 0)
		put_key(b, c->before);
	if (c->before.len > 0 && c->after.len > 0 &&
	    !span_eq(c->before, c->after))
		buf_str(b, " \xe2\x86\x92 ");
	if (c->after.len > 0 && !span_eq(c->before, c->after))
		put_key(b, c->after);
}

/* The same whatever is recorded later: the digest is that of the content. */
static struct span name_of(
    struct view *v, uint32_t version, const struct page_change *c, bool *failed)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *digest = v->image->versions[version].digest;
	struct buf *b = &v->scratch;

	buf_str(b, "change:");
	for (size_t i = 0; i < 8; i++) {
		buf_char(b, hex[digest[i] >> 4]);
		buf_char(b, hex[digest[i] & 15]);
	}
	buf_char(b, ':');
	buf_add(b, c->kinds);
	buf_char(b, ':');
	buf_add(b, c->before);
	buf_char(b, '=');
	buf_add(b, c->after);
	return keep(v, failed);
}

static bool put_entry(struct view *v, struct buf *out,
    const struct image_event *events, const struct page_change *c)
{
	bool failed = le32(events->version) >= v->image->version_count;
	struct atom_entry entry;

	if (failed)
		return false;
	entry = (struct atom_entry){
	    .name = name_of(v, le32(events->version), c, &failed),
	    .updated = event_date(v->image, events),
	    .page = address(
		v, "/changes", c->story.filter, c->story.value, &failed),
	    .summary = summary(v, c, &failed),
	};
	buf_add(&v->scratch, c->kinds);
	buf_str(&v->scratch, ": ");
	put_keys(&v->scratch, c);
	entry.title = keep(v, &failed);
	atom_entry(out, &v->authority, &entry);
	return !failed;
}

static bool put_entries(struct view *v, struct buf *out)
{
	const struct image_event *e = v->events;
	size_t left = v->event_count;

	for (size_t n = 0; n < ENTRIES_MAX && left > 0; n++) {
		size_t len = change_len(e, left);
		struct page_change c;

		if (changes_show(v->image, e, len, &c, &v->arena) != 1 ||
		    !put_entry(v, out, e, &c))
			return false;
		e += len;
		left -= len;
	}
	return true;
}

/* The date asked for: such a feed is another one, and never changes. */
static void put_then(struct view *v, const char *before)
{
	if (v->as_of.date.len == 0)
		return;
	buf_str(&v->scratch, before);
	buf_add(&v->scratch, v->as_of.date);
}

static bool put_feed(struct view *v, struct buf *out)
{
	const struct image *image = v->image;
	const struct image_version *last = &image->versions[v->as_of.version];
	bool failed = false, good;
	struct atom_feed feed = {
	    .updated = image_text(image, last->updated),
	    .author = SPAN("portbook"),
	};

	if (feed.updated.len == 0)
		feed.updated = image_text(image, last->newest_row);
	if (v->event_count > 0)
		feed.updated = event_date(image, v->events);
	buf_str(&v->scratch, "changes:");
	buf_add(&v->scratch, v->filter.name);
	buf_char(&v->scratch, '=');
	buf_add(&v->scratch, v->filter.value);
	put_then(v, ":");
	feed.name = keep(v, &failed);
	filter_title(&v->scratch, &v->filter);
	put_then(v, " as of ");
	/* Among other feeds in a reader, "Changes" alone says nothing. */
	buf_str(&v->scratch, ", Service Name and Port Number Registry");
	feed.title = keep(v, &failed);
	feed.self = address(
	    v, "/changes.atom", v->filter.name, v->filter.value, &failed);
	feed.page =
	    address(v, "/changes", v->filter.name, v->filter.value, &failed);
	atom_begin(out, &v->authority, &feed);
	good = put_entries(v, out);
	atom_end(out);
	return good && !failed;
}

static int ask(struct view *v, const struct http_request *request,
    struct portbook_error *err)
{
	int code = filter_parse(&request->target, v->image, &v->filter, err);

	if (code == 0)
		code = ask_as_of(&request->target, v->image, &v->as_of, err);
	if (code == 0 && v->filter.story.kind == STORY_PERSON)
		code = error_set(err, PORTBOOK_EUSAGE, 0,
		    "Feeds carry no people; ask for a port, a name, a record, "
		    "or a search.");
	return code < 0 ? code : find(v, err);
}

int handle_feed(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	struct view *v = mem_zalloc(1, sizeof(*v));
	struct portbook_error err;
	int code, status = 200;

	if (v == NULL)
		return refuse_memory(edition, request, response);
	v->edition = edition;
	v->image = &edition->image;
	v->authority.host = edition->site->base.host;
	arena_init(&v->arena);
	buf_init(&v->scratch);
	code = ask(v, request, &err);
	if (code == 0 && !put_feed(v, &response->body))
		code = error_nomem(&err);
	if (code == 0) {
		response->type = "application/atom+xml; charset=utf-8";
		response->cache = "no-cache";
	} else {
		status = refuse_error(edition, request, response, code, &err);
	}
	buf_release(&v->scratch);
	arena_release(&v->arena);
	mem_release(v);
	return status;
}
