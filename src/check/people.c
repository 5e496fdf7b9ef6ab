/* SPDX-License-Identifier: ISC */
/*
 * The list of people is closed: who is referred to is in it, once, and who is
 * in it is referred to.  Sources other than XML have none.
 */
#include "base/arena.h"
#include "base/intern.h"
#include "base/mem.h"
#include "check/rows.h"
#include "base/banned.h"

/* Ids of persons have the numbers below count; others were dangling. */
struct list {
	struct arena arena;
	struct intern ids;
	bool *used; /* owned, by number */
	uint32_t count;
	size_t *told; /* owned: of the rest, 1 + where each was told last */
	size_t told_count, told_cap;
};

static void tell(
    struct check *c, enum finding_code code, size_t person, const char *text)
{
	buf_str(&c->message, text);
	check_add_person(c, code, person);
}

static int enter_people(struct check *c, struct list *list)
{
	const struct registry *r = c->registry;

	for (size_t i = 0; i < r->person_count; i++) {
		const struct person *person = &r->people[i];
		struct span uris = registry_text(r, person->text[PERSON_URIS]);
		size_t before = list->ids.count;
		uint32_t id;
		bool reachable = false;

		if (intern_add(&list->ids,
			registry_text(r, person->text[PERSON_ID]), &id) < 0)
			return PORTBOOK_ENOMEM;
		if (id < before)
			tell(c, FINDING_PERSON_DUP, i,
			    "the id is in the list already");
		while (uris.len > 0 && !reachable)
			reachable = span_trim(span_cut(&uris, RICH_BR)).len > 0;
		if (!reachable)
			tell(c, FINDING_PERSON_ADDRESS, i, "no address");
	}
	list->count = (uint32_t)list->ids.count;
	list->used = mem_zalloc((size_t)list->count + 1, 1);
	return list->used != NULL ? 0 : PORTBOOK_ENOMEM;
}

/* Whether a person who is not in the list was told of row; it is then. */
static int mark_told(
    struct list *list, uint32_t id, size_t row, bool *ret_before)
{
	size_t *told = list->told;

	if (id >= list->told_count + list->count) {
		told = mem_grow(
		    told, list->told_count, &list->told_cap, sizeof(*told));
		if (told == NULL)
			return PORTBOOK_ENOMEM;
		list->told = told;
		told[list->told_count++] = 0;
	}
	*ret_before = told[id - list->count] == row + 1;
	told[id - list->count] = row + 1;
	return 0;
}

/*
 * where is what the text is; row is that of its record, or beyond the last
 * for texts of the registry.
 */
static int look_at(struct check *c, struct list *list, struct span rich,
    const char *where, size_t row)
{
	struct rich_token token;
	bool told_before;
	uint32_t id;

	while (rich_next(&rich, &token)) {
		if (token.kind != RICH_IS_XREF ||
		    token.xref.type != XREF_PERSON)
			continue;
		if (intern_add(&list->ids, token.xref.data, &id) < 0)
			return PORTBOOK_ENOMEM;
		if (id < list->count) {
			list->used[id] = true;
			continue;
		}
		if (mark_told(list, id, row, &told_before) < 0)
			return PORTBOOK_ENOMEM;
		if (told_before)
			continue;
		buf_printf(&c->message,
		    "the person \"%.*s\" (%s) is not in the list",
		    SPAN_FMT(span_head(token.xref.data, 100)), where);
		if (row < c->registry->record_count)
			check_add(c, FINDING_PERSON_DANGLING, row);
		else
			check_add_key(
			    c, FINDING_PERSON_DANGLING, token.xref.data, row);
	}
	return 0;
}

static int look_at_record(struct check *c, struct list *list, size_t row)
{
	static const struct {
		enum record_field field;
		const char *where;
	} fields[] = {{FIELD_ASSIGNEE, "assignee"}, {FIELD_CONTACT, "contact"},
	    {FIELD_DESCRIPTION, "description"}, {FIELD_REFERENCE, "reference"},
	    {FIELD_NOTE, "note"}, {FIELD_UNAUTHORIZED, "unauthorized use"}};
	int code = 0;

	for (size_t i = 0; code == 0 && i < sizeof(fields) / sizeof(fields[0]);
	     i++)
		code = look_at(c, list, check_text(c, row, fields[i].field),
		    fields[i].where, row);
	return code;
}

static int look_at_header(struct check *c, struct list *list)
{
	const struct registry *r = c->registry;
	const size_t nowhere = r->record_count;
	int code =
	    look_at(c, list, registry_text(r, r->text[REGISTRY_REFERENCE]),
		"reference", nowhere);

	if (code == 0)
		code =
		    look_at(c, list, registry_text(r, r->text[REGISTRY_EXPERT]),
			"expert", nowhere);
	for (size_t i = 0; code == 0 && i < r->note_count; i++)
		code = look_at(c, list, registry_text(r, r->notes[i].text),
		    "note", nowhere);
	for (size_t i = 0; code == 0 && i < r->footnote_count; i++)
		code = look_at(c, list, registry_text(r, r->footnotes[i].text),
		    "footnote", nowhere);
	return code;
}

/* The ids came in the order of the list, but for those that came again. */
static int tell_unused(struct check *c, struct list *list)
{
	const struct registry *r = c->registry;

	for (size_t i = 0; i < r->person_count; i++) {
		uint32_t id;

		if (intern_add(&list->ids,
			registry_text(r, r->people[i].text[PERSON_ID]),
			&id) < 0)
			return PORTBOOK_ENOMEM;
		if (id < list->count && !list->used[id])
			tell(c, FINDING_PERSON_UNUSED, i,
			    "nothing refers to the person");
	}
	return 0;
}

int check_people(struct check *c)
{
	struct list list = {.used = NULL};
	int code;

	if (c->registry->source != REGISTRY_XML)
		return 0;
	arena_init(&list.arena);
	intern_init(&list.ids, &list.arena);
	code = enter_people(c, &list);
	if (code == 0)
		code = look_at_header(c, &list);
	for (size_t i = 0; code == 0 && i < c->registry->record_count; i++)
		code = look_at_record(c, &list, i);
	if (code == 0)
		code = tell_unused(c, &list);
	mem_release(list.used);
	mem_release(list.told);
	intern_release(&list.ids);
	arena_release(&list.arena);
	return code;
}
