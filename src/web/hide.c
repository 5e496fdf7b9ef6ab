/* SPDX-License-Identifier: ISC */
#include "web/hide.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "image/events.h"
#include "terms/rich.h"
#include "web/hide_text.h"
#include "base/banned.h"

/* Columns of a row's search text, in their order. */
#define SEARCHED_COUNT 10

struct maker {
	const struct image *from;
	struct buf texts;  /* those of the image, and new ones behind */
	struct buf search; /* made anew */
	struct buf lists;  /* those of the image, and new ones behind */
	struct buf scratch;
	struct hide_names names;
	uint32_t *seen; /* of each text: one more than its new number, or 0 */
	struct image_version *versions;
	struct image_row *rows;
	struct le32 *orders;
	struct image_event *events;
	struct le32 *starts;
	struct image_life *lives;
	uint32_t *moved; /* of each event: its new number */
	size_t event_count;
};

static void pad(struct buf *b)
{
	while (b->len % 4 != 0 && !b->failed)
		buf_char(b, '\0');
}

static void put_number(struct buf *b, uint32_t number)
{
	struct le32 n = le32_of(number);

	buf_add(b, span_of((const char *)&n, sizeof(n)));
}

/* The number of the same text without people in it. */
static struct le32 text_of(struct maker *m, struct le32 text)
{
	size_t n = le32(text);
	bool other;

	if (n == 0 || n >= m->from->texts_len / 4)
		return text;
	if (m->seen[n] != 0)
		return le32_of(m->seen[n] - 1);
	buf_clear(&m->scratch);
	other = hide_rich(&m->scratch, image_text(m->from, text), &m->names);
	m->seen[n] = (uint32_t)n + 1;
	if (other) {
		m->seen[n] = (uint32_t)(m->texts.len / 4) + 1;
		put_number(&m->texts, (uint32_t)m->scratch.len);
		buf_add(&m->texts, buf_span(&m->scratch));
		buf_char(&m->texts, '\0');
		pad(&m->texts);
	}
	m->texts.failed |= buf_failed(&m->scratch);
	return le32_of(m->seen[n] - 1);
}

static void list_texts(struct maker *m, struct image_list *list)
{
	struct image_numbers old = image_list(m->from, list);

	list->off = le32_of((uint32_t)(m->lists.len / 4));
	list->count = le32_of((uint32_t)old.count);
	for (size_t i = 0; i < old.count; i++)
		put_number(&m->lists, le32(text_of(m, old.at[i])));
}

static void make_versions(struct maker *m)
{
	for (size_t i = 0; i < m->from->version_count; i++) {
		struct image_version *v = &m->versions[i];

		v->reference = text_of(m, v->reference);
		v->expert = le32_of(0);
		v->head = v->middle = v->tail = le32_of(0);
		list_texts(m, &v->notes);
		list_texts(m, &v->footnotes);
		v->person_count = le32_of(0);
	}
}

/* The search text of a row: its columns as they are, or made anew. */
static void put_search(
    struct maker *m, const struct image_row *old, struct image_row *row)
{
	static const enum column columns[SEARCHED_COUNT] = {
	    COLUMN_NAME,
	    COLUMN_NUMBER,
	    COLUMN_PROTOCOL,
	    COLUMN_DESCRIPTION,
	    COLUMN_ASSIGNEE,
	    COLUMN_CONTACT,
	    COLUMN_REFERENCE,
	    COLUMN_SERVICE_CODE,
	    COLUMN_UNAUTHORIZED,
	    COLUMN_NOTE,
	};
	struct span rest = image_search_text(m->from, old);
	size_t start = m->search.len;

	row->search = le32_of((uint32_t)(start / 4));
	for (size_t i = 0; i < SEARCHED_COUNT; i++) {
		struct span column = span_cut(&rest, '\0');
		enum record_field field =
		    column_field(columns[i], SPAN("a"), SPAN(""));

		/* The former may have shown the latter in its place. */
		if (columns[i] == COLUMN_ASSIGNEE ||
		    columns[i] == COLUMN_CONTACT)
			column = SPAN("");
		if (le32(old->text[field]) == le32(row->text[field])) {
			buf_add(&m->search, column);
		} else if (le32(row->text[field]) != 0) {
			const char *new =
			    m->texts.ptr + (size_t)le32(row->text[field]) * 4;

			buf_clear(&m->scratch);
			rich_column(&m->scratch, span_of(new + 4, le_u32(new)));
			unicode_fold_text(&m->search, buf_span(&m->scratch));
		}
		buf_char(&m->search, '\0');
	}
	row->search_len = le32_of((uint32_t)(m->search.len - start));
	pad(&m->search);
}

static void make_rows(struct maker *m)
{
	for (size_t n = 0; n < m->from->row_count; n++) {
		const struct image_row *old = &m->from->rows[n];
		struct image_row *row = &m->rows[n];

		for (unsigned f = FIELD_DESCRIPTION; f < FIELD_COUNT; f++)
			row->text[f] = text_of(m, row->text[f]);
		row->text[FIELD_ASSIGNEE] = le32_of(0);
		row->text[FIELD_CONTACT] = le32_of(0);
		row->residue = le32_of(0);
		row->people = (struct image_list){le32_of(0), le32_of(0)};
		if (m->from->search != NULL && !m->texts.failed)
			put_search(m, old, row);
	}
}

static void make_orders(struct maker *m)
{
	size_t rows = m->from->current_rows;

	if (m->orders == NULL)
		return;
	memset(m->orders + COLUMN_ASSIGNEE * rows, 0, rows * 4);
	memset(m->orders + COLUMN_CONTACT * rows, 0, rows * 4);
}

/* Events of persons are left out, and the others move up. */
static void make_events(struct maker *m)
{
	const struct image *from = m->from;

	for (size_t n = 0; n < from->event_count; n++) {
		m->moved[n] = (uint32_t)m->event_count;
		if (!image_event_is_person(&from->events[n]))
			m->events[m->event_count++] = from->events[n];
	}
	m->moved[from->event_count] = (uint32_t)m->event_count;
	for (size_t v = 0; v <= from->version_count; v++) {
		uint32_t start = le32(m->starts[v]);

		if (start <= from->event_count)
			m->starts[v] = le32_of(m->moved[start]);
	}
	for (size_t n = 0; n < from->row_count; n++) {
		struct image_list *list = &m->lives[n].events;
		struct image_numbers old = image_list(from, list);

		list->off = le32_of((uint32_t)(m->lists.len / 4));
		for (size_t i = 0; i < old.count; i++)
			put_number(
			    &m->lists, le32(old.at[i]) < from->event_count
					   ? m->moved[le32(old.at[i])]
					   : IMAGE_NONE);
	}
}

/* A copy of count items, or NULL; *good is cleared without memory. */
static void *copy(const void *from, size_t count, size_t size, bool *good)
{
	void *ret;

	if (from == NULL)
		return NULL;
	ret = mem_alloc(count + 1, size);
	if (ret != NULL)
		memcpy(ret, from, count * size);
	else
		*good = false;
	return ret;
}

static bool begin(struct maker *m, const struct image *from)
{
	bool good = true;

	*m = (struct maker){.from = from};
	buf_init(&m->texts);
	buf_init(&m->search);
	buf_init(&m->lists);
	buf_init(&m->scratch);
	buf_add(&m->texts, span_of((const char *)from->texts, from->texts_len));
	pad(&m->texts);
	buf_add(&m->lists,
	    span_of((const char *)from->lists, from->list_count * 4));
	m->seen = mem_zalloc(from->texts_len / 4 + 1, sizeof(*m->seen));
	m->moved = mem_alloc(from->event_count + 1, sizeof(*m->moved));
	m->versions = copy(
	    from->versions, from->version_count, sizeof(*m->versions), &good);
	m->rows = copy(from->rows, from->row_count, sizeof(*m->rows), &good);
	m->orders = copy(from->orders, from->current_rows * COLUMN_COUNT,
	    sizeof(*m->orders), &good);
	if (from->events != NULL) {
		m->events = copy(
		    from->events, from->event_count, sizeof(*m->events), &good);
		m->starts = copy(from->event_starts, from->version_count + 1,
		    sizeof(*m->starts), &good);
		m->lives = copy(
		    from->row_lives, from->row_count, sizeof(*m->lives), &good);
	}
	good = hide_names_make(from, &m->names) && good;
	return good && m->seen != NULL && m->moved != NULL &&
	       (m->rows != NULL || from->row_count == 0);
}

/*
 * All that the new image has is named here, so that a part that comes later
 * shows nobody until somebody has thought of it.
 */
static struct image assemble(const struct maker *m)
{
	const struct image *from = m->from;

	return (struct image){
	    .base = from->base,
	    .len = from->len,
	    .mapped = from->mapped,
	    .meta = from->meta,
	    .texts = (const uint8_t *)m->texts.ptr,
	    .texts_len = m->texts.len,
	    .versions = m->versions,
	    .version_count = from->version_count,
	    .editions = from->editions,
	    .edition_count = from->edition_count,
	    .rows = m->rows,
	    .row_count = from->row_count,
	    .current_rows = from->current_rows,
	    .lists = (const struct le32 *)(const void *)m->lists.ptr,
	    .list_count = m->lists.len / 4,
	    .ports = from->ports,
	    .name_seeds = from->name_seeds,
	    .name_seed_count = from->name_seed_count,
	    .name_seed_shift = from->name_seed_shift,
	    .name_salt = from->name_salt,
	    .names = from->names,
	    .name_count = from->name_count,
	    .search = (const uint8_t *)m->search.ptr,
	    .search_len = m->search.len,
	    .alphabet = from->alphabet,
	    .orders = m->orders,
	    .curated = from->curated,
	    .curated_count = from->curated_count,
	    .events = m->events,
	    .event_count = m->events != NULL ? m->event_count : 0,
	    .event_starts = m->starts,
	    .row_lives = m->lives,
	    .past_blocks = from->past_blocks,
	    .past_ports = from->past_ports,
	    .past_port_count = from->past_port_count,
	    .past_buckets = from->past_buckets,
	    .past_bucket_shift = from->past_bucket_shift,
	    .past_names = from->past_names,
	    .past_name_count = from->past_name_count,
	    .standing = from->standing,
	    .standing_bits = from->standing_bits,
	    .standing_bit_count = from->standing_bit_count,
	    .turns = from->turns,
	    .turn_count = from->turn_count,
	    .past_since = from->past_since,
	    .name_since = from->name_since,
	    .line_blocks = from->line_blocks,
	    .lines = from->lines,
	    .line_count = from->line_count,
	    .line_texts = from->line_texts,
	    .line_texts_len = from->line_texts_len,
	    .name_lines = from->name_lines,
	    .name_line_count = from->name_line_count,
	};
}

static struct hidden keep(const struct maker *m)
{
	return (struct hidden){
	    .versions = m->versions,
	    .rows = m->rows,
	    .lists = m->lists.ptr,
	    .orders = m->orders,
	    .events = m->events,
	    .starts = m->starts,
	    .lives = m->lives,
	    .texts = m->texts.ptr,
	    .search = m->search.ptr,
	};
}

int image_hide(
    struct image *image, struct hidden *ret, struct portbook_error *err)
{
	struct maker m;
	bool good = begin(&m, image);

	if (good) {
		make_versions(&m);
		make_rows(&m);
		make_orders(&m);
		if (m.events != NULL)
			make_events(&m);
	}
	good = good && !buf_failed(&m.texts) && !buf_failed(&m.search) &&
	       !buf_failed(&m.lists) && !buf_failed(&m.scratch);
	mem_release(m.seen);
	mem_release(m.moved);
	hide_names_release(&m.names);
	buf_release(&m.scratch);
	*ret = keep(&m);
	if (!good) {
		hidden_release(ret);
		return error_nomem(err);
	}
	*image = assemble(&m);
	return 0;
}

void hidden_release(struct hidden *h)
{
	mem_release(h->versions);
	mem_release(h->rows);
	mem_release(h->lists);
	mem_release(h->orders);
	mem_release(h->events);
	mem_release(h->starts);
	mem_release(h->lives);
	mem_release(h->texts);
	mem_release(h->search);
	*h = (struct hidden){0};
}
