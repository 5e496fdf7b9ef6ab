/* SPDX-License-Identifier: ISC */
/* The registry page, at our address and at the official one. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/error.h"
#include "terms/rich.h"
#include "web/ask.h"
#include "web/goto.h"
#include "web/people.h"
#include "web/registry_choice.h"
#include "web/routes.h"
#include "web/steps.h"
#include "base/banned.h"

#define NOTES_MAX 16

/* All that a page borrows while it is written. */
struct view {
	const struct edition *edition;
	const struct ask *ask;
	const struct answer *answer;
	struct thing t;
	struct page_registry page;
	struct page_word goes;
	struct link alike;
	struct steps steps;
	struct page_format formats[SOURCE_COUNT];
	struct page_note notes[NOTES_MAX];
	struct page_note footnotes[NOTES_MAX];
};

static struct link link_to(const struct view *v, uint64_t page)
{
	return (struct link){
	    .official = v->ask->official,
	    .search = v->ask->search,
	    .order = v->ask->order,
	    .order_count = v->ask->order_count,
	    .protocol = v->ask->protocol,
	    .state = v->ask->state,
	    .class = v->ask->class,
	    .page = page,
	    .as_of = v->ask->as_of.date,
	};
}

static void set_steps(struct view *v)
{
	struct link link = link_to(v, v->ask->page);

	steps_set(&v->steps, &link, v->ask->page, v->page.pages);
	v->page.steps = v->steps.at;
	v->page.step_count = v->steps.count;
	v->page.previous = v->steps.previous;
	v->page.next = v->steps.next;
}

/* The order that a click on column leads to: rising, falling, none. */
static struct search_order *next_order(
    struct view *v, enum column column, size_t place, size_t *count)
{
	const struct ask *ask = v->ask;
	struct search_order *order =
	    arena_alloc(&v->t.arena, sizeof(*order) * (ASK_ORDER_MAX + 1));

	*count = 0;
	if (order == NULL)
		return NULL;
	if (place == ask->order_count) {
		order[0] = (struct search_order){column, false};
		*count = 1;
		return order;
	}
	for (size_t i = 0; i < ask->order_count; i++) {
		if (i == place && ask->order[i].falling)
			continue;
		order[*count] = ask->order[i];
		order[*count].falling |= i == place;
		++*count;
	}
	return order;
}

static bool set_heading(struct view *v, enum column column)
{
	const struct ask *ask = v->ask;
	struct page_heading *h = &v->page.headings[column];
	struct search_order *order;
	size_t place = 0, count;

	while (place < ask->order_count && ask->order[place].column != column)
		place++;
	order = next_order(v, column, place, &count);
	if (order == NULL)
		return false;
	*h = (struct page_heading){
	    .title = column_heading(column),
	    .link = link_to(v, 1),
	    .aria = SPAN(""),
	    .mark = SPAN(""),
	    .says = SPAN(": sort"),
	};
	h->link.order = order;
	h->link.order_count = count;
	if (place == ask->order_count)
		return true;
	h->mark = ask->order[place].falling ? SPAN(" \xe2\x96\xbc")
					    : SPAN(" \xe2\x96\xb2");
	h->says = ask->order[place].falling
		      ? SPAN(": sorted falling, undo")
		      : SPAN(": sorted rising, turn round");
	/* ARIA knows one sorted column; it is the weightiest. */
	if (place == 0)
		h->aria = ask->order[place].falling ? SPAN("descending")
						    : SPAN("ascending");
	return true;
}

static const struct image_version *version_of(const struct view *v)
{
	return &v->edition->image.versions[v->ask->as_of.version];
}

/* The files are those of the newest version. */
static void set_formats(struct view *v)
{
	static const struct {
		struct span label, address;
		enum source_kind kind;
	} formats[] = {
	    {SPAN_INIT("CSV"), SPAN_INIT(SITE_OFFICIAL_FILE ".csv"),
		SOURCE_CSV},
	    {SPAN_INIT("XML"), SPAN_INIT(SITE_OFFICIAL_FILE ".xml"),
		SOURCE_XML},
	    {SPAN_INIT("Plain text"), SPAN_INIT(SITE_OFFICIAL_FILE ".txt"),
		SOURCE_TXT},
	};

	if (version_of(v) != image_newest(&v->edition->image))
		return;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		size_t bytes = v->edition->sources[formats[i].kind].bytes.len;

		if (bytes > 0)
			v->formats[v->page.format_count++] =
			    (struct page_format){
				formats[i].label, formats[i].address, bytes};
	}
	v->page.formats = v->formats;
}

/* Pairs of texts, as the image lists notes and footnotes. */
static size_t read_notes(const struct image *image,
    const struct image_list *list, struct page_note *notes)
{
	struct image_numbers pairs = image_list(image, list);
	size_t count = 0;

	for (size_t i = 0; i + 1 < pairs.count && count < NOTES_MAX; i += 2)
		notes[count++] =
		    (struct page_note){image_text(image, pairs.at[i]),
			image_text(image, pairs.at[i + 1])};
	return count;
}

static bool refers_to(struct span rich, struct span anchor)
{
	struct rich_token token;

	while (rich_next(&rich, &token))
		if (token.kind == RICH_IS_XREF &&
		    token.xref.type == XREF_NOTE &&
		    span_eq(token.xref.data, anchor))
			return true;
	return false;
}

static bool is_referred_to(const struct page_registry *p, struct span anchor)
{
	for (size_t i = 0; i < p->row_count; i++)
		for (unsigned f = FIELD_DESCRIPTION; f < FIELD_COUNT; f++)
			if (refers_to(p->rows[i].at[f], anchor))
				return true;
	return false;
}

static void set_footnotes(struct view *v)
{
	size_t all = read_notes(
	    &v->edition->image, &version_of(v)->footnotes, v->footnotes);

	for (size_t i = 0; i < all; i++)
		if (is_referred_to(&v->page, v->footnotes[i].title))
			v->footnotes[v->page.footnote_count++] =
			    v->footnotes[i];
	v->page.footnotes = v->footnotes;
}

/* Text with breaks at most, of which a link can be made. */
static bool is_wordy(struct span rich)
{
	bool words = false;

	for (size_t i = 0; i < rich.len; i++) {
		char c = rich.ptr[i];

		if ((uint8_t)c < ' ' && c != RICH_BR && c != '\n')
			return false;
		words = words || (uint8_t)c > ' ';
	}
	return words;
}

static void set_row(struct view *v, const struct image_row *row,
    const struct record_text *text, struct page_row *ret)
{
	struct thing *t = &v->t;
	struct span name = thing_name(t, row);
	struct port_range range = {le16(row->first), le16(row->last)};

	*ret = (struct page_row){
	    .key = thing_key(t, row),
	    .named = name.len > 0,
	    .numbered = (row->flags & IMAGE_ROW_NUMBERED) != 0,
	    .wordy = is_wordy(text->at[FIELD_DESCRIPTION]),
	};
	ret->record = thing_record(t, ret->key);
	if (ret->named)
		ret->service = thing_service(t, name);
	if (ret->numbered)
		ret->port = thing_port(t, range, PROTOCOL_NONE);
}

static bool set_rows(struct view *v)
{
	const struct image *image = &v->edition->image;
	const struct answer *a = v->answer;
	struct record_text *rows =
	    arena_alloc(&v->t.arena, sizeof(*rows) * (a->row_count + 1));
	struct person_text *people =
	    arena_alloc(&v->t.arena, sizeof(*people) * (a->person_count + 1));

	struct page_row *row_links =
	    thing_alloc(&v->t, a->row_count, sizeof(*row_links));
	struct link *person_links =
	    thing_alloc(&v->t, a->person_count, sizeof(*person_links));

	if (rows == NULL || people == NULL || v->t.failed)
		return false;
	for (size_t i = 0; i < a->row_count; i++) {
		const struct image_row *row = image_row(image, a->rows[i]);

		if (row == NULL)
			continue;
		image_row_text(image, row, &rows[v->page.row_count]);
		set_row(v, row, &rows[v->page.row_count],
		    &row_links[v->page.row_count]);
		v->page.row_count++;
	}
	for (size_t i = 0; i < a->person_count; i++) {
		const struct image_person *person =
		    image_person(image, a->people[i]);

		if (person == NULL)
			continue;
		person_shown(image, person, &people[v->page.person_count]);
		v->page.has_org |=
		    people[v->page.person_count].at[PERSON_ORG].len > 0;
		person_links[v->page.person_count] = thing_person(
		    &v->t, people[v->page.person_count].at[PERSON_ID]);
		v->page.person_count++;
	}
	v->page.rows = rows;
	v->page.links = row_links;
	v->page.person_links = person_links;
	v->page.people = people;
	v->page.first = a->first;
	v->page.last = a->first + a->row_count - 1;
	return true;
}

static int compare_spans(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* The ids that the template gives to people and footnotes. */
static bool set_anchors(struct view *v)
{
	struct page_registry *p = &v->page;
	size_t count = p->person_count + p->footnote_count, n = 0;
	struct span *ids = arena_alloc(&v->t.arena, sizeof(*ids) * (count + 1));
	struct buf b;
	bool good = ids != NULL;

	buf_init(&b);
	for (size_t i = 0; good && i < p->person_count; i++)
		ids[n++] = p->people[i].at[PERSON_ID];
	for (size_t i = 0; good && i < p->footnote_count; i++) {
		buf_clear(&b);
		buf_str(&b, "note");
		buf_add(&b, p->footnotes[i].title);
		ids[n++] = arena_text(&v->t.arena, buf_span(&b));
		good = !buf_failed(&b) && ids[n - 1].ptr != NULL;
	}
	buf_release(&b);
	if (!good)
		return false;
	qsort(ids, n, sizeof(*ids), compare_spans);
	p->anchors = (struct anchors){.ids = ids, .count = n};
	return true;
}

static bool set_title(struct view *v)
{
	const struct page_registry *p = &v->page;
	char storage[512];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	if (v->ask->search.len > 0 && v->ask->search.len < 200) {
		buf_add(&b, v->ask->search);
		buf_str(&b, ": ");
	}
	buf_add(&b, p->title);
	if (v->ask->page > 1 && v->ask->page <= p->pages) {
		buf_str(&b, ", page ");
		buf_u64(&b, v->ask->page);
	}
	if (v->ask->as_of.date.len > 0) {
		buf_str(&b, ", as of ");
		buf_add(&b, v->ask->as_of.date);
	}
	v->page.frame.title =
	    arena_text(&v->t.arena, buf_failed(&b) ? p->title : buf_span(&b));
	return v->page.frame.title.ptr != NULL;
}

/* Letters, digits and hyphens, with a letter, as service names have them. */
static bool is_name(struct span text)
{
	bool all = true, letter = false;

	for (size_t i = 0; i < text.len; i++) {
		bool is_letter = ascii_is_letter(text.ptr[i]);

		letter |= is_letter;
		all &= is_letter || ascii_is_digit(text.ptr[i]) ||
		       text.ptr[i] == '-';
	}
	return all && letter;
}

/* What else the page offers: kinds of rows, and where a search leads. */
static void set_choices(struct view *v)
{
	struct page_registry *p = &v->page;

	if (v->ask->official)
		return;
	choice_selects(&v->t, v->ask, p);
	p->kinds = choice_kinds(&v->t, v->ask);
	if (v->ask->search.len > 0 &&
	    goto_find(&v->t, v->ask->search, &v->goes)) {
		p->goes = &v->goes.link;
		p->goes_to = v->goes.text;
	} else if (p->total == 0 && p->kinds.len == 0 &&
		   is_name(span_trim(v->ask->search))) {
		v->alike = thing_service(&v->t, span_trim(v->ask->search));
		p->alike = &v->alike;
	}
}

/* The same rows at our own address, in the registry's order. */
static void set_canonical(struct view *v)
{
	v->t.self = link_to(v, v->ask->page);
	v->t.self.path = SPAN("/");
	v->t.self.official = false;
	v->t.self.order_count = 0;
	/* Pages of the official address are cut in another way. */
	if (!v->ask->official || v->ask->page == 1)
		v->page.frame.canonical = &v->t.self;
}

static bool set_page(struct view *v)
{
	const struct image *image = &v->edition->image;
	const struct image_version *version = version_of(v);
	const struct ask *ask = v->ask;
	struct page_registry *p = &v->page;
	bool good = true;

	*p = (struct page_registry){
	    .title = image_text(image, version->title),
	    .reference = image_text(image, version->reference),
	    .expert = image_text(image, version->expert),
	    .official = ask->official,
	    .action =
		ask->official ? SPAN(SITE_OFFICIAL_FILE ".xhtml") : SPAN("/"),
	    .search = ask->search,
	    .order = ask->order,
	    .order_count = ask->order_count,
	    .total = v->answer->total,
	    .page = ask->page,
	    .pages = v->answer->pages,
	    .all = {.official = ask->official, .as_of = ask->as_of.date},
	};
	if (p->title.len == 0)
		p->title = SPAN("Service Name and Transport Protocol Port "
				"Number Registry");
	frame_of(v->edition, ask->as_of.version, &p->frame);
	p->frame.as_of = ask->as_of.date;
	p->frame.place = PLACE_REGISTRY;
	p->frame.has_search = true;
	p->notes = v->notes;
	p->note_count = read_notes(image, &version->notes, v->notes);
	p->start = link_to(v, 1);
	p->today = link_to(v, 1);
	p->today.as_of = SPAN("");
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		good = good && set_heading(v, (enum column)i);
	good = good && set_rows(v) && set_title(v);
	if (!good)
		return false;
	set_formats(v);
	set_footnotes(v);
	set_choices(v);
	set_canonical(v);
	if (!set_anchors(v) || v->t.failed)
		return false;
	if (p->row_count > 0 && p->pages > 1)
		set_steps(v);
	return true;
}

static int show(const struct http_request *request,
    struct http_response *response, const struct edition *edition,
    bool official)
{
	struct view v = {.edition = edition};
	struct portbook_error err;
	struct answer answer;
	struct ask ask;
	int status = 200, code;

	code =
	    ask_parse(&request->target, &edition->image, official, &ask, &err);
	if (code < 0)
		return refuse_error(edition, request, response, code, &err);
	if (answer_find(&edition->image, &ask, &answer, &err) < 0)
		return refuse(edition, request, response, 503, err.text);
	thing_init(&v.t, edition, &ask.as_of);
	v.ask = &ask;
	v.answer = &answer;
	if (set_page(&v)) {
		response->type = "text/html; charset=utf-8";
		response->cache = "no-cache";
		page_registry(&response->body, &v.page);
	} else {
		status = refuse_memory(edition, request, response);
	}
	thing_end(&v.t);
	answer_release(&answer);
	return status;
}

int handle_registry(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return show(request, response, ctx, false);
}

int handle_official(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return show(request, response, ctx, true);
}
