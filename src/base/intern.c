/* SPDX-License-Identifier: ISC */
#include "base/intern.h"

#include "base/hash.h"
#include "base/mem.h"
#include "portbook/error.h"
#include "base/banned.h"

void intern_init(struct intern *t, struct arena *arena)
{
	*t = (struct intern){.arena = arena};
}

void intern_release(struct intern *t)
{
	mem_release(t->entries);
	mem_release(t->slots);
	*t = (struct intern){0};
}

static void place(uint32_t *slots, size_t slot_count, uint64_t hash,
    uint32_t number)
{
	size_t at = (size_t)hash & (slot_count - 1);

	while (slots[at] != 0)
		at = (at + 1) & (slot_count - 1);
	slots[at] = number + 1;
}

/* Keeps the table at most half full. */
static int make_room(struct intern *t)
{
	struct intern_entry *entries;
	size_t want = t->slot_count > 0 ? t->slot_count * 2 : 4096;
	uint32_t *slots;

	if (t->count >= UINT32_MAX - 1)
		return PORTBOOK_ENOMEM;
	entries = mem_grow(t->entries, t->count, &t->cap, sizeof(*entries));
	if (entries == NULL)
		return PORTBOOK_ENOMEM;
	t->entries = entries;
	if (t->count < t->slot_count / 2)
		return 0;
	slots = mem_zalloc(want, sizeof(*slots));
	if (slots == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < t->count; i++)
		place(slots, want, t->entries[i].hash, (uint32_t)i);
	mem_release(t->slots);
	t->slots = slots;
	t->slot_count = want;
	return 0;
}

int intern_add(struct intern *t, struct span text, uint32_t *ret)
{
	uint64_t hash = hash_bytes(text.ptr, text.len, 0);
	struct span copy;

	if (t->slot_count > 0) {
		size_t mask = t->slot_count - 1, at = (size_t)hash & mask;

		for (; t->slots[at] != 0; at = (at + 1) & mask) {
			uint32_t number = t->slots[at] - 1;

			if (t->entries[number].hash == hash &&
			    span_eq(t->entries[number].text, text)) {
				*ret = number;
				return 0;
			}
		}
	}
	if (make_room(t) < 0)
		return PORTBOOK_ENOMEM;
	copy = arena_text(t->arena, text);
	if (copy.ptr == NULL)
		return PORTBOOK_ENOMEM;
	t->entries[t->count] = (struct intern_entry){copy, hash};
	place(t->slots, t->slot_count, hash, (uint32_t)t->count);
	*ret = (uint32_t)t->count++;
	return 0;
}

int intern_text(struct intern *t, struct span text, struct span *ret)
{
	uint32_t number;
	int code = intern_add(t, text, &number);

	if (code == 0)
		*ret = t->entries[number].text;
	return code;
}
