/* SPDX-License-Identifier: ISC */
#include "base/intern.h"

#include <assert.h>

#include "base/ckd.h"
#include "base/hash.h"
#include "base/le.h"
#include "portbook/error.h"
#include "base/banned.h"

#define FIRST_COUNT ((size_t)2048)
#define K0 UINT64_C(0x9e3779b97f4a7c15)
#define K1 UINT64_C(0xd1b54a32d192ed03)

void intern_init(struct intern *t, struct arena *arena)
{
	/*
	 * Where things lie is not known beforehand, so texts cannot be chosen
	 * to collide; numbers do not depend on the hash.
	 */
	*t = (struct intern){
	    .arena = arena,
	    .seed = hash_mix((uintptr_t)t ^ K0, (uintptr_t)arena ^ K1),
	};
}

void intern_release(struct intern *t)
{
	*t = (struct intern){0};
}

/*
 * Most texts are short: up to 16 bytes are two numbers that overlap.  What is
 * longer takes the hash of the image.
 */
static uint32_t hash_text(const struct intern *t, struct span text)
{
	const char *p = text.ptr;
	size_t len = text.len;
	uint64_t a = 0, b = 0;

	if (len > 16)
		return (uint32_t)hash_bytes(p, len, t->seed);
	if (len >= 8) {
		a = le_u64(p);
		b = le_u64(p + len - 8);
	} else if (len >= 4) {
		a = le_u32(p);
		b = le_u32(p + len - 4);
	} else if (len > 0) {
		a = (uint8_t)p[0];
		b = (uint64_t)(uint8_t)p[len / 2] << 8 | (uint8_t)p[len - 1];
	}
	return (uint32_t)hash_mix(
	    a ^ K0 ^ len ^ t->seed, b ^ K1 ^ t->seed >> 32);
}

static size_t slot_of(const struct intern *t, uint32_t hash)
{
	return hash & (t->slot_count - 1);
}

static size_t free_slot(const struct intern *t, uint32_t hash)
{
	size_t at = slot_of(t, hash);

	while (t->slots[at] != 0)
		at = (at + 1) & (t->slot_count - 1);
	return at;
}

static int resize_slots(struct intern *t, size_t slot_count)
{
	const uint64_t *old = t->slots;
	size_t old_count = t->slot_count, len;
	uint64_t *slots;

	if (ckd_mul(&len, slot_count, sizeof(*slots)))
		return PORTBOOK_ENOMEM;
	slots = arena_alloc(t->arena, len);
	if (slots == NULL)
		return PORTBOOK_ENOMEM;
	memset(slots, 0, len);
	t->slots = slots;
	t->slot_count = slot_count;
	for (size_t i = 0; i < old_count; i++)
		if (old[i] != 0)
			slots[free_slot(t, (uint32_t)(old[i] >> 32))] = old[i];
	return 0;
}

static int resize_entries(struct intern *t, size_t cap)
{
	struct intern_entry *entries;
	size_t len;

	if (ckd_mul(&len, cap, sizeof(*entries)))
		return PORTBOOK_ENOMEM;
	entries = arena_alloc(t->arena, len);
	if (entries == NULL)
		return PORTBOOK_ENOMEM;
	if (t->count > 0)
		memcpy(entries, t->entries, t->count * sizeof(*entries));
	t->entries = entries;
	t->cap = cap;
	return 0;
}

int intern_reserve(struct intern *t, size_t count)
{
	size_t slot_count = 2 * FIRST_COUNT;

	while (slot_count / 2 < count)
		if (ckd_mul(&slot_count, slot_count, (size_t)2))
			return PORTBOOK_ENOMEM;
	if (count > t->cap && resize_entries(t, count) < 0)
		return PORTBOOK_ENOMEM;
	if (slot_count > t->slot_count && resize_slots(t, slot_count) < 0)
		return PORTBOOK_ENOMEM;
	return 0;
}

/* Keeps the table at most half full. */
static int make_room(struct intern *t)
{
	size_t cap;

	if (t->count >= UINT32_MAX - 1)
		return PORTBOOK_ENOMEM;
	if (t->count < t->cap && t->count < t->slot_count / 2)
		return 0;
	cap = t->count > 0 ? t->count : FIRST_COUNT / 2;
	if (ckd_mul(&cap, cap, (size_t)2))
		return PORTBOOK_ENOMEM;
	return intern_reserve(t, cap);
}

static int add(struct intern *t, struct span text, uint32_t hash, uint32_t *ret)
{
	size_t at = 0, slot_count = t->slot_count;
	struct span copy;

	if (slot_count > 0) {
		for (at = slot_of(t, hash); t->slots[at] != 0;
		     at = (at + 1) & (t->slot_count - 1)) {
			uint32_t number = (uint32_t)t->slots[at] - 1;

			if (t->slots[at] >> 32 == hash &&
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
	t->entries[t->count] = (struct intern_entry){copy};
	if (slot_count != t->slot_count)
		at = free_slot(t, hash);
	t->slots[at] = (uint64_t)hash << 32 | (t->count + 1);
	*ret = (uint32_t)t->count++;
	return 0;
}

int intern_add(struct intern *t, struct span text, uint32_t *ret)
{
	return add(t, text, hash_text(t, text), ret);
}

int intern_add_many(
    struct intern *t, const struct span *texts, size_t count, uint32_t *ret)
{
	uint32_t hashes[INTERN_MANY];

	assert(count <= INTERN_MANY);
	for (size_t i = 0; i < count; i++) {
		hashes[i] = hash_text(t, texts[i]);
		if (t->slot_count > 0)
			__builtin_prefetch(&t->slots[slot_of(t, hashes[i])]);
	}
	for (size_t i = 0; i < count; i++)
		if (add(t, texts[i], hashes[i], &ret[i]) < 0)
			return PORTBOOK_ENOMEM;
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
