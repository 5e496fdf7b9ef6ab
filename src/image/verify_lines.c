/* SPDX-License-Identifier: ISC */
/*
 * Whether lines, the texts that they share with the line before, and the ways
 * to them from ports and names agree.  That texts are no longer than they may
 * be comes first, as then no search in one takes long.
 */
#include "image/verify_past.h"

#include "image/line.h"
#include "base/banned.h"

/* One line's words; *end is where the next text may begin. */
static bool check_text(const struct image *i, size_t at, size_t *end)
{
	size_t room = i->line_texts_len, words = 0, len;
	const uint8_t *head;

	if (at > room || room - at < IMAGE_LINE_HEAD)
		return false;
	head = i->line_texts + at;
	len = le_u16(head);
	if (len > room - at - IMAGE_LINE_HEAD || len == 0 ||
	    head[2] > IMAGE_LINE_ALIASES_MAX)
		return false;
	for (size_t n = 0, start = 0; n < len; n++) {
		if (head[IMAGE_LINE_HEAD + n] != 0)
			continue;
		if (n == start || n - start > IMAGE_LINE_NAME_MAX ||
		    (words == 0 && n != head[3]))
			return false;
		start = n + 1;
		words++;
	}
	*end = at + IMAGE_LINE_HEAD + len;
	return words == head[2] + 1U && head[IMAGE_LINE_HEAD + len - 1] == 0;
}

/* Texts lie in the order of lines, each once but for neighbours. */
static bool check_texts(const struct image *i)
{
	size_t at = 0, end = 0;

	for (size_t n = 0; n < i->line_count; n++) {
		size_t text = le32(i->lines[n]);

		if (n > 0 && text == at)
			continue;
		if (text != end || !check_text(i, text, &end))
			return false;
		at = text;
	}
	return end == i->line_texts_len;
}

static unsigned count_bits(uint64_t w)
{
	unsigned count = 0;

	for (; w != 0; w &= w - 1)
		count++;
	return count;
}

static bool check_blocks(const struct image *i)
{
	size_t first = 0;

	for (size_t n = 0; n < IMAGE_LINE_BLOCK_COUNT; n++) {
		const struct image_line_block *block = &i->line_blocks[n];

		if (le32(block->first) != first || le32(block->zero) != 0)
			return false;
		first += count_bits(le64(block->bits));
	}
	return first == i->line_count;
}

/* Each word of a line leads there, or to one before it. */
static bool check_words(const struct image *i, const struct image_line *line)
{
	struct image_line found;

	for (size_t at = 0; at < line->len;) {
		struct span word = span_str(line->words + at);

		if (!image_line_by_name(i, word, line->protocol, &found) ||
		    found.port > line->port)
			return false;
		at += word.len + 1;
	}
	return true;
}

static bool check_lines(const struct image *i)
{
	struct image_line line;

	for (uint32_t place = 0; image_line_from(i, place, &line);
	     place = image_line_place(&line) + 1)
		if (!check_words(i, &line))
			return false;
	return true;
}

/* Where a name leads there is a line, and it has the name. */
static bool check_lead(const struct image *i, const struct image_name *name,
    const struct image_name_line *lead)
{
	struct span text = image_text(i, name->name);
	struct image_line there, found;

	if (lead->count != 1 || lead->transports == 0 ||
	    lead->transports >> PROTOCOL_COUNT != 0)
		return false;
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		enum protocol protocol = (enum protocol)p;

		if ((lead->transports >> p & 1) == 0)
			continue;
		if (!image_line_by_port(
			i, le16(lead->port), protocol, &there) ||
		    !image_line_by_name(i, text, protocol, &found) ||
		    found.port != there.port || found.words != there.words)
			return false;
	}
	return true;
}

/* Of two that follow each other: by port, then by the first transport. */
static bool is_before(
    const struct image_name_line *a, const struct image_name_line *b)
{
	unsigned first_a = a->transports & -(unsigned)a->transports;
	unsigned first_b = b->transports & -(unsigned)b->transports;

	return (a->transports & b->transports) == 0 &&
	       (le16(a->port) < le16(b->port) ||
		   (le16(a->port) == le16(b->port) && first_a < first_b));
}

/* Where name n leads; *more is where items behind the names go on. */
static bool check_name(const struct image *i, size_t n, size_t *more)
{
	const struct image_name_line *lead = &i->name_lines[n], *leads;
	size_t count = lead->count;

	if (count == 1)
		return check_lead(i, &i->names[n], lead);
	if (le16(lead->port) != 0 || lead->transports != 0 ||
	    count > PROTOCOL_COUNT)
		return false;
	if (count == 0)
		return le32(lead->at) == 0;
	if (le32(lead->at) != *more || count > i->name_line_count - *more)
		return false;
	leads = i->name_lines + *more;
	for (size_t k = 0; k < count; k++)
		if (!check_lead(i, &i->names[n], &leads[k]) ||
		    (k > 0 && !is_before(&leads[k - 1], &leads[k])))
			return false;
	*more += count;
	return true;
}

static bool check_names(const struct image *i)
{
	size_t more = i->name_count;

	for (size_t n = 0; n < i->name_count; n++)
		if (!check_name(i, n, &more))
			return false;
	return more == i->name_line_count;
}

bool verify_lines(const struct image *i)
{
	return !image_has_lines(i) || (check_texts(i) && check_blocks(i) &&
					  check_lines(i) && check_names(i));
}
