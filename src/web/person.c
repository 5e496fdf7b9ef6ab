/* SPDX-License-Identifier: ISC */
/*
 * /person/IESG: as the registry lists somebody, and what names them.  Whom
 * the newest version does not list any more is an id alone.
 */
#include "base/error.h"
#include "base/mem.h"
#include "image/edition.h"
#include "image/past.h"
#include "web/change.h"
#include "web/people.h"
#include "web/thing.h"
#include "base/banned.h"

struct view {
	struct thing *t;
	struct span id;
	uint32_t *rows; /* owned: that name the person */
	size_t row_count;
	struct steps steps;
	struct page_person page;
};

/* The entry of the version, or IMAGE_NONE; *known: of any version. */
static uint32_t find(const struct view *v, bool *known, uint32_t *last)
{
	const struct image *image = v->t->image;
	struct image_numbers past = image_past_by_person(image, v->id);
	uint32_t now = image_by_person(image, v->id), found = IMAGE_NONE;

	*known = now != IMAGE_NONE;
	*last = 0;
	if (now != IMAGE_NONE &&
	    image_person_is_in(&image->people[now], v->t->as_of.version))
		found = now;
	for (size_t i = 0; i < past.count; i++) {
		uint32_t n = le32(past.at[i]);
		const struct image_person *person = image_person(image, n);

		if (person == NULL)
			continue;
		*known = true;
		if (le32(person->last_version) > *last &&
		    le32(person->last_version) < image->version_count)
			*last = le32(person->last_version);
		if (image_person_is_in(person, v->t->as_of.version))
			found = n;
	}
	return found;
}

/* "Assignee and contact" */
static struct span role_of(struct view *v, const struct image_row *row)
{
	static const struct {
		enum record_field field;
		const char *title;
	} fields[] = {
	    {FIELD_ASSIGNEE, "assignee"},
	    {FIELD_CONTACT, "contact"},
	    {FIELD_DESCRIPTION, "description"},
	    {FIELD_REFERENCE, "reference"},
	    {FIELD_UNAUTHORIZED, "unauthorized use"},
	    {FIELD_NOTE, "notes"},
	};
	struct buf *b = &v->t->scratch;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct span rich =
		    image_text(v->t->image, row->text[fields[i].field]);
		struct rich_token token;
		bool named = false;

		while (rich_next(&rich, &token))
			named = named || (token.kind == RICH_IS_XREF &&
					     token.xref.type == XREF_PERSON &&
					     span_eq(token.xref.data, v->id));
		if (!named)
			continue;
		buf_str(b, b->len > 0 ? ", " : "");
		buf_str(b, fields[i].title);
	}
	return thing_keep(v->t);
}

static bool names(
    const struct view *v, const struct image_row *row, uint32_t person)
{
	struct image_numbers list = image_list(v->t->image, &row->people);

	for (size_t i = 0; i < list.count; i++)
		if (le32(list.at[i]) == person)
			return true;
	return false;
}

/* All rows of the version that name the entry. */
static void find_rows(struct view *v, uint32_t person)
{
	const struct image *image = v->t->image;
	struct image_walk walk = image_walk_begin(image, v->t->as_of.version);
	uint32_t n;

	v->rows = mem_alloc(image->row_count + 1, sizeof(*v->rows));
	v->t->failed |= v->rows == NULL;
	while (v->rows != NULL && (n = image_walk_row(&walk)) != IMAGE_NONE)
		if (names(v, &image->rows[n], person))
			v->rows[v->row_count++] = n;
}

static void set_rows(struct view *v, uint64_t page)
{
	struct thing *t = v->t;
	struct page_rows *p = &v->page.part.rows;
	const uint32_t *rows = thing_part(
	    t, v->rows, v->row_count, page, &v->steps, &v->page.part);
	struct span *roles = thing_alloc(t, p->count, sizeof(*roles));

	for (size_t i = 0; roles != NULL && i < p->count; i++)
		roles[i] = role_of(v, &t->image->rows[rows[i]]);
	p->caption = SPAN("Records that name this entry");
	p->roles = true;
	p->about = roles;
}

static int show(struct view *v, uint32_t person, uint32_t last, uint64_t page,
    const struct http_request *request, struct http_response *response)
{
	struct thing *t = v->t;
	struct page_person *p = &v->page;
	struct story story = {.kind = STORY_PERSON, .person = v->id};

	p->id = v->id;
	p->listed = person_is_listed(t->image, v->id);
	p->last_listed = version_show(t->image, last, &t->arena);
	t->failed |= p->last_listed.ptr == NULL;
	for (unsigned i = 0; i < PERSON_FIELD_COUNT; i++)
		p->text.at[i] = SPAN("");
	if (person != IMAGE_NONE) {
		person_shown(t->image, &t->image->people[person], &p->text);
		find_rows(v, person);
	}
	set_rows(v, page);
	p->today = thing_today(t);
	buf_str(&t->scratch, "/api/v1/people/");
	url_segment(&t->scratch, v->id);
	p->json = (struct link){.path = thing_keep(t), .as_of = t->as_of.date};
	thing_history(
	    t, &story, SPAN("person"), v->id, HISTORY_EVERY, &p->history);
	buf_str(&t->scratch, "Person ");
	buf_add(&t->scratch, v->id);
	thing_frame(t, &p->frame);
	p->frame.no_index = true;
	http_field(response, SPAN("X-Robots-Tag"), SPAN("noindex"));
	page_person(&response->body, p);
	return thing_answer(t, request, response, 200);
}

static int answer_of(struct view *v, const struct http_request *request,
    struct http_response *response)
{
	struct thing *t = v->t;
	struct portbook_error err;
	uint32_t person, last;
	uint64_t page = 1;
	struct span text;
	bool known;

	v->id = thing_path(t, &request->target);
	person = find(v, &known, &last);
	if (!known && thing_is_json(&v->id)) {
		buf_str(&t->scratch, "people/");
		url_segment(&t->scratch, v->id);
		return thing_json(t, response);
	}
	if (!known)
		return thing_missing(t, request, response,
		    SPAN("No such person"),
		    SPAN("The registry lists nobody with this id, and never "
			 "did as far as is known here. Ids are told apart by "
			 "the case of their letters, and stand in brackets in "
			 "the columns Assignee and Contact: IESG."),
		    NULL, 0);
	t->self = thing_person(t, v->id);
	if (http_target_param(&request->target, SPAN("page"), &text) &&
	    ask_page(text, &page, &err) < 0)
		return refuse(t->edition, request, response, 400, err.text);
	return show(v, person, last, page, request, response);
}

static int answer(struct thing *t, const struct http_request *request,
    struct http_response *response)
{
	struct view v = {.t = t};
	int status = answer_of(&v, request, response);

	mem_release(v.rows);
	return status;
}

int handle_person(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return thing_handle(ctx, request, response, answer);
}
