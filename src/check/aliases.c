/* SPDX-License-Identifier: ISC */
/*
 * Pairs of a legacy name with characters that RFC 6335 does not allow, and
 * the well-formed name made of it (sections 5 and 10.1):
 *
 *	http-x   the twin: description "... as a replacement for "http_x"."
 *	http_x   the alias: note "This entry is an alias to "http-x"...."
 */
#include "check/rows.h"

#include "base/ascii.h"
#include "terms/name.h"
#include "base/banned.h"

#define HISTORIC "This entry is now historic, not usable for use with"
#define TWIN "IANA assigned this well-formed service name as a replacement for"
#define HTTP_NOTE "duplicate of the \"http\" service"

/*
 * Whether text holds words, where white space of any kind and length, and
 * line breaks, stand for a blank.
 */
static bool has_words(struct span text, struct span words)
{
	for (size_t from = 0; from < text.len; from++) {
		size_t at = from, word = 0;

		while (word < words.len && at < text.len) {
			size_t blanks = at;

			if (words.ptr[word] != ' ') {
				if (text.ptr[at] != words.ptr[word])
					break;
				at++;
				word++;
				continue;
			}
			while (blanks < text.len &&
			       (ascii_is_space(text.ptr[blanks]) ||
				   text.ptr[blanks] == RICH_BR))
				blanks++;
			if (blanks == at)
				break;
			at = blanks;
			word++;
		}
		if (word == words.len)
			return true;
	}
	return false;
}

static bool is_http_synonym(struct span name)
{
	return span_eq_fold(name, SPAN("www")) ||
	       span_eq_fold(name, SPAN("www-http"));
}

static void check_notes_of(struct check *c, size_t i)
{
	struct span name = check_text(c, i, FIELD_NAME);
	struct span note = check_text(c, i, FIELD_NOTE);
	bool illegal = (name_faults(name) & NAME_BIT(NAME_RULE_CHAR)) != 0;
	bool alias = c->rows[i].alias.len > 0;

	if ((illegal || alias) && !(alias && has_words(note, SPAN(HISTORIC)))) {
		buf_str(&c->message,
		    alias ? "the note does not call the name historic"
			  : "a name with characters that are not allowed, and "
			    "no note that calls it an alias");
		check_add(c, FINDING_NAME_ALIAS_NOTE, i);
	}
	if (alias && c->rows[i].is_new)
		check_tell(c, FINDING_NAME_ALIAS_NEW, i,
		    "a second name of a service, registered in the new era");
	if (is_http_synonym(name) && check_text(c, i, FIELD_NUMBER).len > 0 &&
	    !has_words(note, SPAN(HTTP_NOTE)))
		check_tell(c, FINDING_NAME_ALIAS_HTTP, i,
		    "no note calls the name a duplicate of http");
}

/* Order of record row against number and protocol of alias, and a name. */
static int twin_cmp(
    const struct check *c, size_t alias, struct span name, size_t row)
{
	const uint32_t *a = c->registry->records[alias].text;
	const uint32_t *r = c->registry->records[row].text;

	if (a[FIELD_NUMBER] != r[FIELD_NUMBER])
		return a[FIELD_NUMBER] < r[FIELD_NUMBER] ? -1 : 1;
	if (a[FIELD_PROTOCOL] != r[FIELD_PROTOCOL])
		return a[FIELD_PROTOCOL] < r[FIELD_PROTOCOL] ? -1 : 1;
	return span_cmp(name, check_text(c, row, FIELD_NAME));
}

/* The first record of the name with the number and protocol of an alias. */
static uint32_t find_twin(const struct check *c, size_t alias)
{
	size_t low = 0, high = c->registry->record_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (twin_cmp(
			c, alias, c->rows[alias].alias, c->by_key[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == c->registry->record_count ||
	    twin_cmp(c, alias, c->rows[alias].alias, c->by_key[low]) != 0)
		return CHECK_NONE;
	return c->by_key[low];
}

/* Whether twin is what RFC 6335 makes of a legacy name. */
static bool is_form_of(struct span twin, struct span legacy)
{
	if (span_eq(legacy, SPAN("whois++")))
		return span_eq(twin, SPAN("whoispp"));
	if (twin.len != legacy.len)
		return false;
	for (size_t i = 0; i < twin.len; i++) {
		char x = legacy.ptr[i];

		if (!ascii_is_letter(x) && !ascii_is_digit(x))
			x = '-';
		if (twin.ptr[i] != x)
			return false;
	}
	return true;
}

static void check_drift(struct check *c, size_t alias, size_t twin)
{
	static const struct {
		enum record_field field;
		const char *name;
	} fields[] = {{FIELD_ASSIGNEE, "assignees"},
	    {FIELD_CONTACT, "contacts"}, {FIELD_REFERENCE, "references"},
	    {FIELD_DATE, "dates of registration"},
	    {FIELD_UPDATED, "dates of modification"}};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (check_same(c, alias, twin, fields[i].field))
			continue;
		buf_printf(&c->message,
		    "the alias and its well-formed name differ in their %s",
		    fields[i].name);
		check_add(c, FINDING_NAME_ALIAS_DRIFT, alias);
	}
}

static void check_pair(struct check *c, size_t alias)
{
	struct span name = check_text(c, alias, FIELD_NAME);
	uint32_t twin = find_twin(c, alias);
	struct span description;

	if (twin == CHECK_NONE) {
		buf_printf(&c->message,
		    "no record of the same number and protocol has the name "
		    "\"%.*s\"",
		    SPAN_FMT(span_head(c->rows[alias].alias, 100)));
		check_add(c, FINDING_NAME_ALIAS_TARGET, alias);
		return;
	}
	if ((size_t)twin + 1 != alias)
		check_tell(c, FINDING_NAME_ALIAS_ORDER, alias,
		    "the record of the well-formed name does not stand right "
		    "before this one");
	if (!is_form_of(c->rows[alias].alias, name))
		check_tell(c, FINDING_NAME_ALIAS_FORM, alias,
		    "the name that the note gives is not made of this one by "
		    "the rule");
	description = check_text(c, twin, FIELD_DESCRIPTION);
	if (!has_words(description, SPAN(TWIN)) ||
	    span_find(description, name) == description.len)
		check_tell(c, FINDING_NAME_ALIAS_TWIN, twin,
		    "the description does not say which name this one "
		    "replaces");
	check_drift(c, alias, twin);
}

int check_aliases(struct check *c)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		if (!c->rows[i].named)
			continue;
		check_notes_of(c, i);
		if (c->rows[i].alias.len > 0)
			check_pair(c, i);
	}
	return 0;
}
