/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as assignment notes.  What is told of keys stands in the notes, in
 * their order, and a list is read in full or not at all.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "search/txtkeys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void need(bool good)
{
	if (!good)
		abort();
}

/* Whether part is a piece of whole, which begins at or behind from. */
static bool is_within(struct span part, struct span whole, const char *from)
{
	return part.ptr >= from && part.ptr >= whole.ptr &&
	       part.len <= whole.len &&
	       (size_t)(part.ptr - whole.ptr) <= whole.len - part.len;
}

static void check_key(const struct txtkeys *keys, size_t n)
{
	struct txtkey key = keys->at[n];
	const char *behind = n > 0 ? keys->at[n - 1].key.ptr : keys->text.ptr;
	bool letter = false;

	need(key.key.len > 0 && key.key.len <= 24);
	need(is_within(key.key, keys->text, behind));
	need(key.value.len == 0 ||
	     is_within(key.value, keys->text, key.key.ptr + key.key.len));
	for (size_t i = 0; i < key.key.len; i++) {
		need((uint8_t)key.key.ptr[i] >= ' ');
		letter = letter || ascii_is_letter(key.key.ptr[i]);
	}
	need(letter);
	need(span_trim(key.key).len == key.key.len);
	for (size_t i = 0; i < n; i++)
		need(!span_eq_fold(keys->at[i].key, key.key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span notes = span_of((const char *)data, len);
	struct txtkeys keys;

	txtkeys_parse(notes, &keys);
	need(keys.count <= TXTKEYS_MAX);
	need((keys.kind == TXTKEYS_LIST) == (keys.count > 0));
	need(keys.kind != TXTKEYS_ABSENT || keys.text.len == 0);
	need(keys.text.len == 0 || is_within(keys.text, notes, notes.ptr));
	for (size_t i = 0; i < keys.count; i++)
		check_key(&keys, i);
	return 0;
}
