/* SPDX-License-Identifier: ISC */
#include "write/xhtml.h"

#include "base/banned.h"

static void open_table(struct xhtml *x, const char *attributes)
{
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("<table "));
	buf_str(x->out, attributes);
	buf_char(x->out, '>');
}

static void open_head(struct xhtml *x)
{
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("<thead>"));
	xhtml_line(x, x->level + 2);
	buf_add(x->out, SPAN("<tr>"));
}

static void put_heading(struct xhtml *x, const char *class, struct span heading)
{
	xhtml_element(x, x->level + 3, "th", class, heading);
}

static void close_head(struct xhtml *x)
{
	xhtml_line(x, x->level + 2);
	buf_add(x->out, SPAN("</tr>"));
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("</thead>"));
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("<tbody>"));
}

static void open_row(struct xhtml *x)
{
	xhtml_line(x, x->level + 2);
	buf_add(x->out, SPAN("<tr>"));
}

static void open_cell(struct xhtml *x, const char *tag)
{
	xhtml_line(x, x->level + 3);
	buf_str(x->out, tag);
}

static void close_cell(struct xhtml *x)
{
	buf_add(x->out, SPAN("</td>"));
}

static void close_row(struct xhtml *x)
{
	xhtml_line(x, x->level + 2);
	buf_add(x->out, SPAN("</tr>"));
}

static void close_table(struct xhtml *x)
{
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("</tbody>"));
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("</table>"));
}

static void put_text_cell(struct xhtml *x, struct span text)
{
	open_cell(x, "<td>");
	xhtml_text(x, text);
	close_cell(x);
}

static struct span heading_of(const struct xhtml *x, enum column column)
{
	if (column == COLUMN_UNAUTHORIZED && !xhtml_has(x, XHTML_UNAUTHORIZED))
		return SPAN("Known Unauthorized Uses");
	return column_heading(column);
}

static void open_records(struct xhtml *x)
{
	xhtml_steps(x);
	/* A page of a search is sorted where it came from, a file here. */
	open_table(x, x->job->page != NULL
			  ? "id=\"" XHTML_TABLE_ID "\" class=\"sortable_srv\""
			  : "id=\"" XHTML_TABLE_ID "\" class=\"sortable\"");
	open_head(x);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		put_heading(x, i == COLUMN_NUMBER ? "sortNumeric" : NULL,
		    heading_of(x, (enum column)i));
	close_head(x);
}

static bool is_centred(enum column column)
{
	return column == COLUMN_NUMBER || column == COLUMN_PROTOCOL ||
	       column == COLUMN_SERVICE_CODE;
}

static bool has_markup(enum column column)
{
	return column == COLUMN_DESCRIPTION || column == COLUMN_ASSIGNEE ||
	       column == COLUMN_CONTACT || column == COLUMN_REFERENCE ||
	       column == COLUMN_NOTE;
}

static void put_record(struct xhtml *x, const struct image_row *row)
{
	struct record_text text;

	image_row_text(x->image, row, &text);
	open_row(x);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;
		struct span value = text.at[column_field(
		    column, text.at[FIELD_FORM], text.at[FIELD_ASSIGNEE])];

		open_cell(
		    x, is_centred(column) ? "<td align=\"center\">" : "<td>");
		if (has_markup(column))
			xhtml_rich(x, value, x->level + 3);
		else
			xhtml_flat(x, value);
		close_cell(x);
	}
	close_row(x);
}

/* The next row that is to be written, of the page or else of the version. */
static const struct image_row *next_row(
    const struct xhtml *x, struct image_walk *walk, size_t *place)
{
	const struct write_page *page = x->job->page;
	const struct image_row *row = NULL;

	if (page == NULL)
		return image_row(x->image, image_walk_row(walk));
	while (row == NULL && *place < page->row_count)
		row = image_row(x->image, page->rows[(*place)++]);
	return row;
}

int xhtml_records(struct xhtml *x, struct portbook_error *err)
{
	struct image_walk walk = image_walk_begin(x->image, x->job->version);
	const struct image_row *row;
	size_t place = 0;

	row = next_row(x, &walk, &place);
	if (row == NULL)
		return 0;
	open_records(x);
	for (; row != NULL; row = next_row(x, &walk, &place)) {
		int code;

		put_record(x, row);
		code = write_drain(x->job, x->out, err);
		if (code < 0)
			return code;
	}
	close_table(x);
	xhtml_steps(x);
	return 0;
}

static void open_people(struct xhtml *x)
{
	xhtml_element(x, x->level, "h1", "people",
	    xhtml_has(x, XHTML_CONTACTS) ? SPAN("Contact Information")
					 : SPAN("People"));
	open_table(x, "class=\"sortable\"");
	open_head(x);
	put_heading(x, NULL, SPAN("ID"));
	put_heading(x, NULL, SPAN("Name"));
	if (x->has_org)
		put_heading(x, NULL, SPAN("Organization"));
	put_heading(x, NULL, SPAN("Contact URI"));
	put_heading(x, NULL, SPAN("Last Updated"));
	close_head(x);
}

static void put_place(struct xhtml *x, bool note, struct span id)
{
	if (!note) {
		xhtml_person_id(x, id);
		return;
	}
	buf_add(x->out, SPAN("note"));
	xhtml_attr(x, id);
}

/* "[id]" in a cell; the place that links lead to, if it is one. */
static void put_id_cell(
    struct xhtml *x, bool note, size_t place, struct span id)
{
	bool anchor = xhtml_is_at(x, note, place, id);

	open_cell(x, note ? "<td valign=\"top\">" : "<td>");
	if (anchor) {
		xhtml_line(x, x->level + 4);
		buf_add(x->out, SPAN("<a name=\""));
		put_place(x, note, id);
		buf_add(x->out, SPAN("\" id=\""));
		put_place(x, note, id);
		buf_add(x->out, SPAN("\">"));
	}
	buf_char(x->out, '[');
	xhtml_text(x, id);
	buf_char(x->out, ']');
	if (anchor) {
		buf_add(x->out, SPAN("</a>"));
		xhtml_line(x, x->level + 3);
	}
	close_cell(x);
}

static void put_person(
    struct xhtml *x, size_t place, const struct image_person *person)
{
	struct person_text text;

	image_person_text(x->image, person, &text);
	open_row(x);
	put_id_cell(x, false, place, text.at[PERSON_ID]);
	put_text_cell(x, text.at[PERSON_NAME]);
	if (x->has_org)
		put_text_cell(x, text.at[PERSON_ORG]);
	open_cell(x, "<td>");
	xhtml_uris(x, text.at[PERSON_URIS], x->level + 3);
	close_cell(x);
	put_text_cell(x, text.at[PERSON_UPDATED]);
	close_row(x);
}

int xhtml_people(struct xhtml *x, struct portbook_error *err)
{
	bool first = true;

	for (size_t i = 0; i < x->person_count; i++) {
		const struct image_person *person =
		    image_person(x->image, x->people[i]);
		int code;

		if (person == NULL)
			continue;
		if (first)
			open_people(x);
		first = false;
		put_person(x, i, person);
		code = write_drain(x->job, x->out, err);
		if (code < 0)
			return code;
	}
	if (!first)
		close_table(x);
	return 0;
}

static void put_footnote(
    struct xhtml *x, size_t place, struct span id, struct span text)
{
	open_row(x);
	put_id_cell(x, true, place, id);
	open_cell(x, "<td>");
	xhtml_line(x, x->level + 4);
	xhtml_pre(x, text);
	xhtml_line(x, x->level + 3);
	close_cell(x);
	close_row(x);
}

void xhtml_footnotes(struct xhtml *x)
{
	struct image_numbers list =
	    image_list(x->image, &write_version(x->job)->footnotes);
	size_t count = 0, done = 0;

	for (size_t i = 0; i + 1 < list.count; i += 2)
		count += xhtml_lists_note(x, image_text(x->image, list.at[i]));
	for (size_t i = 0; i + 1 < list.count && done < count; i += 2) {
		struct span id = image_text(x->image, list.at[i]);

		if (!xhtml_lists_note(x, id))
			continue;
		if (done++ == 0) {
			xhtml_element(x, x->level, "h1", NULL,
			    count > 1 ? SPAN("Footnotes") : SPAN("Footnote"));
			open_table(x, "class=\"fn\"");
			xhtml_line(x, x->level + 1);
			buf_add(x->out, SPAN("<tbody>"));
		}
		put_footnote(
		    x, i / 2, id, image_text(x->image, list.at[i + 1]));
	}
	if (done > 0)
		close_table(x);
}
