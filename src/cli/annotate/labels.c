/* SPDX-License-Identifier: ISC */
#include "cli/annotate/labels.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "search/search.h"
#include "write/csv.h"
#include "write/json.h"
#include "write/record.h"
#include "base/banned.h"

/* What the registry says of a port. */
struct finding {
	uint32_t index;
	uint32_t row; /* the preferred one, or IMAGE_NONE */
	enum state state;
};

/* The newest version has a table of just this. */
static void look_up_newest(
    const struct image *image, uint16_t port, struct finding *ret)
{
	enum protocol protocol = (enum protocol)(ret->index / PORT_COUNT);
	uint32_t n = image_first_by_port(image, port, protocol);
	const struct image_row *row = image_row(image, n);

	/* A damaged image may say otherwise. */
	if (row == NULL || port < le16(row->first) || port > le16(row->last))
		return;
	ret->row = n;
	ret->state = image_row_state(row);
}

static struct finding look_up(struct labels *l, uint32_t index)
{
	uint16_t port = (uint16_t)(index % PORT_COUNT);
	enum protocol protocol = (enum protocol)(index / PORT_COUNT);
	struct query query = {.kind = QUERY_PORT,
	    .range = {port, port},
	    .name = SPAN(""),
	    .protocol = protocol};
	struct match m = {.rows = l->rows, .cap = l->image->row_count};
	struct finding ret = {index, IMAGE_NONE, STATE_NOT_LISTED};

	if (index == LABELS_NONE)
		return ret;
	if (l->version + 1 == l->image->version_count) {
		look_up_newest(l->image, port, &ret);
		return ret;
	}
	search_lookup(l->image, &query, l->version, &m);
	ret.state = m.states[protocol];
	if (m.count > 0)
		ret.row = m.rows[0];
	return ret;
}

static struct span name_of(const struct labels *l, const struct finding *f)
{
	const struct image_row *row = image_row(l->image, f->row);

	if (row == NULL || f->state != STATE_ASSIGNED)
		return SPAN("");
	return span_trim(image_text(l->image, row->text[FIELD_NAME]));
}

static void put_plain(const struct labels *l, const struct finding *f,
    enum annotate_field field, struct buf *ret)
{
	uint16_t port = (uint16_t)(f->index % PORT_COUNT);
	const struct image_row *row = image_row(l->image, f->row);

	if (f->index == LABELS_NONE)
		return;
	switch (field) {
	case ANNOTATE_SERVICE:
		buf_add(ret, name_of(l, f));
		break;
	case ANNOTATE_STATE:
		buf_add(ret, state_name(f->state));
		break;
	case ANNOTATE_CLASS:
		buf_add(ret, port_class_name(port_class_of(port)));
		break;
	case ANNOTATE_DESCRIPTION:
		if (row != NULL)
			record_plain(ret, l->image, row, FIELD_DESCRIPTION);
		break;
	default:
		buf_u64(ret, port);
		break;
	}
}

/* A line stays a line: white space becomes with. */
static void fill_blanks(struct buf *b, char with)
{
	for (size_t i = 0; i < b->len; i++)
		if (ascii_is_space(b->ptr[i]) &&
		    (with != ' ' || b->ptr[i] != ' '))
			b->ptr[i] = with;
}

/* ,"service":"https" */
static void put_member(
    struct labels *l, size_t group, enum annotate_field field, struct span text)
{
	struct buf *b = &l->texts, key;

	buf_init(&key);
	shape_key(l->shape, group, field, &key);
	buf_char(b, ',');
	json_text(b, buf_span(&key));
	buf_char(b, ':');
	if (field == ANNOTATE_PORT && text.len > 0)
		buf_add(b, text);
	else
		json_text_or_null(b, text);
	b->failed |= buf_failed(&key);
	buf_release(&key);
}

static void put_field(struct labels *l, size_t group, enum annotate_field field)
{
	struct buf *b = &l->texts, *cell = &l->cell;
	enum shape_kind kind = l->shape->kind;

	if (kind == SHAPE_JSON) {
		put_member(l, group, field, buf_span(cell));
		return;
	}
	fill_blanks(cell, kind == SHAPE_CSV || kind == SHAPE_TSV ? ' ' : '_');
	if (cell->len == 0 && (l->shape->zeek || kind == SHAPE_BLANKS))
		buf_char(cell, '-');
	if (kind == SHAPE_CSV) {
		buf_char(b, ',');
		csv_cell(b, cell, CSV_COMMA);
		return;
	}
	buf_char(b, kind == SHAPE_TSV ? '\t' : ' ');
	if (kind == SHAPE_PAIRS) {
		shape_key(l->shape, group, field, b);
		buf_char(b, '=');
	}
	buf_add(b, buf_span(cell));
}

/* Begins a label with an empty size; returns its place. */
static size_t begin_label(struct buf *b)
{
	buf_fill(b, '\0', -b->len % LABELS_UNIT);
	buf_fill(b, '\0', sizeof(uint32_t));
	return b->len - sizeof(uint32_t);
}

static uint32_t end_label(struct labels *l, size_t at, unsigned flags)
{
	size_t len = l->texts.len - at - sizeof(uint32_t);
	uint32_t size = (uint32_t)len * 4 | flags;

	if (l->texts.len > UINT32_MAX / 4 ||
	    buf_room(&l->texts, LABELS_SLACK) == NULL) {
		l->failed = true;
		return 0;
	}
	memcpy(l->texts.ptr + at, &size, sizeof(size));
	l->longest = len > l->longest ? len : l->longest;
	return (uint32_t)(at / LABELS_UNIT);
}

static uint32_t write_label(
    struct labels *l, size_t table, const struct finding *f)
{
	const struct annotate_ask *ask = l->shape->ask;
	size_t at = begin_label(&l->texts);
	unsigned flags = 0;

	for (size_t i = 0; i < ask->field_count; i++) {
		buf_clear(&l->cell);
		put_plain(l, f, ask->fields[i], &l->cell);
		l->texts.failed |= buf_failed(&l->cell);
		put_field(l, table, ask->fields[i]);
	}
	if (name_of(l, f).len > 0)
		flags |= LABEL_NAMED;
	if (f->state == STATE_ASSIGNED)
		flags |= LABEL_ASSIGNED;
	return end_label(l, at, flags);
}

static bool tells_port(const struct annotate_ask *ask)
{
	for (size_t i = 0; i < ask->field_count; i++)
		if (ask->fields[i] == ANNOTATE_PORT)
			return true;
	return false;
}

/* The place where a label of the same words may be. */
static struct labels_shared *share(
    struct labels *l, size_t table, const struct finding *f, uint32_t *key)
{
	enum port_class class =
	    port_class_of((uint16_t)(f->index % PORT_COUNT));

	*key = (uint32_t)table << 8 | (uint32_t) class << 4 |
	       (uint32_t)f->state << 1 | 1;
	return &l->shared[(f->row * 7 + *key) % LABELS_SHARED];
}

uint32_t labels_make(struct labels *l, size_t table, uint32_t index)
{
	struct finding f = look_up(l, index);
	bool alone = index == LABELS_NONE || tells_port(l->shape->ask);
	uint32_t key, ret;
	struct labels_shared *shared = share(l, table, &f, &key);

	if (l->failed)
		return 0;
	if (!alone && shared->row == f.row && shared->key == key) {
		ret = shared->label;
	} else {
		ret = write_label(l, table, &f);
		if (!alone && ret != 0)
			*shared = (struct labels_shared){f.row, key, ret};
	}
	l->tables[table][index] = ret;
	return ret;
}

int labels_init(const struct image *image, uint32_t version,
    const struct shape *shape, struct labels *ret, struct portbook_error *err)
{
	bool named = shape->kind == SHAPE_JSON || shape->kind == SHAPE_PAIRS;

	*ret =
	    (struct labels){.image = image, .version = version, .shape = shape};
	buf_init(&ret->texts);
	buf_init(&ret->cell);
	ret->rows = mem_alloc(image->row_count + 1, sizeof(*ret->rows));
	/* The first is nothing, for when memory runs out. */
	buf_fill(&ret->texts, '\0', LABELS_UNIT + LABELS_SLACK);
	if (ret->rows == NULL || buf_failed(&ret->texts))
		return error_nomem(err);
	ret->texts.len = LABELS_UNIT;
	ret->table_count = named ? shape_groups(shape) : 1;
	for (size_t i = 0; i < ret->table_count; i++) {
		ret->tables[i] =
		    mem_zalloc(LABELS_COUNT, sizeof(*ret->tables[i]));
		if (ret->tables[i] == NULL)
			return error_nomem(err);
	}
	for (size_t i = ret->table_count; i < ANNOTATE_PORTS_MAX; i++)
		ret->tables[i] = ret->tables[0];
	return 0;
}

void labels_release(struct labels *l)
{
	for (size_t i = 0; i < l->table_count; i++)
		mem_release(l->tables[i]);
	mem_release(l->rows);
	buf_release(&l->texts);
	buf_release(&l->cell);
}
