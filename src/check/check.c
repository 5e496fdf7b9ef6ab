/* SPDX-License-Identifier: ISC */
#include "check/check.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "check/rows.h"
#include "terms/key.h"
#include "base/banned.h"

#define ALIAS_NOTE "This entry is an alias to \""

/* A services(5) file has names and numbers, and nothing of the rest. */
static const struct {
	int (*run)(struct check *c);
	bool services;
} families[] = {
    {check_names, true},
    {check_name_groups, true},
    {check_aliases, false},
    {check_legacy, false},
    {check_ports, false},
    {check_states, false},
    {check_listed, false},
    {check_sharing, true},
    {check_codes, false},
    {check_fields, false},
    {check_dates, false},
    {check_notes, false},
    {check_people, false},
    {check_order, false},
};

#define FAMILY_COUNT (sizeof(families) / sizeof(families[0]))

int check_fold_cmp(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < len; i++) {
		unsigned char x = (unsigned char)ascii_lower(a.ptr[i]);
		unsigned char y = (unsigned char)ascii_lower(b.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

bool check_cites(struct span rich, enum xref_type type, struct span data)
{
	struct rich_token token;

	while (rich_next(&rich, &token))
		if (token.kind == RICH_IS_XREF && token.xref.type == type &&
		    (data.len == 0 || span_eq(token.xref.data, data)))
			return true;
	return false;
}

/* What is between the quotes of the note of an alias; empty if it is none. */
static struct span alias_of(struct span note)
{
	size_t at = span_find(note, SPAN(ALIAS_NOTE));
	struct span name = span_skip(note, at + sizeof(ALIAS_NOTE) - 1);

	return span_head(name, span_find_char(name, 0, '"'));
}

static int cmp_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_key(const void *a, const void *b, void *ctx)
{
	const struct check *c = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const uint32_t *s = c->registry->records[x].text;
	const uint32_t *t = c->registry->records[y].text;

	if (s[FIELD_NUMBER] != t[FIELD_NUMBER])
		return cmp_u32(s[FIELD_NUMBER], t[FIELD_NUMBER]);
	if (s[FIELD_PROTOCOL] != t[FIELD_PROTOCOL])
		return cmp_u32(s[FIELD_PROTOCOL], t[FIELD_PROTOCOL]);
	if (s[FIELD_NAME] != t[FIELD_NAME])
		return span_cmp(
		    check_text(c, x, FIELD_NAME), check_text(c, y, FIELD_NAME));
	return cmp_u32(x, y);
}

static int by_name(const void *a, const void *b, void *ctx)
{
	const struct check *c = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = 0;

	if (!check_same(c, x, y, FIELD_NAME))
		order = check_fold_cmp(
		    check_text(c, x, FIELD_NAME), check_text(c, y, FIELD_NAME));
	return order != 0 ? order : cmp_u32(x, y);
}

static void put_row(struct check *c, size_t i)
{
	struct check_row *row = &c->rows[i];
	struct span name = check_text(c, i, FIELD_NAME);

	row->named = span_trim(name).len > 0;
	row->state = state_of(name, check_text(c, i, FIELD_DESCRIPTION));
	row->inside = CHECK_NONE;
	row->alias =
	    row->named ? alias_of(check_text(c, i, FIELD_NOTE)) : SPAN("");
	c->by_key[i] = (uint32_t)i;
	if (row->named)
		c->by_name[c->named_count++] = (uint32_t)i;
}

static void number_keys(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		uint32_t row = c->by_key[i];
		uint32_t before = i > 0 ? c->by_key[i - 1] : 0;
		bool same = i > 0 && check_same(c, before, row, FIELD_NUMBER) &&
			    check_same(c, before, row, FIELD_PROTOCOL) &&
			    check_same(c, before, row, FIELD_NAME);

		c->rows[row].ordinal = same ? c->rows[before].ordinal + 1 : 1;
	}
}

static void put_key(const struct check *c, struct buf *b, size_t row)
{
	struct record_key key = {
	    .number = check_text(c, row, FIELD_NUMBER),
	    .protocol = check_text(c, row, FIELD_PROTOCOL),
	    .name = check_text(c, row, FIELD_NAME),
	    .ordinal = c->rows[row].ordinal,
	};

	key_format(b, &key);
}

/* A key with a slip in it is found for that, and tells nothing of age. */
static bool is_sound(const struct check *c, size_t i)
{
	const struct record *record = &c->registry->records[i];
	struct span protocol = check_text(c, i, FIELD_PROTOCOL);

	if (c->rows[i].ordinal > 1 ||
	    (!record->has_number && check_text(c, i, FIELD_NUMBER).len > 0))
		return false;
	return protocol.len == 0 ||
	       (record->protocol < PROTOCOL_COUNT &&
		   span_eq(protocol,
		       protocol_name((enum protocol)record->protocol)));
}

/* The key must be known: that of a record without date may tell its age. */
static void put_age(struct check *c, size_t i)
{
	struct check_row *row = &c->rows[i];
	struct span date = check_text(c, i, FIELD_DATE);

	row->is_undated = false;
	if (row->named && date.len == 0 && c->ages != NULL && is_sound(c, i)) {
		buf_clear(&c->key);
		put_key(c, &c->key, i);
		row->is_undated =
		    !baseline_is_undated(c->ages, buf_span(&c->key));
	}
	row->is_new = row->named &&
		      (row->is_undated || span_cmp(date, SPAN(CHECK_ERA)) >= 0);
}

/* What it knows is of a day, and says nothing of registries before that. */
static bool has_ages(const struct registry *r, const struct baseline *ages)
{
	struct span updated = registry_text(r, r->text[REGISTRY_UPDATED]);

	return ages != NULL && ages->undated.len > 0 &&
	       r->source != REGISTRY_SERVICES &&
	       (updated.len == 0 || span_cmp(updated, ages->edition) >= 0);
}

static int set_up(struct check *c)
{
	size_t count = c->registry->record_count;

	buf_init(&c->key);
	buf_init(&c->message);
	c->rows = mem_alloc(count + 1, sizeof(*c->rows));
	c->by_key = mem_alloc(count + 1, sizeof(*c->by_key));
	c->by_name = mem_alloc(count + 1, sizeof(*c->by_name));
	if (c->rows == NULL || c->by_key == NULL || c->by_name == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < count; i++)
		put_row(c, i);
	qsort_r(c->by_key, count, sizeof(*c->by_key), by_key, c);
	qsort_r(c->by_name, c->named_count, sizeof(*c->by_name), by_name, c);
	number_keys(c);
	for (size_t i = 0; i < count; i++)
		put_age(c, i);
	return check_places_init(&c->places, c->registry);
}

bool check_is_older(const struct check *c, uint32_t a, uint32_t b)
{
	int order;

	if (c->rows[a].is_undated != c->rows[b].is_undated)
		return c->rows[b].is_undated;
	order = span_cmp(
	    check_text(c, a, FIELD_DATE), check_text(c, b, FIELD_DATE));
	return order != 0 ? order < 0 : a < b;
}

void check_put_row(struct check *c, size_t row)
{
	put_key(c, &c->message, row);
	buf_str(&c->message, " (line ");
	buf_u64(&c->message, c->registry->records[row].line);
	buf_char(&c->message, ')');
}

void check_overlap(struct check *c, size_t range, uint32_t row)
{
	struct port_range r = c->registry->records[range].number;

	if (c->rows[range].inside == CHECK_NONE && r.first < r.last &&
	    c->rows[range].state != STATE_ASSIGNED &&
	    !check_same(c, range, row, FIELD_NUMBER))
		c->rows[range].inside = row;
}

/* Fills in what all have in common, and begins the next message. */
static void put(struct check *c, struct finding *f)
{
	f->message = buf_span(&c->message);
	f->what = SPAN("");
	if (buf_failed(&c->key) || buf_failed(&c->message))
		c->failed = true;
	else
		diag_put(c->diag, f);
	buf_clear(&c->message);
}

void check_add_key(
    struct check *c, enum finding_code code, struct span key, size_t row)
{
	struct finding f = {.code = code,
	    .kind = finding_rule(code)->kind,
	    .record = key,
	    .date = SPAN("")};

	if (row < c->registry->record_count) {
		f.line = c->registry->records[row].line;
		f.column = c->places.records[row];
	}
	put(c, &f);
}

void check_add_kind(
    struct check *c, enum finding_code code, enum finding_kind kind, size_t row)
{
	struct finding f = {.code = code,
	    .kind = kind,
	    .date = c->rows[row].is_undated ? SPAN(CHECK_TODAY)
					    : check_text(c, row, FIELD_DATE),
	    .line = c->registry->records[row].line,
	    .column = c->places.records[row]};

	buf_clear(&c->key);
	put_key(c, &c->key, row);
	f.record = buf_span(&c->key);
	put(c, &f);
}

void check_add(struct check *c, enum finding_code code, size_t row)
{
	const struct finding_rule *rule = finding_rule(code);

	check_add_kind(
	    c, code, c->rows[row].is_new ? rule->new_kind : rule->kind, row);
}

void check_tell(
    struct check *c, enum finding_code code, size_t row, const char *message)
{
	buf_str(&c->message, message);
	check_add(c, code, row);
}

void check_add_person(struct check *c, enum finding_code code, size_t person)
{
	const struct registry *r = c->registry;
	const uint32_t *text = r->people[person].text;
	struct finding f = {.code = code,
	    .kind = finding_rule(code)->kind,
	    .record = registry_text(r, text[PERSON_ID]),
	    .date = registry_text(r, text[PERSON_UPDATED]),
	    .line = r->people[person].line,
	    .column = c->places.people[person]};

	if (f.date.len == 0 && c->ages != NULL &&
	    !baseline_is_undated(c->ages, f.record))
		f.date = SPAN(CHECK_TODAY);
	if (span_cmp(f.date, SPAN(CHECK_ERA)) >= 0)
		f.kind = finding_rule(code)->new_kind;
	put(c, &f);
}

int check_registry(const struct registry *r, const struct baseline *ages,
    struct diag *diag, struct portbook_error *err)
{
	struct check c = {.registry = r,
	    .ages = has_ages(r, ages) ? ages : NULL,
	    .diag = diag};
	int code = set_up(&c);

	for (size_t i = 0; code == 0 && i < FAMILY_COUNT; i++)
		if (r->source != REGISTRY_SERVICES || families[i].services)
			code = c.failed ? PORTBOOK_ENOMEM : families[i].run(&c);
	if (c.failed)
		code = PORTBOOK_ENOMEM;
	check_places_release(&c.places);
	mem_release(c.rows);
	mem_release(c.by_key);
	mem_release(c.by_name);
	buf_release(&c.key);
	buf_release(&c.message);
	return code < 0 ? error_nomem(err) : 0;
}
