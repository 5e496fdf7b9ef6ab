/* SPDX-License-Identifier: ISC */
/*
 * Verifying: every byte by its checksum, then every number by what it stands
 * for.  Each check returns whether all is well.
 *
 * A hostile image may let everything point at one long list.  No honest one
 * does so but from neighbour to neighbour, hence each check looks at no more
 * items than there are, and time grows with the file's length alone.
 */
#include "image/image.h"

#include "base/error.h"
#include "image/sections.h"
#include "image/verify_past.h"
#include "terms/state.h"
#include "base/banned.h"

#define SEARCHED_COLUMNS 10

static int check_sums(const struct image *i, struct portbook_error *err)
{
	const struct image_header *header = (const void *)i->base;
	const struct image_section *table = (const void *)(header + 1);
	size_t count = le32(header->section_count);

	if (hash_bytes(table, count * sizeof(*table), 0) !=
	    le64(header->checksum))
		return error_set(err, PORTBOOK_EDAMAGED, 0,
		    "the image is damaged: checksum of the table of sections");
	for (size_t n = 0; n < count; n++) {
		const struct image_section *s = &table[n];
		size_t len = (size_t)(le64(s->count) * le32(s->item_len));

		if (hash_bytes(i->base + le64(s->off), len, le32(s->id)) !=
		    le64(s->checksum))
			return error_set(err, PORTBOOK_EDAMAGED, 0,
			    "the image is damaged: checksum of section %u",
			    le32(s->id));
	}
	return 0;
}

static bool is_text(const struct image *i, struct le32 text)
{
	size_t off = (size_t)le32(text) * 4;

	if (off >= i->texts_len || i->texts_len - off <= 4)
		return false;
	return image_text(i, text).len == le_u32(i->texts + off);
}

static bool are_texts(
    const struct image *i, const struct le32 *texts, size_t count)
{
	for (size_t n = 0; n < count; n++)
		if (!is_text(i, texts[n]))
			return false;
	return true;
}

static bool is_same(const struct image_list *a, const struct image_list *b)
{
	return le32(a->off) == le32(b->off) && le32(a->count) == le32(b->count);
}

/* Takes count from what is left of a check's share. */
static bool take(size_t *left, size_t count)
{
	if (count > *left)
		return false;
	*left -= count;
	return true;
}

static bool is_list(
    const struct image *i, const struct image_list *list, size_t *left)
{
	return image_list(i, list).count == le32(list->count) &&
	       take(left, le32(list->count));
}

/* A list of numbers below limit. */
static bool is_list_below(const struct image *i, const struct image_list *list,
    size_t limit, size_t *left)
{
	struct image_numbers numbers = image_list(i, list);

	if (!is_list(i, list, left))
		return false;
	for (size_t n = 0; n < numbers.count; n++)
		if (le32(numbers.at[n]) >= limit)
			return false;
	return true;
}

static bool is_below(struct le32 n, size_t limit)
{
	return le32(n) < limit;
}

static bool is_below_or_none(struct le32 n, size_t limit)
{
	return le32(n) == IMAGE_NONE || le32(n) < limit;
}

static bool check_meta(const struct image *i)
{
	if (i->texts_len < 8 || !is_text(i, le32_of(0)) ||
	    image_text(i, le32_of(0)).len != 0)
		return false;
	for (size_t n = 0; n < 256; n++)
		if (i->gram_pairs != NULL && i->meta->classes[n] >= i->alphabet)
			return false;
	return is_text(i, i->meta->unicode) && is_text(i, i->meta->built_from);
}

/* Pairs of texts; those of the version before are often the same. */
static bool check_notes(const struct image *i, const struct image_list *list,
    const struct image_list *before, size_t *left)
{
	struct image_numbers notes = image_list(i, list);

	if (before != NULL && is_same(list, before))
		return true;
	return is_list(i, list, left) && notes.count % 2 == 0 &&
	       are_texts(i, notes.at, notes.count);
}

static bool has_texts(const struct image *i, const struct image_version *v)
{
	const struct le32 texts[] = {v->id, v->title, v->category, v->updated,
	    v->reference, v->expert, v->head, v->middle, v->tail,
	    v->newest_row};

	return are_texts(i, texts, sizeof(texts) / sizeof(texts[0]));
}

static bool check_versions(const struct image *i)
{
	const struct image_version *newest = image_newest(i);
	size_t left = i->list_count;

	for (size_t n = 0; n < i->version_count; n++) {
		const struct image_version *v = &i->versions[n];
		const struct image_version *before = n > 0 ? v - 1 : NULL;

		if (le32(v->source) > IMAGE_SOURCE_SERVICES ||
		    !has_texts(i, v) ||
		    !check_notes(i, &v->notes,
			before != NULL ? &before->notes : NULL, &left) ||
		    !check_notes(i, &v->footnotes,
			before != NULL ? &before->footnotes : NULL, &left))
			return false;
	}
	return le32(newest->row_count) == i->current_rows &&
	       le32(newest->person_count) == i->current_people;
}

static bool check_span(
    const struct image *i, bool current, struct le32 first, struct le32 last)
{
	return le32(first) <= le32(last) && le32(last) < i->version_count &&
	       current == (le32(last) == i->version_count - 1);
}

static bool check_search(
    const struct image *i, const struct image_row *row, size_t *left)
{
	struct span text = image_search_text(i, row);
	size_t columns = 0;

	if (text.len != le32(row->search_len) || !take(left, text.len))
		return false;
	if (i->search == NULL)
		return true;
	for (size_t n = 0; n < text.len; n++)
		columns += text.ptr[n] == '\0';
	return columns == SEARCHED_COLUMNS && text.ptr[text.len - 1] == '\0';
}

static bool check_row(
    const struct image *i, size_t n, size_t *lists, size_t *search)
{
	const struct image_row *row = &i->rows[n];
	bool shared = n > 0 && is_same(&row->people, &i->rows[n - 1].people);
	unsigned known = IMAGE_ROW_NUMBERED | IMAGE_ROW_PREFERRED;

	return are_texts(i, row->text, FIELD_COUNT) &&
	       is_text(i, row->residue) && is_text(i, row->alias_of) &&
	       le32(row->ordinal) > 0 && le16(row->first) <= le16(row->last) &&
	       row->protocol <= PROTOCOL_OTHER &&
	       row->state > STATE_NOT_LISTED && row->state <= STATE_ASSIGNED &&
	       (row->flags & ~known) == 0 &&
	       check_span(i, n < i->current_rows, row->first_version,
		   row->last_version) &&
	       (shared ||
		   is_list_below(i, &row->people, i->person_count, lists)) &&
	       check_search(i, row, search);
}

/*
 * Current rows and past ones both stand in the order of their places, and
 * together have each place once.
 */
static bool check_places(
    const uint8_t *places, size_t stride, size_t current, size_t count)
{
	size_t a = 0, b = current;

	for (uint32_t place = 0; place < count; place++) {
		if (a < current && le_u32(places + a * stride) == place)
			a++;
		else if (b < count && le_u32(places + b * stride) == place)
			b++;
		else
			return false;
	}
	return true;
}

static bool check_rows(const struct image *i)
{
	size_t lists = i->list_count, search = i->search_len;

	for (size_t n = 0; n < i->row_count; n++)
		if (!check_row(i, n, &lists, &search))
			return false;
	return i->row_count == 0 ||
	       check_places((const uint8_t *)&i->rows[0].place,
		   sizeof(i->rows[0]), i->current_rows, i->row_count);
}

static bool check_people(const struct image *i)
{
	size_t left = i->list_count;

	for (size_t n = 0; n < i->person_count; n++) {
		const struct image_person *person = &i->people[n];

		if (!are_texts(i, person->text, PERSON_FIELD_COUNT) ||
		    !is_text(i, person->residue) ||
		    !check_span(i, n < i->current_people, person->first_version,
			person->last_version) ||
		    !is_list_below(i, &person->rows, i->current_rows, &left))
			return false;
	}
	return i->person_count == 0 ||
	       check_places((const uint8_t *)&i->people[0].place,
		   sizeof(i->people[0]), i->current_people, i->person_count);
}

/* Whether a row may stand in the list of a port. */
static bool speaks_of(
    const struct image *i, uint32_t n, size_t table, uint32_t port)
{
	const struct image_row *row = image_row(i, n);

	if (row == NULL || n >= i->current_rows ||
	    (row->flags & IMAGE_ROW_NUMBERED) == 0 || port < le16(row->first) ||
	    port > le16(row->last))
		return false;
	return table == IMAGE_PORT_ANY || row->protocol == table ||
	       row->protocol == PROTOCOL_NONE;
}

/* The run of ports from first on that have the same rows. */
static uint32_t run_of(const struct le32 *ports, uint32_t first)
{
	uint32_t last = first;

	while (last + 1 < PORT_COUNT &&
	       le32(ports[first]) == le32(ports[last + 1]))
		last++;
	return last;
}

static bool check_table(const struct image *i, size_t table)
{
	const struct le32 *ports = &i->ports[table * PORT_COUNT];
	size_t left = i->list_count;
	uint32_t last;

	for (uint32_t first = 0; first < PORT_COUNT; first = last + 1) {
		struct image_numbers rows = {
		    &ports[first], le32(ports[first]) != IMAGE_NONE};

		last = run_of(ports, first);
		if (image_port_has_list(ports[first])) {
			rows = image_port_list(i, ports[first]);
			if (rows.count == 0 || !take(&left, rows.count))
				return false;
		}
		for (size_t n = 0; n < rows.count; n++)
			if (!speaks_of(i, le32(rows.at[n]), table, first) ||
			    !speaks_of(i, le32(rows.at[n]), table, last))
				return false;
	}
	return true;
}

static bool check_ports(const struct image *i)
{
	if (i->ports == NULL)
		return true;
	for (size_t table = 0; table < IMAGE_PORT_TABLES; table++)
		if (!check_table(i, table))
			return false;
	return true;
}

static bool check_names(const struct image *i)
{
	size_t left = i->list_count;

	for (size_t n = 0; n < i->name_count; n++) {
		const struct image_name *name = &i->names[n];
		struct span text = image_text(i, name->name);
		uint8_t key[NAMEHASH_KEY_LEN];

		namehash_key(text, key);
		if (!is_text(i, name->name) || text.len == 0 ||
		    text.len > IMAGE_NAME_MAX ||
		    memcmp(name->key, key, sizeof(key)) != 0 ||
		    image_name_at(i, namehash(text, i->name_salt)) != name ||
		    !is_list_below(i, &name->rows, i->current_rows, &left) ||
		    !is_below_or_none(name->curated, i->curated_count))
			return false;
	}
	return true;
}

static bool check_orders(const struct image *i)
{
	if (i->orders == NULL)
		return true;
	for (size_t n = 0; n < COLUMN_COUNT * i->current_rows; n++)
		if (!is_below(i->orders[n], i->current_rows + 1))
			return false;
	return true;
}

static struct span person_id(const struct image *i, size_t at)
{
	uint32_t n = le32(i->people_order[at]);

	return image_text(i, i->people[n].text[PERSON_ID]);
}

static bool check_people_order(const struct image *i)
{
	if (i->people_order == NULL)
		return true;
	for (size_t n = 0; n < i->current_people; n++) {
		if (!is_below(i->people_order[n], i->current_people))
			return false;
		if (n > 0 && span_cmp(person_id(i, n - 1), person_id(i, n)) > 0)
			return false;
	}
	return true;
}

static bool check_curated(const struct image *i)
{
	for (size_t n = 0; n < i->curated_count; n++) {
		const struct image_curated *line = &i->curated[n];

		if (le32(line->kind) > IMAGE_CURATED_PREFER ||
		    !is_text(i, line->name) || !is_text(i, line->reason) ||
		    !is_text(i, line->origin) ||
		    !is_below_or_none(line->row, i->current_rows))
			return false;
	}
	return true;
}

static bool check_gaps(const struct image *i)
{
	for (size_t n = 0; n < i->gap_count; n++) {
		const struct image_gap *gap = &i->gaps[n];

		if (le32(gap->people) > 1 ||
		    !is_below(gap->version, i->version_count) ||
		    !is_text(i, gap->text))
			return false;
	}
	return true;
}

/* By version, then number, each once. */
static bool check_editions(const struct image *i)
{
	for (size_t n = 0; n < i->edition_count; n++) {
		const struct image_edition *e = &i->editions[n];
		uint32_t version = le32(e->version), number = le32(e->number);

		if (version >= i->version_count || number == 0)
			return false;
		if (n > 0 && (version < le32(e[-1].version) ||
				 (version == le32(e[-1].version) &&
				     number <= le32(e[-1].number))))
			return false;
	}
	return true;
}

static const struct {
	uint32_t id;
	bool (*check)(const struct image *i);
} checks[] = {
    {IMAGE_META, check_meta},
    {IMAGE_VERSIONS, check_versions},
    {IMAGE_ROWS, check_rows},
    {IMAGE_PEOPLE, check_people},
    {IMAGE_PORTS, check_ports},
    {IMAGE_NAMES, check_names},
    {IMAGE_GRAMS, verify_grams},
    {IMAGE_ORDERS, check_orders},
    {IMAGE_PEOPLE_ORDER, check_people_order},
    {IMAGE_CURATED, check_curated},
    {IMAGE_GAPS, check_gaps},
    {IMAGE_EVENTS, verify_events},
    {IMAGE_ROW_LIVES, verify_row_lives},
    {IMAGE_PERSON_LIVES, verify_person_lives},
    {IMAGE_PAST_PORTS, verify_past_ports},
    {IMAGE_PAST_NAMES, verify_past_names},
    {IMAGE_PAST_PEOPLE, verify_past_people},
    {IMAGE_STANDING, verify_standing},
    {IMAGE_PAST_GRAMS, verify_past_grams},
    {IMAGE_COMMON, verify_common},
    {IMAGE_PAST_SINCE, verify_past_since},
    {IMAGE_NAME_SINCE, verify_name_since},
    {IMAGE_EDITIONS, check_editions},
    {IMAGE_LINES, verify_lines},
};

int image_verify(const struct image *image, struct portbook_error *err)
{
	int code = check_sums(image, err);

	if (code < 0)
		return code;
	for (size_t n = 0; n < sizeof(checks) / sizeof(checks[0]); n++)
		if (!checks[n].check(image))
			return error_set(err, PORTBOOK_EDAMAGED, 0,
			    "the image is damaged: section %s says what cannot "
			    "be",
			    section_kinds[checks[n].id].name);
	return 0;
}
