/* SPDX-License-Identifier: ISC */
/*
 * Which rows stood in which version: bits for some of the versions, and from
 * one of these to the next the rows that came or went.
 *
 * There are new bits where more rows than one for every so many words have
 * turned since the last: so bits take some times the room that the turns do,
 * and to turn them is always quicker than to look at them.
 */
#include "imagebuild/build.h"

#include "base/banned.h"

#define WORDS_A_TURN 16
#define TURNS_LEAST 8

struct standing {
	uint32_t *starts; /* owned: turns of each version, and one more */
	uint32_t *turned; /* owned: rows that come or go, by version */
	uint32_t *bits;	  /* owned: those of the version at hand */
	size_t current_words, words;
	size_t bits_count; /* how many there will be in the image */
};

static void release(struct standing *s)
{
	mem_release(s->starts);
	mem_release(s->turned);
	mem_release(s->bits);
}

/* Counts the turns of each version, and then puts them there. */
static int sort_turns(struct build *b, struct standing *s)
{
	size_t versions = b->t->version_count, total = 0;

	for (size_t n = 0; n < b->row_count; n++) {
		const struct timeline_row *row = build_row(b, n);

		total += (size_t)(row->first > 0) + (n >= b->current_rows);
		if (row->first > 0)
			s->starts[row->first + 1]++;
		if (n >= b->current_rows)
			s->starts[row->last + 2]++;
	}
	if (total > UINT32_MAX)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "more changes of records than fit into an image");
	s->turned = mem_alloc(total, sizeof(*s->turned));
	if (s->turned == NULL)
		return build_nomem(b);
	for (size_t v = 1; v <= versions; v++)
		s->starts[v + 1] += s->starts[v];
	for (size_t n = 0; n < b->row_count; n++) {
		const struct timeline_row *row = build_row(b, n);

		if (row->first > 0)
			s->turned[s->starts[row->first]++] = (uint32_t)n;
		if (n >= b->current_rows)
			s->turned[s->starts[row->last + 1]++] = (uint32_t)n;
	}
	return 0;
}

static void turn(const struct build *b, struct standing *s, size_t n)
{
	size_t past = n - b->current_rows;

	if (n < b->current_rows)
		s->bits[n / 32] ^= 1U << n % 32;
	else
		s->bits[s->current_words + past / 32] ^= 1U << past % 32;
}

/*
 * Rows that turn from a version to the next, and whether that makes it one
 * with bits of its own.
 */
struct step {
	uint32_t first, end;
	bool fresh;
};

static size_t turns_most(const struct standing *s)
{
	size_t most = s->words / WORDS_A_TURN;

	return most > TURNS_LEAST ? most : TURNS_LEAST;
}

/* *since: how many have turned since the last fresh bits. */
static struct step step_to(
    const struct standing *s, size_t version, size_t *since)
{
	struct step step = {
	    version > 0 ? s->starts[version - 1] : 0, s->starts[version], true};

	*since += step.end - step.first;
	step.fresh = version == 0 || *since > turns_most(s);
	if (step.fresh)
		*since = 0;
	return step;
}

/* How many items the bits and the turns of all versions take. */
static void count_items(const struct build *b, const struct standing *s,
    uint64_t *bits, size_t *turns)
{
	size_t since = 0;

	*bits = *turns = 0;
	for (size_t v = 0; v < b->t->version_count; v++) {
		struct step step = step_to(s, v, &since);

		if (step.fresh)
			*bits += s->words;
		else
			*turns += step.end - step.first;
	}
}

/* The items of all versions, into sections that have room for them. */
static void put_versions(struct build *b, struct standing *s)
{
	struct image_standing *out = build_section_at(b, IMAGE_STANDING);
	struct le32 *bits = build_section_at(b, IMAGE_STANDING_BITS);
	struct le32 *turns = build_section_at(b, IMAGE_TURNS);
	size_t since = 0, bit_at = 0, turn_at = 0;

	for (size_t v = 0; v < b->t->version_count; v++) {
		struct step step = step_to(s, v, &since);

		for (uint32_t i = step.first; i < step.end; i++) {
			turn(b, s, s->turned[i]);
			if (!step.fresh)
				turns[turn_at++] = le32_of(s->turned[i]);
		}
		for (size_t i = 0; step.fresh && i < s->words; i++)
			bits[bit_at++] = le32_of(s->bits[i]);
		out[v] = (struct image_standing){
		    .bits = le32_of((uint32_t)(bit_at - s->words)),
		    .turns = le32_of((uint32_t)(turn_at - since)),
		    .turn_count = le32_of((uint32_t)since),
		};
	}
}

static int make(struct build *b, struct standing *s)
{
	size_t past = b->row_count - b->current_rows, turns;
	uint64_t bits;
	int code;

	s->current_words = image_bits_len(b->current_rows);
	s->words = s->current_words + image_bits_len(past);
	s->starts = mem_zalloc(b->t->version_count + 2, sizeof(*s->starts));
	s->bits = mem_zalloc(s->words, sizeof(*s->bits));
	if (s->starts == NULL || s->bits == NULL)
		return build_nomem(b);
	code = sort_turns(b, s);
	if (code < 0)
		return code;
	for (size_t n = 0; n < b->row_count; n++)
		if (build_row(b, n)->first == 0)
			turn(b, s, n);
	count_items(b, s, &bits, &turns);
	if (bits > UINT32_MAX)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "the versions differ in more than fits into an image");
	if (build_section(b, IMAGE_STANDING, b->t->version_count) == NULL ||
	    build_section(b, IMAGE_STANDING_BITS, (size_t)bits) == NULL ||
	    build_section(b, IMAGE_TURNS, turns) == NULL)
		return build_nomem(b);
	put_versions(b, s);
	return 0;
}

int standing_make(struct build *b)
{
	struct standing s = {0};
	int code;

	if (b->t->version_count < 2)
		return 0;
	code = make(b, &s);
	release(&s);
	return code;
}
