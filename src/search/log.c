/* SPDX-License-Identifier: ISC */
/*
 * Stories.  The rows, or persons, of a story are marked first, as bits; then
 * the events that they are in, which thereby come out in order and once.
 */
#include "search/log.h"

#include "search/bits.h"
#include "search/find.h"
#include "search/history.h"
#include "search/rows.h"
#include "base/banned.h"

#define KEY_MAX 2048 /* longer ones are no record's */

struct marks {
	const struct image *image;
	const struct story *story;
	bool people; /* the marked are persons */
	size_t count;
	uint64_t *bits;	  /* of rows or persons */
	uint64_t *events; /* behind them */
};

static size_t marked_max(const struct image *image)
{
	return image->row_count > image->person_count ? image->row_count
						      : image->person_count;
}

size_t log_scratch_len(const struct image *image)
{
	size_t words = bits_words(marked_max(image)) + 1;

	return (words + bits_words(image->event_count) + 1) * sizeof(uint64_t);
}

static void mark(struct marks *m, uint32_t n)
{
	if (n < m->count)
		bits_set(m->bits, n);
}

/* Marks those rows of a list that speak of the range. */
static void mark_within(struct marks *m, struct image_numbers list)
{
	const struct query *q = &m->story->query;

	for (size_t i = 0; i < list.count; i++) {
		const struct image_row *row =
		    image_row(m->image, le32(list.at[i]));

		if (row != NULL && row_is_within(row, q->range) &&
		    image_row_speaks_for(row, q->protocol))
			mark(m, le32(list.at[i]));
	}
}

static void mark_range(struct marks *m)
{
	const struct query *q = &m->story->query;

	for (size_t n = 0; n < m->image->row_count; n++) {
		const struct image_row *row = &m->image->rows[n];

		if (row_is_within(row, q->range) &&
		    image_row_speaks_for(row, q->protocol))
			mark(m, (uint32_t)n);
	}
}

static void mark_port(struct marks *m)
{
	struct port_range range = m->story->query.range;

	if (range.first != range.last || m->image->ports == NULL) {
		mark_range(m);
		return;
	}
	mark_within(m, image_by_port(m->image, range.first, PROTOCOL_NONE));
	mark_within(m, image_past_by_port(m->image, range.first));
	mark_within(m, image_past_wide(m->image));
}

static void mark_named(struct marks *m, struct image_numbers list)
{
	const struct query *q = &m->story->query;

	for (size_t i = 0; i < list.count; i++) {
		const struct image_row *row =
		    image_row(m->image, le32(list.at[i]));

		if (row != NULL && row_name_is(m->image, row, q->name) &&
		    image_row_speaks_for(row, q->protocol))
			mark(m, le32(list.at[i]));
	}
}

static bool any_marked(const struct marks *m)
{
	return bits_next(m->bits, bits_words(m->count), 0) != BITS_END;
}

/* All states of a life, or one that has had no other. */
static void mark_life(struct marks *m, uint32_t n)
{
	struct image_numbers life = m->people ? image_person_life(m->image, n)
					      : image_row_life(m->image, n);

	mark(m, n);
	for (size_t i = 0; i < life.count; i++)
		mark(m, le32(life.at[i]));
}

/* Records that an everyday name leads to. */
static void mark_curated(struct marks *m, const struct image_name *name)
{
	const struct image *image = m->image;
	const struct query *q = &m->story->query;

	for (size_t i = le32(name->curated); i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		const struct image_row *row = image_row(image, le32(line->row));

		if (le32(line->kind) != IMAGE_CURATED_NAME ||
		    !span_eq_fold(image_text(image, line->name), q->name))
			return;
		if (row != NULL && image_row_speaks_for(row, q->protocol))
			mark_life(m, le32(line->row));
	}
}

static void mark_name(struct marks *m)
{
	struct span name = m->story->query.name;
	const struct image_name *found = image_by_name(m->image, name);

	if (found != NULL)
		mark_named(m, image_list(m->image, &found->rows));
	mark_named(m, image_past_by_name(m->image, name));
	if (found != NULL && !any_marked(m))
		mark_curated(m, found);
}

static bool has_key(
    const struct marks *m, const struct image_row *row, struct span key)
{
	char storage[KEY_MAX];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	image_row_key(m->image, row, &b);
	return !buf_failed(&b) && span_eq_fold(buf_span(&b), key);
}

/* Rows that may have a key: of its port, or else of its name. */
static void mark_candidates(struct marks *m)
{
	const struct record_key *key = &m->story->key;
	struct story like = {.kind = STORY_NAME};
	struct marks other = *m;

	other.story = &like;
	like.query.protocol = PROTOCOL_NONE;
	if (port_range_parse(key->number, &like.query.range)) {
		like.query.range.last = like.query.range.first;
		mark_port(&other);
	} else if (key->name.len > 0) {
		like.query.name = span_trim(key->name);
		mark_name(&other);
	} else {
		for (size_t n = 0; n < m->count; n++)
			mark(m, (uint32_t)n);
	}
}

static void mark_record(struct marks *m)
{
	size_t words = bits_words(m->count);
	char storage[KEY_MAX];
	struct buf key;

	buf_init_fixed(&key, storage, sizeof(storage));
	key_format(&key, &m->story->key);
	if (buf_failed(&key))
		return;
	mark_candidates(m);
	for (size_t n = bits_next(m->bits, words, 0); n != BITS_END;
	     n = bits_next(m->bits, words, n + 1))
		if (!has_key(m, &m->image->rows[n], buf_span(&key)))
			m->bits[n / 64] &= ~((uint64_t)1 << n % 64);
	for (size_t n = bits_next(m->bits, words, 0); n != BITS_END;
	     n = bits_next(m->bits, words, n + 1))
		mark_life(m, (uint32_t)n);
}

static void mark_person(struct marks *m)
{
	struct span id = m->story->person;
	struct image_numbers past = image_past_by_person(m->image, id);
	uint32_t now = image_by_person(m->image, id);

	if (now != IMAGE_NONE)
		mark_life(m, now);
	for (size_t i = 0; i < past.count; i++)
		mark_life(m, le32(past.at[i]));
}

/* Whether a row has all the words of a search. */
static bool has_words(const struct marks *m, uint32_t n)
{
	const struct search_query *q = m->story->search;
	const struct image_row *row = image_row(m->image, n);
	struct span text;

	if (row == NULL || q->hopeless)
		return false;
	text = image_search_text(m->image, row);
	for (size_t i = 0; i < q->term_count; i++)
		if (!find_term(text,
			span_of(q->folded + q->terms[i].off, q->terms[i].len)))
			return false;
	return true;
}

/* Marks what is of a story; nothing for one that has no marks. */
static void marks_begin(struct marks *m, const struct image *image,
    const struct story *story, void *scratch)
{
	m->image = image;
	m->story = story;
	m->people = story->kind == STORY_PERSON;
	m->count = m->people ? image->person_count : image->row_count;
	m->bits = scratch;
	m->events = m->bits + bits_words(marked_max(image)) + 1;
	memset(m->bits, 0, bits_words(m->count) * sizeof(*m->bits));
	switch (story->kind) {
	case STORY_PORT:
		mark_port(m);
		break;
	case STORY_NAME:
		mark_name(m);
		break;
	case STORY_RECORD:
		mark_record(m);
		break;
	case STORY_PERSON:
		mark_person(m);
		break;
	case STORY_ALL:
	case STORY_SEARCH:
		break;
	}
}

static bool is_marked(const struct marks *m, uint32_t n)
{
	return n < m->count && bits_has(m->bits, n);
}

static bool is_asked(
    const struct history_ask *ask, const struct image_event *event)
{
	uint32_t version = le32(event->version);

	return ask->after < version && version <= ask->upto &&
	       (ask->kinds & EVENT_BIT(image_event_kind(event))) != 0;
}

/* Whether something else was taken out of what stood before. */
static bool is_taken_out(const struct marks *m, const struct image_event *e)
{
	const struct image_row *old, *new;

	if (image_event_kind(e) != EVENT_SPLIT)
		return image_event_kind(e) == EVENT_ASSIGNED;
	old = image_row(m->image, le32(e->before));
	new = image_row(m->image, le32(e->after));
	return old != NULL && new != NULL && old->state != new->state;
}

/* Whether an event belongs to the story of what is marked. */
static bool is_of_marked(const struct marks *m, const struct image_event *e)
{
	if (image_event_is_person(e) != m->people)
		return false;
	return is_marked(m, le32(e->after)) ||
	       (is_marked(m, le32(e->before)) && !is_taken_out(m, e));
}

static void take_marked(struct marks *m, const struct history_ask *ask)
{
	size_t words = bits_words(m->count);

	for (size_t n = bits_next(m->bits, words, 0); n != BITS_END;
	     n = bits_next(m->bits, words, n + 1)) {
		struct image_numbers list =
		    m->people ? image_person_events(m->image, n)
			      : image_row_events(m->image, n);

		for (size_t i = 0; i < list.count; i++) {
			const struct image_event *e =
			    image_event(m->image, le32(list.at[i]));

			if (e != NULL && is_asked(ask, e) && is_of_marked(m, e))
				bits_set(m->events, le32(list.at[i]));
		}
	}
}

/* Whether a row names one of the marked persons. */
static bool names_marked(const struct marks *m, uint32_t n)
{
	const struct image_row *row = image_row(m->image, n);
	struct image_numbers list;

	if (row == NULL)
		return false;
	list = image_list(m->image, &row->people);
	for (size_t i = 0; i < list.count; i++)
		if (is_marked(m, le32(list.at[i])))
			return true;
	return false;
}

/* What happened to records that name, or named, a marked person. */
static void take_naming(struct marks *m, const struct history_ask *ask)
{
	struct image_event_span first =
	    image_version_events(m->image, (size_t)ask->after + 1);
	struct image_event_span last =
	    image_version_events(m->image, ask->upto);

	for (size_t n = first.first; n < last.end; n++) {
		const struct image_event *e = &m->image->events[n];

		if (!is_asked(ask, e) || image_event_is_person(e))
			continue;
		if (names_marked(m, le32(e->after)) ||
		    (names_marked(m, le32(e->before)) && !is_taken_out(m, e)))
			bits_set(m->events, n);
	}
}

/* Events of the story that is of all, or of all with some words. */
static void take_all(struct marks *m, const struct history_ask *ask)
{
	bool words = m->story->kind == STORY_SEARCH;
	struct image_event_span first =
	    image_version_events(m->image, (size_t)ask->after + 1);
	struct image_event_span last =
	    image_version_events(m->image, ask->upto);

	for (size_t n = first.first; n < last.end; n++) {
		const struct image_event *e = &m->image->events[n];

		if (!is_asked(ask, e))
			continue;
		if (words && (image_event_is_person(e) ||
				 (!has_words(m, le32(e->after)) &&
				     !has_words(m, le32(e->before)))))
			continue;
		bits_set(m->events, n);
	}
}

/* Where marked events go. */
struct page {
	uint32_t *events;
	size_t first, cap;
	size_t count, total;
};

/* Those from number first up to end. */
static void put_events(
    const struct marks *m, size_t first, size_t end, struct page *page)
{
	size_t words = bits_words(end);

	for (size_t n = bits_next(m->events, words, first); n < end;
	     n = bits_next(m->events, words, n + 1))
		if (page->total++ >= page->first && page->count < page->cap)
			page->events[page->count++] = (uint32_t)n;
}

size_t history_run(const struct image *image, const struct history_ask *ask,
    size_t first, uint32_t *events, size_t cap, size_t *total, void *scratch)
{
	struct page page = {.events = events, .first = first, .cap = cap};
	struct marks m;

	*total = 0;
	if (image->event_count == 0 || ask->upto >= image->version_count ||
	    ask->after >= ask->upto)
		return 0;
	marks_begin(&m, image, &ask->story, scratch);
	memset(m.events, 0, bits_words(image->event_count) * sizeof(*m.events));
	if (ask->story.kind == STORY_ALL || ask->story.kind == STORY_SEARCH)
		take_all(&m, ask);
	else
		take_marked(&m, ask);
	if (ask->story.kind == STORY_PERSON)
		take_naming(&m, ask);
	if (!ask->falling)
		put_events(&m, 0, image->event_count, &page);
	for (uint32_t v = ask->upto; ask->falling && v > ask->after; v--) {
		struct image_event_span of = image_version_events(image, v);

		put_events(&m, of.first, of.end, &page);
	}
	*total = page.total;
	return page.count;
}

static uint32_t place_of(const struct marks *m, uint32_t n)
{
	return le32(
	    m->people ? m->image->people[n].place : m->image->rows[n].place);
}

static bool stood(const struct marks *m, size_t n, uint32_t version)
{
	return m->people ? image_person_is_in(&m->image->people[n], version)
			 : image_row_is_in(&m->image->rows[n], version);
}

/* Puts n into the first cap rows by place, of count that came before. */
static void put_row(
    const struct marks *m, uint32_t n, uint32_t *rows, size_t count, size_t cap)
{
	size_t at = count < cap ? count : cap;

	while (at > 0 && place_of(m, rows[at - 1]) > place_of(m, n)) {
		if (at < cap)
			rows[at] = rows[at - 1];
		at--;
	}
	if (at < cap)
		rows[at] = n;
}

size_t history_rows(const struct image *image, const struct story *story,
    uint32_t version, uint32_t *rows, size_t cap, void *scratch)
{
	size_t count = 0, words;
	struct marks m;

	marks_begin(&m, image, story, scratch);
	words = bits_words(m.count);
	for (size_t n = bits_next(m.bits, words, 0); n != BITS_END;
	     n = bits_next(m.bits, words, n + 1))
		if (stood(&m, n, version))
			put_row(&m, (uint32_t)n, rows, count++, cap);
	return count;
}

bool history_is_known(
    const struct image *image, const struct story *story, void *scratch)
{
	struct marks m;

	if (story->kind == STORY_ALL || story->kind == STORY_SEARCH)
		return true;
	marks_begin(&m, image, story, scratch);
	return any_marked(&m);
}
