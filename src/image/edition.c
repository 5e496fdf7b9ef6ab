/* SPDX-License-Identifier: ISC */
#include "image/edition.h"

#include "base/banned.h"

/*
 * Current rows and past ones each stand in the order of their places: what a
 * version has of both is merged.
 */
uint32_t image_walk_row(struct image_walk *walk)
{
	const struct image *image = walk->image;
	size_t a = walk->current, b = image->current_rows + walk->past;

	while (a < image->current_rows &&
	       !image_row_is_in(&image->rows[a], walk->version))
		a++;
	while (b < image->row_count &&
	       !image_row_is_in(&image->rows[b], walk->version))
		b++;
	walk->current = a;
	walk->past = b - image->current_rows;
	if (a < image->current_rows &&
	    (b == image->row_count ||
		le32(image->rows[a].place) < le32(image->rows[b].place))) {
		walk->current++;
		return (uint32_t)a;
	}
	if (b == image->row_count)
		return IMAGE_NONE;
	walk->past++;
	return (uint32_t)b;
}

uint32_t image_walk_person(struct image_walk *walk)
{
	const struct image *image = walk->image;
	const struct image_person *people = image->people;
	size_t a = walk->current, b = image->current_people + walk->past;

	while (a < image->current_people &&
	       !image_person_is_in(&people[a], walk->version))
		a++;
	while (b < image->person_count &&
	       !image_person_is_in(&people[b], walk->version))
		b++;
	walk->current = a;
	walk->past = b - image->current_people;
	if (a < image->current_people &&
	    (b == image->person_count ||
		le32(people[a].place) < le32(people[b].place))) {
		walk->current++;
		return (uint32_t)a;
	}
	if (b == image->person_count)
		return IMAGE_NONE;
	walk->past++;
	return (uint32_t)b;
}

/* Whether a gap stands before the one that is looked for. */
static bool is_before(
    const struct image_gap *gap, uint32_t version, bool people, size_t index)
{
	if (le32(gap->version) != version)
		return le32(gap->version) < version;
	if (le32(gap->people) != people)
		return le32(gap->people) < people;
	return le32(gap->index) < index;
}

bool image_gap(const struct image *image, uint32_t version, bool people,
    size_t index, size_t *next, struct span *ret)
{
	const struct image_gap *gap;

	while (*next < image->gap_count &&
	       is_before(&image->gaps[*next], version, people, index))
		++*next;
	if (*next == image->gap_count)
		return false;
	gap = &image->gaps[*next];
	if (le32(gap->version) != version || le32(gap->people) != people ||
	    le32(gap->index) != index)
		return false;
	*ret = image_text(image, gap->text);
	return true;
}
