/* SPDX-License-Identifier: ISC */
/* Notes, descriptions, and what stands where it has no business. */
#include "check/rows.h"

#include "base/ascii.h"
#include "base/banned.h"

/* How notes tell of a use that was never assigned, in any case. */
static const struct span uses[] = {
    SPAN_INIT("unauthorized use"),
    SPAN_INIT("unauthorised use"),
    SPAN_INIT("widespread use"),
    SPAN_INIT("unofficial"),
    SPAN_INIT("unoffical"), /* so the registry spells it */
    SPAN_INIT("also used by"),
    SPAN_INIT("conflict"),
};

static bool has_fold(struct span text, struct span words)
{
	for (size_t at = 0; at + words.len <= text.len; at++)
		if (span_eq_fold(
			span_head(span_skip(text, at), words.len), words))
			return true;
	return false;
}

/* A use has a number; a note without one may speak of other conflicts. */
static void check_uses(struct check *c, size_t i)
{
	struct span note = check_text(c, i, FIELD_NOTE);

	if (note.len == 0 || !c->registry->records[i].has_number)
		return;
	for (size_t k = 0; k < sizeof(uses) / sizeof(uses[0]); k++) {
		if (!has_fold(note, uses[k]))
			continue;
		buf_printf(&c->message,
		    "the note tells of a use (\"%.*s\"), which has its own "
		    "field",
		    SPAN_FMT(uses[k]));
		check_add(c, FINDING_UNAUTH_NOTE, i);
		return;
	}
}

/* A line break shows nothing, so that the blank behind one is at the edge. */
static bool has_blank_edge(struct span text)
{
	while (text.len > 0 && text.ptr[0] == RICH_BR)
		text = span_skip(text, 1);
	while (text.len > 0 && text.ptr[text.len - 1] == RICH_BR)
		text.len--;
	return text.len > 0 && (ascii_is_space(text.ptr[0]) ||
				   ascii_is_space(text.ptr[text.len - 1]));
}

/* A record that assigns nothing. */
static void check_status(struct check *c, size_t i)
{
	if (check_text(c, i, FIELD_ASSIGNEE).len > 0 ||
	    check_text(c, i, FIELD_CONTACT).len > 0)
		check_tell(c, FINDING_RES_PARTY, i,
		    "not assigned, and has an assignee or a contact");
	if (check_text(c, i, FIELD_DATE).len > 0) {
		buf_printf(&c->message, "%.*s, and registered %.*s",
		    SPAN_FMT(state_name(c->rows[i].state)),
		    SPAN_FMT(check_text(c, i, FIELD_DATE)));
		check_add(c, FINDING_RES_REGDATE, i);
	}
	if (span_trim(check_text(c, i, FIELD_UNAUTHORIZED)).len > 0)
		check_add(c, FINDING_UNAUTH_STATE, i);
}

int check_notes(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		struct span form = check_text(c, i, FIELD_FORM);
		struct span note = check_text(c, i, FIELD_NOTE);

		if (span_find_char(form, 0, 't') < form.len &&
		    span_trim(note).len == 0)
			check_tell(c, FINDING_NOTE_EMPTY, i,
			    "the element of the note is empty");
		if (has_blank_edge(check_text(c, i, FIELD_DESCRIPTION)))
			check_tell(c, FINDING_DESC_WS, i,
			    "the description begins or ends with a blank");
		if (c->rows[i].state != STATE_ASSIGNED)
			check_status(c, i);
		check_uses(c, i);
	}
	return 0;
}
