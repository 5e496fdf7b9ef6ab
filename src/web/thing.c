/* SPDX-License-Identifier: ISC */
#include "web/thing.h"

#include "base/error.h"
#include "terms/rich.h"
#include "web/change.h"
#include "base/banned.h"

void thing_init(
    struct thing *t, const struct edition *edition, const struct as_of *as_of)
{
	t->edition = edition;
	t->image = &edition->image;
	t->as_of = *as_of;
	t->failed = false;
	t->self = (struct link){.path = SPAN("/")};
	arena_init(&t->arena);
	buf_init(&t->scratch);
	t->anchors =
	    (struct anchors){.person_pages = true, .as_of = as_of->date};
}

int thing_begin(struct thing *t, const struct edition *edition,
    const struct http_target *target, struct portbook_error *err)
{
	struct as_of as_of = {SPAN(""), 0};
	int code = ask_as_of(target, &edition->image, &as_of, err);

	thing_init(t, edition, &as_of);
	return code;
}

void thing_end(struct thing *t)
{
	buf_release(&t->scratch);
	arena_release(&t->arena);
}

struct span thing_keep(struct thing *t)
{
	struct span text = SPAN("");

	if (!buf_failed(&t->scratch))
		text = arena_text(&t->arena, buf_span(&t->scratch));
	t->failed |= buf_failed(&t->scratch) || text.ptr == NULL;
	buf_clear(&t->scratch);
	return text.ptr != NULL ? text : SPAN("");
}

struct span thing_plain(struct thing *t, struct span rich)
{
	for (size_t i = 0; i < rich.len; i++) {
		if ((uint8_t)rich.ptr[i] >= ' ')
			continue;
		rich_plain(&t->scratch, rich);
		return thing_keep(t);
	}
	return rich;
}

void *thing_alloc(struct thing *t, size_t count, size_t size)
{
	void *p = arena_alloc(&t->arena, (count + 1) * size);

	if (p == NULL)
		t->failed = true;
	else
		memset(p, 0, (count + 1) * size);
	return p;
}

struct link thing_link(struct thing *t, const char *path)
{
	return (struct link){.path = span_str(path), .as_of = t->as_of.date};
}

void thing_put_port(
    struct buf *b, struct port_range range, enum protocol protocol)
{
	buf_u64(b, range.first);
	if (range.first != range.last) {
		buf_char(b, '-');
		buf_u64(b, range.last);
	}
	if (protocol < PROTOCOL_COUNT) {
		buf_char(b, '/');
		buf_add(b, protocol_name(protocol));
	}
}

/* A link to the path that is in scratch. */
static struct link kept_link(struct thing *t)
{
	return (struct link){.path = thing_keep(t), .as_of = t->as_of.date};
}

struct link thing_port(
    struct thing *t, struct port_range range, enum protocol protocol)
{
	buf_str(&t->scratch, "/port/");
	thing_put_port(&t->scratch, range, protocol);
	return kept_link(t);
}

/* A name with a slash, or that a path would lose, is a parameter. */
struct link thing_service(struct thing *t, struct span name)
{
	if (span_find_char(name, 0, '/') < name.len ||
	    span_starts(name, SPAN(".")) || span_ends(name, SPAN(".json")))
		return (struct link){
		    .path = SPAN("/service"),
		    .filter = SPAN("name"),
		    .value = name,
		    .as_of = t->as_of.date,
		};
	buf_str(&t->scratch, "/service/");
	url_segment(&t->scratch, name);
	return kept_link(t);
}

struct link thing_record(struct thing *t, struct span key)
{
	buf_str(&t->scratch, "/record/");
	url_path(&t->scratch, key);
	return kept_link(t);
}

struct link thing_person(struct thing *t, struct span id)
{
	buf_str(&t->scratch, "/person/");
	url_segment(&t->scratch, id);
	return kept_link(t);
}

struct span thing_key(struct thing *t, const struct image_row *row)
{
	image_row_key(t->image, row, &t->scratch);
	return thing_keep(t);
}

struct span thing_name(const struct thing *t, const struct image_row *row)
{
	return span_trim(image_text(t->image, row->text[FIELD_NAME]));
}

/* The version in which the life of row n began. */
static void set_since(struct thing *t, uint32_t n, struct page_entry *ret)
{
	struct image_numbers life = image_row_life(t->image, n);
	uint32_t first = life.count > 0 ? le32(life.at[0]) : n, version;
	const struct image_row *row = image_row(t->image, first);

	if (row == NULL || t->image->version_count < 2)
		return;
	version = le32(row->first_version);
	if (version >= t->image->version_count)
		return;
	ret->since = version_show(t->image, version, &t->arena);
	ret->since_first = version == 0;
	ret->since_link =
	    (struct link){.path = diff_path(t->image, version, &t->arena)};
	t->failed |= ret->since.ptr == NULL || ret->since_link.path.ptr == NULL;
}

/* Everyday names that lead to row n, and why it is preferred. */
static void set_nicks(struct thing *t, uint32_t n, struct page_entry *ret)
{
	const struct image *image = t->image;
	struct page_nick *nicks = NULL;

	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];

		if (le32(line->row) != n)
			continue;
		if (nicks == NULL)
			nicks = thing_alloc(
			    t, image->curated_count - i, sizeof(*nicks));
		if (nicks == NULL)
			return;
		nicks[ret->nick_count++] = (struct page_nick){
		    .name = image_text(image, line->name),
		    .reason = image_text(image, line->reason),
		    .origin = image_text(image, line->origin),
		    .prefers = le32(line->kind) == IMAGE_CURATED_PREFER,
		};
	}
	ret->nicks = nicks;
}

void thing_entry(struct thing *t, uint32_t n, struct page_entry *ret)
{
	const struct image_row *row = &t->image->rows[n];
	struct port_range range = {le16(row->first), le16(row->last)};
	struct span name = thing_name(t, row);

	*ret = (struct page_entry){
	    .named = name.len > 0,
	    .numbered = (row->flags & IMAGE_ROW_NUMBERED) != 0,
	    .key = thing_key(t, row),
	    .state = state_name(image_row_state(row)),
	    .alias_of = image_text(t->image, row->alias_of),
	    .since = SPAN(""),
	    .anchors = &t->anchors,
	};
	image_row_text(t->image, row, &ret->text);
	ret->record = thing_record(t, ret->key);
	if (ret->named)
		ret->service = thing_service(t, name);
	if (ret->numbered) {
		enum protocol protocol = row->protocol < PROTOCOL_COUNT
					     ? (enum protocol)row->protocol
					     : PROTOCOL_NONE;

		ret->port = thing_port(t, range, PROTOCOL_NONE);
		ret->transport = thing_port(t, range, protocol);
	}
	if (ret->alias_of.len > 0)
		ret->alias = thing_service(t, ret->alias_of);
	set_since(t, n, ret);
	set_nicks(t, n, ret);
}

struct page_entry *thing_entries(
    struct thing *t, const uint32_t *rows, size_t count)
{
	struct page_entry *entries = thing_alloc(t, count, sizeof(*entries));

	for (size_t i = 0; entries != NULL && i < count; i++)
		thing_entry(t, rows[i], &entries[i]);
	return entries;
}

const uint32_t *thing_part(struct thing *t, const uint32_t *rows, size_t total,
    uint64_t page, struct steps *steps, struct page_part *ret)
{
	uint64_t pages = search_page_count(total);
	size_t first =
	    search_page_of(page <= pages ? page : pages + 1, false).first;
	size_t count = first < total ? total - first : 0;

	rows = first < total ? rows + first : NULL;
	if (count > SEARCH_PAGE_ROWS)
		count = SEARCH_PAGE_ROWS;
	*ret = (struct page_part){
	    .rows = {.entries = thing_entries(t, rows, count), .count = count},
	    .total = total,
	    .page = page,
	    .pages = pages,
	    .first = first + 1,
	    .last = first + count,
	    .start = t->self,
	};
	if (pages < 2 || page > pages)
		return rows;
	steps_set(steps, &t->self, page, pages);
	ret->steps = steps->at;
	ret->step_count = steps->count;
	ret->previous = steps->previous;
	ret->next = steps->next;
	return rows;
}

static bool is_twin(const struct page_entry *a, const struct page_entry *b)
{
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		if (f != FIELD_PROTOCOL && f != FIELD_FORM &&
		    !span_eq(a->text.at[f], b->text.at[f]))
			return false;
	return span_eq(a->state, b->state) && span_eq(a->since, b->since) &&
	       span_eq(a->alias_of, b->alias_of) && a->numbered && b->numbered;
}

void thing_pair(struct page_entry *entries, size_t count)
{
	struct page_entry *last[THING_ROWS];
	size_t kept = 0;

	for (size_t i = 0; i < count && i < THING_ROWS; i++) {
		size_t k = 0;

		while (k < kept && !is_twin(last[k], &entries[i]))
			k++;
		entries[i].paired = k < kept;
		if (k < kept)
			last[k]->twin = &entries[i];
		else
			kept++;
		last[k] = &entries[i];
	}
}

struct span thing_state(enum state state)
{
	return state == STATE_NOT_LISTED ? SPAN("not listed")
					 : state_name(state);
}
