/* SPDX-License-Identifier: ISC */
#include "search/name.h"

#include <assert.h>

#include "base/ascii.h"
#include "image/row.h"
#include "base/banned.h"

/* The rules of names are findings in the same order. */
static_assert(
    FINDING_NAME_LEN + NAME_RULE_VERSION == FINDING_NAME_VERSION &&
	FINDING_NAME_LEN + NAME_RULE_CHAR == FINDING_NAME_CHAR &&
	FINDING_NAME_LEN + NAME_RULE_LETTER == FINDING_NAME_LETTER &&
	FINDING_NAME_LEN + NAME_RULE_EDGE == FINDING_NAME_EDGE &&
	FINDING_NAME_LEN + NAME_RULE_DBLHYPHEN == FINDING_NAME_DBLHYPHEN &&
	FINDING_NAME_LEN + NAME_RULE_REDUNDANT == FINDING_NAME_REDUNDANT,
    "diag/rules.h and terms/name.h name the rules in one order");

#define DRAFT_MAX 64 /* bytes of a name that proposals are made of */
#define NUMBER_LAST 9
#define WORDS_LEAST 8 /* bytes of a cut name that still tell something */

struct ask {
	const struct image *image;
	uint32_t version;
	struct span name;
};

static bool row_has(const struct ask *a, uint32_t row, struct span name)
{
	const struct image_row *r = &a->image->rows[row];

	return span_eq_fold(
	    span_trim(image_text(a->image, r->text[FIELD_NAME])), name);
}

/* The first row of the version that has the name; IMAGE_NONE if none. */
static uint32_t taken_by(const struct ask *a, struct span name)
{
	const struct image *image = a->image;
	const struct image_name *found;
	struct image_numbers rows;

	if (a->version != image->version_count - 1) {
		for (uint32_t n = 0; n < image->row_count; n++)
			if (image_row_is_in(&image->rows[n], a->version) &&
			    row_has(a, n, name))
				return n;
		return IMAGE_NONE;
	}
	found = image_by_name(image, name);
	if (found == NULL)
		return IMAGE_NONE;
	rows = image_list(image, &found->rows);
	for (size_t i = 0; i < rows.count; i++)
		if (le32(rows.at[i]) < image->current_rows)
			return le32(rows.at[i]);
	return IMAGE_NONE;
}

/* The last row that had the name before the version. */
static uint32_t had_by(const struct ask *a, struct span name)
{
	const struct image *image = a->image;
	uint32_t best = IMAGE_NONE, last = 0;

	for (uint32_t n = 0; n < image->row_count; n++) {
		uint32_t version = le32(image->rows[n].last_version);

		if (version < a->version &&
		    (best == IMAGE_NONE || version > last) &&
		    row_has(a, n, name)) {
			best = n;
			last = version;
		}
	}
	return best;
}

/* The row that the name leads to in everyday use. */
static uint32_t known_as(const struct ask *a, struct span name)
{
	const struct image *image = a->image;

	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		uint32_t row = le32(line->row);

		if (le32(line->kind) == IMAGE_CURATED_NAME &&
		    row < image->row_count &&
		    span_eq_fold(image_text(image, line->name), name))
			return row;
	}
	return IMAGE_NONE;
}

static void add(struct name_report *r, enum finding_code code, uint32_t row)
{
	r->findings[r->finding_count++] = (struct name_finding){code, row};
}

static void judge(const struct ask *a, struct name_report *r)
{
	unsigned faults = name_faults(a->name);
	uint32_t row;

	r->valid = (faults & NAME_MUST) == 0;
	for (unsigned i = 0; i < NAME_RULE_COUNT; i++)
		if ((faults & NAME_BIT(i)) != 0)
			add(r, (enum finding_code)(FINDING_NAME_LEN + i),
			    IMAGE_NONE);
	row = a->name.len > 0 ? taken_by(a, a->name) : IMAGE_NONE;
	r->taken = row != IMAGE_NONE;
	if (r->taken)
		add(r, FINDING_NAME_UNIQ, row);
	if (r->taken || a->name.len == 0)
		return;
	row = known_as(a, a->name);
	if (row != IMAGE_NONE)
		add(r, FINDING_NAME_EVERYDAY, row);
	row = had_by(a, a->name);
	if (row != IMAGE_NONE)
		add(r, FINDING_NAME_REUSE, row);
}

/* A name being made. */
struct draft {
	char text[DRAFT_MAX + 1];
	size_t len;
};

static struct span draft_span(const struct draft *d)
{
	return span_of(d->text, d->len);
}

static bool is_word(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

/*
 * name with a hyphen for whatever is not allowed, none side by side and none
 * at the ends, and a letter before digits alone.  Nothing may be left.
 */
static void draft_of(struct span name, struct draft *ret)
{
	bool letter = false;

	*ret = (struct draft){.len = 0};
	for (size_t i = 0; i < name.len && ret->len < DRAFT_MAX - 1; i++) {
		char c = name.ptr[i];

		letter = letter || ascii_is_letter(c);
		if (is_word(c))
			ret->text[ret->len++] = c;
		else if (ret->len > 0 && ret->text[ret->len - 1] != '-')
			ret->text[ret->len++] = '-';
	}
	while (ret->len > 0 && ret->text[ret->len - 1] == '-')
		ret->len--;
	if (ret->len > 0 && !letter) {
		memmove(ret->text + 1, ret->text, ret->len++);
		ret->text[0] = 'x';
	}
}

/* d without the words that name_faults calls redundant, and version tails. */
static void draft_shorten(const struct draft *d, struct draft *ret)
{
	struct span rest = draft_span(d);

	*ret = (struct draft){.len = 0};
	while (rest.len > 0) {
		struct span word = span_cut(&rest, '-');
		unsigned faults = name_faults(word);

		if ((faults & NAME_BIT(NAME_RULE_REDUNDANT)) != 0)
			continue;
		if (rest.len == 0 && ret->len > 0 && word.len > 1 &&
		    ascii_lower(word.ptr[0]) == 'v' &&
		    ascii_all_digits(span_skip(word, 1)))
			continue;
		if (ret->len > 0)
			ret->text[ret->len++] = '-';
		memcpy(ret->text + ret->len, word.ptr, word.len);
		ret->len += word.len;
	}
}

static void draft_cut(struct draft *d, size_t len)
{
	if (d->len > len)
		d->len = len;
	while (d->len > 0 && d->text[d->len - 1] == '-')
		d->len--;
}

/* Proposes d if it may be registered, is new and not yet proposed. */
static void propose(
    const struct ask *a, const struct draft *d, struct name_report *r)
{
	struct span name = draft_span(d);
	struct name_proposal *next = &r->nearest[r->nearest_count];

	if (r->nearest_count == SEARCH_NAME_NEAREST || !name_is_valid(name) ||
	    span_eq_fold(name, a->name) || taken_by(a, name) != IMAGE_NONE ||
	    known_as(a, name) != IMAGE_NONE || had_by(a, name) != IMAGE_NONE)
		return;
	for (size_t i = 0; i < r->nearest_count; i++)
		if (span_eq_fold(
			span_of(r->nearest[i].text, r->nearest[i].len), name))
			return;
	memcpy(next->text, name.ptr, name.len);
	next->text[name.len] = '\0';
	next->len = name.len;
	r->nearest_count++;
}

/* d with "-2" or "2" behind it, cut so that there is room. */
static void propose_number(const struct ask *a, const struct draft *d,
    unsigned number, bool hyphen, struct name_report *r)
{
	struct draft n = *d;

	draft_cut(&n, NAME_LEN_MAX - 1 - hyphen);
	if (n.len == 0 || (!hyphen && ascii_is_digit(n.text[n.len - 1])))
		return;
	if (hyphen)
		n.text[n.len++] = '-';
	n.text[n.len++] = (char)('0' + number);
	/* "srv" and 2 would read as a version. */
	if ((name_faults(draft_span(&n)) & NAME_BIT(NAME_RULE_VERSION)) == 0)
		propose(a, &n, r);
}

/*
 * The nearest first: the name mended; the same without words that say nothing;
 * cut between words, then anywhere; then with a number behind.
 */
static void find_nearest(const struct ask *a, struct name_report *r)
{
	struct draft whole, brief, words, cut;

	draft_of(a->name, &whole);
	draft_shorten(&whole, &brief);
	propose(a, &whole, r);
	propose(a, &brief, r);
	cut = words = brief.len > 0 ? brief : whole;
	for (size_t i = 0; i < words.len && i <= NAME_LEN_MAX; i++)
		if (words.text[i] == '-')
			cut.len = i;
	if (words.len > NAME_LEN_MAX && cut.len >= WORDS_LEAST)
		propose(a, &cut, r);
	draft_cut(&words, NAME_LEN_MAX);
	propose(a, &words, r);
	for (unsigned n = 2; n <= NUMBER_LAST; n++) {
		propose_number(a, &words, n, true, r);
		propose_number(a, &words, n, false, r);
	}
}

void search_name(const struct image *image, struct span name, uint32_t version,
    struct name_report *ret)
{
	struct ask a = {image, version, name};

	*ret = (struct name_report){.valid = false};
	judge(&a, ret);
	if (!name_is_usable(ret))
		find_nearest(&a, ret);
}
