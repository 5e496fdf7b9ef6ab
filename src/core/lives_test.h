/* SPDX-License-Identifier: ISC */
/* Events and lives as lines of text, for the tests of lives. */
#ifndef CORE_LIVES_TEST_H
#define CORE_LIVES_TEST_H

#include "base/buf.h"
#include "core/lives.h"
#include "terms/key.h"

/* The key of a row without its ordinal, the id of a person, or "none". */
static inline void put_place(
    struct buf *b, const struct timeline *t, bool person, uint32_t place)
{
	const uint32_t *text;
	struct record_key key = {.ordinal = 1};

	if (place == LIFE_NONE) {
		buf_str(b, "none");
		return;
	}
	if (person) {
		text = t->people[place].person.text;
		buf_add(b, timeline_text(t, text[PERSON_ID]));
		return;
	}
	text = t->rows[place].record.text;
	key.number = timeline_text(t, text[FIELD_NUMBER]);
	key.protocol = timeline_text(t, text[FIELD_PROTOCOL]);
	key.name = timeline_text(t, text[FIELD_NAME]);
	key_format(b, &key);
}

/* "renamed 1/tcp/a -> 1/tcp/b: name updated", without the form. */
static inline void put_event(
    struct buf *b, const struct timeline *t, const struct life_event *e)
{
	static const char *const fields[] = {"", "date", "updated", "name",
	    "protocol", "number", "description", "assignee", "contact",
	    "reference", "note", "unauthorized", "sc"};
	static const char *const person_fields[] = {
	    "", "id", "name", "org", "uris", "updated"};
	bool person = e->kind == EVENT_PERSON, any = false;
	const char *const *names = person ? person_fields : fields;

	buf_add(b, event_kind_name(e->kind));
	buf_str(b, " ");
	put_place(b, t, person, e->before);
	buf_str(b, " -> ");
	put_place(b, t, person, e->after);
	for (unsigned i = 1; i < (person ? PERSON_FIELD_COUNT : FIELD_COUNT);
	     i++) {
		if ((e->fields & EVENT_BIT(i)) == 0)
			continue;
		buf_str(b, any ? " " : ": ");
		buf_str(b, names[i]);
		any = true;
	}
	if (e->fields == EVENT_BIT(FIELD_FORM))
		buf_str(b, ": form");
	if (e->fields == EVENT_SOURCE)
		buf_str(b, ": source");
	buf_str(b, "\n");
}

#endif
