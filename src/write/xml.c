/* SPDX-License-Identifier: ISC */
/*
 * The official XML, as its source was: head, records and what stands between
 * them, middle, persons, tail.  A version that was read from something else
 * has no such source and is given a head and a tail of our own, and its
 * records the order of children that most records have.
 */
#include "write/format.h"

#include "base/error.h"
#include "terms/layout.h"
#include "terms/rich.h"
#include "base/banned.h"

#define TITLE "Service Name and Transport Protocol Port Number Registry"

static void put_head(const struct write_job *job, struct buf *b)
{
	const struct image_version *v = write_version(job);
	struct span head = image_text(job->image, v->head);
	size_t mark = span_find_char(head, 0, LAYOUT_UPDATED_MARK);

	buf_add(b, span_head(head, mark));
	if (mark < head.len)
		buf_add(b, image_text(job->image, v->updated));
	buf_add(b, span_skip(head, mark + 1));
}

/* Without <updated>: what has no date of its own is not given one. */
static void put_own_head(struct buf *b)
{
	buf_str(b, "<?xml version='1.0' encoding='UTF-8'?>\n"
		   "<?xml-stylesheet type=\"text/xsl\" "
		   "href=\"service-names-port-numbers.xsl\"?>\n"
		   "<?xml-model href=\"service-names-port-numbers.rng\" "
		   "schematypens=\"http://relaxng.org/ns/structure/1.0\" ?>\n"
		   "<registry xmlns=\"http://www.iana.org/assignments\" "
		   "id=\"service-names-port-numbers\">\n"
		   "  <title>" TITLE "</title>\n  ");
}

/* The order of a record's children, for one that has none of its own. */
static void put_form(struct buf *form, const struct record_text *text)
{
	static const struct {
		enum record_field field;
		char letter;
	} order[] = {{FIELD_NAME, 'n'}, {FIELD_PROTOCOL, 'p'},
	    {FIELD_ASSIGNEE, 'a'}, {FIELD_CONTACT, 'c'},
	    {FIELD_DESCRIPTION, 'd'}, {FIELD_REFERENCE, 'r'},
	    {FIELD_NUMBER, 'm'}, {FIELD_SERVICE_CODE, 's'},
	    {FIELD_UNAUTHORIZED, 'u'}, {FIELD_NOTE, 't'}};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		struct span value = text->at[order[i].field];
		size_t count = value.len > 0;

		if (order[i].letter == 'c' || order[i].letter == 'r') {
			struct rich_token token;

			count = 0;
			while (rich_next(&value, &token))
				count += token.kind == RICH_IS_XREF;
		} else if (order[i].letter == 'd') {
			count = 1;
		}
		buf_fill(form, order[i].letter, count);
	}
}

static void put_record(const struct write_job *job, const struct image_row *row,
    struct buf *form, struct buf *b)
{
	struct record_text text;

	image_row_text(job->image, row, &text);
	if (text.at[FIELD_FORM].len == 0) {
		buf_clear(form);
		put_form(form, &text);
		if (buf_failed(form))
			b->failed = true;
		text.at[FIELD_FORM] = buf_span(form);
	}
	layout_record(b, &text);
}

static int put_records(const struct write_job *job, bool official,
    struct buf *b, struct portbook_error *err)
{
	const struct image *image = job->image;
	struct image_walk walk = image_walk_begin(image, job->version);
	size_t index = 0, next_gap = 0;
	struct buf form;
	uint32_t n;
	int code = 0;

	buf_init(&form);
	while (code == 0 && (n = image_walk_row(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &image->rows[n];
		struct span residue = image_text(image, row->residue), gap;

		if (image_gap(
			image, job->version, false, index, &next_gap, &gap))
			buf_add(b, gap);
		else if (index > 0)
			buf_str(b, LAYOUT_RECORD_GAP);
		if (official && residue.len > 0)
			buf_add(b, residue);
		else
			put_record(job, row, &form, b);
		index++;
		code = write_drain(job, b, err);
	}
	buf_release(&form);
	return code;
}

static int put_people(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	const struct image *image = job->image;
	struct image_walk walk = image_walk_begin(image, job->version);
	size_t index = 0, next_gap = 0;
	uint32_t n;
	int code = 0;

	while (code == 0 && (n = image_walk_person(&walk)) != IMAGE_NONE) {
		const struct image_person *person = &image->people[n];
		struct span residue = image_text(image, person->residue), gap;
		struct person_text text;

		if (image_gap(
			image, job->version, true, index, &next_gap, &gap))
			buf_add(b, gap);
		else if (index > 0)
			buf_str(b, LAYOUT_PERSON_GAP);
		image_person_text(image, person, &text);
		if (residue.len > 0)
			buf_add(b, residue);
		else
			layout_person(b, &text);
		index++;
		code = write_drain(job, b, err);
	}
	return code;
}

int write_xml(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	const struct image_version *v = write_version(job);
	bool official = le32(v->source) == IMAGE_SOURCE_XML;
	int code;

	if (official)
		put_head(job, b);
	else
		put_own_head(b);
	code = put_records(job, official, b, err);
	if (code < 0)
		return code;
	if (!official) {
		buf_str(b, "\n</registry>\n");
		return 0;
	}
	buf_add(b, image_text(job->image, v->middle));
	code = put_people(job, b, err);
	if (code < 0)
		return code;
	buf_add(b, image_text(job->image, v->tail));
	return 0;
}
