/* SPDX-License-Identifier: ISC */
/* /record/443/tcp/https: one record, with all that the registry has of it. */
#include "base/error.h"
#include "base/mem.h"
#include "image/past.h"
#include "terms/layout.h"
#include "web/change.h"
#include "web/people.h"
#include "web/port_words.h"
#include "web/thing.h"
#include "base/banned.h"

#define FOOTNOTES_MAX 16U
#define OTHERS_MAX 32U

struct view {
	struct thing *t;
	uint32_t row;
	struct page_note footnotes[FOOTNOTES_MAX];
	struct page_record page;
};

/* What the file has; of a source that is no XML, what it would have. */
static struct span xml_of(struct thing *t, const struct image_row *row)
{
	struct span residue = image_text(t->image, row->residue);
	struct record_text text;

	image_row_text(t->image, row, &text);
	if (residue.len > 0)
		return residue;
	if (text.at[FIELD_FORM].len == 0)
		return SPAN("");
	layout_record(&t->scratch, &text);
	return thing_keep(t);
}

static bool refers_to(const struct record_text *text, struct span anchor)
{
	for (unsigned f = FIELD_DESCRIPTION; f < FIELD_COUNT; f++) {
		struct span rich = text->at[f];
		struct rich_token token;

		while (rich_next(&rich, &token))
			if (token.kind == RICH_IS_XREF &&
			    token.xref.type == XREF_NOTE &&
			    span_eq(token.xref.data, anchor))
				return true;
	}
	return false;
}

static void set_footnotes(struct view *v)
{
	const struct image *image = v->t->image;
	struct image_numbers pairs =
	    image_list(image, &image->versions[v->t->as_of.version].footnotes);
	struct page_record *p = &v->page;

	for (size_t i = 0;
	     i + 1 < pairs.count && p->footnote_count < FOOTNOTES_MAX; i += 2) {
		struct page_note note = {image_text(image, pairs.at[i]),
		    image_text(image, pairs.at[i + 1])};

		if (refers_to(&p->entry.text, note.title))
			v->footnotes[p->footnote_count++] = note;
	}
	p->footnotes = v->footnotes;
}

/* Persons whom the record names, as the version lists them. */
static void set_people(struct view *v)
{
	struct thing *t = v->t;
	const struct image *image = t->image;
	struct image_numbers list =
	    image_list(image, &image->rows[v->row].people);
	struct page_word *words = thing_alloc(t, list.count, sizeof(*words));

	for (size_t i = 0; words != NULL && i < list.count; i++) {
		const struct image_person *person =
		    image_person(image, le32(list.at[i]));
		struct page_word *w = &words[v->page.person_count];
		struct person_text text;

		if (person == NULL ||
		    !image_person_is_in(person, t->as_of.version))
			continue;
		person_shown(image, person, &text);
		*w = (struct page_word){
		    .text = text.at[PERSON_ID],
		    .link = thing_person(t, text.at[PERSON_ID]),
		    .about = thing_plain(t, text.at[PERSON_NAME].len > 0
						? text.at[PERSON_NAME]
						: text.at[PERSON_ORG]),
		};
		v->page.person_count++;
	}
	v->page.people = words;
}

/* What else the number is registered for. */
static void set_others(struct view *v)
{
	struct thing *t = v->t;
	const struct image_row *row = &t->image->rows[v->row];
	struct page_word *words = thing_alloc(t, OTHERS_MAX, sizeof(*words));
	uint32_t rows[OTHERS_MAX];
	struct match m = {.rows = rows, .cap = OTHERS_MAX};
	struct query q = {.kind = QUERY_PORT,
	    .range = {le16(row->first), le16(row->first)},
	    .protocol = PROTOCOL_NONE};

	if ((row->flags & IMAGE_ROW_NUMBERED) == 0 || words == NULL)
		return;
	search_lookup(t->image, &q, t->as_of.version, &m);
	for (size_t i = 0; i < m.count; i++) {
		const struct image_row *other = &t->image->rows[rows[i]];
		struct span key;

		if (rows[i] == v->row)
			continue;
		key = thing_key(t, other);
		words[v->page.other_count++] = (struct page_word){
		    .text = key,
		    .link = thing_record(t, key),
		    .about = thing_plain(t,
			image_text(t->image, other->text[FIELD_DESCRIPTION])),
		};
	}
	v->page.others = words;
}

static int show(struct view *v, const struct http_request *request,
    struct http_response *response)
{
	struct thing *t = v->t;
	struct page_record *p = &v->page;
	const struct image_row *row = &t->image->rows[v->row];
	struct story story = {.kind = STORY_RECORD};
	enum port_class class;

	thing_entry(t, v->row, &p->entry);
	p->entry.alone = true;
	p->entry.preferred =
	    image_row_is_preferred(t->image, v->row, t->as_of.version, NULL);
	p->class = image_row_class(row, &class) ? port_class_words(class).title
						: SPAN("");
	p->xml = xml_of(t, row);
	set_footnotes(v);
	set_people(v);
	set_others(v);
	p->today = thing_today(t);
	buf_str(&t->scratch, "/api/v1/records/");
	url_path(&t->scratch, p->entry.key);
	p->json = (struct link){.path = thing_keep(t), .as_of = t->as_of.date};
	if (key_parse(p->entry.key, &story.key))
		thing_history(t, &story, SPAN("record"), p->entry.key,
		    HISTORY_EVERY, &p->history);
	buf_str(&t->scratch, "Record ");
	buf_add(&t->scratch, p->entry.key);
	thing_frame(t, &p->frame);
	page_record(&response->body, p);
	return thing_answer(t, request, response, 200);
}

#define ROWS_MAX 16U

/*
 * What stands in the version of the records that have, or once had, the key:
 * one of that very key, else one of it in other letters, else any.
 */
static uint32_t find(
    struct thing *t, const struct record_key *key, struct span text, bool *same)
{
	struct story story = {.kind = STORY_RECORD, .key = *key};
	void *scratch = mem_alloc(history_scratch_len(t->image) + 1, 1);
	uint32_t rows[ROWS_MAX], found = IMAGE_NONE;
	unsigned best = 0;
	size_t count;

	t->failed |= scratch == NULL;
	if (scratch == NULL)
		return IMAGE_NONE;
	count = history_rows(
	    t->image, &story, t->as_of.version, rows, ROWS_MAX, scratch);
	mem_release(scratch);
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct span own = thing_key(t, &t->image->rows[rows[i]]);
		unsigned rank = span_eq(own, text)	  ? 3
				: span_eq_fold(own, text) ? 2
							  : 1;

		if (rank > best) {
			best = rank;
			found = rows[i];
		}
	}
	*same = best >= 2;
	return found;
}

/* Nothing of it stands: what is known of its past, and of its port. */
static int missing(struct thing *t, struct span text,
    const struct record_key *key, const struct http_request *request,
    struct http_response *response)
{
	struct story story = {.kind = STORY_RECORD};
	struct page_word words[3] = {0};
	struct port_range range;
	size_t count = 0;
	bool known = false;
	void *scratch = mem_alloc(history_scratch_len(t->image) + 1, 1);

	if (scratch != NULL && key != NULL) {
		story.key = *key;
		known = history_is_known(t->image, &story, scratch);
	}
	t->failed |= scratch == NULL;
	mem_release(scratch);
	if (known)
		words[count++] = (struct page_word){
		    .text = SPAN("What happened to it"),
		    .link = {.path = SPAN("/changes"),
			.filter = SPAN("record"),
			.value = text},
		    .about = SPAN("the registry had it once"),
		};
	if (port_range_parse(
		span_head(text, span_find_char(text, 0, '/')), &range))
		words[count++] = (struct page_word){
		    .text = SPAN("The port"),
		    .link = thing_port(t, range, PROTOCOL_NONE),
		    .about = SPAN("and all its records"),
		};
	if (key != NULL && key->name.len > 0)
		words[count++] = (struct page_word){
		    .text = SPAN("The service"),
		    .link = thing_service(t, key->name),
		    .about = SPAN("and all its records, if there is one"),
		};
	return thing_missing(t, request, response, SPAN("No such record"),
	    known ? SPAN("The registry has no record of this key any more, "
			 "nor one that it became; or it has not had it yet.")
		  : SPAN("A record's address is /record/NUMBER/PROTOCOL/NAME, "
			 "with - for what it does not have, and ~2 after the "
			 "second of equal ones: /record/443/tcp/https, "
			 "/record/-/-/rdp~2."),
	    words, count);
}

static int answer(struct thing *t, const struct http_request *request,
    struct http_response *response)
{
	struct view v = {.t = t};
	struct span text = thing_path(t, &request->target), whole = text;
	struct record_key key;
	bool same = false;

	v.row = IMAGE_NONE;
	if (key_parse(text, &key))
		v.row = find(t, &key, text, &same);
	if (v.row == IMAGE_NONE && thing_is_json(&text)) {
		buf_str(&t->scratch, "records/");
		url_path(&t->scratch, text);
		return thing_json(t, response);
	}
	if (v.row == IMAGE_NONE)
		return missing(t, whole, key_parse(whole, &key) ? &key : NULL,
		    request, response);
	t->self = thing_record(t, thing_key(t, &t->image->rows[v.row]));
	if (span_eq(t->self.path, request->target.path))
		return show(&v, request, response);
	/* It may be another's one day, so that nobody should remember it. */
	return thing_redirect(t, response, same ? 308 : 302, t->self);
}

int handle_record(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return thing_handle(ctx, request, response, answer);
}
