/* SPDX-License-Identifier: ISC */
#include "image/walk.h"

#include "image/events.h"
#include "image/line.h"
#include "base/banned.h"

/* Lists of a damaged image may be long and many. */
#define LOOK_AT 2000000

struct walk {
	const struct image *image;
	uint64_t sum;
	size_t left;
};

static void see_text(struct walk *w, struct span text)
{
	size_t len = text.len < w->left ? text.len : w->left;

	for (size_t i = 0; i < len; i++)
		w->sum += (uint8_t)text.ptr[i];
	w->left -= len;
	w->sum += text.ptr == NULL;
	w->sum += (uint8_t)text.ptr[text.len > 0 ? text.len - 1 : 0];
}

static void see_numbers(struct walk *w, struct image_numbers numbers)
{
	size_t count = numbers.count < w->left ? numbers.count : w->left;

	for (size_t i = 0; i < count; i++)
		w->sum += le32(numbers.at[i]);
	w->left -= count;
	if (numbers.count > 0)
		w->sum += le32(numbers.at[numbers.count - 1]);
}

static void see_posting(struct walk *w, const char *bytes, size_t len)
{
	const struct image_posting both[] = {image_gram(w->image, bytes, len),
	    image_past_gram(w->image, bytes, len)};

	for (size_t i = 0; i < 2; i++)
		see_numbers(
		    w, (struct image_numbers){both[i].at,
			   both[i].words > 0 ? both[i].words : both[i].count});
}

static void see_row(struct walk *w, size_t n)
{
	const struct image_row *row = image_row(w->image, n);
	struct record_text text;
	struct span search;

	image_row_text(w->image, row, &text);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		see_text(w, text.at[i]);
	see_text(w, image_text(w->image, row->alias_of));
	see_text(w, image_text(w->image, row->residue));
	see_numbers(w, image_list(w->image, &row->people));
	search = image_search_text(w->image, row);
	if (search.len > 0)
		see_text(w, search);
	for (size_t i = 0; i + 3 <= search.len && w->left > 0; i++)
		for (size_t len = 1; len <= 3; len++)
			see_posting(w, search.ptr + i, len);
	for (enum column c = 0; c < COLUMN_COUNT; c++)
		w->sum += image_order(w->image, c, n);
	w->sum += image_by_name(w->image, text.at[FIELD_NAME]) != NULL;
}

static void see_person(struct walk *w, size_t n)
{
	const struct image_person *person = image_person(w->image, n);
	struct person_text text;

	image_person_text(w->image, person, &text);
	for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
		see_text(w, text.at[i]);
	see_numbers(w, image_list(w->image, &person->rows));
	w->sum += image_by_person(w->image, text.at[PERSON_ID]);
}

static void see_version(struct walk *w, const struct image_version *v)
{
	struct image_numbers notes = image_list(w->image, &v->notes);

	see_text(w, image_text(w->image, v->updated));
	see_text(w, image_text(w->image, v->head));
	see_text(w, image_text(w->image, v->tail));
	see_numbers(w, notes);
	for (size_t i = 0; i < notes.count && w->left > 0; i++)
		see_text(w, image_text(w->image, notes.at[i]));
	see_numbers(w, image_list(w->image, &v->footnotes));
}

static void see_names(struct walk *w)
{
	static const char *const names[] = {"", "http", "HTTP", "x",
	    "fifteen-bytes-x", "a-name-of-16-byt", "N\xc3\x84me", "\xff\xfe",
	    "a-name-of-more-than-sixteen-bytes", "dns"};

	for (size_t i = 0; i < w->image->name_count; i++) {
		const struct image_name *name = &w->image->names[i];
		struct span text = image_text(w->image, name->name);

		see_text(w, text);
		see_numbers(w, image_list(w->image, &name->rows));
		w->sum += image_by_name(w->image, text) == name;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		w->sum += image_by_name(w->image, span_str(names[i])) != NULL;
	for (size_t i = 0; i < w->image->curated_count; i++) {
		see_text(w, image_text(w->image, w->image->curated[i].name));
		see_text(w, image_text(w->image, w->image->curated[i].origin));
	}
}

static void see_events(struct walk *w, size_t version)
{
	struct image_event_span span = image_version_events(w->image, version);

	for (size_t n = span.first; n < span.end && w->left > 0; n++) {
		const struct image_event *e = image_event(w->image, n);

		w->left--;
		w->sum += le32(e->before) + le32(e->after) + le32(e->fields);
		w->sum += event_kind_name(image_event_kind(e)).len;
		w->sum += image_event_is_person(e);
	}
}

static void see_past_row(struct walk *w, uint32_t n)
{
	const struct image_row *row = image_row(w->image, n);
	struct span name = image_text(w->image, row->text[FIELD_NAME]);

	see_numbers(w, image_row_events(w->image, n));
	see_numbers(w, image_row_life(w->image, n));
	w->sum += image_row_last(w->image, n) < w->image->row_count;
	see_numbers(w, image_past_by_port(w->image, le16(row->last)));
	see_numbers(w, image_past_by_name(w->image, name));
}

static void see_past_person(struct walk *w, uint32_t n)
{
	const struct image_person *person = image_person(w->image, n);
	struct span id = image_text(w->image, person->text[PERSON_ID]);

	see_numbers(w, image_person_events(w->image, n));
	see_numbers(w, image_person_life(w->image, n));
	w->sum += image_person_last(w->image, n) < w->image->person_count;
	see_numbers(w, image_past_by_person(w->image, id));
}

static void see_past(struct walk *w)
{
	static const char *const names[] = {"", "X", "n\xc3\x84me",
	    "a-name-of-more-than-sixteen-bytes", "fifteen-bytes-X"};

	w->left += LOOK_AT;
	for (size_t n = 0; n <= w->image->version_count; n++)
		see_events(w, n);
	for (uint32_t n = 0; n < w->image->row_count && w->left > 0; n++)
		see_past_row(w, n);
	for (uint32_t n = 0; n < w->image->person_count && w->left > 0; n++)
		see_past_person(w, n);
	w->left += LOOK_AT;
	for (uint32_t port = 0; port < PORT_COUNT; port += 61) {
		see_numbers(w, image_past_by_port(w->image, (uint16_t)port));
		w->sum += image_past_since(w->image, (uint16_t)port);
	}
	see_numbers(w, image_past_wide(w->image));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		see_numbers(
		    w, image_past_by_name(w->image, span_str(names[i])));
	w->sum += image_event(w->image, w->image->event_count) == NULL;
	see_numbers(w, image_row_events(w->image, w->image->row_count));
	see_numbers(w, image_row_life(w->image, w->image->row_count));
	see_numbers(w, image_person_events(w->image, w->image->person_count));
	see_numbers(w, image_person_life(w->image, w->image->person_count));
}

static void see_line(struct walk *w, const struct image_line *line)
{
	see_text(w, span_of(line->words, line->len));
	w->sum += strlen(line->words) + line->alias_count;
}

static void see_lines(struct walk *w)
{
	static const char *const names[] = {"", "X", "http", "WWW", "nfs",
	    "fifteen-bytes-X", "a-name-of-more-than-sixteen-bytes", "dns"};
	struct image_line line;

	for (uint32_t place = 0; image_line_from(w->image, place, &line);
	     place = image_line_place(&line) + 1)
		see_line(w, &line);
	for (enum protocol p = 0; p <= PROTOCOL_NONE; p++) {
		for (uint32_t port = 0; port < PORT_COUNT; port++)
			if (image_line_by_port(
				w->image, (uint16_t)port, p, &line))
				see_line(w, &line);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (image_line_by_name(
				w->image, span_str(names[i]), p, &line))
				see_line(w, &line);
		for (size_t i = 0; i < w->image->name_count; i++)
			if (image_line_by_name(w->image,
				image_text(w->image, w->image->names[i].name),
				p, &line))
				see_line(w, &line);
	}
}

uint64_t image_walk(const struct image *image)
{
	struct walk w = {.image = image, .left = LOOK_AT};

	for (size_t n = 0; n < image->row_count && w.left > 0; n++)
		see_row(&w, n);
	w.left += LOOK_AT;
	for (size_t n = 0; n < image->person_count && w.left > 0; n++)
		see_person(&w, n);
	for (size_t n = 0; n < image->version_count && w.left > 0; n++)
		see_version(&w, &image->versions[n]);
	see_names(&w);
	w.left += LOOK_AT;
	for (enum protocol p = 0; p <= PROTOCOL_NONE; p++)
		for (uint32_t port = 0; port < PORT_COUNT; port++)
			see_numbers(
			    &w, image_by_port(image, (uint16_t)port, p));
	for (size_t i = 0; i < image->gap_count; i++)
		see_text(&w, image_text(image, image->gaps[i].text));
	see_past(&w);
	w.left += LOOK_AT;
	see_lines(&w);
	return w.sum;
}
