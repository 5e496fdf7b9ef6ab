/* SPDX-License-Identifier: ISC */
/* What ports are called, and which line a name leads to. */
#include "base/ascii.h"
#include "image/namehash.h"
#include "imagebuild/lines.h"
#include "base/banned.h"

int line_names_begin(struct build *b, struct line_names *n)
{
	size_t count;

	n->count = b->sections[IMAGE_NAMES].count;
	count = n->count * PROTOCOL_COUNT;
	n->uses = mem_alloc(n->count, PROTOCOL_COUNT * sizeof(*n->uses));
	if (n->uses == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < count; i++)
		n->uses[i] =
		    (struct line_name){.text = IMAGE_NONE, .first = UINT16_MAX};
	return 0;
}

/* Whether a name of the image is this one, folded. */
static bool is_name(
    const struct build *b, const struct image_name *name, struct span folded)
{
	uint8_t key[NAMEHASH_KEY_LEN];
	const char *text = b->texts.ptr + (size_t)le32(name->name) * 4;

	namehash_key(folded, key);
	return memcmp(name->key, key, sizeof(key)) == 0 &&
	       (folded.len <= NAMEHASH_SHORT ||
		   span_eq(folded, span_of(text + 4, le_u32(text))));
}

/* What is known of a plain name; NULL if the image has no such name. */
static struct line_name *use_of(const struct build *b,
    const struct line_names *n, struct span name, enum protocol protocol)
{
	const struct image_seed *seeds = build_section_at(b, IMAGE_NAME_SEEDS);
	const struct image_name *names = build_section_at(b, IMAGE_NAMES);
	char storage[IMAGE_LINE_NAME_MAX];
	struct span folded = {storage, name.len};
	uint64_t hash, place;
	size_t slot;

	if (n->count == 0 || name.len > sizeof(storage))
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		storage[i] = ascii_lower(name.ptr[i]);
	hash = namehash(folded, le32(b->meta.name_salt));
	place = namehash_place(hash, le32(b->meta.name_seed_shift));
	slot = namehash_slot(
	    hash, le32(seeds[place / 32].seed), (uint32_t)n->count);
	return is_name(b, &names[slot], folded)
		   ? &n->uses[slot * PROTOCOL_COUNT + protocol]
		   : NULL;
}

void line_names_call(const struct build *b, struct line_names *n,
    struct span name, uint32_t port, enum protocol protocol)
{
	struct line_name *use = use_of(b, n, name, protocol);

	if (use == NULL)
		return;
	if (port < use->first)
		use->first = (uint16_t)port;
	if (port > use->last)
		use->last = (uint16_t)port;
}

bool line_names_elsewhere(const struct build *b, const struct line_names *n,
    struct span name, uint32_t port, enum protocol protocol)
{
	const struct line_name *use = use_of(b, n, name, protocol);

	return use != NULL && use->first <= use->last &&
	       (use->first != port || use->last != port);
}

void line_names_lead(const struct build *b, struct line_names *n,
    struct span name, uint32_t port, enum protocol protocol, uint32_t text)
{
	struct line_name *use = use_of(b, n, name, protocol);

	if (use == NULL || use->text != IMAGE_NONE)
		return;
	use->text = text;
	use->port = (uint16_t)port;
}

/* Adds a transport to the item of its port and text, or makes one. */
static size_t add_lead(struct image_name_line *leads, size_t count,
    const struct line_name *use, size_t protocol)
{
	uint8_t bit = (uint8_t)(1U << protocol);
	size_t at = count;

	for (size_t i = 0; i < count; i++)
		if (le32(leads[i].at) == use->text &&
		    le16(leads[i].port) == use->port) {
			leads[i].transports |= bit;
			return count;
		}
	for (; at > 0 && le16(leads[at - 1].port) > use->port; at--)
		leads[at] = leads[at - 1];
	leads[at] = (struct image_name_line){.at = le32_of(use->text),
	    .port = le16_of(use->port),
	    .transports = bit,
	    .count = 1};
	return count + 1;
}

/* Where a name leads, in the order of image_name_line. */
static size_t leads_of(
    const struct line_name *uses, struct image_name_line *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		if (uses[i].text != IMAGE_NONE)
			count = add_lead(ret, count, &uses[i], i);
	return count;
}

int line_names_end(struct build *b, const struct line_names *n)
{
	struct image_name_line leads[PROTOCOL_COUNT], *items;
	size_t more = n->count;

	for (size_t i = 0; i < n->count; i++) {
		size_t count = leads_of(&n->uses[i * PROTOCOL_COUNT], leads);

		more += count > 1 ? count : 0;
	}
	if (more > UINT32_MAX)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "the registry has more names than fit into an image");
	items = build_section_zeroed(b, IMAGE_NAME_LINES, more);
	if (items == NULL)
		return build_nomem(b);
	more = n->count;
	for (size_t i = 0; i < n->count; i++) {
		size_t count = leads_of(&n->uses[i * PROTOCOL_COUNT], leads);

		if (count == 1)
			items[i] = leads[0];
		if (count < 2)
			continue;
		items[i].at = le32_of((uint32_t)more);
		items[i].count = (uint8_t)count;
		memcpy(items + more, leads, count * sizeof(*leads));
		more += count;
	}
	return 0;
}
