/* SPDX-License-Identifier: ISC */
/*
 * Two neighbouring versions are nearly the same.  What they have in common at
 * both ends is paired as it stands; in between each item of the later one
 * takes the first free equal item of the earlier one, and of these pairs a
 * longest rising sequence is kept.
 */
#include "core/timeline_match.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "portbook/error.h"
#include "base/banned.h"

#define NONE TIMELINE_NEW

struct match {
	const uint32_t *const *before;
	const uint32_t *const *after;
	size_t before_count;
	size_t after_count;
	size_t words;
	uint32_t *pair;

	uint32_t *slots; /* owned: the first free item of each kind, + 1 */
	size_t slot_count;
	uint32_t *next; /* owned: of before, the next equal item */
	uint32_t *tail; /* owned: end of the rising sequence of each length */
	uint32_t *link; /* owned: of after, the one before in its sequence */
};

static bool equal(const struct match *m, const uint32_t *a, const uint32_t *b)
{
	return memcmp(a, b, m->words * sizeof(*a)) == 0;
}

/*
 * The slot of items like this one.  A slot keeps its item when all of its
 * kind are taken: next then tells that.
 */
static uint32_t *slot_of(const struct match *m, const uint32_t *item)
{
	uint64_t hash = hash_bytes(item, m->words * sizeof(*item), 0);
	size_t mask = m->slot_count - 1, at = (size_t)hash & mask;

	while (
	    m->slots[at] != 0 && !equal(m, m->before[m->slots[at] - 1], item))
		at = (at + 1) & mask;
	return &m->slots[at];
}

/* From the back, so that the first of a kind heads its list. */
static void enter_before(struct match *m, size_t from)
{
	for (size_t i = m->before_count; i > from; i--) {
		uint32_t *slot = slot_of(m, m->before[i - 1]);

		m->next[i - 1] = *slot;
		*slot = (uint32_t)i;
	}
}

static void take_equals(struct match *m, size_t from)
{
	for (size_t i = from; i < m->after_count; i++) {
		uint32_t *slot = slot_of(m, m->after[i]);
		uint32_t item = *slot;

		m->pair[i] = NONE;
		if (item == 0 || m->next[item - 1] == NONE)
			continue;
		m->pair[i] = item - 1;
		if (m->next[item - 1] != 0)
			*slot = m->next[item - 1];
		else
			m->next[item - 1] = NONE; /* the last of its kind */
	}
}

/* Keeps a longest rising sequence of pairs. */
static void keep_rising(struct match *m, size_t from)
{
	size_t count = 0;
	uint32_t keep;

	for (size_t i = from; i < m->after_count; i++) {
		size_t low = 0, high = count;

		if (m->pair[i] == NONE)
			continue;
		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (m->pair[m->tail[mid]] < m->pair[i])
				low = mid + 1;
			else
				high = mid;
		}
		m->link[i] = low > 0 ? m->tail[low - 1] : NONE;
		m->tail[low] = (uint32_t)i;
		if (low == count)
			count++;
	}
	keep = count > 0 ? m->tail[count - 1] : NONE;
	for (size_t i = m->after_count; i > from; i--) {
		if (keep == i - 1)
			keep = m->link[keep];
		else
			m->pair[i - 1] = NONE;
	}
}

static int match_rest(struct match *m, size_t from)
{
	int ret = PORTBOOK_ENOMEM;

	m->slot_count = 16;
	while (m->slot_count / 2 < m->before_count)
		m->slot_count *= 2;
	m->slots = mem_zalloc(m->slot_count, sizeof(*m->slots));
	m->next = mem_alloc(m->before_count, sizeof(*m->next));
	m->tail = mem_alloc(m->after_count, sizeof(*m->tail));
	m->link = mem_alloc(m->after_count, sizeof(*m->link));
	if (m->slots == NULL || m->next == NULL || m->tail == NULL ||
	    m->link == NULL)
		goto out;
	enter_before(m, from);
	take_equals(m, from);
	keep_rising(m, from);
	ret = 0;
out:
	mem_release(m->slots);
	mem_release(m->next);
	mem_release(m->tail);
	mem_release(m->link);
	return ret;
}

int timeline_match(const uint32_t *const *before, size_t before_count,
    const uint32_t *const *after, size_t after_count, size_t words,
    uint32_t *pair)
{
	struct match m = {
	    .before = before,
	    .after = after,
	    .before_count = before_count,
	    .after_count = after_count,
	    .words = words,
	    .pair = pair,
	};
	size_t from = 0;

	while (from < before_count && from < after_count &&
	       equal(&m, before[from], after[from])) {
		pair[from] = (uint32_t)from;
		from++;
	}
	while (
	    m.before_count > from && m.after_count > from &&
	    equal(&m, before[m.before_count - 1], after[m.after_count - 1])) {
		m.before_count--;
		m.after_count--;
		pair[m.after_count] = (uint32_t)m.before_count;
	}
	if (from == m.before_count) {
		for (size_t i = from; i < m.after_count; i++)
			pair[i] = NONE;
		return 0;
	}
	if (from == m.after_count)
		return 0;
	return match_rest(&m, from);
}
