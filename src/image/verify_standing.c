/* SPDX-License-Identifier: ISC */
/* What stood when, and since when it is as it is now. */
#include "image/verify_past.h"

#include "image/events.h"
#include "image/row.h"
#include "base/banned.h"

static bool is_set(const struct le32 *bits, size_t n)
{
	return (le32(bits[n / 32]) >> n % 32 & 1) != 0;
}

/* Bits for rows from first up to end, and no others. */
static bool check_bits(const struct image *i, const struct le32 *bits,
    uint32_t version, size_t first, size_t end)
{
	size_t rows = end - first;

	for (size_t n = 0; n < rows; n++)
		if (is_set(bits, n) !=
		    image_row_is_in(&i->rows[first + n], version))
			return false;
	return rows % 32 == 0 || le32(bits[rows / 32]) >> rows % 32 == 0;
}

/* Whether a version has bits of its own. */
static bool is_fresh(const struct image *i, size_t version)
{
	return version == 0 || le32(i->standing[version].bits) !=
				   le32(i->standing[version - 1].bits);
}

/* Rows that come or go in a version, rising. */
static bool check_turns(
    const struct image *i, uint32_t version, size_t first, size_t end)
{
	for (size_t at = first; at < end; at++) {
		const struct image_row *row = image_row(i, le32(i->turns[at]));

		if (row == NULL ||
		    (at > first &&
			le32(i->turns[at]) <= le32(i->turns[at - 1])) ||
		    (le32(row->first_version) != version &&
			le32(row->last_version) + 1 != version))
			return false;
	}
	return true;
}

/* Where the bits and the turns of a version must begin, and end. */
struct standing_at {
	size_t bits, turns, turns_end;
};

static bool check_version(
    const struct image *i, uint32_t version, struct standing_at *at)
{
	const struct image_standing *s = &i->standing[version];
	size_t current = image_bits_len(i->current_rows);
	size_t words = current + image_bits_len(i->row_count - i->current_rows);
	size_t before = at->turns_end;

	if (is_fresh(i, version)) {
		at->bits += version > 0 ? words : 0;
		at->turns = before;
	}
	if (le32(s->bits) != at->bits || le32(s->turns) != at->turns ||
	    at->bits > i->standing_bit_count ||
	    words > i->standing_bit_count - at->bits ||
	    le32(s->turn_count) > i->turn_count - at->turns)
		return false;
	at->turns_end = at->turns + le32(s->turn_count);
	if (!is_fresh(i, version))
		return before <= at->turns_end &&
		       check_turns(i, version, before, at->turns_end);
	return le32(s->turn_count) == 0 &&
	       check_bits(i, i->standing_bits + at->bits, version, 0,
		   i->current_rows) &&
	       check_bits(i, i->standing_bits + at->bits + current, version,
		   i->current_rows, i->row_count);
}

/* All that come or go in a version without bits of its own. */
static size_t count_turns(const struct image *i)
{
	size_t count = 0;

	for (size_t n = 0; n < i->row_count; n++) {
		size_t first = le32(i->rows[n].first_version);
		size_t end = (size_t)le32(i->rows[n].last_version) + 1;

		count += !is_fresh(i, first);
		count += end < i->version_count && !is_fresh(i, end);
	}
	return count;
}

bool verify_standing(const struct image *i)
{
	size_t words = image_bits_len(i->current_rows) +
		       image_bits_len(i->row_count - i->current_rows);
	struct standing_at at = {0, 0, 0};

	if (i->standing == NULL)
		return true;
	for (uint32_t v = 0; v < i->version_count; v++)
		if (!check_version(i, v, &at))
			return false;
	return at.bits + words == i->standing_bit_count &&
	       at.turns_end == i->turn_count && count_turns(i) == at.turns_end;
}

/* The rows of a common gram in each set of bits; of so many sets at most. */
#define SETS_MAX 4096

/* The set of bits that is the first to have a row that came in a version. */
static size_t first_set(const struct image *i, uint32_t version, size_t words)
{
	return le32(i->standing[version].bits) / words + !is_fresh(i, version);
}

static bool check_counts(
    const struct image *i, size_t common, size_t sets, size_t words)
{
	const struct le32 *has = i->postings + le32(i->common[common]);
	uint32_t came[SETS_MAX] = {0}, rows = 0;

	for (size_t n = 0; n < i->current_rows; n++) {
		uint32_t version = le32(i->rows[n].first_version);
		size_t set =
		    is_set(has, n) ? first_set(i, version, words) : sets;

		if (set < sets)
			came[set]++;
	}
	for (size_t set = 0; set < sets; set++) {
		rows += came[set];
		if (le32(i->common_counts[set * i->common_count + common]) !=
		    rows)
			return false;
	}
	return true;
}

/* Just the grams whose rows are bits, in their order. */
bool verify_common(const struct image *i)
{
	size_t words = image_bits_len(i->current_rows) +
		       image_bits_len(i->row_count - i->current_rows);
	size_t at = 0, sets;

	if (i->common == NULL)
		return true;
	sets = i->standing_bit_count / words;
	for (size_t n = 0; n < i->gram_count; n++) {
		const struct image_gram *gram = &i->grams[n];

		if (!image_posting_is_bitmap(
			le32(gram->count), i->current_rows))
			continue;
		if (at == i->common_count ||
		    le32(i->common[at]) != le32(gram->postings) ||
		    (sets <= SETS_MAX && !check_counts(i, at, sets, words)))
			return false;
		at++;
	}
	return at == i->common_count;
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The version behind the last that any of these rows stood in. */
static uint32_t gone_by(const struct image *i, struct image_numbers rows)
{
	uint32_t since = 0;

	for (size_t n = 0; n < rows.count; n++) {
		const struct image_row *row = image_row(i, le32(rows.at[n]));

		if (row != NULL)
			since = later(since, le32(row->last_version) + 1);
	}
	return since;
}

bool verify_past_since(const struct image *i)
{
	if (i->past_since == NULL)
		return true;
	for (size_t n = 0; n < i->past_port_count; n++)
		if (le32(i->past_since[n]) !=
		    gone_by(i, image_list(i, &i->past_ports[n].rows)))
			return false;
	return true;
}

static uint32_t there_by(const struct image *i, struct image_numbers rows)
{
	uint32_t since = 0;

	for (size_t n = 0; n < rows.count; n++) {
		const struct image_row *row = image_row(i, le32(rows.at[n]));

		if (row != NULL)
			since = later(since, le32(row->first_version));
	}
	return since;
}

/* Names that begin at a port are not as now before the port is. */
static bool check_names_at(const struct image *i, uint16_t port,
    struct image_numbers rows, uint32_t since)
{
	for (size_t n = 0; n < rows.count; n++) {
		const struct image_row *row = image_row(i, le32(rows.at[n]));
		const struct image_name *name;

		if (row == NULL || le16(row->first) != port)
			continue;
		name = image_by_name(
		    i, span_trim(image_text(i, row->text[FIELD_NAME])));
		if (name != NULL &&
		    le32(i->name_since[name - i->names]) < since)
			return false;
	}
	return true;
}

/*
 * Each port that begins another list than the one before: no row begins
 * elsewhere.
 */
static bool check_ports(const struct image *i)
{
	uint32_t wide = gone_by(i, image_past_wide(i));
	struct image_numbers last = {NULL, 0};

	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		struct image_numbers rows =
		    image_by_port(i, (uint16_t)port, PROTOCOL_NONE);
		uint32_t since;

		if (rows.count == 0 ||
		    (rows.count == last.count &&
			le32(rows.at[0]) == le32(last.at[0]) &&
			(rows.count == 1 || rows.at == last.at)))
			continue;
		last = rows;
		since = later(wide, image_past_since(i, (uint16_t)port));
		since = later(since, there_by(i, rows));
		if (!check_names_at(i, (uint16_t)port, rows, since))
			return false;
	}
	return true;
}

/* Lines of everyday names follow each other by name; each name is there once.
 */
static uint32_t curated_by(
    const struct image *i, const struct image_name *name, struct span text)
{
	uint32_t since = 0;

	for (size_t n = le32(name->curated); n < i->curated_count; n++) {
		const struct image_curated *line = &i->curated[n];

		if (le32(line->kind) != IMAGE_CURATED_NAME ||
		    !span_eq_fold(text, image_text(i, line->name)))
			break;
		since = later(
		    since, there_by(i, (struct image_numbers){&line->row, 1}));
	}
	return since;
}

/*
 * No name is said to be as now from a version on in which it was not.  To say
 * it of a later one would do no harm.
 */
bool verify_name_since(const struct image *i)
{
	if (i->name_since == NULL)
		return true;
	for (size_t n = 0; n < i->name_count; n++) {
		const struct image_name *name = &i->names[n];
		struct span text = image_text(i, name->name);
		uint32_t since = le32(i->name_since[n]);

		if (since >= i->version_count ||
		    since < there_by(i, image_list(i, &name->rows)) ||
		    since < curated_by(i, name, text) ||
		    since < gone_by(i, image_past_by_name(i, text)))
			return false;
	}
	return i->ports == NULL || check_ports(i);
}
