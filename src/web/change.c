/* SPDX-License-Identifier: ISC */
#include "web/change.h"

#include "image/row.h"
#include "terms/rich.h"
#include "terms/state.h"
#include "web/people.h"
#include "base/banned.h"

/* More than a record and a person have, and EVENT_SOURCE. */
#define FIELDS_MAX (FIELD_COUNT + 1)

/* Fields in the order in which pages show them. */
static const struct {
	enum record_field field;
	struct span title;
	bool personal; /* people, or free text that often names some */
} record_fields[] = {
    {FIELD_NAME, SPAN_INIT("Service Name"), false},
    {FIELD_NUMBER, SPAN_INIT("Port Number"), false},
    {FIELD_PROTOCOL, SPAN_INIT("Transport Protocol"), false},
    {FIELD_DESCRIPTION, SPAN_INIT("Description"), false},
    {FIELD_ASSIGNEE, SPAN_INIT("Assignee"), true},
    {FIELD_CONTACT, SPAN_INIT("Contact"), true},
    {FIELD_DATE, SPAN_INIT("Registration Date"), false},
    {FIELD_UPDATED, SPAN_INIT("Modification Date"), false},
    {FIELD_REFERENCE, SPAN_INIT("Reference"), false},
    {FIELD_SERVICE_CODE, SPAN_INIT("Service Code"), false},
    {FIELD_UNAUTHORIZED, SPAN_INIT("Unauthorized Use Reported"), true},
    {FIELD_NOTE, SPAN_INIT("Assignment Notes"), true},
};

static const struct {
	enum person_field field;
	struct span title;
} person_fields[] = {
    {PERSON_ID, SPAN_INIT("ID")},
    {PERSON_NAME, SPAN_INIT("Name")},
    {PERSON_ORG, SPAN_INIT("Organization")},
    {PERSON_URIS, SPAN_INIT("Contact URI")},
    {PERSON_UPDATED, SPAN_INIT("Last Updated")},
};

/* What a change is made with. */
struct shower {
	const struct image *image;
	struct arena *arena;
	struct buf scratch;
	bool failed; /* out of memory */
};

/* What is in scratch, kept. */
static struct span keep(struct shower *s)
{
	struct span text = SPAN("");

	if (!buf_failed(&s->scratch))
		text = arena_text(s->arena, buf_span(&s->scratch));
	s->failed |= buf_failed(&s->scratch) || text.ptr == NULL;
	buf_clear(&s->scratch);
	return text.ptr != NULL ? text : SPAN("");
}

static struct span plain(struct shower *s, struct span rich)
{
	bool markup = false;

	for (size_t i = 0; i < rich.len && !markup; i++)
		markup = (uint8_t)rich.ptr[i] < ' ';
	if (!markup)
		return rich;
	rich_plain(&s->scratch, rich);
	return keep(s);
}

/* Xrefs one behind the other run into each other without a blank. */
static struct span labels(struct shower *s, struct span rich)
{
	struct rich_token token;
	bool any = false;

	while (rich_next(&rich, &token)) {
		if (token.kind != RICH_IS_XREF)
			continue;
		if (any)
			buf_char(&s->scratch, ' ');
		buf_char(&s->scratch, '[');
		xref_label(&s->scratch, &token.xref);
		buf_char(&s->scratch, ']');
		any = true;
	}
	return keep(s);
}

static bool names_person(
    struct shower *s, const struct image_row *row, enum record_field field)
{
	struct span rich =
	    row != NULL ? image_text(s->image, row->text[field]) : SPAN("");
	struct rich_token token;

	while (rich_next(&rich, &token))
		if (token.kind == RICH_IS_XREF &&
		    token.xref.type == XREF_PERSON)
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

/* Takes off the front of both what they share, in whole words. */
static struct span cut_head(struct span *a, struct span *b)
{
	size_t same = 0, words = 0;
	struct span head;

	while (same < a->len && same < b->len && a->ptr[same] == b->ptr[same])
		if (is_blank(a->ptr[same++]))
			words = same;
	head = span_head(*a, words);
	*a = span_skip(*a, words);
	*b = span_skip(*b, words);
	return head;
}

static struct span cut_tail(struct span *a, struct span *b)
{
	size_t same = 0, words = 0;
	struct span tail;

	while (same < a->len && same < b->len &&
	       a->ptr[a->len - same - 1] == b->ptr[b->len - same - 1]) {
		same++;
		if (is_blank(a->ptr[a->len - same]))
			words = same;
	}
	tail = span_skip(*a, a->len - words);
	*a = span_head(*a, a->len - words);
	*b = span_head(*b, b->len - words);
	return tail;
}

/* False where nothing is to be seen of it. */
static bool set_field(struct page_field *f, struct span title,
    struct span before, struct span after)
{
	*f = (struct page_field){
	    .title = title,
	    .head = SPAN(""),
	    .tail = SPAN(""),
	    .before = before,
	    .after = after,
	    .had = before.len > 0,
	    .has = after.len > 0,
	};
	if (span_eq(before, after))
		return false;
	if (f->had && f->has) {
		f->head = cut_head(&f->before, &f->after);
		f->tail = cut_tail(&f->before, &f->after);
	}
	return true;
}

static struct span row_field(
    struct shower *s, const struct image_row *row, enum record_field field)
{
	struct span text;

	if (row == NULL)
		return SPAN("");
	text = image_text(s->image, row->text[field]);
	if (field == FIELD_ASSIGNEE || field == FIELD_CONTACT ||
	    field == FIELD_REFERENCE)
		return labels(s, text);
	return plain(s, text);
}

/* The fields of bits, of one row or both. */
static void set_row_fields(struct shower *s, struct page_change *c,
    const struct image_row *before, const struct image_row *after,
    uint32_t bits)
{
	struct page_field *fields =
	    arena_alloc(s->arena, FIELDS_MAX * sizeof(*fields));

	s->failed |= fields == NULL;
	for (size_t i = 0;
	     !s->failed && i < sizeof(record_fields) / sizeof(record_fields[0]);
	     i++) {
		enum record_field field = record_fields[i].field;

		struct page_field *f = &fields[c->field_count];

		if ((bits & EVENT_BIT(field)) == 0 ||
		    !set_field(f, record_fields[i].title,
			row_field(s, before, field),
			row_field(s, after, field)))
			continue;
		f->personal = record_fields[i].personal ||
			      names_person(s, before, field) ||
			      names_person(s, after, field);
		c->field_count++;
	}
	c->fields = fields;
}

static void set_person_fields(struct shower *s, struct page_change *c,
    const struct image_person *before, const struct image_person *after,
    uint32_t bits)
{
	struct person_text texts[2] = {0};
	struct page_field *fields =
	    arena_alloc(s->arena, FIELDS_MAX * sizeof(*fields));

	s->failed |= fields == NULL;
	for (unsigned i = 0; i < PERSON_FIELD_COUNT; i++)
		texts[0].at[i] = texts[1].at[i] = SPAN("");
	if (before != NULL)
		person_shown(s->image, before, &texts[0]);
	if (after != NULL)
		person_shown(s->image, after, &texts[1]);
	for (size_t i = 0;
	     !s->failed && i < sizeof(person_fields) / sizeof(person_fields[0]);
	     i++) {
		enum person_field field = person_fields[i].field;

		if ((bits & EVENT_BIT(field)) != 0 &&
		    set_field(&fields[c->field_count], person_fields[i].title,
			plain(s, texts[0].at[field]),
			plain(s, texts[1].at[field])))
			c->field_count++;
	}
	c->fields = fields;
}

static struct span key_of(struct shower *s, bool person, uint32_t number)
{
	const struct image_row *row = image_row(s->image, number);
	const struct image_person *p = image_person(s->image, number);

	if (person)
		return p != NULL ? image_text(s->image, p->text[PERSON_ID])
				 : SPAN("");
	if (row == NULL)
		return SPAN("");
	image_row_key(s->image, row, &s->scratch);
	return keep(s);
}

struct span change_key(const struct image *image, bool person, uint32_t number,
    struct arena *arena)
{
	struct shower s = {.image = image, .arena = arena};
	struct span key;

	buf_init(&s.scratch);
	key = key_of(&s, person, number);
	buf_release(&s.scratch);
	return s.failed ? (struct span){NULL, 0} : key;
}

size_t change_len(const struct image_event *events, size_t count)
{
	size_t len = 1;

	while (len < count &&
	       le32(events[len].version) == le32(events[0].version) &&
	       le32(events[len].before) == le32(events[0].before) &&
	       le32(events[len].after) == le32(events[0].after) &&
	       image_event_is_person(&events[len]) ==
		   image_event_is_person(&events[0]))
		len++;
	return len;
}

/* "renamed, transferred", and what is common to all of these events. */
static uint32_t set_kinds(struct shower *s, struct page_change *c,
    const struct image_event *events, size_t count)
{
	uint32_t bits = 0;

	c->upkeep = true;
	for (size_t i = 0; i < count; i++) {
		enum event_kind kind = image_event_kind(&events[i]);

		if (i > 0)
			buf_str(&s->scratch, ", ");
		buf_add(&s->scratch, event_kind_name(kind));
		c->upkeep = c->upkeep && !event_is_substance(kind);
		bits |= le32(events[i].fields);
	}
	c->kinds = keep(s);
	return bits;
}

/* Why nothing is to be seen of a change. */
static struct span told(uint32_t bits, bool person, bool shown)
{
	if (person && !shown)
		return SPAN("No longer listed; only the id is told.");
	if (bits == EVENT_SOURCE)
		return SPAN("Only the layout of the file differs.");
	if (bits == EVENT_BIT(FIELD_FORM))
		return SPAN("Only the order of the elements differs.");
	return SPAN("Only white space or markup differs.");
}

static void show_person(struct shower *s, struct page_change *c,
    const struct image_event *event, uint32_t bits)
{
	const struct image_person *before =
	    image_person(s->image, le32(event->before));
	const struct image_person *after =
	    image_person(s->image, le32(event->after));

	c->alone = before == NULL || after == NULL;
	if (c->alone)
		bits = UINT32_MAX & ~EVENT_BIT(PERSON_ID);
	set_person_fields(s, c, before, after, bits);
	c->description = before == NULL	 ? SPAN("added")
			 : after == NULL ? SPAN("gone")
					 : SPAN("");
	if (c->field_count == 0)
		c->told = told(bits, true,
		    person_is_listed(
			s->image, after != NULL ? c->after : c->before));
}

static void show_row(struct shower *s, struct page_change *c,
    const struct image_event *event, uint32_t bits)
{
	const struct image_row *before =
	    image_row(s->image, le32(event->before));
	const struct image_row *after = image_row(s->image, le32(event->after));
	const struct image_row *subject = after != NULL ? after : before;
	enum event_kind kind = image_event_kind(event);

	/* These speak of one record, which took or left another's place. */
	if (kind == EVENT_ASSIGNED && after != NULL)
		before = NULL;
	else if (kind == EVENT_DEASSIGNED && before != NULL) {
		subject = before;
		after = NULL;
	}
	c->alone = before == NULL || after == NULL;
	if (c->alone)
		bits = UINT32_MAX &
		       ~(EVENT_BIT(FIELD_NAME) | EVENT_BIT(FIELD_NUMBER) |
			   EVENT_BIT(FIELD_PROTOCOL) |
			   EVENT_BIT(FIELD_DESCRIPTION));
	set_row_fields(s, c, before, after, bits);
	if (subject != NULL)
		c->description = plain(
		    s, image_text(s->image, subject->text[FIELD_DESCRIPTION]));
	c->personal = names_person(s, subject, FIELD_DESCRIPTION);
	if (c->field_count == 0 && !c->alone)
		c->told = told(bits, false, true);
}

static void show(struct shower *s, const struct image_event *events,
    size_t count, struct page_change *c)
{
	bool person = image_event_is_person(events);
	struct span subject;
	uint32_t bits;

	*c = (struct page_change){
	    .description = SPAN(""),
	    .told = SPAN(""),
	    .before = key_of(s, person, le32(events->before)),
	    .after = key_of(s, person, le32(events->after)),
	};
	bits = set_kinds(s, c, events, count);
	if (person)
		show_person(s, c, events, bits);
	else
		show_row(s, c, events, bits);
	subject = c->after;
	if (subject.len == 0 || image_event_kind(events) == EVENT_DEASSIGNED)
		subject = c->before;
	c->story = (struct link){
	    .path = SPAN("/changes"),
	    .filter = person ? SPAN("person") : SPAN("record"),
	    .value = subject,
	    .upkeep = c->upkeep,
	};
}

int changes_show(const struct image *image, const struct image_event *events,
    size_t count, struct page_change *ret, struct arena *arena)
{
	struct shower s = {.image = image, .arena = arena};
	int shown = 0;

	buf_init(&s.scratch);
	while (count > 0 && !s.failed) {
		size_t len = change_len(events, count);

		show(&s, events, len, &ret[shown++]);
		events += len;
		count -= len;
	}
	buf_release(&s.scratch);
	return s.failed ? -1 : shown;
}

int lines_show(const struct image *image, const uint32_t *rows, size_t count,
    struct page_line *ret, struct arena *arena)
{
	struct shower s = {.image = image, .arena = arena};
	int shown = 0;

	buf_init(&s.scratch);
	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(image, rows[i]);
		struct span key;

		if (row == NULL)
			continue;
		key = key_of(&s, false, rows[i]);
		ret[shown++] = (struct page_line){
		    .key = key,
		    .state = state_name(image_row_state(row)),
		    .description = plain(
			&s, image_text(image, row->text[FIELD_DESCRIPTION])),
		    .story = {.path = SPAN("/changes"),
			.filter = SPAN("record"),
			.value = key},
		};
	}
	buf_release(&s.scratch);
	return s.failed ? -1 : shown;
}

struct span counts_show(const uint32_t counts[EVENT_KIND_COUNT], uint32_t kinds,
    struct arena *arena)
{
	struct shower s = {.arena = arena};
	struct span text;

	buf_init(&s.scratch);
	for (enum event_kind kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		if ((kinds & EVENT_BIT(kind)) == 0 || counts[kind] == 0)
			continue;
		if (s.scratch.len > 0)
			buf_str(&s.scratch, ", ");
		buf_count(&s.scratch, counts[kind]);
		buf_char(&s.scratch, ' ');
		buf_add(&s.scratch, kind == EVENT_PERSON && counts[kind] > 1
					? SPAN("people")
					: event_kind_name(kind));
	}
	text = keep(&s);
	buf_release(&s.scratch);
	return s.failed ? (struct span){NULL, 0} : text;
}

struct span version_show(
    const struct image *image, uint32_t version, struct arena *arena)
{
	struct shower s = {.image = image, .arena = arena};
	struct history_version v;
	struct span date;

	buf_init(&s.scratch);
	history_version(image, version, &v);
	date = v.date;
	if (date.len == 0)
		date = image_text(image, image->versions[version].newest_row);
	buf_add(&s.scratch, date.len > 0 ? date : SPAN("without a date"));
	if (v.editions > 1) {
		buf_char(&s.scratch, '.');
		buf_u64(&s.scratch, v.edition);
	}
	date = keep(&s);
	buf_release(&s.scratch);
	return s.failed ? (struct span){NULL, 0} : date;
}

struct span diff_path(
    const struct image *image, uint32_t version, struct arena *arena)
{
	uint32_t before = version > 0 ? version - 1 : 0;
	struct span from = version_show(image, before, arena);
	struct span to = version_show(image, version, arena);
	struct span path = {NULL, 0};
	struct buf b;

	if (from.ptr == NULL || to.ptr == NULL)
		return path;
	buf_init(&b);
	buf_str(&b, "/diff/");
	buf_add(&b, from);
	buf_str(&b, "..");
	buf_add(&b, to);
	if (!buf_failed(&b))
		path = arena_text(arena, buf_span(&b));
	buf_release(&b);
	return path;
}
