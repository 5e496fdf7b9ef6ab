/* SPDX-License-Identifier: ISC */
/* /service/https, /service?name=cl/1: all that has a name. */
#include "base/error.h"
#include "image/past.h"
#include "search/txtkeys.h"
#include "terms/name.h"
#include "web/port_words.h"
#include "web/service.h"
#include "base/banned.h"

#define NICKS_MAX 64U

struct view {
	struct thing *t;
	struct span name;   /* as asked, then as the registry has it */
	struct match match; /* rows of the name, or what it stands for */
	uint32_t rows[THING_ROWS];
	struct txtkeys keys;
	struct page_service page;
};

static const struct image_row *row_at(const struct view *v, size_t i)
{
	return &v->t->image->rows[v->match.rows[i]];
}

/* Whether a row has the name itself, or people call it so. */
static bool is_own(const struct view *v, const struct image_row *row)
{
	return span_eq_fold(thing_name(v->t, row), v->name);
}

static size_t own_count(const struct view *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->match.count; i++)
		count += is_own(v, row_at(v, i));
	return count;
}

/* Rows of the name first, in their order; others are its everyday use. */
static void sort_own(struct view *v)
{
	uint32_t others[THING_ROWS];
	size_t own = 0, other = 0;

	for (size_t i = 0; i < v->match.count; i++) {
		uint32_t n = v->match.rows[i];

		if (is_own(v, row_at(v, i)))
			v->rows[own++] = n;
		else
			others[other++] = n;
	}
	memcpy(v->rows + own, others, other * sizeof(*others));
}

/* Names that the registry keeps for older programs, of rows beside these. */
static void set_aliases(struct view *v, size_t own)
{
	struct thing *t = v->t;
	struct page_word *words = thing_alloc(t, own * 4, sizeof(*words));
	struct page_service *p = &v->page;

	for (size_t i = 0; words != NULL && i < own; i++) {
		const struct image_row *row = row_at(v, i);
		struct image_port_walk walk;
		uint32_t n;

		if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
			continue;
		image_port_walk_begin(
		    &walk, t->image, le16(row->first), t->as_of.version);
		while ((n = image_port_walk_next(&walk)) != IMAGE_NONE) {
			const struct image_row *other = &t->image->rows[n];
			struct span name = thing_name(t, other);
			size_t k = 0;

			if (!span_eq_fold(
				image_text(t->image, other->alias_of), v->name))
				continue;
			while (k < p->alias_count &&
			       !span_eq_fold(words[k].text, name))
				k++;
			if (k == p->alias_count && k < own * 4)
				words[p->alias_count++] =
				    (struct page_word){.text = name,
					.link = thing_service(t, name)};
		}
	}
	p->aliases = words;
}

static bool leads_to(const struct view *v, uint32_t row, size_t own)
{
	for (size_t i = 0; i < own; i++)
		if (v->match.rows[i] == row)
			return true;
	return false;
}

/* What people call these rows; or, of an everyday name, what it stands for. */
static void set_nicks(struct view *v, size_t own)
{
	const struct image *image = v->t->image;
	struct page_nick *nicks = thing_alloc(v->t, NICKS_MAX, sizeof(*nicks));
	struct page_service *p = &v->page;

	for (size_t i = 0; nicks != NULL && i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		struct span name = image_text(image, line->name);
		bool same = p->nick_count > 0 &&
			    span_eq(nicks[p->nick_count - 1].name, name);

		if (le32(line->kind) != IMAGE_CURATED_NAME || same ||
		    p->nick_count == NICKS_MAX)
			continue;
		if (own > 0 ? leads_to(v, le32(line->row), own)
			    : span_eq_fold(name, v->name))
			nicks[p->nick_count++] = (struct page_nick){
			    .name = name,
			    .reason = image_text(image, line->reason),
			    .origin = image_text(image, line->origin),
			};
	}
	p->nicks = nicks;
}

static bool add_type(struct view *v, struct span *types, const char *label)
{
	struct page_service *p = &v->page;
	struct buf *b = &v->t->scratch;
	struct span type;

	buf_char(b, '_');
	buf_add(b, v->name);
	buf_str(b, label);
	type = thing_keep(v->t);
	for (size_t i = 0; i < p->type_count; i++)
		if (span_eq(types[i], type))
			return false;
	types[p->type_count++] = type;
	return true;
}

/*
 * RFC 6763 section 7: the second label is _tcp for TCP and _udp for every
 * other transport; no alias is for discovery.
 */
static void set_types(struct view *v, size_t own)
{
	struct span *types = thing_alloc(v->t, 2, sizeof(*types));

	if (types == NULL || !name_is_valid(v->name))
		return;
	for (unsigned udp = 0; udp < 2; udp++) {
		for (size_t i = 0; i < own; i++) {
			const struct image_row *row = row_at(v, i);

			if (image_row_state(row) != STATE_ASSIGNED ||
			    image_text(v->t->image, row->alias_of).len > 0)
				continue;
			if (row->protocol == PROTOCOL_NONE ||
			    (row->protocol == PROTOCOL_TCP) == (udp == 0))
				add_type(v, types, udp ? "._udp" : "._tcp");
		}
	}
	v->page.types = types;
}

/* The first row whose notes speak of keys decides. */
static void set_keys(struct view *v, size_t own)
{
	struct page_service *p = &v->page;
	struct page_txt_key *keys;

	v->keys.kind = TXTKEYS_ABSENT;
	for (size_t i = 0; i < own && v->keys.kind == TXTKEYS_ABSENT; i++)
		txtkeys_parse(
		    thing_plain(v->t, image_text(v->t->image,
					  row_at(v, i)->text[FIELD_NOTE])),
		    &v->keys);
	p->no_keys = v->keys.kind == TXTKEYS_NONE;
	p->txt_text = v->keys.kind == TXTKEYS_TEXT ? v->keys.text : SPAN("");
	keys = thing_alloc(v->t, v->keys.count, sizeof(*keys));
	for (size_t i = 0; keys != NULL && i < v->keys.count; i++)
		keys[p->key_count++] = (struct page_txt_key){
		    v->keys.at[i].key, v->keys.at[i].value};
	p->keys = keys;
}

static bool is_numbered(const struct image_row *row)
{
	return (row->flags & IMAGE_ROW_NUMBERED) != 0;
}

/* "443/tcp, 443/udp and 443/sctp" */
static void put_places(struct view *v, size_t count)
{
	struct buf *b = &v->t->scratch;
	size_t shown = 0, numbered = 0;

	for (size_t i = 0; i < count; i++)
		numbered += is_numbered(row_at(v, i));
	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = row_at(v, i);
		enum protocol protocol = row->protocol < PROTOCOL_COUNT
					     ? (enum protocol)row->protocol
					     : PROTOCOL_NONE;

		if (!is_numbered(row))
			continue;
		if (shown++ > 0)
			buf_str(b, shown == numbered ? " and " : ", ");
		thing_put_port(b,
		    (struct port_range){le16(row->first), le16(row->last)},
		    protocol);
	}
	if (numbered == 0)
		buf_str(b, "no port number");
	else if (numbered < count)
		buf_str(b, ", and without a number too");
}

static struct span lead(struct view *v, size_t own)
{
	struct thing *t = v->t;
	struct buf *b = &t->scratch;
	const struct image_row *first = row_at(v, 0);
	struct span about = thing_plain(
	    t, image_text(t->image, first->text[FIELD_DESCRIPTION]));
	struct span alias = image_text(t->image, first->alias_of);

	if (own == 0) {
		buf_str(b, "The registry has no service of this name. People "
			   "call so what it has as ");
		buf_add(b, thing_name(t, first));
		buf_str(b, ", with ");
		put_places(v, v->match.count);
	} else {
		size_t line = span_find_char(about, 0, '\n');

		buf_add(b, span_head(about, line));
		buf_str(b,
		    about.len > 0 ? ": registered with " : "Registered with ");
		put_places(v, own);
	}
	buf_char(b, '.');
	if (own > 0 && alias.len > 0) {
		buf_str(b, " It is a historic name of ");
		buf_add(b, alias);
		buf_str(b, ", which is the one to use.");
	}
	return thing_keep(t);
}

static void set_history(struct view *v)
{
	struct story story = {
	    .kind = STORY_NAME,
	    .query = {.kind = QUERY_NAME,
		.name = v->name,
		.protocol = PROTOCOL_NONE},
	};

	thing_history(v->t, &story, SPAN("name"), v->name, HISTORY_SUBSTANCE,
	    &v->page.history);
}

static int show(struct view *v, const struct http_request *request,
    struct http_response *response)
{
	struct thing *t = v->t;
	struct page_service *p = &v->page;
	size_t own = own_count(v), shown;
	struct page_entry *entries;

	sort_own(v);
	if (own > 0)
		v->name = thing_name(t, row_at(v, 0));
	t->self = thing_service(t, v->name);
	p->name = v->name;
	p->everyday = own == 0;
	p->lead = lead(v, own);
	shown = own > 0 ? own : v->match.count;
	entries = thing_entries(t, v->rows, shown);
	if (entries != NULL)
		thing_pair(entries, shown);
	p->entries = entries;
	p->entry_count = entries != NULL ? shown : 0;
	p->more_entries = v->match.total - v->match.count;
	p->rows = (struct page_rows){
	    .caption = SPAN("Where it is registered"),
	    .entries = p->entries,
	    .count = p->entry_count,
	};
	set_aliases(v, own);
	set_nicks(v, own);
	set_types(v, own);
	set_keys(v, own);
	p->today = thing_today(t);
	p->json = service_json(t, v->name);
	set_history(v);
	buf_str(&t->scratch, "Service ");
	buf_add(&t->scratch, v->name);
	p->title = thing_keep(t);
	buf_add(&t->scratch, p->title);
	thing_frame(t, &p->frame);
	page_service(&response->body, p);
	return thing_answer(t, request, response, 200);
}

bool service_show(struct thing *t, struct span name,
    const struct http_request *request, struct http_response *response,
    int *ret_status)
{
	struct view v = {.t = t, .name = name};
	struct query q = {
	    .kind = QUERY_NAME, .name = name, .protocol = PROTOCOL_NONE};

	v.match = (struct match){.rows = v.rows, .cap = THING_ROWS};
	if (name.len == 0)
		return false;
	search_lookup(t->image, &q, t->as_of.version, &v.match);
	if (v.match.count == 0)
		return false;
	*ret_status = show(&v, request, response);
	return true;
}
