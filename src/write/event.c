/* SPDX-License-Identifier: ISC */
#include "write/event.h"

#include "image/row.h"
#include "terms/rich.h"
#include "write/json.h"
#include "write/record.h"
#include "base/banned.h"

#define KIND_WIDTH 13
#define LONG 100  /* bytes of two texts that are shown as they are */
#define AROUND 24 /* bytes of what is the same, to the next blank */
#define MOST 240  /* bytes of one side */
#define LAYOUT "layout"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Fields as the JSON calls them; NULL for what is not seen. */
static const char *const record_names[FIELD_COUNT] = {
    [FIELD_DATE] = "registered",
    [FIELD_UPDATED] = "modified",
    [FIELD_NAME] = "name",
    [FIELD_PROTOCOL] = "protocol",
    [FIELD_NUMBER] = "number",
    [FIELD_DESCRIPTION] = "description",
    [FIELD_ASSIGNEE] = "assignee",
    [FIELD_CONTACT] = "contact",
    [FIELD_REFERENCE] = "references",
    [FIELD_NOTE] = "note",
    [FIELD_UNAUTHORIZED] = "unauthorized_use",
    [FIELD_SERVICE_CODE] = "service_code",
};

static const char *const person_names[PERSON_FIELD_COUNT] = {
    [PERSON_ID] = "id",
    [PERSON_NAME] = "name",
    [PERSON_ORG] = "org",
    [PERSON_URIS] = "uris",
    [PERSON_UPDATED] = "updated",
};

/* The order in which they are told. */
static const uint8_t record_order[] = {FIELD_NAME, FIELD_NUMBER, FIELD_PROTOCOL,
    FIELD_DESCRIPTION, FIELD_ASSIGNEE, FIELD_CONTACT, FIELD_DATE, FIELD_UPDATED,
    FIELD_REFERENCE, FIELD_SERVICE_CODE, FIELD_UNAUTHORIZED, FIELD_NOTE};
static const uint8_t person_order[] = {
    PERSON_ID, PERSON_NAME, PERSON_ORG, PERSON_URIS, PERSON_UPDATED};

/* What an assignment is told with. */
#define ASSIGNED_FIELDS                                                        \
	(EVENT_BIT(FIELD_DESCRIPTION) | EVENT_BIT(FIELD_ASSIGNEE) |            \
	    EVENT_BIT(FIELD_CONTACT) | EVENT_BIT(FIELD_NOTE))
#define PERSON_FIELDS                                                          \
	(EVENT_BIT(PERSON_NAME) | EVENT_BIT(PERSON_ORG) |                      \
	    EVENT_BIT(PERSON_URIS))

struct order {
	const uint8_t *fields;
	size_t count;
	const char *const *names;
	uint32_t layout; /* bits of what is not seen */
};

static struct order order_of(const struct image_event *event)
{
	if (image_event_is_person(event))
		return (struct order){person_order, sizeof(person_order),
		    person_names, EVENT_BIT(PERSON_FORM) | EVENT_SOURCE};
	return (struct order){record_order, sizeof(record_order), record_names,
	    EVENT_BIT(FIELD_FORM) | EVENT_SOURCE};
}

struct span event_date(
    const struct image *image, const struct image_event *event)
{
	const struct image_version *v;
	struct span updated;

	if (le32(event->version) >= image->version_count)
		return SPAN(""); /* a damaged image */
	v = &image->versions[le32(event->version)];
	updated = image_text(image, v->updated);
	return updated.len > 0 ? updated : image_text(image, v->newest_row);
}

static const struct image_row *row_of(
    const struct image *image, const struct image_event *e, struct le32 side)
{
	return image_event_is_person(e) ? NULL : image_row(image, le32(side));
}

static const struct image_person *person_of(
    const struct image *image, const struct image_event *e, struct le32 side)
{
	return image_event_is_person(e) ? image_person(image, le32(side))
					: NULL;
}

void event_key(struct buf *b, const struct image *image,
    const struct image_event *event, struct le32 side)
{
	const struct image_row *row = row_of(image, event, side);
	const struct image_person *person = person_of(image, event, side);

	if (row != NULL)
		image_row_key(image, row, b);
	else if (person != NULL)
		buf_add(b, image_text(image, person->text[PERSON_ID]));
}

const char *event_field(const struct image_event *event, unsigned *next)
{
	struct order order = order_of(event);
	uint32_t bits = le32(event->fields);

	while (*next < order.count) {
		unsigned field = order.fields[(*next)++];

		if ((bits & EVENT_BIT(field)) != 0)
			return order.names[field];
	}
	if (*next == order.count && (bits & order.layout) != 0) {
		++*next;
		return LAYOUT;
	}
	return NULL;
}

static struct le32 told_side(const struct image_event *event)
{
	return le32(event->after) != IMAGE_NONE ? event->after : event->before;
}

/* A version in which a side of an event stood. */
static uint32_t version_of(
    const struct image_event *event, const struct image_row *row)
{
	uint32_t version = le32(event->version);

	return image_row_is_in(row, version) ? version
					     : le32(row->last_version);
}

static void put_side(struct buf *b, const struct image *image,
    const struct image_event *event, struct le32 side)
{
	const struct image_row *row = row_of(image, event, side);
	const struct image_person *person = person_of(image, event, side);

	if (row != NULL)
		json_record(b, image, row, version_of(event, row));
	else if (person != NULL)
		json_person(b, image, person);
	else
		buf_str(b, "null");
}

void event_json(
    struct buf *b, const struct image *image, const struct image_event *event)
{
	unsigned next = 0;
	const char *field;
	struct buf key;
	bool any = false;

	buf_init(&key);
	event_key(&key, image, event, told_side(event));
	buf_str(b, "{\"date\": ");
	json_text_or_null(b, event_date(image, event));
	buf_str(b, ", \"kind\": ");
	json_text(b, event_kind_name(image_event_kind(event)));
	buf_str(b, ", \"id\": ");
	json_text(b, buf_span(&key));
	buf_str(b, ", \"before\": ");
	put_side(b, image, event, event->before);
	buf_str(b, ", \"after\": ");
	put_side(b, image, event, event->after);
	buf_str(b, ", \"fields\": [");
	while ((field = event_field(event, &next)) != NULL) {
		buf_str(b, any ? ", " : "");
		json_text(b, span_str(field));
		any = true;
	}
	buf_str(b, "]}");
	b->failed = b->failed || buf_failed(&key);
	buf_release(&key);
}

void event_csv_header(struct buf *b, enum csv_kind kind)
{
	buf_str(b, kind == CSV_TAB ? "date\tkind\tbefore\tafter\tfields\n"
				   : "date,kind,before,after,fields\n");
}

static void put_cell(struct buf *b, struct buf *text, enum csv_kind kind)
{
	csv_cell(b, text, kind);
	buf_clear(text);
}

void event_csv(struct buf *b, const struct image *image,
    const struct image_event *event, enum csv_kind kind)
{
	char sep = kind == CSV_TAB ? '\t' : ',';
	unsigned next = 0;
	const char *field;
	struct buf text;

	buf_init(&text);
	buf_add(&text, event_date(image, event));
	put_cell(b, &text, kind);
	buf_char(b, sep);
	buf_add(b, event_kind_name(image_event_kind(event)));
	buf_char(b, sep);
	event_key(&text, image, event, event->before);
	put_cell(b, &text, kind);
	buf_char(b, sep);
	event_key(&text, image, event, event->after);
	put_cell(b, &text, kind);
	buf_char(b, sep);
	while ((field = event_field(event, &next)) != NULL) {
		buf_str(&text, text.len > 0 ? " " : "");
		buf_str(&text, field);
	}
	put_cell(b, &text, kind);
	buf_char(b, '\n');
	buf_release(&text);
}

/* A field on one line, as people read it. */
static void put_value(struct buf *b, const struct image *image,
    const struct image_event *event, struct le32 side, unsigned field)
{
	const struct image_row *row = row_of(image, event, side);
	const struct image_person *person = person_of(image, event, side);
	struct buf text;

	buf_init(&text);
	if (row != NULL && (field == FIELD_ASSIGNEE || field == FIELD_CONTACT ||
			       field == FIELD_REFERENCE))
		record_labels(
		    &text, image, row, (enum record_field)field, SPAN(", "));
	else if (row != NULL)
		record_plain(&text, image, row, (enum record_field)field);
	else if (person != NULL)
		rich_plain(&text, image_text(image, person->text[field]));
	record_clean(b, buf_span(&text), SPAN(" "));
	b->failed = b->failed || buf_failed(&text);
	buf_release(&text);
}

/* Two texts, and what is left out of them at both ends. */
struct change {
	struct span old, new;
	bool head, tail; /* cut */
};

static size_t same_head(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

static size_t same_tail(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len &&
	       a.ptr[a.len - 1 - n] == b.ptr[b.len - 1 - n])
		n++;
	return n;
}

/* Leaves what differs, with some words of what is the same around it. */
static void narrow(struct change *c)
{
	size_t head = same_head(c->old, c->new), tail;

	head = head > AROUND ? head - AROUND : 0;
	while (head > 0 && c->old.ptr[head - 1] != ' ')
		head--;
	c->old = span_skip(c->old, head);
	c->new = span_skip(c->new, head);
	tail = same_tail(c->old, c->new);
	tail = tail > AROUND ? tail - AROUND : 0;
	while (tail > 0 && c->old.ptr[c->old.len - tail] != ' ')
		tail--;
	c->old.len -= tail;
	c->new.len -= tail;
	c->head = head > 0;
	c->tail = tail > 0;
}

/* One side, cut where it is still too long; never within a character. */
static void put_cut(struct buf *b, struct span text, const struct change *c)
{
	size_t len = text.len < MOST ? text.len : MOST;

	if (text.len == 0 && !c->head && !c->tail) {
		buf_str(b, "none");
		return;
	}
	while (len < text.len && len > 0 &&
	       ((uint8_t)text.ptr[len] & 0xc0) == 0x80)
		len--;
	buf_str(b, c->head ? "... " : "");
	buf_add(b, span_head(text, len));
	buf_str(b, len < text.len || c->tail ? " ..." : "");
}

/* "old -> new"; of what has come or gone alone the text that there is. */
static void put_change(struct buf *b, const struct image *image,
    const struct image_event *event, unsigned field)
{
	struct buf old, new;
	struct change c = {.head = false};

	buf_init(&old);
	buf_init(&new);
	put_value(&old, image, event, event->before, field);
	put_value(&new, image, event, event->after, field);
	c.old = buf_span(&old);
	c.new = buf_span(&new);
	if (span_eq(c.old, c.new)) {
		buf_add(b, c.old);
		buf_str(b, c.old.len > 0 ? " (the same words)" : "");
	} else {
		if (c.old.len + c.new.len > LONG)
			narrow(&c);
		put_cut(b, c.old, &c);
		buf_str(b, " -> ");
		put_cut(b, c.new, &c);
	}
	b->failed = b->failed || buf_failed(&old) || buf_failed(&new);
	buf_release(&old);
	buf_release(&new);
}

/* What a record is that has come, or was that has gone. */
static void put_alone(struct buf *b, const struct image *image,
    const struct image_event *event, unsigned field)
{
	struct change whole = {.head = false};
	struct buf text;

	buf_init(&text);
	put_value(&text, image, event, told_side(event), field);
	if (text.len > 0)
		put_cut(b, buf_span(&text), &whole);
	b->failed = b->failed || buf_failed(&text);
	buf_release(&text);
}

static bool is_alone(const struct image_event *event)
{
	return image_event_kind(event) == EVENT_ASSIGNED ||
	       le32(event->before) == IMAGE_NONE ||
	       le32(event->after) == IMAGE_NONE;
}

/* "4319/tcp/fox-skytale -> 4319/tcp/skytale"; once where it stays. */
static void put_keys(struct buf *b, const struct image *image,
    const struct image_event *event, const struct table_style *style)
{
	bool assigned = image_event_kind(event) == EVENT_ASSIGNED;
	struct buf old, new;

	buf_init(&old);
	buf_init(&new);
	event_key(&old, image, event, event->before);
	event_key(&new, image, event, told_side(event));
	buf_str(b, style->colour ? BOLD : "");
	if (old.len > 0 && !assigned && le32(event->after) != IMAGE_NONE &&
	    !span_eq(buf_span(&old), buf_span(&new))) {
		record_clean(b, buf_span(&old), SPAN(" "));
		buf_str(b, " -> ");
	}
	record_clean(b, buf_span(&new), SPAN(" "));
	buf_str(b, style->colour ? PLAIN : "");
	if (old.len > 0 && assigned) {
		buf_str(b, ", which was ");
		record_clean(b, buf_span(&old), SPAN(" "));
	}
	b->failed = b->failed || buf_failed(&old) || buf_failed(&new);
	buf_release(&old);
	buf_release(&new);
}

void event_text(struct buf *b, const struct image *image,
    const struct image_event *event, const struct table_style *style)
{
	struct span kind = event_kind_name(image_event_kind(event));
	struct order order = order_of(event);
	uint32_t fields = le32(event->fields);
	struct buf name, text;

	buf_init(&name);
	buf_init(&text);
	if (is_alone(event))
		fields = image_event_is_person(event) ? PERSON_FIELDS
						      : ASSIGNED_FIELDS;
	record_clean(b, event_date(image, event), SPAN(" "));
	buf_str(b, "  ");
	buf_add(b, kind);
	buf_fill(b, ' ', kind.len < KIND_WIDTH ? KIND_WIDTH - kind.len : 1);
	put_keys(b, image, event, style);
	buf_char(b, '\n');
	for (size_t i = 0; i < order.count; i++) {
		unsigned field = order.fields[i];

		if ((fields & EVENT_BIT(field)) == 0)
			continue;
		if (is_alone(event))
			put_alone(&text, image, event, field);
		else
			put_change(&text, image, event, field);
		buf_printf(&name, "%s:%c", order.names[field], 0);
		if (!buf_failed(&name))
			table_field(b, name.ptr, buf_span(&text), style);
		b->failed = b->failed || buf_failed(&text) || buf_failed(&name);
		buf_clear(&text);
		buf_clear(&name);
	}
	buf_release(&name);
	buf_release(&text);
}
