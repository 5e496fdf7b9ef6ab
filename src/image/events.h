/* SPDX-License-Identifier: ISC */
/*
 * The past in an image: what happened, to whom, and which rows once spoke of
 * a port or had a name.  An image of one version, or of rows alone, has none
 * of this: there are no events then, and nothing is found.
 *
 * As of version v, a lookup takes those that stood in v (image_row_is_in)
 *
 *	by port: of image_by_port and image_past_by_port and image_past_wide
 *	by name: of the rows of image_by_name and image_past_by_name
 *
 * and puts them into order by place: the rows of each kind rise, current ones
 * and past ones apart.  Current rows are found by the tables of today, as they
 * have the same port and name as long as they stand.
 *
 * The story of a record or person is that of its life: all events of all its
 * states.  That of a port is the events of all rows that speak of it, current
 * or past.  All of them are numbers, and rise with time.
 */
#ifndef IMAGE_EVENTS_H
#define IMAGE_EVENTS_H

#include "image/image.h"
#include "terms/event.h"

/* Event n; NULL if there is none. */
static inline const struct image_event *image_event(
    const struct image *image, size_t n)
{
	return n < image->event_count ? &image->events[n] : NULL;
}

static inline enum event_kind image_event_kind(const struct image_event *event)
{
	return le32(event->kind) < EVENT_KIND_COUNT
		   ? (enum event_kind)le32(event->kind)
		   : EVENT_MODIFIED; /* a damaged image */
}

/* Whether before and after of an event are persons, and not rows. */
static inline bool image_event_is_person(const struct image_event *event)
{
	return le32(event->kind) == EVENT_PERSON;
}

/* Numbers of events from first up to end. */
struct image_event_span {
	size_t first;
	size_t end;
};

/* What happened from the version before to this one. */
static inline struct image_event_span image_version_events(
    const struct image *image, size_t version)
{
	size_t first, end;

	if (image->events == NULL || version >= image->version_count)
		return (struct image_event_span){0, 0};
	first = le32(image->event_starts[version]);
	end = le32(image->event_starts[version + 1]);
	if (first > end || end > image->event_count)
		return (struct image_event_span){0, 0};
	return (struct image_event_span){first, end};
}

/* Events that a row, or person, is in. */
static inline struct image_numbers image_row_events(
    const struct image *image, size_t row)
{
	if (image->row_lives == NULL || row >= image->row_count)
		return (struct image_numbers){NULL, 0};
	return image_list(image, &image->row_lives[row].events);
}

static inline struct image_numbers image_person_events(
    const struct image *image, size_t person)
{
	if (image->person_lives == NULL || person >= image->person_count)
		return (struct image_numbers){NULL, 0};
	return image_list(image, &image->person_lives[person].events);
}

/*
 * All states of the life of a row, the first one first; none for a row that
 * has no other than itself.
 */
static inline struct image_numbers image_row_life(
    const struct image *image, size_t row)
{
	if (image->row_lives == NULL || row >= image->row_count)
		return (struct image_numbers){NULL, 0};
	return image_list(image, &image->row_lives[row].states);
}

static inline struct image_numbers image_person_life(
    const struct image *image, size_t person)
{
	if (image->person_lives == NULL || person >= image->person_count)
		return (struct image_numbers){NULL, 0};
	return image_list(image, &image->person_lives[person].states);
}

/* What a row is now, or was at its end: the last state of its life. */
static inline uint32_t image_row_last(const struct image *image, uint32_t row)
{
	struct image_numbers life = image_row_life(image, row);
	uint32_t last = life.count > 0 ? le32(life.at[life.count - 1]) : row;

	return last < image->row_count ? last : row;
}

static inline uint32_t image_person_last(
    const struct image *image, uint32_t person)
{
	struct image_numbers life = image_person_life(image, person);
	uint32_t last = life.count > 0 ? le32(life.at[life.count - 1]) : person;

	return last < image->person_count ? last : person;
}

/* The item of past ports that a port belongs to; SIZE_MAX without. */
static inline size_t image_past_item(const struct image *image, uint16_t port)
{
	size_t low, high, block = port / IMAGE_PAST_BLOCK;

	if (image->past_blocks == NULL)
		return SIZE_MAX;
	low = le32(image->past_blocks[block]);
	high = le32(image->past_blocks[block + 1]);
	if (high > image->past_port_count || low > high)
		return SIZE_MAX;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (le32(image->past_ports[mid].first) <= port)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1; /* of 0, too */
}

/*
 * Past rows of any transport with this port, rising; of a damaged image any
 * numbers.  Those of image_past_wide span so much that they are kept apart.
 */
static inline struct image_numbers image_past_by_port(
    const struct image *image, uint16_t port)
{
	size_t item = image_past_item(image, port);

	if (item == SIZE_MAX)
		return (struct image_numbers){NULL, 0};
	return image_list(image, &image->past_ports[item].rows);
}

/*
 * The first version that no row of image_past_by_port stood in, nor did one
 * later; UINT32_MAX where the image does not say.
 */
static inline uint32_t image_past_since(
    const struct image *image, uint16_t port)
{
	size_t item = image_past_item(image, port);

	if (item == SIZE_MAX || image->past_since == NULL)
		return UINT32_MAX;
	return le32(image->past_since[item]);
}

/* Past rows with many ports: whether they have one, the row itself tells. */
static inline struct image_numbers image_past_wide(const struct image *image)
{
	if (image->past_blocks == NULL)
		return (struct image_numbers){NULL, 0};
	return image_list(
	    image, &image->past_ports[image->past_port_count].rows);
}

/* image_past_by_name for names that are long or not ASCII. */
struct image_numbers image_past_by_long_name(
    const struct image *image, struct span name);

/* Names of one bucket: items from first up to end. */
static inline bool image_past_bucket(
    const struct image *image, uint64_t hash, size_t *first, size_t *end)
{
	size_t bucket;

	if (image->past_buckets == NULL)
		return false;
	bucket = (size_t)(hash >> image->past_bucket_shift);
	*first = le32(image->past_buckets[bucket]);
	*end = le32(image->past_buckets[bucket + 1]);
	return *end <= image->past_name_count;
}

/* Past rows with a name, in any case; rising. */
static inline struct image_numbers image_past_by_name(
    const struct image *image, struct span name)
{
	struct name_windows w;
	size_t n, end;

	if (!namehash_fold(name, &w))
		return image_past_by_long_name(image, name);
	if (!image_past_bucket(
		image, namehash_short(w, name.len, image->name_salt), &n, &end))
		return (struct image_numbers){NULL, 0};
	for (; n < end; n++)
		if (namehash_is(image->past_names[n].key, w, name.len))
			return image_list(image, &image->past_names[n].rows);
	return (struct image_numbers){NULL, 0};
}

/* Past states of persons with this id (case matters), rising. */
struct image_numbers image_past_by_person(
    const struct image *image, struct span id);

#endif
