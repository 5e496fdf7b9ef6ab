/* SPDX-License-Identifier: ISC */
/* The people of a page, and the places in it that links lead to. */
#include "write/xhtml.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/banned.h"

#define NOTE SPAN("note") /* before what a footnote is called */
#define ID_MAX 512

/*
 * Letters by the first editions of XML 1.0, which DTDs are checked by: not
 * all of them, but the blocks that names of people are likely to be from.
 */
static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_letter((char)c);
	return (c >= 0xc0 && c <= 0x131 && c != 0xd7 && c != 0xf7) ||
	       (c >= 0x134 && c <= 0x13e) || (c >= 0x141 && c <= 0x148) ||
	       (c >= 0x14a && c <= 0x17e) || (c >= 0x3a3 && c <= 0x3ce) ||
	       (c >= 0x410 && c <= 0x44f) || (c >= 0x4e00 && c <= 0x9fa5);
}

/* A name by XML's grammar, without colons: what an id has to be. */
static bool is_id(struct span text)
{
	bool first = true;

	if (text.len == 0)
		return false;
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);
		bool inner = c == '-' || c == '.' || (c >= '0' && c <= '9');

		if (!is_letter(c) && c != '_' && (first || !inner))
			return false;
		first = false;
	}
	return true;
}

/* What follows the first letter. */
static bool is_id_tail(struct span text)
{
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (!is_letter(c) && c != '_' && c != '-' && c != '.' &&
		    !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

/* Footnotes before persons; of several with one id, the first listed. */
static int compare(const void *a, const void *b)
{
	const struct xhtml_anchor *p = a, *q = b;
	int order;

	if (p->note != q->note)
		return p->note ? -1 : 1;
	order = span_cmp(p->id, q->id);
	if (order != 0)
		return order;
	return p->place < q->place ? -1 : p->place > q->place;
}

static const struct xhtml_anchor *find(
    const struct xhtml *x, struct span id, bool note)
{
	size_t from = 0, to = x->anchor_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct xhtml_anchor *a = &x->anchors[middle];
		int order;

		if (a->note != note)
			order = note ? 1 : -1;
		else
			order = span_cmp(a->id, id);
		if (order == 0)
			return a;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

bool xhtml_has_note(const struct xhtml *x, struct span id)
{
	return find(x, id, true) != NULL;
}

/*
 * An id that is no name, as one: of two such ids the results differ.  False
 * where it gets too long.
 */
static bool escape_id(struct buf *b, struct span id)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_add(b, SPAN("person."));
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		if (ascii_is_letter(c) || ascii_is_digit(c) || c == '_' ||
		    c == '-') {
			buf_char(b, c);
		} else {
			buf_char(b, '.');
			buf_char(b, digits[(uint8_t)c >> 4]);
			buf_char(b, digits[(uint8_t)c & 15]);
		}
	}
	return !buf_failed(b);
}

void xhtml_person_id(struct xhtml *x, struct span id)
{
	char storage[ID_MAX];
	struct buf b;

	if (is_id(id)) {
		xhtml_attr(x, id);
		return;
	}
	buf_init_fixed(&b, storage, sizeof(storage));
	if (escape_id(&b, id))
		xhtml_attr(x, buf_span(&b));
}

/* Whether the place of a person has an id that another has. */
static bool is_taken(const struct xhtml *x, struct span id)
{
	char storage[ID_MAX];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	if (!is_id(id))
		return !escape_id(&b, id) || find(x, buf_span(&b), false);
	return span_eq(id, SPAN(XHTML_TABLE_ID)) ||
	       (span_starts(id, NOTE) &&
		   xhtml_has_note(x, span_skip(id, NOTE.len)));
}

bool xhtml_has_person(const struct xhtml *x, struct span id)
{
	return !is_taken(x, id) && find(x, id, false) != NULL;
}

bool xhtml_is_at(const struct xhtml *x, bool note, size_t place, struct span id)
{
	const struct xhtml_anchor *a = find(x, id, note);

	return a != NULL && a->place == place && (note || !is_taken(x, id));
}

static bool names_note(struct span rich, struct span id)
{
	struct rich_token token;

	while (rich_next(&rich, &token))
		if (token.kind == RICH_IS_XREF &&
		    token.xref.type == XREF_NOTE &&
		    span_eq(token.xref.data, id))
			return true;
	return false;
}

bool xhtml_lists_note(const struct xhtml *x, struct span id)
{
	const struct write_page *page = x->job->page;

	if (page == NULL)
		return true;
	for (size_t i = 0; i < page->row_count; i++) {
		const struct image_row *row =
		    image_row(x->image, page->rows[i]);
		struct record_text text;

		if (row == NULL)
			continue;
		image_row_text(x->image, row, &text);
		for (unsigned f = FIELD_NAME; f < FIELD_COUNT; f++)
			if (names_note(text.at[f], id))
				return true;
	}
	return false;
}

/* All people of the version, where no page names some. */
static int find_people(struct xhtml *x)
{
	struct image_walk walk = image_walk_begin(x->image, x->job->version);
	size_t cap = 0, count = 0;
	uint32_t n;

	while ((n = image_walk_person(&walk)) != IMAGE_NONE) {
		uint32_t *more =
		    mem_grow(x->own_people, count, &cap, sizeof(*more));

		if (more == NULL)
			return PORTBOOK_ENOMEM;
		x->own_people = more;
		more[count++] = n;
	}
	x->people = x->own_people;
	x->person_count = count;
	return 0;
}

static void add_notes(struct xhtml *x)
{
	struct image_numbers list =
	    image_list(x->image, &write_version(x->job)->footnotes);

	for (size_t i = 0; i + 1 < list.count; i += 2) {
		struct span id = image_text(x->image, list.at[i]);

		if (is_id_tail(id) && xhtml_lists_note(x, id))
			x->anchors[x->anchor_count++] =
			    (struct xhtml_anchor){id, true, i / 2};
	}
}

static void add_people(struct xhtml *x)
{
	for (size_t i = 0; i < x->person_count; i++) {
		const struct image_person *person =
		    image_person(x->image, x->people[i]);
		struct person_text text;

		if (person == NULL)
			continue;
		image_person_text(x->image, person, &text);
		if (text.at[PERSON_ORG].len > 0)
			x->has_org = true;
		if (text.at[PERSON_ID].len > 0)
			x->anchors[x->anchor_count++] =
			    (struct xhtml_anchor){text.at[PERSON_ID], false, i};
	}
}

static void sort(struct xhtml *x)
{
	size_t count = 0;

	qsort(x->anchors, x->anchor_count, sizeof(*x->anchors), compare);
	for (size_t i = 0; i < x->anchor_count; i++) {
		const struct xhtml_anchor *a = &x->anchors[i];

		if (count > 0 && a->note == x->anchors[count - 1].note &&
		    span_eq(a->id, x->anchors[count - 1].id))
			continue;
		x->anchors[count++] = *a;
	}
	x->anchor_count = count;
}

int xhtml_begin(struct xhtml *x, struct portbook_error *err)
{
	const struct write_page *page = x->job->page;
	struct image_numbers notes =
	    image_list(x->image, &write_version(x->job)->footnotes);

	if (page != NULL) {
		x->people = page->people;
		x->person_count = page->person_count;
	} else if (find_people(x) < 0) {
		return error_nomem(err);
	}
	x->anchors = mem_alloc(
	    x->person_count + notes.count / 2 + 1, sizeof(*x->anchors));
	if (x->anchors == NULL)
		return error_nomem(err);
	add_notes(x);
	add_people(x);
	sort(x);
	return 0;
}

void xhtml_release(struct xhtml *x)
{
	mem_release(x->anchors);
	mem_release(x->own_people);
}
