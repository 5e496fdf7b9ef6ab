/* SPDX-License-Identifier: ISC */
#include "image/verify_past.h"

#include "image/events.h"
#include "image/row.h"
#include "base/banned.h"

/* Numbers of at least from, below limit, that rise; from a share of looks. */
static bool is_rising(const struct image *i, const struct image_list *list,
    size_t from, size_t limit, size_t *left)
{
	struct image_numbers numbers = image_list(i, list);

	if (numbers.count != le32(list->count) || numbers.count > *left)
		return false;
	*left -= numbers.count;
	for (size_t n = 0; n < numbers.count; n++) {
		uint32_t number = le32(numbers.at[n]);

		if (number < from || number >= limit ||
		    (n > 0 && number <= le32(numbers.at[n - 1])))
			return false;
	}
	return true;
}

/* The versions of a row or person, whichever it is. */
struct span_of {
	uint32_t first, last;
};

static bool versions_of(
    const struct image *i, bool person, uint32_t n, struct span_of *ret)
{
	if (n >= (person ? i->person_count : i->row_count))
		return false;
	if (person)
		*ret = (struct span_of){le32(i->people[n].first_version),
		    le32(i->people[n].last_version)};
	else
		*ret = (struct span_of){le32(i->rows[n].first_version),
		    le32(i->rows[n].last_version)};
	return true;
}

/* What it was stood until its version, and what it is does so since. */
static bool check_event(const struct image *i, size_t n, uint32_t version)
{
	const struct image_event *e = &i->events[n];
	uint32_t before = le32(e->before), after = le32(e->after);
	bool person = image_event_is_person(e);
	struct span_of at;

	if (le32(e->version) != version || le32(e->kind) >= EVENT_KIND_COUNT ||
	    (before == IMAGE_NONE && after == IMAGE_NONE))
		return false;
	if (before != IMAGE_NONE &&
	    (!versions_of(i, person, before, &at) || at.last + 1 != version))
		return false;
	return after == IMAGE_NONE ||
	       (versions_of(i, person, after, &at) && at.first == version);
}

bool verify_events(const struct image *i)
{
	size_t next = 0;

	if (i->events == NULL)
		return true;
	for (uint32_t v = 0; v < i->version_count; v++) {
		size_t first = le32(i->event_starts[v]);
		size_t end = le32(i->event_starts[v + 1]);

		if (first != next || end < first || end > i->event_count ||
		    (v == 0 && end > 0))
			return false;
		for (next = first; next < end; next++)
			if (!check_event(i, next, v))
				return false;
	}
	return next == i->event_count;
}

/* Whether all these events speak of a row or person. */
static bool speak_of(const struct image *i, const struct image_list *list,
    bool person, uint32_t n)
{
	struct image_numbers events = image_list(i, list);

	for (size_t k = 0; k < events.count; k++) {
		const struct image_event *e = &i->events[le32(events.at[k])];

		if (image_event_is_person(e) != person ||
		    (le32(e->before) != n && le32(e->after) != n))
			return false;
	}
	return true;
}

static bool is_same(const struct image_list *a, const struct image_list *b)
{
	return le32(a->off) == le32(b->off) && le32(a->count) == le32(b->count);
}

/*
 * A life is looked at once, from its last state, and *listed grows by its
 * states: they rise by first version, and all have the same list.
 */
static bool check_life(const struct image *i, const struct image_life *lives,
    bool person, uint32_t n, size_t *left, size_t *listed)
{
	const struct image_list *list = &lives[n].states;
	struct image_numbers states = image_list(i, list);
	uint32_t count =
	    person ? (uint32_t)i->person_count : (uint32_t)i->row_count;
	struct span_of at, before = {0, 0};

	if (states.count != le32(list->count) || states.count < 2)
		return false;
	if (le32(states.at[states.count - 1]) != n)
		return true;
	if (states.count > *left)
		return false;
	*left -= states.count;
	for (size_t k = 0; k < states.count; k++) {
		uint32_t state = le32(states.at[k]);

		if (state >= count || !is_same(&lives[state].states, list) ||
		    !versions_of(i, person, state, &at) ||
		    (k > 0 && at.first < before.first))
			return false;
		before = at;
	}
	*listed += states.count;
	return true;
}

static bool check_lives(
    const struct image *i, const struct image_life *lives, bool person)
{
	uint32_t count = (uint32_t)(person ? i->person_count : i->row_count);
	size_t events = i->list_count, states = i->list_count;
	size_t having = 0, listed = 0;

	for (uint32_t n = 0; n < count; n++) {
		if (!is_rising(
			i, &lives[n].events, 0, i->event_count, &events) ||
		    !speak_of(i, &lives[n].events, person, n))
			return false;
		if (le32(lives[n].states.count) == 0)
			continue;
		having++;
		if (!check_life(i, lives, person, n, &states, &listed))
			return false;
	}
	return having == listed;
}

bool verify_row_lives(const struct image *i)
{
	return i->row_lives == NULL || check_lives(i, i->row_lives, false);
}

bool verify_person_lives(const struct image *i)
{
	return i->person_lives == NULL || check_lives(i, i->person_lives, true);
}

/* Past rows that have all ports from first to last. */
static bool check_port_rows(const struct image *i,
    const struct image_list *list, uint32_t first, uint32_t last, size_t *left)
{
	struct image_numbers rows = image_list(i, list);

	if (!is_rising(i, list, i->current_rows, i->row_count, left))
		return false;
	for (size_t n = 0; n < rows.count; n++) {
		const struct image_row *row = &i->rows[le32(rows.at[n])];

		if ((row->flags & IMAGE_ROW_NUMBERED) == 0 ||
		    le16(row->first) > first || le16(row->last) < last)
			return false;
	}
	return true;
}

static bool check_blocks(const struct image *i)
{
	size_t n = 0;

	for (uint32_t block = 0; block <= IMAGE_PAST_BLOCK_COUNT; block++) {
		while (n < i->past_port_count &&
		       le32(i->past_ports[n].first) < block * IMAGE_PAST_BLOCK)
			n++;
		if (le32(i->past_blocks[block]) != n)
			return false;
	}
	return true;
}

static bool has_row(struct image_numbers rows, uint32_t row)
{
	size_t low = 0, high = rows.count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (le32(rows.at[mid]) < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low < rows.count && le32(rows.at[low]) == row;
}

/* Whether a row with ports is found at both ends of them. */
static bool is_found(const struct image *i, uint32_t n)
{
	const struct image_row *row = &i->rows[n];

	return (row->flags & IMAGE_ROW_NUMBERED) == 0 ||
	       has_row(image_past_wide(i), n) ||
	       (has_row(image_past_by_port(i, le16(row->first)), n) &&
		   has_row(image_past_by_port(i, le16(row->last)), n));
}

bool verify_past_ports(const struct image *i)
{
	const struct image_past_ports *ports = i->past_ports;
	size_t left = i->list_count, count = i->past_port_count;

	if (i->past_blocks == NULL)
		return true;
	if (le32(ports[count].first) != PORT_COUNT ||
	    (count > 0 && le32(ports[0].first) != 0))
		return false;
	for (size_t n = 0; n < count; n++) {
		uint32_t first = le32(ports[n].first);
		uint32_t end = le32(ports[n + 1].first);

		if (first >= end || end > PORT_COUNT ||
		    !check_port_rows(i, &ports[n].rows, first, end - 1, &left))
			return false;
	}
	if (!is_rising(
		i, &ports[count].rows, i->current_rows, i->row_count, &left) ||
	    !check_blocks(i))
		return false;
	for (size_t n = i->current_rows; n < i->row_count; n++)
		if (!is_found(i, (uint32_t)n))
			return false;
	return true;
}

/* A bucket's names are in it by their hash. */
static bool check_past_name(
    const struct image *i, const struct image_past_name *name, size_t bucket)
{
	struct span text = image_text(i, name->name);
	uint64_t hash = namehash(text, i->name_salt);
	uint8_t key[NAMEHASH_KEY_LEN];

	namehash_key(text, key);
	return text.len > 0 && text.len <= IMAGE_NAME_MAX &&
	       memcmp(name->key, key, sizeof(key)) == 0 &&
	       hash >> i->past_bucket_shift == bucket;
}

bool verify_past_names(const struct image *i)
{
	size_t left = i->list_count, next = 0, buckets;

	if (i->past_buckets == NULL)
		return true;
	buckets = (size_t)(UINT64_C(1) << (64 - i->past_bucket_shift));
	for (size_t bucket = 0; bucket < buckets; bucket++) {
		size_t end = le32(i->past_buckets[bucket + 1]);

		if (le32(i->past_buckets[bucket]) != next || end < next ||
		    end > i->past_name_count)
			return false;
		for (; next < end; next++) {
			const struct image_past_name *name =
			    &i->past_names[next];

			if (!check_past_name(i, name, bucket) ||
			    !is_rising(i, &name->rows, i->current_rows,
				i->row_count, &left))
				return false;
		}
	}
	return next == i->past_name_count;
}

/* Each past person once, by id and then by number. */
bool verify_past_people(const struct image *i)
{
	struct span before = SPAN("");

	if (i->past_people == NULL)
		return true;
	if (i->past_person_count != i->person_count - i->current_people)
		return false;
	for (size_t n = 0; n < i->past_person_count; n++) {
		uint32_t person = le32(i->past_people[n]);
		struct span id;
		int order;

		if (person < i->current_people || person >= i->person_count)
			return false;
		id = image_text(i, i->people[person].text[PERSON_ID]);
		order = n > 0 ? span_cmp(before, id) : -1;
		if (order > 0 ||
		    (order == 0 && person <= le32(i->past_people[n - 1])))
			return false;
		before = id;
	}
	return true;
}
