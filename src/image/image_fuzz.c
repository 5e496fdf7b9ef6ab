/* SPDX-License-Identifier: ISC */
/*
 * The first byte says what the rest is: 0 an image, 1 pokes into a good one,
 * 2 pokes into a good one without port tables, which is fifty times smaller.
 * A poke is an offset and a value, four bytes each.
 *
 * An image that opens must answer everything without reading outside; one
 * that also verifies must hold together.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "image/walk.h"
#include "imagebuild/imagebuild.h"
#include "imagebuild/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define POKES_MAX 64

struct good {
	uint8_t *bytes;
	size_t len;
};

static void build(struct good *ret)
{
	const struct imagebuild_options options = {.source = SPAN("fuzz")};
	struct timeline t;

	if (timeline_init(&t, NULL) < 0)
		abort();
	for (unsigned i = 0; i < 3; i++) {
		struct registry r;

		if (sample_edition(&r, i) < 0 ||
		    timeline_append(&t, &r, NULL) < 0)
			abort();
		registry_release(&r);
	}
	if (imagebuild(&t, &options, &ret->bytes, &ret->len, NULL) < 0)
		abort();
	timeline_release(&t);
}

/* Takes the port tables out and moves up what stood behind them. */
static void drop_ports(const struct good *from, struct good *ret)
{
	struct image_header *header;
	struct image_section *table;
	uint32_t count, at = 0;
	uint64_t off, gone = 0;

	ret->bytes = mem_alloc(from->len, 1);
	if (ret->bytes == NULL)
		abort();
	memcpy(ret->bytes, from->bytes, from->len);
	header = (void *)ret->bytes;
	table = (void *)(header + 1);
	count = le32(header->section_count);
	for (uint32_t i = 0; i < count; i++) {
		struct image_section s = table[i];

		off = le64(s.off);
		if (le32(s.id) == IMAGE_PORTS) {
			gone = le64(table[i + 1].off) - off;
			memmove(ret->bytes + off, ret->bytes + off + gone,
			    from->len - (size_t)(off + gone));
			continue;
		}
		s.off = le64_of(off - gone);
		table[at++] = s;
	}
	header->section_count = le32_of(at);
	ret->len = from->len - (size_t)gone;
	header->len = le64_of(ret->len);
	header->checksum = le64_of(hash_bytes(table, at * sizeof(*table), 0));
}

static void ask(const uint8_t *bytes, size_t len)
{
	struct image image;

	if (image_open_memory(
		(struct span){(const char *)bytes, len}, &image, NULL) < 0)
		return;
	image_walk(&image);
	image_verify(&image, NULL);
	image_close(&image);
}

/* Pokes, asks, and puts back what was there. */
static void poke(struct good *good, const uint8_t *data, size_t len)
{
	uint32_t before[POKES_MAX], at[POKES_MAX];
	size_t count = 0;

	for (; len >= 8 && count < POKES_MAX; data += 8, len -= 8) {
		uint8_t *to;

		at[count] = le_u32(data) % (uint32_t)(good->len - 3);
		to = good->bytes + at[count];
		memcpy(&before[count++], to, 4);
		memcpy(to, data + 4, 4);
	}
	ask(good->bytes, good->len);
	while (count-- > 0)
		memcpy(good->bytes + at[count], &before[count], 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct good whole, small; /* built once, freed by nobody */
	uint8_t *copy;

	if (whole.bytes == NULL) {
		build(&whole);
		drop_ports(&whole, &small);
	}
	if (len == 0)
		return 0;
	if (data[0] == 1) {
		poke(&whole, data + 1, len - 1);
	} else if (data[0] == 2) {
		poke(&small, data + 1, len - 1);
	} else if (data[0] == 0) {
		copy = mem_alloc(len - 1, 1); /* aligned, and no byte longer */
		if (copy == NULL)
			return 0;
		memcpy(copy, data + 1, len - 1);
		ask(copy, len - 1);
		mem_release(copy);
	}
	return 0;
}
