/* SPDX-License-Identifier: ISC */
#include "terms/fields.h"

#include "terms/rich.h"
#include "base/banned.h"

static const struct {
	struct span heading;
	enum record_field field;
} columns[COLUMN_COUNT] = {
    [COLUMN_NAME] = {SPAN_INIT("Service Name"), FIELD_NAME},
    [COLUMN_NUMBER] = {SPAN_INIT("Port Number"), FIELD_NUMBER},
    [COLUMN_PROTOCOL] = {SPAN_INIT("Transport Protocol"), FIELD_PROTOCOL},
    [COLUMN_DESCRIPTION] = {SPAN_INIT("Description"), FIELD_DESCRIPTION},
    [COLUMN_ASSIGNEE] = {SPAN_INIT("Assignee"), FIELD_ASSIGNEE},
    [COLUMN_CONTACT] = {SPAN_INIT("Contact"), FIELD_CONTACT},
    [COLUMN_REGISTERED] = {SPAN_INIT("Registration Date"), FIELD_DATE},
    [COLUMN_MODIFIED] = {SPAN_INIT("Modification Date"), FIELD_UPDATED},
    [COLUMN_REFERENCE] = {SPAN_INIT("Reference"), FIELD_REFERENCE},
    [COLUMN_SERVICE_CODE] = {SPAN_INIT("Service Code"), FIELD_SERVICE_CODE},
    [COLUMN_UNAUTHORIZED] = {SPAN_INIT("Unauthorized Use Reported"),
	FIELD_UNAUTHORIZED},
    [COLUMN_NOTE] = {SPAN_INIT("Assignment Notes"), FIELD_NOTE},
};

struct span column_heading(enum column column)
{
	return columns[column].heading;
}

static const struct span keys[COLUMN_COUNT] = {
    [COLUMN_NAME] = SPAN_INIT("name"),
    [COLUMN_NUMBER] = SPAN_INIT("number"),
    [COLUMN_PROTOCOL] = SPAN_INIT("protocol"),
    [COLUMN_DESCRIPTION] = SPAN_INIT("description"),
    [COLUMN_ASSIGNEE] = SPAN_INIT("assignee"),
    [COLUMN_CONTACT] = SPAN_INIT("contact"),
    [COLUMN_REGISTERED] = SPAN_INIT("registered"),
    [COLUMN_MODIFIED] = SPAN_INIT("modified"),
    [COLUMN_REFERENCE] = SPAN_INIT("references"),
    [COLUMN_SERVICE_CODE] = SPAN_INIT("service_code"),
    [COLUMN_UNAUTHORIZED] = SPAN_INIT("unauthorized_use"),
    [COLUMN_NOTE] = SPAN_INIT("note"),
};

struct span column_key(enum column column)
{
	return keys[column];
}

bool column_key_parse(struct span key, enum column *ret)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!span_eq(keys[i], key))
			continue;
		*ret = (enum column)i;
		return true;
	}
	return false;
}

enum record_field column_field(
    enum column column, struct span form, struct span assignee)
{
	if (column == COLUMN_ASSIGNEE && assignee.len == 0 &&
	    span_find_char(form, 0, 'a') == form.len &&
	    span_find_char(form, 0, 'A') == form.len)
		return FIELD_CONTACT;
	return columns[column].field;
}

void column_text(
    struct buf *b, const struct record_text *record, enum column column)
{
	enum record_field field = column_field(
	    column, record->at[FIELD_FORM], record->at[FIELD_ASSIGNEE]);

	rich_column(b, record->at[field]);
}
