/* SPDX-License-Identifier: ISC */
/*
 * How many current rows have a gram in each version that has bits of its own,
 * of the grams that so many have that their rows are bits, too.  So that a
 * search of the past need not count them.
 */
#include "imagebuild/build.h"

#include "base/banned.h"

struct common {
	size_t words;	/* of a set of standing bits */
	size_t sets;	/* of standing bits */
	size_t current; /* words of a posting that is bits */
	size_t count;	/* of grams */
};

static unsigned count_word(uint32_t w)
{
	w -= w >> 1 & 0x55555555U;
	w = (w & 0x33333333U) + (w >> 2 & 0x33333333U);
	return ((w + (w >> 4)) & 0x0f0f0f0fU) * 0x01010101U >> 24;
}

/* Their places in the postings. */
static int put_common(struct build *b, struct common *c)
{
	const struct image_gram *grams = build_section_at(b, IMAGE_GRAMS);
	size_t count = b->sections[IMAGE_GRAMS].count;
	struct le32 *at;

	for (size_t n = 0; n < count; n++)
		c->count += image_posting_is_bitmap(
		    le32(grams[n].count), b->current_rows);
	at = build_section(b, IMAGE_COMMON, c->count);
	if (at == NULL)
		return build_nomem(b);
	grams = build_section_at(b, IMAGE_GRAMS); /* it has moved */
	for (size_t n = 0; n < count; n++)
		if (image_posting_is_bitmap(
			le32(grams[n].count), b->current_rows))
			*at++ = grams[n].postings;
	return 0;
}

/* Where the current rows of a set differ from those of the set before. */
struct change {
	size_t set;
	size_t word;
	uint32_t bits;
};

/* Current rows come and never go: there are no more changes than rows. */
static size_t list_changes(
    const struct build *b, const struct common *c, struct change *changes)
{
	const struct le32 *bits = build_section_at(b, IMAGE_STANDING_BITS);
	size_t count = 0;

	for (size_t set = 0; set < c->sets; set++)
		for (size_t i = 0; i < c->current; i++) {
			size_t at = set * c->words + i;
			uint32_t now = le32(bits[at]);

			if (set > 0)
				now ^= le32(bits[at - c->words]);
			if (now != 0)
				changes[count++] = (struct change){set, i, now};
		}
	return count;
}

static void count_rows(const struct common *c, const struct le32 *has,
    const struct change *changes, size_t change_count, struct le32 *out)
{
	uint32_t rows = 0;
	size_t at = 0;

	for (size_t set = 0; set < c->sets; set++) {
		for (; at < change_count && changes[at].set == set; at++)
			rows += count_word(
			    changes[at].bits & le32(has[changes[at].word]));
		out[set * c->count] = le32_of(rows);
	}
}

static int put_counts(struct build *b, const struct common *c)
{
	struct change *changes = mem_alloc(b->current_rows, sizeof(*changes));
	struct le32 *out =
	    build_section(b, IMAGE_COMMON_COUNTS, c->count * c->sets);
	const struct le32 *postings, *common;
	size_t change_count;

	if (changes == NULL || out == NULL) {
		mem_release(changes);
		return build_nomem(b);
	}
	postings = build_section_at(b, IMAGE_POSTINGS);
	common = build_section_at(b, IMAGE_COMMON);
	change_count = list_changes(b, c, changes);
	for (size_t n = 0; n < c->count; n++)
		count_rows(c, postings + le32(common[n]), changes, change_count,
		    out + n);
	mem_release(changes);
	return 0;
}

int common_make(struct build *b)
{
	struct common c = {.current = image_bits_len(b->current_rows)};
	int code;

	c.words = c.current + image_bits_len(b->row_count - b->current_rows);
	if (b->t->version_count < 2 || c.words == 0 ||
	    b->sections[IMAGE_GRAMS].off == 0)
		return 0;
	c.sets = b->sections[IMAGE_STANDING_BITS].count / c.words;
	code = put_common(b, &c);
	return code == 0 ? put_counts(b, &c) : code;
}
