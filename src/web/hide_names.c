/* SPDX-License-Identifier: ISC */
#include "web/hide_names.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/banned.h"

/* Names with the same first word are in one chain. */
struct hide_name {
	struct span text;
	uint32_t next; /* one more than its number, or 0 */
};

#define WORD_MAX 64U /* bytes of a first word; of a longer one these count */

bool hide_names_word(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) || c == '_' ||
	       ((uint8_t)c & 0x80) != 0;
}

/* Where the chain of the first word of a text begins. */
static size_t slot_of(const struct hide_names *names, struct span text)
{
	char word[WORD_MAX];
	size_t len = 0;

	while (len < text.len && len < sizeof(word) &&
	       !ascii_is_space(text.ptr[len])) {
		word[len] = ascii_lower(text.ptr[len]);
		len++;
	}
	return (size_t)hash_bytes(word, len, 0) & names->mask;
}

static bool has_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (ascii_is_space(text.ptr[i]))
			return true;
	return false;
}

static void add(struct hide_names *names, struct span text)
{
	uint32_t *slot = &names->slots[slot_of(names, text)];

	names->names[names->count] = (struct hide_name){text, *slot};
	*slot = (uint32_t)++names->count;
}

bool hide_names_make(const struct image *image, struct hide_names *ret)
{
	size_t slots = 1;

	while (slots < image->person_count)
		slots *= 2;
	*ret = (struct hide_names){
	    .names = mem_alloc(image->person_count + 1, sizeof(*ret->names)),
	    .slots = mem_zalloc(slots, sizeof(*ret->slots)),
	    .mask = slots - 1,
	};
	if (ret->names == NULL || ret->slots == NULL) {
		hide_names_release(ret);
		return false;
	}
	for (size_t i = 0; i < image->person_count; i++) {
		const struct le32 *text = image->people[i].text;
		struct span name =
		    span_trim(image_text(image, text[PERSON_NAME]));
		struct span org =
		    span_trim(image_text(image, text[PERSON_ORG]));

		if (has_blank(name) && !span_eq_fold(name, org))
			add(ret, name);
	}
	return true;
}

void hide_names_release(struct hide_names *names)
{
	mem_release(names->names);
	mem_release(names->slots);
	*names = (struct hide_names){0};
}

static size_t blanks(struct span text)
{
	size_t len = 0;

	while (len < text.len && ascii_is_space(text.ptr[len]))
		len++;
	return len;
}

/* Bytes of text that are the name, or 0. */
static size_t match(struct span text, struct span name)
{
	struct span rest = text;

	while (name.len > 0) {
		size_t gap = blanks(name), there = blanks(rest);

		if ((gap > 0) != (there > 0))
			return 0;
		if (gap > 0) {
			name = span_skip(name, gap);
			rest = span_skip(rest, there);
			continue;
		}
		if (rest.len == 0 ||
		    ascii_lower(rest.ptr[0]) != ascii_lower(name.ptr[0]))
			return 0;
		name = span_skip(name, 1);
		rest = span_skip(rest, 1);
	}
	if (rest.len > 0 && hide_names_word(rest.ptr[0]))
		return 0;
	return text.len - rest.len;
}

size_t hide_names_len(const struct hide_names *names, struct span text)
{
	size_t best = 0;

	if (names->count == 0)
		return 0;
	for (uint32_t n = names->slots[slot_of(names, text)]; n != 0;
	     n = names->names[n - 1].next) {
		size_t len = match(text, names->names[n - 1].text);

		best = len > best ? len : best;
	}
	return best;
}
