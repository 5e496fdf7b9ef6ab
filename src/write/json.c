/* SPDX-License-Identifier: ISC */
#include "write/json.h"

#include "base/utf8.h"
#include "image/past.h"
#include "terms/rich.h"
#include "write/record.h"
#include "base/banned.h"

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

#define LICENCE "CC0-1.0"

static void put_escape(struct buf *b, uint32_t c)
{
	static const char hex[] = "0123456789abcdef";

	switch (c) {
	case '"':
		buf_str(b, "\\\"");
		return;
	case '\\':
		buf_str(b, "\\\\");
		return;
	case '\n':
		buf_str(b, "\\n");
		return;
	case '\r':
		buf_str(b, "\\r");
		return;
	case '\t':
		buf_str(b, "\\t");
		return;
	default:
		buf_str(b, "\\u00");
		buf_char(b, hex[c >> 4 & 15]);
		buf_char(b, hex[c & 15]);
		return;
	}
}

/* Bits of the bytes of w that are zero, perhaps of some above these, too. */
static uint64_t zero_bytes(uint64_t w)
{
	return (w - EACH_BYTE(1)) & ~w & EACH_BYTE(0x80);
}

/* Whether each of eight bytes stands for itself. */
static bool is_plain(uint64_t w)
{
	uint64_t low = (w - EACH_BYTE(0x20)) & ~w & EACH_BYTE(0x80);

	return (low | (w & EACH_BYTE(0x80)) | zero_bytes(w ^ EACH_BYTE(0x7f)) |
		   zero_bytes(w ^ EACH_BYTE('"')) |
		   zero_bytes(w ^ EACH_BYTE('\\'))) == 0;
}

/* Bytes from the start of text that stand for themselves. */
static size_t run_len(struct span text)
{
	size_t len = 0;
	uint64_t word;

	for (; text.len - len >= sizeof(word); len += sizeof(word)) {
		memcpy(&word, text.ptr + len, sizeof(word));
		if (!is_plain(word))
			break;
	}
	while (len < text.len) {
		uint8_t c = (uint8_t)text.ptr[len];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
		len++;
	}
	return len;
}

void json_text(struct buf *b, struct span text)
{
	buf_char(b, '"');
	while (text.len > 0) {
		size_t len = run_len(text);
		uint32_t c;

		buf_add(b, span_head(text, len));
		text = span_skip(text, len);
		if (text.len == 0)
			break;
		c = utf8_next(&text);
		if (c == UTF8_BAD)
			utf8_put(b, 0xfffd);
		else if (c < 0xa0)
			put_escape(b, c);
		else
			utf8_put(b, c);
	}
	buf_char(b, '"');
}

void json_text_or_null(struct buf *b, struct span text)
{
	if (text.len > 0)
		json_text(b, text);
	else
		buf_str(b, "null");
}

/* A member's name, and the comma before it unless an object begins here. */
static void key(struct buf *b, const char *name)
{
	if (b->len > 0 && b->ptr[b->len - 1] != '{')
		buf_str(b, ", ");
	buf_char(b, '"');
	buf_str(b, name);
	buf_str(b, "\": ");
}

static void put_bool(struct buf *b, bool value)
{
	buf_str(b, value ? "true" : "false");
}

/* Texts that have to be made before they are escaped go through here. */
struct writer {
	struct buf *b;
	struct buf scratch;
	const struct image *image;
	const struct image_row *row;
	uint32_t version;
};

static void scratch_out(struct writer *w, bool or_null)
{
	if (buf_failed(&w->scratch))
		w->b->failed = true;
	else if (or_null)
		json_text_or_null(w->b, buf_span(&w->scratch));
	else
		json_text(w->b, buf_span(&w->scratch));
	buf_clear(&w->scratch);
}

static void put_field(
    struct writer *w, const char *name, enum record_field field, bool or_null)
{
	key(w->b, name);
	record_plain(&w->scratch, w->image, w->row, field);
	scratch_out(w, or_null);
}

/* The ids of the persons of a field, or the labels of what is none. */
static void put_ids(struct writer *w, const char *name, enum record_field field)
{
	struct span rest = image_text(w->image, w->row->text[field]);
	struct rich_token token;
	bool any = false;

	key(w->b, name);
	buf_char(w->b, '[');
	while (rich_next(&rest, &token)) {
		if (token.kind != RICH_IS_XREF)
			continue;
		if (any)
			buf_str(w->b, ", ");
		xref_label(&w->scratch, &token.xref);
		scratch_out(w, false);
		any = true;
	}
	buf_char(w->b, ']');
}

static void put_reference(struct writer *w, const struct xref *x)
{
	struct span type = xref_type_name(x->type), section;

	buf_char(w->b, '{');
	key(w->b, "type");
	json_text(w->b, type.len > 0 ? type : SPAN("other"));
	key(w->b, "label");
	xref_label(&w->scratch, x);
	scratch_out(w, false);
	key(w->b, "target");
	json_text_or_null(w->b, x->data);
	if (xref_attribute(x, SPAN("section"), &section)) {
		key(w->b, "section");
		json_text(w->b, section);
	}
	key(w->b, "url");
	xref_url(&w->scratch, x);
	scratch_out(w, true);
	buf_char(w->b, '}');
}

static void put_references(struct writer *w)
{
	struct span rest = image_text(w->image, w->row->text[FIELD_REFERENCE]);
	struct rich_token token;
	bool any = false;

	key(w->b, "references");
	buf_char(w->b, '[');
	while (rich_next(&rest, &token)) {
		if (token.kind != RICH_IS_XREF)
			continue;
		if (any)
			buf_str(w->b, ", ");
		put_reference(w, &token.xref);
		any = true;
	}
	buf_char(w->b, ']');
}

static void put_number(struct buf *b, const struct image_row *row)
{
	key(b, "number");
	if ((row->flags & IMAGE_ROW_NUMBERED) == 0) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '{');
	key(b, "first");
	buf_u64(b, le16(row->first));
	key(b, "last");
	buf_u64(b, le16(row->last));
	buf_char(b, '}');
}

/* What the record is. */
static void put_head(struct writer *w)
{
	const struct image_row *row = w->row;
	enum port_class class;

	key(w->b, "id");
	image_row_key(w->image, row, &w->scratch);
	scratch_out(w, false);
	key(w->b, "layer");
	json_text(w->b, SPAN("iana"));
	put_field(w, "name", FIELD_NAME, true);
	put_number(w->b, row);
	put_field(w, "protocol", FIELD_PROTOCOL, true);
	key(w->b, "state");
	json_text(w->b, state_name(image_row_state(row)));
	key(w->b, "class");
	if (image_row_class(row, &class))
		json_text(w->b, port_class_name(class));
	else
		buf_str(w->b, "null");
	key(w->b, "preferred");
	put_bool(w->b, image_is_preferred(w->image, row, w->version));
	key(w->b, "alias_of");
	json_text_or_null(w->b, image_text(w->image, row->alias_of));
}

void json_record(struct buf *b, const struct image *image,
    const struct image_row *row, uint32_t version)
{
	struct writer w = {
	    .b = b, .image = image, .row = row, .version = version};

	buf_init(&w.scratch);
	buf_char(b, '{');
	put_head(&w);
	put_field(&w, "description", FIELD_DESCRIPTION, false);
	put_ids(&w, "assignee", FIELD_ASSIGNEE);
	put_ids(&w, "contact", FIELD_CONTACT);
	put_field(&w, "registered", FIELD_DATE, true);
	put_field(&w, "modified", FIELD_UPDATED, true);
	put_references(&w);
	put_field(&w, "service_code", FIELD_SERVICE_CODE, true);
	put_field(&w, "unauthorized_use", FIELD_UNAUTHORIZED, true);
	put_field(&w, "note", FIELD_NOTE, true);
	buf_char(b, '}');
	buf_release(&w.scratch);
}

void json_records(struct buf *b, const struct image *image,
    const uint32_t *rows, size_t count, uint32_t version)
{
	bool any = false;

	buf_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(image, rows[i]);

		if (row == NULL)
			continue;
		if (any)
			buf_str(b, ", ");
		json_record(b, image, row, version);
		any = true;
	}
	buf_char(b, ']');
}

static void put_uris(struct buf *b, struct span uris)
{
	bool any = false;

	key(b, "uris");
	buf_char(b, '[');
	while (uris.len > 0) {
		struct span uri = span_trim(span_cut(&uris, RICH_BR));

		if (any)
			buf_str(b, ", ");
		json_text(b, uri);
		any = true;
	}
	buf_char(b, ']');
}

static void put_person_field(
    struct writer *w, const char *name, struct span text, bool or_null)
{
	key(w->b, name);
	rich_plain(&w->scratch, text);
	scratch_out(w, or_null);
}

void json_person_text(struct buf *b, const struct person_text *text)
{
	struct writer w = {.b = b};

	buf_init(&w.scratch);
	buf_char(b, '{');
	key(b, "id");
	json_text(b, text->at[PERSON_ID]);
	put_person_field(&w, "name", text->at[PERSON_NAME], true);
	put_person_field(&w, "org", text->at[PERSON_ORG], true);
	put_uris(b, text->at[PERSON_URIS]);
	put_person_field(&w, "updated", text->at[PERSON_UPDATED], true);
	buf_char(b, '}');
	buf_release(&w.scratch);
}

void json_person(
    struct buf *b, const struct image *image, const struct image_person *person)
{
	struct person_text text;

	image_person_text(image, person, &text);
	json_person_text(b, &text);
}

void json_people(struct buf *b, const struct image *image,
    const uint32_t *people, size_t count)
{
	bool any = false;

	buf_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		const struct image_person *p = image_person(image, people[i]);

		if (p == NULL)
			continue;
		if (any)
			buf_str(b, ", ");
		json_person(b, image, p);
		any = true;
	}
	buf_char(b, ']');
}

static void put_digest(struct buf *b, const uint8_t digest[32])
{
	static const char hex[] = "0123456789abcdef";

	buf_char(b, '"');
	for (size_t i = 0; i < 32; i++) {
		buf_char(b, hex[digest[i] >> 4]);
		buf_char(b, hex[digest[i] & 15]);
	}
	buf_char(b, '"');
}

void json_edition(struct buf *b, const struct json_edition *e)
{
	buf_char(b, '{');
	key(b, "version");
	buf_u64(b, 1);
	key(b, "updated");
	json_text_or_null(b, e->updated);
	if (e->updated.len == 0) {
		key(b, "newest_row");
		json_text_or_null(b, e->newest_row);
	}
	key(b, "records");
	buf_u64(b, e->records);
	key(b, "source");
	json_text_or_null(b, e->source);
	key(b, "digest");
	put_digest(b, e->digest);
	key(b, "as_of");
	json_text_or_null(b, e->as_of);
	key(b, "licence");
	json_text_or_null(b, e->users ? SPAN("") : SPAN(LICENCE));
	buf_char(b, '}');
}

void json_registry(struct buf *b, const struct image *image, uint32_t version,
    struct span as_of)
{
	const struct image_version *v = version < image->version_count
					    ? &image->versions[version]
					    : image_newest(image);
	struct json_edition e = {
	    .updated = image_text(image, v->updated),
	    .newest_row = image_text(image, v->newest_row),
	    .source = image_text(image, image->meta->built_from),
	    .as_of = as_of,
	    .records = le32(v->row_count),
	    .digest = v->digest,
	    .users = le32(v->source) == IMAGE_SOURCE_SERVICES,
	};

	json_edition(b, &e);
}

static struct span kind_name(enum query_kind kind)
{
	switch (kind) {
	case QUERY_PORT:
		return SPAN("port");
	case QUERY_RANGE:
		return SPAN("range");
	case QUERY_NAME:
		break;
	}
	return SPAN("name");
}

static void put_query_class(struct buf *b, const struct query *query)
{
	enum port_class first = port_class_of(query->range.first);
	enum port_class last = port_class_of(query->range.last);

	key(b, "class");
	if (query->kind == QUERY_NAME || first != last)
		buf_str(b, "null");
	else
		json_text(b, port_class_name(first));
}

static void put_states(
    struct buf *b, const struct query *query, const struct match *match)
{
	key(b, "states");
	if (query->kind != QUERY_PORT) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '{');
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		key(b, protocol_name((enum protocol)p).ptr);
		json_text(b, state_name(match->states[p]));
	}
	buf_char(b, '}');
}

static void put_via(struct buf *b, const struct image *image, uint32_t line)
{
	const struct image_curated *curated;

	key(b, "via");
	if (line >= image->curated_count) {
		buf_str(b, "null");
		return;
	}
	curated = &image->curated[line];
	buf_char(b, '{');
	key(b, "name");
	json_text(b, image_text(image, curated->name));
	key(b, "reason");
	json_text(b, image_text(image, curated->reason));
	key(b, "source");
	json_text(b, image_text(image, curated->origin));
	buf_char(b, '}');
}

void json_lookup(struct buf *b, const struct image *image,
    struct span query_text, const struct query *query,
    const struct match *match, uint32_t version)
{
	key(b, "query");
	json_text(b, query_text);
	key(b, "kind");
	json_text(b, kind_name(query->kind));
	key(b, "found");
	put_bool(b, match->found);
	put_query_class(b, query);
	put_states(b, query, match);
	key(b, "records");
	json_records(b, image, match->rows, match->count, version);
	put_via(b, image, match->curated);
}
