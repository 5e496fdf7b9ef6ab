/* SPDX-License-Identifier: ISC */
/* What the edit of a record means: substance or upkeep, and of which kind. */
#include "core/lives_own.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/unicode.h"
#include "terms/rich.h"
#include "base/banned.h"

/* More parties in one field are compared in their order only. */
#define PARTIES_MAX 16

/* The next character that tells names apart; false at the end. */
static bool next_letter(struct span *rest, char *ret)
{
	while (rest->len > 0) {
		char c = rest->ptr[0];

		*rest = span_skip(*rest, 1);
		if (!ascii_is_letter(c) && !ascii_is_digit(c) &&
		    ((uint8_t)c & 0x80) == 0)
			continue;
		*ret = ascii_lower(c);
		return true;
	}
	return false;
}

/* The same but for letter case, blanks and punctuation; and not empty. */
static bool is_alike(struct span a, struct span b)
{
	bool more_a, more_b, any = false;
	char x = '\0', y = '\0';

	for (;;) {
		more_a = next_letter(&a, &x);
		more_b = next_letter(&b, &y);
		if (!more_a || !more_b || x != y)
			return any && !more_a && !more_b;
		any = true;
	}
}

/* The person of that id in a version; NULL if there is none. */
static const struct person *find_person(
    const struct step *s, struct span id, uint32_t version)
{
	const struct ids *ids = &s->ids;
	size_t mask = ids->slot_count - 1;
	size_t at = (size_t)hash_bytes(id.ptr, id.len, 0) & mask;
	uint32_t n;

	for (; (n = ids->slots[at]) != 0; at = (at + 1) & mask) {
		const uint32_t *text = s->t->people[n - 1].person.text;

		if (span_eq(step_text(s, text, PERSON_ID), id))
			break;
	}
	for (; n != 0; n = ids->next[n - 1]) {
		const struct timeline_person *p = &s->t->people[n - 1];

		if (p->first <= version && version <= p->last)
			return &p->person;
	}
	return NULL;
}

/* What a person or company goes by. */
static struct span label_of(const struct step *s, const struct person *person)
{
	struct span name = step_text(s, person->text, PERSON_NAME);

	return name.len > 0 ? name : step_text(s, person->text, PERSON_ORG);
}

/* Whether two ids, of the version before and of this one, are one party. */
static bool is_party(
    const struct step *s, struct span before, struct span after)
{
	const struct person *a, *b;

	if (is_alike(before, after))
		return true;
	a = find_person(s, before, s->version - 1);
	b = find_person(s, after, s->version);
	return a != NULL && b != NULL &&
	       is_alike(label_of(s, a), label_of(s, b));
}

/* The next person that a text refers to; false at the end. */
static bool next_party(struct span *rest, struct span *ret)
{
	struct rich_token token;

	while (rich_next(rest, &token)) {
		if (token.kind != RICH_IS_XREF ||
		    token.xref.type != XREF_PERSON)
			continue;
		*ret = token.xref.data;
		return true;
	}
	return false;
}

/* How many, of which the first PARTIES_MAX are put down. */
static size_t parties_of(struct span text, struct span parties[PARTIES_MAX])
{
	struct span party;
	size_t count = 0;

	while (next_party(&text, &party)) {
		if (count < PARTIES_MAX)
			parties[count] = party;
		count++;
	}
	return count;
}

/* Whether two fields name the same parties, in any order. */
static bool are_parties(const struct step *s, struct span old, struct span new)
{
	struct span a[PARTIES_MAX], b[PARTIES_MAX];
	size_t count = parties_of(old, a);

	if (count != parties_of(new, b))
		return false;
	if (count > PARTIES_MAX)
		return span_eq(old, new);
	for (size_t i = 0; i < count; i++) {
		size_t n = 0;

		while (n < count && !is_party(s, a[i], b[n]))
			n++;
		if (n == count)
			return false;
		b[n] = SPAN(""); /* each stands for one */
	}
	return true;
}

/* Somebody whom the version lists is named. */
static bool is_known(const struct step *s, struct span text, uint32_t version)
{
	struct span party;

	while (next_party(&text, &party))
		if (find_person(s, party, version) != NULL)
			return true;
	return false;
}

static bool is_transfer(
    const struct step *s, const uint32_t *old, const uint32_t *new)
{
	struct span before = step_text(s, old, FIELD_ASSIGNEE);
	struct span after = step_text(s, new, FIELD_ASSIGNEE);

	return is_known(s, before, s->version - 1) &&
	       is_known(s, after, s->version) && !are_parties(s, before, after);
}

/* Text with any white space between words as one blank. */
static void add_words(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!ascii_is_space(c))
			buf_char(b, c);
		else if (b->len > 0 && b->ptr[b->len - 1] != ' ')
			buf_char(b, ' ');
	}
}

/*
 * What a text says, whatever its layout: a reference to a document is just
 * that, as its number may change, and a person is the one behind the id.
 */
static void add_meaning(
    const struct step *s, struct span text, uint32_t version, struct buf *b)
{
	struct rich_token token;

	buf_clear(b);
	while (rich_next(&text, &token)) {
		const struct person *person;

		if (token.kind == RICH_IS_TEXT) {
			add_words(b, token.text);
			continue;
		}
		if (token.kind != RICH_IS_XREF) {
			add_words(b, SPAN(" "));
			continue;
		}
		buf_str(b, "[");
		switch (token.xref.type) {
		case XREF_RFC:
		case XREF_DRAFT:
		case XREF_RFC_ERRATA:
			buf_str(b, "document");
			break;
		case XREF_PERSON:
			person = find_person(s, token.xref.data, version);
			add_words(b, person != NULL ? label_of(s, person)
						    : token.xref.data);
			break;
		default:
			xref_label(b, &token.xref);
			buf_add(b, token.xref.data);
			break;
		}
		buf_str(b, "]");
	}
	while (b->len > 0 && b->ptr[b->len - 1] == ' ')
		b->len--;
}

/* Whether a text has come to say something else; case counts if it must. */
static bool says_else(struct step *s, const uint32_t *old, const uint32_t *new,
    enum record_field field, bool fold)
{
	struct span before, after, both;
	size_t cut;

	if (old[field] == new[field])
		return false;
	add_meaning(s, step_text(s, old, field), s->version - 1, &s->old_text);
	add_meaning(s, step_text(s, new, field), s->version, &s->new_text);
	before = buf_span(&s->old_text);
	after = buf_span(&s->new_text);
	if (span_eq(before, after))
		return false;
	if (!fold)
		return true;
	buf_clear(&s->folded_text);
	unicode_fold_text(&s->folded_text, before);
	cut = s->folded_text.len;
	unicode_fold_text(&s->folded_text, after);
	both = buf_span(&s->folded_text);
	return !span_eq(span_head(both, cut), span_skip(both, cut));
}

#define F(field) EVENT_BIT(FIELD_##field)
#define ALWAYS                                                                 \
	(F(DATE) | F(UPDATED) | F(NAME) | F(PROTOCOL) | F(NUMBER) |            \
	    F(SERVICE_CODE))

/* Whether what differs matters; references by themselves are upkeep. */
static bool is_substance(
    struct step *s, const uint32_t *old, const uint32_t *new, uint32_t fields)
{
	return (fields & ALWAYS) != 0 ||
	       says_else(s, old, new, FIELD_DESCRIPTION, true) ||
	       says_else(s, old, new, FIELD_NOTE, false) ||
	       says_else(s, old, new, FIELD_UNAUTHORIZED, false) ||
	       !are_parties(s, step_text(s, old, FIELD_ASSIGNEE),
		   step_text(s, new, FIELD_ASSIGNEE)) ||
	       !are_parties(s, step_text(s, old, FIELD_CONTACT),
		   step_text(s, new, FIELD_CONTACT));
}

/* A name or number that changed; then what else did. */
static int tell_moved(struct step *s, uint32_t ended, uint32_t begun,
    uint32_t fields, bool transfer)
{
	enum event_kind kind =
	    (fields & F(NUMBER)) != 0 ? EVENT_RENUMBERED : EVENT_RENAMED;
	uint32_t own = transfer ? fields & ~F(ASSIGNEE) : fields;
	int code = step_tell(s, kind, ended, begun, own);

	if (code == 0 && transfer)
		code =
		    step_tell(s, EVENT_TRANSFERRED, ended, begun, F(ASSIGNEE));
	return code;
}

int kind_tell(struct step *s, uint32_t ended, uint32_t begun)
{
	const uint32_t *old = s->ended.words[ended];
	const uint32_t *new = s->begun.words[begun];
	uint32_t fields = step_differs(s, ended, begun);
	enum event_kind kind = EVENT_EDITORIAL;
	bool transfer;

	if (fields == 0)
		return 0; /* it moved */
	transfer = (fields & F(ASSIGNEE)) != 0 && is_transfer(s, old, new);
	if ((fields & (F(NUMBER) | F(NAME))) != 0)
		return tell_moved(s, ended, begun, fields, transfer);
	if (transfer)
		kind = EVENT_TRANSFERRED;
	else if (is_substance(s, old, new, fields))
		kind = EVENT_MODIFIED;
	return step_tell(s, kind, ended, begun, fields);
}
