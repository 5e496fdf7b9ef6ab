/* SPDX-License-Identifier: ISC */
#include "image/events.h"

#include "base/unicode.h"
#include "base/banned.h"

struct image_numbers image_past_by_long_name(
    const struct image *image, struct span name)
{
	const struct image_numbers none = {NULL, 0};
	char storage[IMAGE_NAME_MAX];
	uint8_t key[NAMEHASH_KEY_LEN];
	struct span folded;
	size_t n, end;
	struct buf b;

	if (name.len > IMAGE_NAME_MAX * 3)
		return none; /* as image_by_long_name */
	buf_init_fixed(&b, storage, sizeof(storage));
	unicode_fold_text(&b, name);
	if (buf_failed(&b))
		return none;
	folded = buf_span(&b);
	namehash_key(folded, key);
	if (!image_past_bucket(
		image, namehash(folded, image->name_salt), &n, &end))
		return none;
	for (; n < end; n++) {
		const struct image_past_name *item = &image->past_names[n];

		if (memcmp(item->key, key, sizeof(key)) == 0 &&
		    span_eq(image_text(image, item->name), folded))
			return image_list(image, &item->rows);
	}
	return none;
}

/* How the id of the n-th past person, by id, compares to another one. */
static int id_cmp(const struct image *image, size_t n, struct span id)
{
	const struct image_person *person =
	    image_person(image, le32(image->past_people[n]));

	if (person == NULL)
		return 1; /* a damaged image */
	return span_cmp(image_text(image, person->text[PERSON_ID]), id);
}

struct image_numbers image_past_by_person(
    const struct image *image, struct span id)
{
	size_t low = 0, high = image->past_person_count, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (id_cmp(image, mid, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < image->past_person_count; end++)
		if (id_cmp(image, end, id) != 0)
			break;
	if (end == low)
		return (struct image_numbers){NULL, 0};
	return (struct image_numbers){image->past_people + low, end - low};
}
