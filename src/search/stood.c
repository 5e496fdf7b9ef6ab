/* SPDX-License-Identifier: ISC */
#include "search/stood.h"

#include "image/row.h"
#include "base/banned.h"

void stood_begin(struct stood *s, const struct image *image, uint32_t version,
    struct le32 *room)
{
	const struct image_standing *at;
	size_t bits, turns, count;
	size_t len = image_bits_len(image->current_rows) +
		     image_bits_len(image->row_count - image->current_rows);

	s->image = image;
	s->version = version;
	s->bits = NULL;
	s->turns = (struct image_numbers){NULL, 0};
	s->room = room;
	if (image->standing == NULL)
		return;
	at = &image->standing[version];
	bits = le32(at->bits);
	if (bits > image->standing_bit_count ||
	    len > image->standing_bit_count - bits)
		return;
	s->bits = image->standing_bits + bits;
	turns = le32(at->turns);
	count = le32(at->turn_count);
	if (turns <= image->turn_count && count <= image->turn_count - turns)
		s->turns = (struct image_numbers){image->turns + turns, count};
}

static void turn(struct le32 *bits, size_t n)
{
	bits[n / 32] = le32_of(le32(bits[n / 32]) ^ 1U << n % 32);
}

static void turn_all(
    const struct stood *s, const struct plan *plan, struct le32 *bits)
{
	size_t first = plan->past ? s->image->current_rows : 0;

	for (size_t i = 0; i < s->turns.count; i++) {
		size_t n = (size_t)le32(s->turns.at[i]) - first;

		if (n < plan->rows)
			turn(bits, n);
	}
}

struct image_posting stood_bits(const struct stood *s, const struct plan *plan)
{
	struct le32 *bits = s->room;
	size_t len = image_bits_len(plan->rows);

	if (s->bits != NULL) {
		const struct le32 *from = s->bits;

		if (plan->past)
			from += image_bits_len(s->image->current_rows);
		memcpy(bits, from, len * sizeof(*from));
		turn_all(s, plan, bits);
	} else {
		memset(bits, 0, len * sizeof(*bits));
		for (size_t n = 0; n < plan->rows; n++)
			if (image_row_is_in(&plan->first[n], s->version))
				turn(bits, n);
	}
	return (struct image_posting){bits, plan->rows, len};
}

size_t stood_words(const struct stood *s, const struct image_posting *one,
    size_t base, uint64_t *restrict words, size_t first, size_t end)
{
	const struct le32 *at = one->at, *from = s->bits;
	size_t whole = one->words / 2 < end ? one->words / 2 : end;
	size_t turned = 0;

	if (base > 0)
		from += image_bits_len(base);
	for (size_t i = first; i < whole; i++)
		words[i] = le_u64(&at[i * 2]) & le_u64(&from[i * 2]);
	if (whole < end)
		words[whole] = le32(at[whole * 2]) & le32(from[whole * 2]);
	for (size_t i = 0; i < s->turns.count; i++) {
		size_t n = (size_t)le32(s->turns.at[i]) - base;

		if (n / 32 >= one->words ||
		    (le32(at[n / 32]) >> n % 32 & 1) == 0)
			continue;
		turned++;
		if (n / 64 >= first && n / 64 < end)
			words[n / 64] ^= (uint64_t)1 << n % 64;
	}
	return turned;
}
