/* SPDX-License-Identifier: ISC */
/*
 * Pairs of what ends and what begins, in passes from the surest to the least
 * sure.  In each the first one of some words is paired with the first one of
 * the same words, the second with the second, and so on.
 */
#include "core/lives_own.h"

#include "base/hash.h"
#include "base/banned.h"

static bool is_same(const uint32_t *a, const uint32_t *b, uint32_t same)
{
	for (unsigned i = 0; same >> i != 0; i++)
		if ((same >> i & 1) != 0 && a[i] != b[i])
			return false;
	return true;
}

static uint64_t hash_of(const uint32_t *words, uint32_t same)
{
	uint64_t h = same;

	for (unsigned i = 0; same >> i != 0; i++)
		if ((same >> i & 1) != 0)
			h = hash_mix(h ^ UINT64_C(0x9e3779b97f4a7c15),
			    words[i] + UINT64_C(0xd1b54a32d192ed03));
	return h;
}

static bool is_filled(const uint32_t *words, uint32_t filled)
{
	for (unsigned i = 0; filled >> i != 0; i++)
		if ((filled >> i & 1) != 0 && words[i] == 0)
			return false;
	return true;
}

static bool is_for(
    const struct side *side, size_t i, const struct pass *pass, uint8_t traits)
{
	return side->mate[i] == NONE &&
	       (side->traits[i] & pass->look) == traits &&
	       is_filled(side->words[i], pass->filled);
}

static uint32_t *slot_of(const struct step *s, const struct side *side,
    const uint32_t *words, uint32_t same)
{
	const struct table *t = &s->table;
	size_t mask = t->slot_count - 1;
	size_t at = (size_t)hash_of(words, same) & mask;

	while (t->slots[at] != 0 &&
	       !is_same(side->words[t->slots[at] - 1], words, same))
		at = (at + 1) & mask;
	return &t->slots[at];
}

/* From the back, so that the first of some words heads their chain. */
void table_enter(struct step *s, const struct side *side,
    const struct pass *pass, uint8_t traits)
{
	struct table *t = &s->table;

	t->slot_count = 4;
	while (t->slot_count / 2 < side->count)
		t->slot_count *= 2;
	memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
	for (size_t i = side->count; i > 0; i--) {
		uint32_t *slot;

		if (!is_for(side, i - 1, pass, traits))
			continue;
		slot = slot_of(s, side, side->words[i - 1], pass->same);
		t->next[i - 1] = *slot;
		t->head[i - 1] = (uint32_t)i;
		*slot = (uint32_t)i;
	}
}

uint32_t table_find(const struct step *s, const struct side *side,
    const uint32_t *words, uint32_t same)
{
	uint32_t first = *slot_of(s, side, words, same);

	return first == 0 ? NONE : first - 1;
}

/* How many may be paired; none is common, and saves the table. */
static size_t count_for(
    const struct side *side, const struct pass *pass, uint8_t traits)
{
	size_t count = 0;

	for (size_t i = 0; i < side->count; i++)
		count += is_for(side, i, pass, traits);
	return count;
}

void pair_pass(struct step *s, const struct pass *pass)
{
	struct side *ended = &s->ended, *begun = &s->begun;

	if (count_for(ended, pass, pass->ended) == 0 ||
	    count_for(begun, pass, pass->begun) == 0)
		return;
	table_enter(s, ended, pass, pass->ended);
	for (size_t i = 0; i < begun->count; i++) {
		uint32_t first, head;

		if (!is_for(begun, i, pass, pass->begun))
			continue;
		first = table_find(s, ended, begun->words[i], pass->same);
		head = first == NONE ? 0 : s->table.head[first];
		if (head == 0)
			continue;
		s->table.head[first] = s->table.next[head - 1];
		ended->mate[head - 1] = (uint32_t)i;
		begun->mate[i] = head - 1;
	}
}

#define ALL(count) ((UINT32_C(1) << (count)) - 1)
#define F(field) EVENT_BIT(FIELD_##field)
#define KEY (F(NUMBER) | F(PROTOCOL) | F(NAME))
#define SPOT (F(NUMBER) | F(PROTOCOL))
#define CALLED (F(NAME) | F(PROTOCOL))
#define PARTY (F(ASSIGNEE) | F(CONTACT))
#define ON_NUMBER (TRAIT_NAMED | TRAIT_NUMBERED)

/* In the order of the rules in lives.h. */
static const struct pass row_passes[] = {
    {.same = ALL(RECORD_WORDS)},
    {.same = KEY | F(DESCRIPTION)},
    {.same = KEY},
    {.same = CALLED | F(DATE) | F(DESCRIPTION),
	.look = ON_NUMBER,
	.ended = ON_NUMBER,
	.begun = ON_NUMBER},
    {.same = SPOT | F(DATE) | F(DESCRIPTION),
	.look = ON_NUMBER,
	.ended = ON_NUMBER,
	.begun = ON_NUMBER},
    {.same = SPOT | F(DATE) | PARTY,
	.filled = F(CONTACT),
	.look = ON_NUMBER,
	.ended = ON_NUMBER,
	.begun = ON_NUMBER},
    {.same = SPOT | F(DATE),
	.look = ON_NUMBER,
	.ended = ON_NUMBER,
	.begun = ON_NUMBER},
    {.same = F(PROTOCOL) | F(DATE) | F(DESCRIPTION),
	.filled = F(DATE) | F(DESCRIPTION),
	.look = ON_NUMBER,
	.ended = TRAIT_NAMED,
	.begun = TRAIT_NAMED},
    {.same = F(PROTOCOL) | F(DATE) | PARTY,
	.filled = F(DATE) | F(CONTACT),
	.look = ON_NUMBER,
	.ended = TRAIT_NAMED,
	.begun = TRAIT_NAMED},
    {.same = CALLED, .look = ON_NUMBER, .ended = ON_NUMBER, .begun = ON_NUMBER},
    {.same = CALLED,
	.look = ON_NUMBER,
	.ended = TRAIT_NAMED,
	.begun = ON_NUMBER},
    {.same = F(NAME),
	.look = ON_NUMBER | TRAIT_PROTOCOL,
	.ended = TRAIT_NAMED,
	.begun = ON_NUMBER | TRAIT_PROTOCOL},
    {.same = F(NUMBER) | F(NAME),
	.look = TRAIT_NAMED,
	.ended = TRAIT_NAMED,
	.begun = TRAIT_NAMED},
};

/* By id; then those of another id who are the same in all else, or nearly. */
#define P(field) EVENT_BIT(PERSON_##field)

static const struct pass person_passes[] = {
    {.same = ALL(PERSON_WORDS)},
    {.same = P(ID)},
    {.same = P(NAME) | P(ORG) | P(URIS), .filled = P(NAME)},
    {.same = P(NAME) | P(ORG) | P(URIS), .filled = P(ORG)},
    {.same = P(NAME) | P(ORG), .filled = P(NAME)},
    {.same = P(NAME) | P(ORG), .filled = P(ORG)},
};

static void run(struct step *s, const struct pass *passes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		pair_pass(s, &passes[i]);
	for (size_t i = 0; i < s->ended.count; i++)
		if (s->ended.mate[i] != NONE)
			s->ended.traits[i] |= TRAIT_PAIRED;
	for (size_t i = 0; i < s->begun.count; i++)
		if (s->begun.mate[i] != NONE)
			s->begun.traits[i] |= TRAIT_PAIRED;
}

void pair_rows(struct step *s)
{
	run(s, row_passes, sizeof(row_passes) / sizeof(row_passes[0]));
}

void pair_persons(struct step *s)
{
	run(s, person_passes, sizeof(person_passes) / sizeof(person_passes[0]));
}
