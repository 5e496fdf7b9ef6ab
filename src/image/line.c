/* SPDX-License-Identifier: ISC */
#include "image/line.h"

#include "base/ascii.h"
#include "base/banned.h"

#define ALL_TRANSPORTS ((1U << PROTOCOL_COUNT) - 1)

/* A name that is asked for; the windows are of one that is short. */
struct asked {
	struct span name;
	struct name_windows windows;
};

static unsigned count_bits(uint64_t w)
{
	const uint64_t each = UINT64_C(0x0101010101010101);

	w -= w >> 1 & each * 0x55;
	w = (w & each * 0x33) + (w >> 2 & each * 0x33);
	return (unsigned)(((w + (w >> 4)) & each * 0x0f) * each >> 56);
}

/* Of bits that are not all 0. */
static unsigned lowest_bit(uint64_t w)
{
	return count_bits(~w & (w - 1));
}

/* Of the transports that have bits the one asked for, or the first. */
static unsigned transports_of(unsigned bits, enum protocol protocol)
{
	return protocol < PROTOCOL_COUNT ? bits & 1U << protocol
					 : bits & ALL_TRANSPORTS;
}

/* The words of a line that lie at a place of the texts. */
static inline bool read_words(
    const struct image *image, struct le32 text, struct image_line *ret)
{
	size_t at = le32(text), room = image->line_texts_len, len;
	const uint8_t *head, *words;

	if (at > room || room - at < IMAGE_LINE_HEAD)
		return false;
	head = image->line_texts + at;
	words = head + IMAGE_LINE_HEAD;
	len = le_u16(head);
	if (len > room - at - IMAGE_LINE_HEAD || head[3] >= len ||
	    words[head[3]] != 0 || words[len - 1] != 0)
		return false;
	ret->words = (const char *)words;
	ret->len = len;
	ret->alias_count = head[2];
	ret->name_len = head[3];
	return true;
}

/* The line whose bit in a block is that of a place, which is set. */
static inline bool read_line(const struct image *image,
    const struct image_line_block *block, uint32_t place,
    struct image_line *ret)
{
	uint64_t bit = UINT64_C(1) << place % IMAGE_LINE_BLOCK;
	size_t n = (size_t)le32(block->first) +
		   count_bits(le64(block->bits) & (bit - 1));

	ret->port = (uint16_t)(place / PROTOCOL_COUNT);
	ret->protocol = (enum protocol)(place % PROTOCOL_COUNT);
	return n < image->line_count && read_words(image, image->lines[n], ret);
}

bool image_line_by_port(const struct image *image, uint16_t port,
    enum protocol protocol, struct image_line *ret)
{
	uint32_t place = (uint32_t)port * PROTOCOL_COUNT;
	const struct image_line_block *block;
	unsigned transports;

	if (!image_has_lines(image))
		return false;
	block = &image->line_blocks[place / IMAGE_LINE_BLOCK];
	transports = transports_of(
	    (unsigned)(le64(block->bits) >> place % IMAGE_LINE_BLOCK),
	    protocol);
	return transports != 0 &&
	       read_line(image, block, place + lowest_bit(transports), ret);
}

static bool is_word(const struct asked *a, const char *word, size_t len)
{
	struct name_windows w;

	if (len != a->name.len)
		return false;
	if (len > NAMEHASH_SHORT)
		return span_eq_fold(span_of(word, len), a->name);
	w = namehash_windows(word, len);
	return ((namehash_lower(w.low) ^ a->windows.low) |
		   (namehash_lower(w.high) ^ a->windows.high)) == 0;
}

/* The hash finds one line; only its words say whether it is the right one. */
static bool has_word(const struct image_line *line, const struct asked *a)
{
	const char *end = line->words + line->len;
	const char *word = line->words + line->name_len + 1;

	if (is_word(a, line->words, line->name_len))
		return true;
	while (word < end) {
		size_t len = strlen(word); /* the last byte is a NUL */

		if (is_word(a, word, len))
			return true;
		word += len + 1;
	}
	return false;
}

/* The number of the only name that can have this hash; false if none can. */
static bool find_name(const struct image *image, uint64_t hash, size_t *ret)
{
	const struct image_name *found = image_name_at(image, hash);

	if (found == NULL)
		return false;
	*ret = (size_t)(found - image->names);
	return true;
}

/* Names of services(5) are plain, hence folded by ASCII. */
static bool ask(const struct image *image, struct asked *a, size_t *ret)
{
	char storage[IMAGE_LINE_NAME_MAX];
	struct span folded = {storage, a->name.len};

	if (namehash_fold(a->name, &a->windows))
		return find_name(image,
		    namehash_short(a->windows, a->name.len, image->name_salt),
		    ret);
	if (a->name.len <= NAMEHASH_SHORT || a->name.len > sizeof(storage))
		return false;
	for (size_t i = 0; i < a->name.len; i++)
		storage[i] = ascii_lower(a->name.ptr[i]);
	return find_name(image, namehash(folded, image->name_salt), ret);
}

/* Where name n leads for a transport, or for the first; NULL if nowhere. */
static const struct image_name_line *lead_of(
    const struct image *image, size_t n, enum protocol protocol)
{
	const struct image_name_line *lead = &image->name_lines[n];
	size_t count = lead->count;

	if (count > 1) {
		n = le32(lead->at);
		if (n > image->name_line_count ||
		    count > image->name_line_count - n)
			return NULL;
		lead = &image->name_lines[n];
	}
	for (; count > 0; count--, lead++)
		if (transports_of(lead->transports, protocol) != 0)
			return lead;
	return NULL;
}

bool image_line_by_name(const struct image *image, struct span name,
    enum protocol protocol, struct image_line *ret)
{
	const struct image_name_line *lead;
	struct asked a = {.name = name};
	size_t n;

	if (!image_has_lines(image) || !ask(image, &a, &n))
		return false;
	lead = lead_of(image, n, protocol);
	if (lead == NULL || !read_words(image, lead->at, ret) ||
	    !has_word(ret, &a))
		return false;
	ret->port = le16(lead->port);
	ret->protocol = (enum protocol)lowest_bit(
	    transports_of(lead->transports, protocol));
	return true;
}

bool image_line_from(
    const struct image *image, uint32_t place, struct image_line *ret)
{
	if (!image_has_lines(image))
		return false;
	while (place < IMAGE_LINE_PLACES) {
		const struct image_line_block *block =
		    &image->line_blocks[place / IMAGE_LINE_BLOCK];
		uint64_t bits = le64(block->bits) >> place % IMAGE_LINE_BLOCK;

		if (bits == 0) {
			place += IMAGE_LINE_BLOCK - place % IMAGE_LINE_BLOCK;
			continue;
		}
		place += lowest_bit(bits);
		if (read_line(image, block, place, ret))
			return true;
		place++;
	}
	return false;
}
