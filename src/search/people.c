/* SPDX-License-Identifier: ISC */
#include "search/search.h"

#include "search/bits.h"
#include "base/banned.h"

static void mark(const struct image *image, const struct image_row *row,
    uint32_t version, uint64_t *bits)
{
	struct image_numbers list = image_list(image, &row->people);

	for (size_t i = 0; i < list.count; i++) {
		uint32_t n = le32(list.at[i]);

		if (n < image->person_count &&
		    image_person_is_in(&image->people[n], version))
			bits_set(bits, n);
	}
}

static uint32_t place(const struct image *image, size_t n)
{
	return n == BITS_END ? UINT32_MAX : le32(image->people[n].place);
}

size_t search_people(const struct image *image, const uint32_t *rows,
    size_t count, uint32_t version, uint32_t *people, size_t cap, void *scratch)
{
	uint64_t *bits = scratch;
	size_t words = bits_words(image->person_count), total = 0;
	size_t a, b;

	memset(bits, 0, words * sizeof(*bits));
	for (size_t i = 0; i < count; i++)
		if (rows[i] < image->row_count)
			mark(image, &image->rows[rows[i]], version, bits);
	a = bits_next(bits, words, 0);
	b = bits_next(bits, words, image->current_people);
	/* Current persons, and past ones among them by their place. */
	while (a != BITS_END || b != BITS_END) {
		size_t n;

		if (a != BITS_END && a >= image->current_people)
			a = BITS_END;
		if (a == BITS_END && b == BITS_END)
			break;
		if (b == BITS_END ||
		    (a != BITS_END && place(image, a) <= place(image, b))) {
			n = a;
			a = bits_next(bits, words, a + 1);
		} else {
			n = b;
			b = bits_next(bits, words, b + 1);
		}
		if (total++ < cap)
			people[total - 1] = (uint32_t)n;
	}
	return total;
}
