/* SPDX-License-Identifier: ISC */
/*
 * Rows without a pair: who lost a number and who got one, and how the ranges
 * that nobody has were cut and joined.
 */
#include "core/lives_own.h"

#include <stdlib.h>

#include "base/banned.h"

/* No registry but an absurd one has ranges that take more looks than this. */
#define LOOKS_PER_ITEM 64
#define LOOKS_MORE 4096

#define F(field) EVENT_BIT(FIELD_##field)

static bool is_free(const struct side *side, size_t i)
{
	return (side->traits[i] & TRAIT_PAIRED) == 0;
}

static bool is_named(const struct side *side, size_t i)
{
	return (side->traits[i] & TRAIT_NAMED) != 0;
}

static bool has(const struct side *side, size_t i, uint8_t trait)
{
	return (side->traits[i] & trait) != 0;
}

static struct port_range range_of(
    const struct step *s, const struct side *side, size_t i)
{
	return s->t->rows[side->places[i]].record.number;
}

/* Whether two rows may speak of one transport. */
static bool is_near(const uint32_t *a, const uint32_t *b)
{
	return a[FIELD_PROTOCOL] == b[FIELD_PROTOCOL] ||
	       a[FIELD_PROTOCOL] == 0 || b[FIELD_PROTOCOL] == 0;
}

static int block_cmp(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void fill_blocks(
    const struct step *s, const struct side *side, struct blocks *ret)
{
	uint16_t reach = 0;

	ret->count = 0;
	for (size_t i = 0; i < side->count; i++) {
		struct port_range range;

		if (!is_free(side, i) || is_named(side, i) ||
		    !has(side, i, TRAIT_PORTS))
			continue;
		range = range_of(s, side, i);
		ret->at[ret->count++] = (struct block){
		    .first = range.first,
		    .last = range.last,
		    .index = (uint32_t)i,
		};
	}
	qsort(ret->at, ret->count, sizeof(*ret->at), block_cmp);
	for (size_t i = 0; i < ret->count; i++) {
		if (ret->at[i].last > reach)
			reach = ret->at[i].last;
		ret->at[i].reach = reach;
	}
}

/* A search for blocks that share ports with a range, from the back. */
struct look {
	const struct blocks *blocks;
	struct port_range range;
	size_t at; /* behind the next one */
};

static struct look look_begin(
    const struct blocks *blocks, struct port_range range)
{
	size_t low = 0, high = blocks->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (blocks->at[mid].first <= range.last)
			low = mid + 1;
		else
			high = mid;
	}
	return (struct look){blocks, range, low};
}

/* The next one, or NULL. */
static const struct block *look_next(struct step *s, struct look *look)
{
	while (look->at > 0 && s->looks > 0) {
		const struct block *block = &look->blocks->at[--look->at];

		s->looks--;
		if (block->reach < look->range.first)
			return NULL;
		if (block->last >= look->range.first)
			return block;
	}
	return NULL;
}

/*
 * Who among blocks speaks of the number of a row: rather of all of it, rather
 * of its transport, rather of nothing else.  An index, or NONE.
 */
static uint32_t speaker(struct step *s, const struct blocks *blocks,
    const struct side *side, const struct side *of, size_t i)
{
	uint32_t best = NONE;
	int best_score = -1;
	const struct block *block;
	struct look look;

	if (!has(of, i, TRAIT_PORTS))
		return NONE;
	look = look_begin(blocks, range_of(s, of, i));
	while ((block = look_next(s, &look)) != NULL) {
		const uint32_t *words = side->words[block->index];
		struct port_range r = look.range;
		bool first = block->first <= r.first,
		     last = block->last >= r.last;
		bool just = block->first == r.first && block->last == r.last;
		int score = (first && last) * 4 + just;

		if (!is_near(words, of->words[i]))
			continue;
		score +=
		    (words[FIELD_PROTOCOL] == of->words[i][FIELD_PROTOCOL]) * 2;
		if (score >= best_score) {
			best_score = score;
			best = block->index;
		}
	}
	return best;
}

/*
 * Names that lose their number: the row of the same name and protocol, or of
 * the same name alone, that begins without one.
 */
static int tell_kept(struct step *s)
{
	static const struct pass keepers = {
	    .same = F(NAME) | F(PROTOCOL),
	    .look = TRAIT_NAMED | TRAIT_NUMBERED,
	};
	const struct side *ended = &s->ended;
	int code = 0;

	table_enter(s, &s->begun, &keepers, TRAIT_NAMED);
	for (uint32_t i = 0; code == 0 && i < ended->count; i++) {
		uint32_t words[RECORD_WORDS];

		if (!is_free(ended, i) || !is_named(ended, i) ||
		    !has(ended, i, TRAIT_NUMBERED))
			continue;
		memcpy(words, ended->words[i], sizeof(words));
		s->kept[i] = table_find(s, &s->begun, words, keepers.same);
		if (s->kept[i] == NONE) {
			words[FIELD_PROTOCOL] = 0;
			s->kept[i] =
			    table_find(s, &s->begun, words, keepers.same);
		}
		if (s->kept[i] == NONE)
			continue;
		code = kind_tell(s, i, s->kept[i]);
		step_link(s, i, s->kept[i]);
	}
	return code;
}

/* A row that took a number from a range, or gave one to it. */
static void count_movers(struct step *s)
{
	for (uint32_t i = 0; i < s->ended.count; i++) {
		uint32_t mate = s->ended.mate[i], n;

		if (is_free(&s->ended, i) ||
		    (step_differs(s, i, mate) & F(NUMBER)) == 0)
			continue;
		n = speaker(s, &s->new_blocks, &s->begun, &s->ended, i);
		if (n != NONE)
			s->begun.uses[n]++;
		n = speaker(s, &s->old_blocks, &s->ended, &s->begun, mate);
		if (n != NONE)
			s->ended.uses[n]++;
	}
}

/* From here on the mate of a free row is its heir: another name there. */
static void find_heirs(struct step *s)
{
	static const struct pass heirs = {
	    .same = F(NUMBER) | F(PROTOCOL),
	    .look = TRAIT_NAMED | TRAIT_NUMBERED,
	    .ended = TRAIT_NAMED | TRAIT_NUMBERED,
	    .begun = TRAIT_NAMED | TRAIT_NUMBERED,
	};

	pair_pass(s, &heirs);
}

static int tell_gone(struct step *s, uint32_t i)
{
	struct side *begun = &s->begun;
	uint32_t heir = s->ended.mate[i], next = NONE;

	if (heir == NONE)
		next = speaker(s, &s->new_blocks, begun, &s->ended, i);
	if (next != NONE)
		begun->uses[next]++;
	else if (heir == NONE && s->kept[i] != NONE)
		return 0; /* it is told already that it has no number now */
	if (s->kept[i] == NONE && (heir != NONE || next != NONE))
		step_link(s, i, heir != NONE ? heir : next);
	return step_tell(
	    s, EVENT_DEASSIGNED, i, next, step_differs(s, i, next));
}

static int tell_come(struct step *s, uint32_t i)
{
	uint32_t before = s->begun.mate[i];

	if (before == NONE) {
		before = speaker(s, &s->old_blocks, &s->ended, &s->begun, i);
		if (before != NONE) {
			s->ended.uses[before]++;
			if (s->taker[before] == NONE)
				s->taker[before] = i;
		}
	}
	return step_tell(
	    s, EVENT_ASSIGNED, before, i, step_differs(s, before, i));
}

static int tell_assigned(struct step *s)
{
	int code = 0;

	for (uint32_t i = 0; code == 0 && i < s->ended.count; i++)
		if (is_free(&s->ended, i) && is_named(&s->ended, i))
			code = tell_gone(s, i);
	for (uint32_t i = 0; code == 0 && i < s->begun.count; i++)
		if (is_free(&s->begun, i) && is_named(&s->begun, i) &&
		    !s->begun.told[i])
			code = tell_come(s, i);
	return code;
}

/* Whether an ended block has all the ports and transports of a begun one. */
static bool is_within(const struct block *inner, const uint32_t *inner_words,
    const struct block *outer, const uint32_t *outer_words)
{
	return outer->first <= inner->first && inner->last <= outer->last &&
	       (outer_words[FIELD_PROTOCOL] == 0 ||
		   outer_words[FIELD_PROTOCOL] == inner_words[FIELD_PROTOCOL]);
}

static enum event_kind kind_of(
    const struct step *s, const struct block *old, const struct block *new)
{
	uint32_t others = s->ended.uses[old->index] - 1;

	if (others == 0 && s->begun.uses[new->index] == 1)
		return EVENT_MODIFIED;
	if (is_within(new, s->begun.words[new->index], old,
		s->ended.words[old->index]))
		return EVENT_SPLIT;
	if (is_within(old, s->ended.words[old->index], new,
		s->begun.words[new->index]))
		return EVENT_MERGED;
	return others > 0 ? EVENT_SPLIT : EVENT_MERGED;
}

/* Ports that an ended and a begun row share, less one. */
static int shared(const struct step *s, uint32_t old, uint32_t new)
{
	struct port_range a = range_of(s, &s->ended, old);
	struct port_range b = range_of(s, &s->begun, new);

	return (a.last < b.last ? a.last : b.last) -
	       (a.first > b.first ? a.first : b.first);
}

static bool is_alike(const struct step *s, uint32_t old, uint32_t new)
{
	return ((s->ended.traits[old] ^ s->begun.traits[new]) &
		   TRAIT_RESERVED) == 0;
}

/* Rather of the same state, then the larger, then the lower one. */
static bool is_better_piece(const struct step *s, uint32_t old, uint32_t new)
{
	uint32_t best = s->piece[old];

	if (best == NONE)
		return true;
	if (is_alike(s, old, new) != is_alike(s, old, best))
		return is_alike(s, old, new);
	if (shared(s, old, new) != shared(s, old, best))
		return shared(s, old, new) > shared(s, old, best);
	return new < best;
}

/* Goes through the blocks that share ports: to count them, or to tell. */
static int walk_blocks(struct step *s, bool tell)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < s->new_blocks.count; i++) {
		const struct block *new = &s->new_blocks.at[i], *old;
		struct look look = look_begin(
		    &s->old_blocks, (struct port_range){new->first, new->last});

		while (code == 0 && (old = look_next(s, &look)) != NULL) {
			if (!is_near(s->ended.words[old->index],
				s->begun.words[new->index]))
				continue;
			if (!tell) {
				s->ended.uses[old->index]++;
				s->begun.uses[new->index]++;
				continue;
			}
			if (is_better_piece(s, old->index, new->index))
				s->piece[old->index] = new->index;
			code = step_tell(s, kind_of(s, old, new), old->index,
			    new->index,
			    step_differs(s, old->index, new->index));
		}
	}
	return code;
}

/* What became of a block: see lives.h. */
static void link_block(struct step *s, uint32_t old)
{
	uint32_t piece = s->piece[old], taker = s->taker[old];

	if (taker != NONE && (piece == NONE || !is_alike(s, old, piece)))
		step_link(s, old, taker);
	else if (piece != NONE)
		step_link(s, old, piece);
}

/* Rows without a name of which nothing is told yet. */
static int tell_rest(struct step *s)
{
	int code = 0;

	for (uint32_t i = 0; code == 0 && i < s->ended.count; i++)
		if (is_free(&s->ended, i) && !s->ended.told[i])
			code = step_tell(s, EVENT_MODIFIED, i, NONE, 0);
	for (uint32_t i = 0; code == 0 && i < s->begun.count; i++)
		if (is_free(&s->begun, i) && !s->begun.told[i])
			code = step_tell(s, EVENT_MODIFIED, NONE, i, 0);
	return code;
}

int ports_tell(struct step *s)
{
	size_t looks =
	    LOOKS_MORE + LOOKS_PER_ITEM * (s->ended.count + s->begun.count);
	int code;

	fill_blocks(s, &s->ended, &s->old_blocks);
	fill_blocks(s, &s->begun, &s->new_blocks);
	s->looks = looks;
	code = tell_kept(s);
	count_movers(s);
	find_heirs(s);
	if (code == 0)
		code = tell_assigned(s);
	s->looks = looks;
	if (code == 0)
		code = walk_blocks(s, false);
	s->looks = looks;
	if (code == 0)
		code = walk_blocks(s, true);
	for (size_t i = 0; code == 0 && i < s->old_blocks.count; i++)
		link_block(s, s->old_blocks.at[i].index);
	return code == 0 ? tell_rest(s) : code;
}
