/* SPDX-License-Identifier: ISC */
/*
 * What differs between two versions.  Of neighbours the image has it.  Over
 * several steps each row that is new is followed back, by the events that it
 * came from, to the rows of the earlier version:
 *
 *	from		  between	     to
 *	4317-4319/-/-  split  4318-4319/-/-  assigned  4319/tcp/skytale
 *	      ^                                            |
 *	      +------- end <- split, assigned <------------+
 *
 * What the pair is called follows from its two ends, and where these do not
 * tell, from the kinds on the way.
 */
#include "search/history.h"

#include "search/bits.h"
#include "search/log.h"
#include "search/rows.h"
#include "base/banned.h"

/* On the way was more than one event. */
#define FAR EVENT_BIT(30)

#define KIND(kind) EVENT_BIT(EVENT_##kind)
#define F(field) EVENT_BIT(FIELD_##field)

struct diff {
	const struct image *image;
	uint32_t from, to;
	struct image_event *events; /* the caller's */
	size_t cap, count;

	/* Scratch: rows met on the way back from one, and what led there. */
	uint64_t *goes_on; /* bits: rows of from that something became of */
	uint32_t *kinds;   /* by row; 0: not met */
	uint32_t *met;
	size_t met_count;
	bool changed; /* kinds have been added in this round */
};

size_t diff_scratch_len(const struct image *image)
{
	return bits_words(image->row_count) * sizeof(uint64_t) +
	       2 * image->row_count * sizeof(uint32_t);
}

size_t history_diff_room(const struct image *image)
{
	return image->event_count + image->row_count + image->person_count;
}

static void put(struct diff *d, enum event_kind kind, uint32_t before,
    uint32_t after, uint32_t fields)
{
	if (d->count++ >= d->cap)
		return;
	d->events[d->count - 1] = (struct image_event){
	    .version = le32_of(d->to),
	    .kind = le32_of(kind),
	    .before = le32_of(before),
	    .after = le32_of(after),
	    .fields = le32_of(fields),
	};
}

static bool same_texts(const struct image_row *a, const struct image_row *b)
{
	return memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

static uint32_t differing(
    const struct le32 *a, const struct le32 *b, unsigned count)
{
	uint32_t fields = 0;

	for (unsigned i = 0; i < count; i++)
		if (le32(a[i]) != le32(b[i]))
			fields |= EVENT_BIT(i);
	return fields;
}

/* Notes that row n leads to what is followed, by these kinds. */
static void meet(struct diff *d, uint32_t n, uint32_t kinds)
{
	if (n >= d->image->row_count || (d->kinds[n] | kinds) == d->kinds[n])
		return;
	if (d->kinds[n] == 0)
		d->met[d->met_count++] = n;
	d->kinds[n] |= kinds;
	d->changed = true;
}

/* A row that moved has no event, but its life goes on. */
static void step_moved(struct diff *d, uint32_t n, uint32_t kinds)
{
	const struct image_row *rows = d->image->rows;
	struct image_numbers life = image_row_life(d->image, n);

	for (size_t i = 0; i < life.count; i++) {
		uint32_t other = le32(life.at[i]);

		if (other < d->image->row_count && other != n &&
		    le32(rows[other].last_version) + 1 ==
			le32(rows[n].first_version) &&
		    same_texts(&rows[other], &rows[n]))
			meet(d, other, kinds | FAR);
	}
}

/* From a row to those that it came from. */
static void step_back(struct diff *d, uint32_t n, uint32_t kinds)
{
	struct image_numbers list = image_row_events(d->image, n);
	uint32_t begin = le32(d->image->rows[n].first_version);
	bool any = false;

	for (size_t i = 0; i < list.count; i++) {
		const struct image_event *e =
		    image_event(d->image, le32(list.at[i]));

		if (e == NULL || image_event_is_person(e) ||
		    le32(e->after) != n || le32(e->version) != begin)
			continue;
		any = true;
		if (le32(e->before) != IMAGE_NONE)
			meet(d, le32(e->before),
			    kinds | EVENT_BIT(image_event_kind(e)));
	}
	if (!any)
		step_moved(d, n, kinds);
}

/* Meets all that row n came from, as far back as the earlier version. */
static void follow(struct diff *d, uint32_t n)
{
	d->met_count = 0;
	meet(d, n, EVENT_BIT(31));
	do {
		d->changed = false;
		for (size_t i = 0; i < d->met_count; i++) {
			uint32_t at = d->met[i];
			uint32_t far = i > 0 ? FAR : 0;

			if (!image_row_is_in(&d->image->rows[at], d->from))
				step_back(d, at, d->kinds[at] | far);
		}
	} while (d->changed);
}

/* The events that the image has of a pair. */
static void put_own(struct diff *d, uint32_t a, uint32_t b, bool *follows)
{
	struct image_numbers list = image_row_events(d->image, b);

	for (size_t i = 0; i < list.count; i++) {
		const struct image_event *e =
		    image_event(d->image, le32(list.at[i]));

		if (e == NULL || image_event_is_person(e) ||
		    le32(e->before) != a || le32(e->after) != b)
			continue;
		*follows = *follows || image_event_kind(e) == EVENT_ASSIGNED;
		put(d, image_event_kind(e), a, b, le32(e->fields));
	}
}

static bool has_name(const struct diff *d, uint32_t n)
{
	return row_name(d->image, &d->image->rows[n]).len > 0;
}

static bool is_part(const struct image_row *part, const struct image_row *of)
{
	return le16(of->first) <= le16(part->first) &&
	       le16(part->last) <= le16(of->last);
}

/* What an edit is that neither assigns nor moves. */
static enum event_kind edit_kind(uint32_t kinds, uint32_t fields)
{
	if ((kinds & KIND(TRANSFERRED)) != 0 && (fields & F(ASSIGNEE)) != 0)
		return EVENT_TRANSFERRED;
	return (kinds & HISTORY_SUBSTANCE) != 0 ? EVENT_MODIFIED
						: EVENT_EDITORIAL;
}

static enum event_kind nameless_kind(
    const struct diff *d, uint32_t a, uint32_t b, uint32_t kinds, bool moved)
{
	const struct image_row *x = &d->image->rows[a];
	const struct image_row *y = &d->image->rows[b];

	if (!moved)
		return edit_kind(kinds, 0);
	if (is_part(y, x))
		return EVENT_SPLIT;
	return is_part(x, y) ? EVENT_MERGED : EVENT_MODIFIED;
}

/* A name or number that changed; who has it now may be another one, too. */
static void put_moved(
    struct diff *d, uint32_t a, uint32_t b, uint32_t kinds, uint32_t fields)
{
	bool transfer = edit_kind(kinds, fields) == EVENT_TRANSFERRED;
	enum event_kind kind =
	    (fields & F(NUMBER)) != 0 ? EVENT_RENUMBERED : EVENT_RENAMED;

	put(d, kind, a, b, transfer ? fields & ~F(ASSIGNEE) : fields);
	if (transfer)
		put(d, EVENT_TRANSFERRED, a, b, F(ASSIGNEE));
}

/* A pair that is several steps apart. */
static void put_far(
    struct diff *d, uint32_t a, uint32_t b, uint32_t kinds, bool *follows)
{
	const struct image_row *x = &d->image->rows[a];
	const struct image_row *y = &d->image->rows[b];
	uint32_t fields = differing(x->text, y->text, FIELD_COUNT);
	bool x_named = has_name(d, a), y_named = has_name(d, b);

	if (fields == 0) {
		if (le32(x->residue) != le32(y->residue))
			put(d, EVENT_EDITORIAL, a, b, EVENT_SOURCE);
		return;
	}
	if (!x_named && y_named) {
		put(d, EVENT_ASSIGNED, a, b, fields);
	} else if (x_named && !y_named) {
		put(d, EVENT_DEASSIGNED, a, b, fields);
	} else if (!x_named) {
		put(d, nameless_kind(d, a, b, kinds, (fields & F(NUMBER)) != 0),
		    a, b, fields);
	} else if ((fields & F(NAME)) != 0 && (kinds & KIND(ASSIGNED)) != 0) {
		*follows = true;
		put(d, EVENT_ASSIGNED, a, b, fields);
	} else if ((fields & (F(NAME) | F(NUMBER))) != 0) {
		put_moved(d, a, b, kinds, fields);
	} else {
		put(d, edit_kind(kinds, fields), a, b, fields);
	}
}

/* All that a new row came from. */
static void put_new(struct diff *d, uint32_t n)
{
	bool any = false;

	follow(d, n);
	for (size_t i = 1; i < d->met_count; i++) {
		uint32_t a = d->met[i], kinds = d->kinds[a];
		bool follows = false;

		if (!image_row_is_in(&d->image->rows[a], d->from))
			continue;
		any = true;
		if ((kinds & FAR) != 0)
			put_far(d, a, n, kinds, &follows);
		else
			put_own(d, a, n, &follows);
		/* Another one in its place is not what became of a name. */
		if (!follows || !has_name(d, a))
			bits_set(d->goes_on, a);
	}
	for (size_t i = 0; i < d->met_count; i++)
		d->kinds[d->met[i]] = 0;
	if (!any)
		put(d, has_name(d, n) ? EVENT_ASSIGNED : EVENT_MODIFIED,
		    IMAGE_NONE, n, 0);
}

static void diff_rows(struct diff *d)
{
	for (uint32_t n = 0; n < d->image->row_count; n++) {
		const struct image_row *row = &d->image->rows[n];

		if (image_row_is_in(row, d->to) &&
		    !image_row_is_in(row, d->from))
			put_new(d, n);
	}
	for (uint32_t n = 0; n < d->image->row_count; n++) {
		const struct image_row *row = &d->image->rows[n];

		if (image_row_is_in(row, d->from) &&
		    !image_row_is_in(row, d->to) && !bits_has(d->goes_on, n))
			put(d,
			    has_name(d, n) ? EVENT_DEASSIGNED : EVENT_MODIFIED,
			    n, IMAGE_NONE, 0);
	}
}

/* The state of a person's life that stood in a version, or IMAGE_NONE. */
static uint32_t person_at(
    const struct image *image, uint32_t n, uint32_t version)
{
	struct image_numbers life = image_person_life(image, n);

	for (size_t i = 0; i < life.count; i++) {
		const struct image_person *other =
		    image_person(image, le32(life.at[i]));

		if (other != NULL && image_person_is_in(other, version))
			return le32(life.at[i]);
	}
	return IMAGE_NONE;
}

static void diff_people(struct diff *d)
{
	const struct image_person *people = d->image->people;

	for (uint32_t n = 0; n < d->image->person_count; n++) {
		bool was = image_person_is_in(&people[n], d->from);
		bool is = image_person_is_in(&people[n], d->to);
		uint32_t other, fields;

		if (was == is)
			continue;
		other = person_at(d->image, n, was ? d->to : d->from);
		if (was && other == IMAGE_NONE)
			put(d, EVENT_PERSON, n, IMAGE_NONE, 0);
		else if (is && other == IMAGE_NONE)
			put(d, EVENT_PERSON, IMAGE_NONE, n, 0);
		if (was || other == IMAGE_NONE)
			continue;
		fields = differing(
		    people[other].text, people[n].text, PERSON_FIELD_COUNT);
		if (fields == 0 &&
		    le32(people[other].residue) != le32(people[n].residue))
			fields = EVENT_SOURCE;
		if (fields != 0)
			put(d, EVENT_PERSON, other, n, fields);
	}
}

/* The events of one step, which the image has. */
static void take_step(struct diff *d)
{
	struct image_event_span span = image_version_events(d->image, d->to);

	for (size_t i = span.first; i < span.end; i++, d->count++)
		if (d->count < d->cap)
			d->events[d->count] = d->image->events[i];
}

static uint32_t place_of(const struct image *image, const struct image_event *e)
{
	uint32_t n = le32(le32(e->after) != IMAGE_NONE ? e->after : e->before);

	return le32(image_event_is_person(e) ? image->people[n].place
					     : image->rows[n].place);
}

/* By place, persons behind rows, then by kind and what was before. */
static bool is_behind(const struct image *image, const struct image_event *a,
    const struct image_event *b)
{
	uint32_t x, y;

	if (image_event_is_person(a) != image_event_is_person(b))
		return image_event_is_person(a);
	x = place_of(image, a);
	y = place_of(image, b);
	if (x == y) {
		x = le32(a->kind);
		y = le32(b->kind);
	}
	if (x == y) {
		x = le32(a->before);
		y = le32(b->before);
	}
	return x > y;
}

static void sift(const struct image *image, struct image_event *heap, size_t at,
    size_t count)
{
	for (;;) {
		size_t child = 2 * at + 1;
		struct image_event swap;

		if (child >= count)
			return;
		if (child + 1 < count &&
		    is_behind(image, &heap[child + 1], &heap[child]))
			child++;
		if (!is_behind(image, &heap[child], &heap[at]))
			return;
		swap = heap[at];
		heap[at] = heap[child];
		heap[child] = swap;
		at = child;
	}
}

static void sort(
    const struct image *image, struct image_event *events, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift(image, events, i - 1, count);
	for (size_t i = count; i > 1; i--) {
		struct image_event swap = events[0];

		events[0] = events[i - 1];
		events[i - 1] = swap;
		sift(image, events, 0, i - 1);
	}
}

size_t history_diff(const struct image *image, uint32_t from, uint32_t to,
    struct image_event *ret, size_t cap, void *scratch)
{
	size_t words = bits_words(image->row_count);
	struct diff d = {
	    .image = image,
	    .from = from,
	    .to = to,
	    .events = ret,
	    .cap = cap,
	    .goes_on = scratch,
	};

	if (from >= to || to >= image->version_count)
		return 0;
	if (to == from + 1) {
		take_step(&d);
		return d.count;
	}
	d.kinds = (uint32_t *)(d.goes_on + words);
	d.met = d.kinds + image->row_count;
	memset(d.goes_on, 0, words * sizeof(*d.goes_on));
	memset(d.kinds, 0, image->row_count * sizeof(*d.kinds));
	diff_rows(&d);
	diff_people(&d);
	sort(image, ret, d.count < cap ? d.count : cap);
	return d.count;
}
