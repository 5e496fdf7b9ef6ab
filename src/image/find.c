/* SPDX-License-Identifier: ISC */
#include "image/image.h"

#include "base/unicode.h"
#include "base/banned.h"

const struct image_name *image_by_long_name(
    const struct image *image, struct span name)
{
	const struct image_name *found;
	char storage[IMAGE_NAME_MAX];
	struct span folded;
	uint8_t key[NAMEHASH_KEY_LEN];
	struct buf b;

	if (name.len > IMAGE_NAME_MAX * 3)
		return NULL; /* folding takes at most two bytes of three */
	buf_init_fixed(&b, storage, sizeof(storage));
	unicode_fold_text(&b, name);
	if (buf_failed(&b))
		return NULL;
	folded = buf_span(&b);
	found = image_name_at(image, namehash(folded, image->name_salt));
	if (found == NULL)
		return NULL;
	namehash_key(folded, key);
	if (memcmp(found->key, key, sizeof(key)) != 0)
		return NULL;
	if (folded.len > NAMEHASH_SHORT &&
	    !span_eq(image_text(image, found->name), folded))
		return NULL;
	return found;
}

uint32_t image_by_person(const struct image *image, struct span id)
{
	size_t low = 0, high = image->current_people;

	if (image->people_order == NULL)
		return IMAGE_NONE;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		uint32_t n = le32(image->people_order[mid]);
		const struct image_person *person = image_person(image, n);
		int order;

		if (person == NULL)
			return IMAGE_NONE;
		order =
		    span_cmp(image_text(image, person->text[PERSON_ID]), id);
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < image->current_people) {
		uint32_t n = le32(image->people_order[low]);
		const struct image_person *person = image_person(image, n);

		if (person != NULL &&
		    span_eq(id, image_text(image, person->text[PERSON_ID])))
			return n;
	}
	return IMAGE_NONE;
}

void image_row_text(const struct image *image, const struct image_row *row,
    struct record_text *ret)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		ret->at[i] = image_text(image, row->text[i]);
}

void image_person_text(const struct image *image,
    const struct image_person *person, struct person_text *ret)
{
	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		ret->at[i] = image_text(image, person->text[i]);
}

struct span image_search_text(
    const struct image *image, const struct image_row *row)
{
	size_t off = (size_t)le32(row->search) * 4;
	size_t len = le32(row->search_len);

	/* Without a search section there is nothing to add an offset to. */
	if (len == 0 || off > image->search_len ||
	    len > image->search_len - off)
		return SPAN("");
	return span_of((const char *)image->search + off, len);
}

/* Grams of the current rows, or of the past ones. */
struct grams {
	const struct le32 *pairs;
	const struct image_gram *grams;
	size_t count;
	const struct le32 *postings;
	size_t posting_count;
	size_t rows;
};

static struct image_posting posting_of(
    const struct grams *g, const struct image_gram *gram)
{
	size_t off = le32(gram->postings), count = le32(gram->count), items;

	if (count > g->rows)
		return (struct image_posting){NULL, 0, 0};
	items = image_posting_len(count, g->rows);
	if (off > g->posting_count || items > g->posting_count - off)
		return (struct image_posting){NULL, 0, 0};
	return (struct image_posting){g->postings + off, count,
	    image_posting_is_bitmap(count, g->rows) ? items : 0};
}

static inline struct image_posting find_gram(const struct image *image,
    const struct grams *g, const char *bytes, size_t len)
{
	struct image_posting none = {NULL, 0, 0};
	uint32_t class[3] = {0, 0, 0};
	const struct le32 *pair;
	size_t low, high, end;

	if (g->pairs == NULL || len == 0 || len > 3)
		return none;
	for (size_t i = 0; i < len; i++) {
		class[i] = image->meta->classes[(uint8_t)bytes[i]];
		if (class[i] == 0 || class[i] >= image->alphabet)
			return none;
	}
	pair = g->pairs + (size_t)image->alphabet * class[0] + class[1];
	low = le32(pair[0]);
	high = end = le32(pair[1]);
	if (low >= high || end > g->count)
		return none;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (le32(g->grams[mid].third) < class[2])
			low = mid + 1;
		else
			high = mid;
	}
	if (low == end || le32(g->grams[low].third) != class[2])
		return none;
	return posting_of(g, &g->grams[low]);
}

struct image_posting image_gram(
    const struct image *image, const char *bytes, size_t len)
{
	const struct grams g = {
	    .pairs = image->gram_pairs,
	    .grams = image->grams,
	    .count = image->gram_count,
	    .postings = image->postings,
	    .posting_count = image->posting_count,
	    .rows = image->current_rows,
	};

	return find_gram(image, &g, bytes, len);
}

struct image_posting image_past_gram(
    const struct image *image, const char *bytes, size_t len)
{
	const struct grams g = {
	    .pairs = image->past_gram_pairs,
	    .grams = image->past_grams,
	    .count = image->past_gram_count,
	    .postings = image->past_postings,
	    .posting_count = image->past_posting_count,
	    .rows = image->row_count - image->current_rows,
	};

	return find_gram(image, &g, bytes, len);
}
