/* SPDX-License-Identifier: ISC */
/* Puts the sections behind each other, in the order of their ids. */
#include "imagebuild/build.h"

#include "base/hash.h"
#include "base/banned.h"

static uint64_t aligned(uint64_t off)
{
	return (off + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
}

/* Sections that have been kept in another form until now. */
static int last_sections(struct build *b)
{
	struct image_meta *meta = build_section(b, IMAGE_META, 1);

	if (meta == NULL)
		return build_nomem(b);
	*meta = b->meta;
	build_section_of(b, IMAGE_TEXTS, &b->texts);
	build_section_of(b, IMAGE_LISTS, &b->lists);
	return 0;
}

static uint64_t section_len(const struct build *b, size_t id)
{
	return (uint64_t)b->sections[id].count * section_kinds[id].item_len;
}

/* Copies a section, which is gone then, to its place. */
static void put_section(struct build *b, uint32_t id, uint8_t *to, uint64_t off,
    struct image_section *entry)
{
	size_t len = (size_t)section_len(b, id);

	if (len > 0)
		memcpy(to, b->sections[id].ptr, len);
	entry->id = le32_of(id);
	entry->item_len = le32_of(section_kinds[id].item_len);
	entry->off = le64_of(off);
	entry->count = le64_of(b->sections[id].count);
	entry->checksum = le64_of(hash_bytes(to, len, id));
	mem_release(b->sections[id].ptr);
	b->sections[id].ptr = NULL;
}

int write_image(struct build *b, uint8_t **ret, size_t *ret_len)
{
	uint64_t off[SECTION_COUNT], len;
	struct image_header header = {.minor = le32_of(IMAGE_MINOR)};
	struct image_section table[SECTION_COUNT] = {0};
	size_t count = 0, n = 0;
	uint8_t *image;
	int code = last_sections(b);

	if (code < 0)
		return code;
	for (size_t id = 1; id < SECTION_COUNT; id++)
		count += b->sections[id].there;
	len = sizeof(header) + count * sizeof(table[0]);
	for (size_t id = 1; id < SECTION_COUNT; id++) {
		if (!b->sections[id].there)
			continue;
		off[id] = aligned(len);
		len = off[id] + section_len(b, id);
	}
	if (len > SIZE_MAX / 2)
		return build_nomem(b);
	image = mem_zalloc((size_t)len, 1);
	if (image == NULL)
		return build_nomem(b);
	for (uint32_t id = 1; id < SECTION_COUNT; id++)
		if (b->sections[id].there)
			put_section(
			    b, id, image + off[id], off[id], &table[n++]);
	memcpy(header.magic, IMAGE_MAGIC, IMAGE_MAGIC_LEN);
	header.section_count = le32_of((uint32_t)count);
	header.len = le64_of(len);
	header.checksum =
	    le64_of(hash_bytes(table, count * sizeof(table[0]), 0));
	memcpy(image, &header, sizeof(header));
	memcpy(image + sizeof(header), table, count * sizeof(table[0]));
	*ret = image;
	*ret_len = (size_t)len;
	return 0;
}
