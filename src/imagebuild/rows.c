/* SPDX-License-Identifier: ISC */
/* The fixed part of rows, and what their notes say about them. */
#include "imagebuild/build.h"

#include "base/hash.h"
#include "terms/state.h"
#include "base/banned.h"

int rows_begin(struct build *b)
{
	const struct timeline *t = b->t;
	size_t past = t->versions[b->newest].record_count;
	size_t past_people = t->versions[b->newest].person_count;
	size_t n = 0;

	b->current_rows = past;
	b->current_people = past_people;
	b->row_count = t->row_count;
	b->person_count = t->person_count;
	b->row_places = mem_alloc(t->row_count, sizeof(*b->row_places));
	b->person_places =
	    mem_alloc(t->person_count, sizeof(*b->person_places));
	if (b->row_places == NULL || b->person_places == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < t->row_count; i++)
		b->row_places[t->rows[i].last == b->newest ? n++ : past++] =
		    (uint32_t)i;
	n = 0;
	for (size_t i = 0; i < t->person_count; i++)
		b->person_places[t->people[i].last == b->newest
				     ? n++
				     : past_people++] = (uint32_t)i;
	return 0;
}

/* What stands between before and the next quote; false without. */
static bool quoted_after(struct span text, struct span before, struct span *ret)
{
	size_t at = span_find(text, before), end;

	if (at == text.len)
		return false;
	text = span_skip(text, at + before.len);
	end = span_find_char(text, 0, '"');
	if (end == 0 || end == text.len)
		return false;
	*ret = span_head(text, end);
	return true;
}

/* The name that a row is another name of, by its note. */
static bool alias_of(struct span note, struct span *ret)
{
	size_t at;

	if (quoted_after(note, SPAN("entry is an alias to \""), ret))
		return true;
	if (!quoted_after(note, SPAN("duplicate of the \""), ret))
		return false;
	at = (size_t)(ret->ptr + ret->len - note.ptr);
	return span_starts(span_skip(note, at), SPAN("\" service"));
}

static int put_note(struct build *b, size_t n, uint32_t number)
{
	struct span note = timeline_text(b->t, number), name;

	if (alias_of(note, &name)) {
		b->weak[n] = true;
		return texts_add_span(b, name, &b->rows[n].alias_of);
	}
	b->weak[n] =
	    span_find(note, SPAN("unassigned but widespread use")) < note.len;
	return 0;
}

static int put_row(struct build *b, size_t n)
{
	const struct timeline_row *from = build_row(b, n);
	const struct record *record = &from->record;
	struct image_row *row = &b->rows[n];
	int code;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		code = texts_put(b, record->text[i], &row->text[i]);
		if (code < 0)
			return code;
	}
	code = texts_put(b, record->residue, &row->residue);
	if (code < 0)
		return code;
	if (record->has_number) {
		row->first = le16_of(record->number.first);
		row->last = le16_of(record->number.last);
		row->flags = IMAGE_ROW_NUMBERED;
	}
	row->protocol = record->protocol;
	row->state = (uint8_t)state_of(columns_text(b, n, COLUMN_NAME),
	    columns_text(b, n, COLUMN_DESCRIPTION));
	row->first_version = le32_of(from->first);
	row->last_version = le32_of(from->last);
	row->place = le32_of(b->row_places[n]);
	if (record->text[FIELD_NOTE] != 0)
		return put_note(b, n, record->text[FIELD_NOTE]);
	return 0;
}

/* Rows of one key, in the order of all versions. */
struct keys {
	uint32_t *slots; /* owned: the last row of a key, + 1 */
	size_t slot_count;
	uint32_t *before; /* owned: the row of the same key before, + 1 */
	uint32_t *ahead;  /* owned: how many there are before */
	uint32_t *tree;	  /* owned: rows by version, a Fenwick tree */
};

static void tree_add(struct keys *k, size_t versions, size_t at, uint32_t add)
{
	for (at++; at <= versions; at += at & -at)
		k->tree[at] += add;
}

/* Counts a row in, or with add -1 out, in its versions. */
static void tree_put(
    struct keys *k, const struct build *b, size_t place, uint32_t add)
{
	const struct timeline_row *row = &b->t->rows[place];

	tree_add(k, b->t->version_count, row->first, add);
	tree_add(k, b->t->version_count, (size_t)row->last + 1, -add);
}

static uint32_t tree_get(const struct keys *k, size_t version)
{
	uint32_t sum = 0;

	for (size_t at = version + 1; at > 0; at &= at - 1)
		sum += k->tree[at];
	return sum;
}

static bool same_key(const uint32_t *a, const uint32_t *b)
{
	return a[FIELD_NUMBER] == b[FIELD_NUMBER] &&
	       a[FIELD_PROTOCOL] == b[FIELD_PROTOCOL] &&
	       a[FIELD_NAME] == b[FIELD_NAME];
}

static void enter_key(struct keys *k, const struct build *b, size_t place)
{
	const struct timeline_row *rows = b->t->rows;
	const uint32_t *text = rows[place].record.text;
	/* Both may be 0, the product with which would tell nothing. */
	uint64_t port =
	    (uint64_t)text[FIELD_NUMBER] << 32 | text[FIELD_PROTOCOL];
	uint64_t hash = hash_mix(port ^ UINT64_C(0x8bb84b93962eacc9),
	    (uint64_t)text[FIELD_NAME] + UINT64_C(0x9e3779b97f4a7c15));
	size_t mask = k->slot_count - 1;
	size_t at = (size_t)hash_mix(hash, UINT64_C(0xd1b54a32d192ed03)) & mask;

	while (k->slots[at] != 0 &&
	       !same_key(rows[k->slots[at] - 1].record.text, text))
		at = (at + 1) & mask;
	k->before[place] = k->slots[at];
	k->ahead[place] =
	    k->slots[at] != 0 ? k->ahead[k->slots[at] - 1] + 1 : 0;
	k->slots[at] = (uint32_t)place + 1;
}

/*
 * Ordinals of one key's rows: how many of them stand in a row's last version
 * at or before its place.  From the last row back, all counted in at first.
 */
static void number_key(
    struct keys *k, const struct build *b, uint32_t last, uint32_t *ordinals)
{
	for (uint32_t i = last; i != 0; i = k->before[i - 1])
		tree_put(k, b, i - 1, 1);
	for (uint32_t i = last; i != 0; i = k->before[i - 1]) {
		ordinals[i - 1] = tree_get(k, b->t->rows[i - 1].last);
		tree_put(k, b, i - 1, UINT32_MAX);
	}
}

static int put_ordinals(struct build *b)
{
	struct keys k = {.slot_count = 16};
	uint32_t *ordinals;
	int ret = 0;

	while (k.slot_count / 2 < b->row_count)
		k.slot_count *= 2;
	k.slots = mem_zalloc(k.slot_count, sizeof(*k.slots));
	k.before = mem_alloc(b->row_count, sizeof(*k.before));
	k.ahead = mem_alloc(b->row_count, sizeof(*k.ahead));
	k.tree = mem_zalloc(b->t->version_count + 2, sizeof(*k.tree));
	if (k.slots == NULL || k.before == NULL || k.ahead == NULL ||
	    k.tree == NULL) {
		ret = build_nomem(b);
		goto out;
	}
	for (size_t place = 0; place < b->row_count; place++)
		enter_key(&k, b, place);
	ordinals = k.ahead; /* of no more use once a key's rows are known */
	for (size_t i = 0; i < k.slot_count; i++)
		if (k.slots[i] != 0 && k.ahead[k.slots[i] - 1] > 0)
			number_key(&k, b, k.slots[i], ordinals);
		else if (k.slots[i] != 0)
			ordinals[k.slots[i] - 1] = 1;
	for (size_t n = 0; n < b->row_count; n++)
		b->rows[n].ordinal = le32_of(ordinals[b->row_places[n]]);
out:
	mem_release(k.slots);
	mem_release(k.before);
	mem_release(k.ahead);
	mem_release(k.tree);
	return ret;
}

int rows_make(struct build *b)
{
	b->rows = build_section_zeroed(b, IMAGE_ROWS, b->row_count);
	b->weak = mem_zalloc(b->row_count, sizeof(*b->weak));
	if (b->rows == NULL || b->weak == NULL)
		return build_nomem(b);
	for (size_t n = 0; n < b->row_count; n++) {
		int code = put_row(b, n);

		if (code < 0)
			return code;
	}
	return put_ordinals(b);
}
