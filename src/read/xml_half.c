/* SPDX-License-Identifier: ISC */
#include "read/xml_half.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

#define ROOT "<registry xmlns=\"" XML_NAMESPACE "\">"

/* Where both halves take as long: the first computes the digest, too. */
#define SPLIT_PERCENT 48

const struct read_how read_how_usual = {.least = (size_t)512 * 1024};

/* Where the record behind the next end of one begins; len if none does. */
static size_t find_place(struct span text, size_t from)
{
	const struct span end = SPAN("</record>"), begin = SPAN("<record");

	while (from < text.len) {
		struct span rest = span_skip(text, from);
		size_t at = span_find(rest, end);

		if (at == rest.len)
			return text.len;
		from += at + end.len;
		while (from < text.len && ascii_is_space(text.ptr[from]))
			from++;
		if (span_starts(span_skip(text, from), begin))
			return from;
	}
	return text.len;
}

static int parse(struct xml_half *h)
{
	struct xml *x = &h->xml;
	size_t len = strlen(ROOT) + h->bytes.len;
	char *room;

	if (registry_init(&h->registry, NULL) < 0 || !xml_set_up(x))
		return PORTBOOK_ENOMEM;
	room = XML_GetBuffer(x->parser, (int)len);
	if (room == NULL || xml_reserve(x, len) < 0)
		return PORTBOOK_ENOMEM;
	buf_init_fixed(&h->window.bytes, room, len);
	buf_str(&h->window.bytes, ROOT);
	buf_add(&h->window.bytes, h->bytes);
	if (XML_ParseBuffer(x->parser, (int)len, true) != XML_STATUS_OK)
		return PORTBOOK_EFORMAT;
	return x->code;
}

static void *run(void *ctx)
{
	struct xml_half *h = ctx;

	h->code = parse(h);
	return NULL;
}

void xml_half_begin(
    struct xml_half *h, struct xml *x, const struct read_how *how)
{
	struct span text = buf_span(&x->window->bytes);
	size_t from =
	    how->from > 0 ? how->from : text.len / 100 * SPLIT_PERCENT;
	size_t at;

	if (text.len < how->least)
		return;
	at = find_place(text, from);
	if (at == text.len)
		return;
	h->bytes = span_skip(text, at);
	window_init(&h->window, NULL);
	h->window.ended = true;
	h->xml = (struct xml){.window = &h->window,
	    .registry = &h->registry,
	    .diag = &h->diag,
	    .err = &h->err,
	    .line = 1,
	    .name = x->name,
	    .is_half = true};
	h->taken = how->taken;
	if (how->no_thread)
		run(h);
	else
		h->running = pthread_create(&h->thread, NULL, run, h) == 0;
	if (how->no_thread || h->running) {
		x->half = h;
		x->half_at = at;
	}
}

static void wait(struct xml_half *h)
{
	if (h->running)
		pthread_join(h->thread, NULL);
	h->running = false;
}

void xml_half_end(struct xml_half *h)
{
	wait(h);
	if (h->bytes.len == 0)
		return;
	xml_release(&h->xml);
	registry_release(&h->registry);
}

/* What may stand once in all of a registry is not there to be weighed. */
static bool is_simple(const struct xml_half *h)
{
	return h->xml.header_seen == 0 && h->registry.note_count == 0 &&
	       h->xml.references.len == 0;
}

/* The numbers that the half's texts have in the whole. */
static uint32_t *take_texts(struct registry *to, const struct registry *from)
{
	const struct intern *t = &from->texts;
	uint32_t *numbers = mem_alloc(t->count, sizeof(*numbers));
	struct span texts[INTERN_MANY];
	size_t count;

	for (size_t n = 0; numbers != NULL && n < t->count; n += count) {
		count = t->count - n;
		if (count > INTERN_MANY)
			count = INTERN_MANY;
		for (size_t i = 0; i < count; i++)
			texts[i] = t->entries[n + i].text;
		if (intern_add_many(&to->texts, texts, count, numbers + n) <
		    0) {
			mem_release(numbers);
			return NULL;
		}
	}
	return numbers;
}

static bool take_gaps(struct xml *x, const struct registry *from,
    const uint32_t *numbers, uint32_t records)
{
	for (size_t i = 0; i < from->record_gap_count; i++) {
		struct gap *gap = registry_record_gap_new(x->registry);

		if (gap == NULL)
			return false;
		gap->index = from->record_gaps[i].index + records;
		gap->text = numbers[from->record_gaps[i].text];
	}
	for (size_t i = 0; i < from->person_gap_count; i++) {
		struct gap *gap = registry_person_gap_new(x->registry);

		if (gap == NULL)
			return false;
		gap->index = from->person_gaps[i].index;
		gap->text = numbers[from->person_gaps[i].text];
	}
	return true;
}

static bool take_records(
    struct xml *x, const struct registry *from, const uint32_t *numbers)
{
	for (size_t i = 0; i < from->record_count; i++) {
		struct record *record = registry_record_new(x->registry);

		if (record == NULL)
			return false;
		*record = from->records[i];
		for (size_t n = 0; n < FIELD_COUNT; n++)
			record->text[n] = numbers[record->text[n]];
		record->residue = numbers[record->residue];
		record->line += x->line - 1;
	}
	return true;
}

static bool take_people(
    struct xml *x, const struct registry *from, const uint32_t *numbers)
{
	for (size_t i = 0; i < from->person_count; i++) {
		struct person *person = registry_person_new(x->registry);

		if (person == NULL)
			return false;
		*person = from->people[i];
		for (size_t n = 0; n < PERSON_FIELD_COUNT; n++)
			person->text[n] = numbers[person->text[n]];
		person->residue = numbers[person->residue];
		person->line += x->line - 1;
	}
	return true;
}

static bool take_rest(
    struct xml *x, const struct registry *from, const uint32_t *numbers)
{
	for (size_t i = 0; i < from->footnote_count; i++) {
		struct registry_note *note = registry_footnote_new(x->registry);

		if (note == NULL)
			return false;
		note->title = numbers[from->footnotes[i].title];
		note->text = numbers[from->footnotes[i].text];
	}
	x->registry->text[REGISTRY_MIDDLE] =
	    numbers[from->text[REGISTRY_MIDDLE]];
	return true;
}

bool xml_half_take(struct xml *x)
{
	struct xml_half *h = x->half;
	uint32_t records = (uint32_t)x->registry->record_count;
	uint32_t *numbers;

	x->half_at = 0;
	wait(h);
	if (h->code < 0 || !is_simple(h) ||
	    (h->diag.count > 0 && x->diag != NULL))
		return false;
	numbers = take_texts(x->registry, &h->registry);
	if (numbers == NULL || !take_gaps(x, &h->registry, numbers, records) ||
	    !take_records(x, &h->registry, numbers) ||
	    !take_people(x, &h->registry, numbers) ||
	    !take_rest(x, &h->registry, numbers)) {
		xml_stop_nomem(x);
	} else {
		h->used = true;
		if (h->taken != NULL)
			++*h->taken;
		XML_StopParser(x->parser, XML_FALSE);
	}
	mem_release(numbers);
	return true;
}
