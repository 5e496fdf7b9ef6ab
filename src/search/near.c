/* SPDX-License-Identifier: ISC */
/* Names that differ by a slip or two of the pen. */
#include "search/search.h"

#include "base/ascii.h"
#include "base/banned.h"

#define NAME_MAX_LEN 64 /* longer ones are near to nothing */
#define NEAR_MAX 32	/* names kept while looking */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Changes of one letter (put in, left out, another, two swapped) from a to b,
 * by three rows of the table of optimal string alignment.
 */
unsigned search_distance(struct span a, struct span b)
{
	unsigned lines[3][NAME_MAX_LEN + 1];

	if (a.len > NAME_MAX_LEN || b.len > NAME_MAX_LEN)
		return UINT32_MAX;
	for (unsigned j = 0; j <= b.len; j++)
		lines[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *line = lines[i % 3], *above = lines[(i - 1) % 3];
		const unsigned *higher = lines[(i + 1) % 3];
		char x = ascii_lower(a.ptr[i - 1]);

		line[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			char y = ascii_lower(b.ptr[j - 1]);
			unsigned d = above[j - 1] + (x != y);

			d = least(d, least(above[j], line[j - 1]) + 1);
			if (i > 1 && j > 1 && x != y &&
			    x == ascii_lower(b.ptr[j - 2]) &&
			    y == ascii_lower(a.ptr[i - 2]))
				d = least(d, higher[j - 2] + 1);
			line[j] = d;
		}
	}
	return lines[a.len % 3][b.len];
}

/* A row that the name leads to, or IMAGE_NONE. */
static uint32_t row_of(const struct image *image, const struct image_name *n)
{
	struct image_numbers rows = image_list(image, &n->rows);
	uint32_t line = le32(n->curated), row = IMAGE_NONE;

	if (rows.count > 0)
		row = le32(rows.at[0]);
	else if (line < image->curated_count)
		row = le32(image->curated[line].row);
	return row < image->current_rows ? row : IMAGE_NONE;
}

struct near_row {
	unsigned distance;
	uint32_t row;
};

/* Keeps the list in order, the nearest first, then that of the lower row. */
static void keep(
    struct near_row *list, size_t *count, size_t cap, struct near_row one)
{
	size_t at = *count;

	for (size_t i = 0; i < *count; i++)
		if (list[i].row == one.row && list[i].distance <= one.distance)
			return;
	if (at == cap) {
		struct near_row last = list[cap - 1];

		if (one.distance > last.distance ||
		    (one.distance == last.distance && one.row >= last.row))
			return;
		at--;
	} else {
		++*count;
	}
	for (; at > 0 && (list[at - 1].distance > one.distance ||
			     (list[at - 1].distance == one.distance &&
				 list[at - 1].row > one.row));
	     at--)
		list[at] = list[at - 1];
	list[at] = one;
}

size_t search_near_names(
    const struct image *image, struct span name, uint32_t *rows, size_t cap)
{
	unsigned limit = name.len >= 6 ? 2 : 1;
	struct near_row list[NEAR_MAX];
	size_t count = 0;

	if (cap > NEAR_MAX)
		cap = NEAR_MAX;
	if (cap == 0 || name.len < 2 || name.len > NAME_MAX_LEN)
		return 0;
	for (size_t i = 0; i < image->name_count; i++) {
		struct span other = image_text(image, image->names[i].name);
		struct near_row one;

		if (other.len > name.len + limit ||
		    name.len > other.len + limit)
			continue;
		one.distance = search_distance(name, other);
		one.row = row_of(image, &image->names[i]);
		if (one.distance <= limit && one.row != IMAGE_NONE)
			keep(list, &count, cap, one);
	}
	for (size_t i = 0; i < count; i++)
		rows[i] = list[i].row;
	return count;
}
