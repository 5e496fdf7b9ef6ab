/* SPDX-License-Identifier: ISC */
/* The image as it grows: room for header and table, then the sections. */
#include "imagebuild/build.h"

#include "base/ckd.h"
#include "base/hash.h"
#include "base/banned.h"

/* What the header and the table take; a single version has no past. */
static size_t head_len(const struct build *b)
{
	size_t past = IMAGE_COMMON_COUNTS - IMAGE_GAPS;
	size_t count = SECTION_COUNT - 1 - (b->t->version_count > 1 ? 0 : past);

	return sizeof(struct image_header) +
	       count * sizeof(struct image_section);
}

/* More than most images take; what is not used costs nothing. */
static size_t guess(const struct build *b)
{
	size_t rows = b->t->row_count * (sizeof(struct image_row) + 300);
	size_t ports = IMAGE_PORT_TABLES * PORT_COUNT * sizeof(struct le32);

	return (size_t)1024 * 1024 + ports + rows + 2 * b->t->arena.used;
}

int sections_begin(struct build *b)
{
	b->image_cap = guess(b);
	b->image = mem_alloc(b->image_cap, 1);
	if (b->image == NULL)
		return build_nomem(b);
	b->image_len = head_len(b);
	memset(b->image, 0, b->image_len);
	return 0;
}

static int make_room(struct build *b, size_t len)
{
	size_t want, cap = b->image_cap;
	uint8_t *grown;

	if (ckd_add(&want, b->image_len, len) ||
	    ckd_add(&want, want, (size_t)IMAGE_ALIGN))
		return PORTBOOK_ENOMEM;
	if (want <= cap)
		return 0;
	cap = cap + cap / 2 > want ? cap + cap / 2 : want;
	grown = mem_resize(b->image, cap, 1);
	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	b->image = grown;
	b->image_cap = cap;
	if (b->rows != NULL)
		b->rows = build_section_at(b, IMAGE_ROWS);
	if (b->people != NULL)
		b->people = build_section_at(b, IMAGE_PEOPLE);
	if (b->name_order != NULL)
		b->name_order = build_section_at(b, IMAGE_ORDERS);
	return 0;
}

void *build_section(struct build *b, enum image_section_id id, size_t count)
{
	size_t pad = -b->image_len % IMAGE_ALIGN, len;

	if (ckd_mul(&len, count, (size_t)section_kinds[id].item_len) ||
	    make_room(b, len) < 0)
		return NULL;
	memset(b->image + b->image_len, 0, pad);
	b->sections[id].off = b->image_len + pad;
	b->sections[id].count = count;
	b->image_len += pad + len;
	return build_section_at(b, id);
}

void *build_section_zeroed(
    struct build *b, enum image_section_id id, size_t count)
{
	void *section = build_section(b, id, count);

	if (section != NULL)
		memset(section, 0, count * section_kinds[id].item_len);
	return section;
}

/* Sections that have been kept elsewhere until now. */
static int put_last(struct build *b)
{
	struct image_meta *meta = build_section(b, IMAGE_META, 1);
	uint8_t *texts, *lists;

	if (meta == NULL)
		return build_nomem(b);
	*meta = b->meta;
	texts = build_section(b, IMAGE_TEXTS, b->texts.len);
	if (texts == NULL)
		return build_nomem(b);
	memcpy(texts, b->texts.ptr, b->texts.len);
	lists =
	    build_section(b, IMAGE_LISTS, b->lists.len / sizeof(struct le32));
	if (lists == NULL)
		return build_nomem(b);
	if (b->lists.len > 0)
		memcpy(lists, b->lists.ptr, b->lists.len);
	return 0;
}

static void put_table(struct build *b)
{
	struct image_header *header = (void *)b->image;
	struct image_section *table = (void *)(header + 1);
	uint32_t count = 0;

	for (uint32_t id = 1; id < SECTION_COUNT; id++) {
		const struct section_out *s = &b->sections[id];
		size_t len = s->count * section_kinds[id].item_len;

		if (s->off == 0)
			continue;
		table[count++] = (struct image_section){
		    .id = le32_of(id),
		    .item_len = le32_of(section_kinds[id].item_len),
		    .off = le64_of(s->off),
		    .count = le64_of(s->count),
		    .checksum = le64_of(hash_bytes(b->image + s->off, len, id)),
		};
	}
	memcpy(header->magic, IMAGE_MAGIC, IMAGE_MAGIC_LEN);
	header->minor = le32_of(IMAGE_MINOR);
	header->section_count = le32_of(count);
	header->len = le64_of(b->image_len);
	header->checksum =
	    le64_of(hash_bytes(table, count * sizeof(*table), 0));
}

int sections_end(struct build *b, uint8_t **ret, size_t *ret_len)
{
	uint8_t *shrunk;
	int code = put_last(b);

	if (code < 0)
		return code;
	put_table(b);
	shrunk = mem_resize(b->image, b->image_len, 1);
	if (shrunk == NULL)
		return build_nomem(b);
	b->image = NULL;
	*ret = shrunk;
	*ret_len = b->image_len;
	return 0;
}
