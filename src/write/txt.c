/* SPDX-License-Identifier: ISC */
/*
 * The official plain text: what a text browser shows of the registry's page on
 * a screen of 150 columns.  Styles are the page's own changes; a style that
 * is asked for makes an older version look as it would have at the first date
 * of that style.
 */
#include "write/format.h"

#include "write/txt_cell.h"
#include "write/txt_table.h"
#include "base/banned.h"

#define TITLE "Service Name and Transport Protocol Port Number Registry"
#define SITE "Internet Assigned Numbers Authority"

/* The first dates of what changed and is not the frame's. */
#define CHARACTERS_SINCE "2017-08-25" /* widths were in bytes before */
#define NOTE_TITLES_SINCE "2018-08-24"
#define REPORTED_SINCE "2019-01-02"
#define CONTACT_SINCE "2020-05-19"

/* The lines of the site around the page. */
enum frame { FRAME_NONE, FRAME_SITE, FRAME_LINKS, FRAME_LINKS_AT_ONCE };

struct style {
	const char *since; /* the first edition that has it */
	enum frame frame;
	size_t margin; /* blanks before a term */
	size_t indent; /* blanks before what it says */
};

/* "1" to "5". */
static const struct style styles[] = {
    {"", FRAME_NONE, 3, 11},
    {"2022-01-06", FRAME_SITE, 3, 11},
    {"2023-03-13", FRAME_SITE, 3, 3},
    {"2025-09-26", FRAME_LINKS, 3, 3},
    {"2026-07-19", FRAME_LINKS_AT_ONCE, 0, 8},
};

#define STYLE_COUNT (sizeof(styles) / sizeof(styles[0]))

/* A text while it is written. */
struct page {
	const struct write_job *job;
	const struct image_version *version;
	const struct style *style;
	struct span date; /* whose manner it has */
	bool bytes;	  /* widths are those of bytes */
	bool begun;	  /* it has a part already */
	struct buf *b;
};

static bool is_since(struct span date, const char *since)
{
	return span_cmp(date, span_str(since)) >= 0;
}

/* Without any date the newest style it is. */
static void choose_style(struct page *p)
{
	struct span asked = p->job->style;
	size_t n = STYLE_COUNT - 1;

	p->date = write_date(p->job);
	if (asked.len > 0)
		n = (size_t)(asked.ptr[0] - '1');
	else if (p->date.len > 0)
		while (!is_since(p->date, styles[n].since))
			n--;
	p->style = &styles[n];
	if (!is_since(p->date, p->style->since))
		p->date = span_str(p->style->since);
	p->bytes = !is_since(p->date, CHARACTERS_SINCE);
}

/* Parts of the page are set off by an empty line. */
static void begin_part(struct page *p)
{
	if (p->begun)
		buf_char(p->b, '\n');
	p->begun = true;
}

static void put_line(struct page *p, size_t indent, struct span text)
{
	buf_fill(p->b, ' ', indent);
	buf_add(p->b, text);
	buf_char(p->b, '\n');
}

/* Raw text, its white space folded, in as many lines as it needs. */
static void put_folded(struct page *p, struct span raw, bool centred)
{
	size_t indent = centred ? 0 : p->style->indent;
	struct span rest;
	struct buf lines;

	buf_init(&lines);
	txt_wrap(&lines, raw, TXT_PAGE_WIDTH - indent, p->bytes);
	rest = buf_span(&lines);
	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		size_t width = txt_width(line, p->bytes);

		if (centred)
			indent = width < TXT_PAGE_WIDTH
				     ? (TXT_PAGE_WIDTH - width) / 2
				     : 0;
		put_line(p, indent, line);
	}
	if (buf_failed(&lines))
		p->b->failed = true;
	buf_release(&lines);
}

static void put_heading(struct page *p, struct span text)
{
	begin_part(p);
	put_folded(p, text, true);
}

static void put_site(struct page *p)
{
	static const char *const links[] = {
	    "Domains", "Protocols", "Numbers", "About"};
	enum frame frame = p->style->frame;

	if (frame == FRAME_NONE)
		return;
	begin_part(p);
	put_line(p, p->style->margin, SPAN(SITE));
	if (frame == FRAME_SITE)
		return;
	if (frame == FRAME_LINKS)
		begin_part(p);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		/* A bullet and a no-break space. */
		buf_fill(p->b, ' ', p->style->margin + 2);
		buf_add(p->b, SPAN("\xe2\x80\xa2\xc2\xa0"));
		put_line(p, 0, span_str(links[i]));
	}
}

static void put_term(struct page *p, struct span term)
{
	begin_part(p);
	put_line(p, p->style->margin, term);
}

/* A term and preformatted text; nothing where there is no text. */
static void put_text(struct page *p, struct span term, struct span text)
{
	if (text.len == 0)
		return;
	put_term(p, term);
	buf_char(p->b, '\n');
	txt_preformatted(p->b, text, 1, 1);
}

static void put_reference(struct page *p)
{
	struct span rich = image_text(p->job->image, p->version->reference);
	struct buf raw;

	if (rich.len == 0)
		return;
	buf_init(&raw);
	txt_raw(&raw, rich);
	put_term(p, SPAN("Reference"));
	put_folded(p, buf_span(&raw), false);
	if (buf_failed(&raw))
		p->b->failed = true;
	buf_release(&raw);
}

static void put_notes(struct page *p)
{
	const struct image *image = p->job->image;
	struct image_numbers notes = image_list(image, &p->version->notes);
	bool titles = is_since(p->date, NOTE_TITLES_SINCE);

	for (size_t i = 0; i + 1 < notes.count; i += 2) {
		struct span title = image_text(image, notes.at[i]);

		if (!titles || title.len == 0)
			title = SPAN("Note");
		put_text(p, title, image_text(image, notes.at[i + 1]));
	}
}

/* The site offers no CSV of no records. */
static void put_formats(struct page *p)
{
	size_t indent = p->style->indent;

	put_term(p, SPAN("Available Formats"));
	put_line(p, indent, SPAN("[IMG]"));
	if (le32(p->version->row_count) > 0)
		put_line(p, indent, SPAN("CSV [IMG]"));
	put_line(p, indent, SPAN("XML [IMG]"));
	put_line(p, indent, SPAN("HTML [IMG]"));
	put_line(p, indent, SPAN("Plain text"));
}

static void put_head(struct page *p)
{
	const struct image *image = p->job->image;
	struct span title = image_text(image, p->version->title);
	struct span updated = image_text(image, p->version->updated);

	put_site(p);
	put_heading(p, title.len > 0 ? title : SPAN(TITLE));
	if (updated.len > 0) {
		put_term(p, SPAN("Last Updated"));
		put_line(p, p->style->indent, updated);
	}
	put_text(p, SPAN("Expert(s)"), image_text(image, p->version->expert));
	put_reference(p);
	put_notes(p);
	put_formats(p);
}

/* The rows of one of the two tables. */
struct rows {
	const struct write_job *job;
	struct image_walk walk;
	struct record_text record;
	struct person_text person;
};

static void begin_rows(void *ctx)
{
	struct rows *rows = ctx;

	rows->walk = image_walk_begin(rows->job->image, rows->job->version);
}

static bool next_record(void *ctx)
{
	struct rows *rows = ctx;
	const struct image *image = rows->job->image;
	uint32_t n = image_walk_row(&rows->walk);

	if (n == IMAGE_NONE)
		return false;
	image_row_text(image, &image->rows[n], &rows->record);
	return true;
}

static void record_cell(void *ctx, size_t column, struct buf *raw)
{
	const struct rows *rows = ctx;
	const struct span *at = rows->record.at;

	txt_raw(raw, at[column_field((enum column)column, at[FIELD_FORM],
			 at[FIELD_ASSIGNEE])]);
}

static int put_records(struct page *p, struct portbook_error *err)
{
	struct rows rows = {.job = p->job};
	struct txt_table table = {.column_count = COLUMN_COUNT,
	    .bytes = p->bytes,
	    .begin = begin_rows,
	    .next = next_record,
	    .cell = record_cell,
	    .ctx = &rows};

	if (le32(p->version->row_count) == 0)
		return 0;
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		table.columns[i].heading = column_heading((enum column)i);
	if (!is_since(p->date, REPORTED_SINCE))
		table.columns[COLUMN_UNAUTHORIZED].heading =
		    SPAN("Known Unauthorized Uses");
	table.columns[COLUMN_NUMBER].centred = true;
	table.columns[COLUMN_PROTOCOL].centred = true;
	table.columns[COLUMN_SERVICE_CODE].centred = true;
	begin_part(p);
	return txt_table(&table, p->job, p->b, err);
}

static bool next_person(void *ctx)
{
	struct rows *rows = ctx;
	const struct image *image = rows->job->image;
	uint32_t n = image_walk_person(&rows->walk);

	if (n == IMAGE_NONE)
		return false;
	image_person_text(image, &image->people[n], &rows->person);
	return true;
}

static const enum person_field person_fields[] = {
    PERSON_ID, PERSON_NAME, PERSON_ORG, PERSON_URIS, PERSON_UPDATED};

static void person_cell(void *ctx, size_t column, struct buf *raw)
{
	const struct rows *rows = ctx;
	struct span text = rows->person.at[person_fields[column]];

	if (column == 0)
		buf_char(raw, '[');
	txt_raw(raw, text);
	if (column == 0)
		buf_char(raw, ']');
}

static int put_people(struct page *p, struct portbook_error *err)
{
	struct rows rows = {.job = p->job};
	struct txt_table table = {
	    .columns = {{SPAN_INIT("ID"), .optional = false},
		{SPAN_INIT("Name"), .optional = false},
		{SPAN_INIT("Organization"), .optional = true},
		{SPAN_INIT("Contact URI"), .optional = false},
		{SPAN_INIT("Last Updated"), .optional = false}},
	    .column_count = 5,
	    .bytes = p->bytes,
	    .begin = begin_rows,
	    .next = next_person,
	    .cell = person_cell,
	    .ctx = &rows};

	if (le32(p->version->person_count) == 0)
		return 0;
	put_heading(p, is_since(p->date, CONTACT_SINCE)
			   ? SPAN("Contact Information")
			   : SPAN("People"));
	begin_part(p);
	return txt_table(&table, p->job, p->b, err);
}

/*
 * Its lines stand below each other, behind the anchor; behind one that is wider
 * than the page not so far, or a few large ones would fill any memory.
 */
static void put_footnote(struct page *p, struct span anchor, struct span text)
{
	size_t width = p->style->margin + txt_width(anchor, p->bytes) + 2;

	if (width > TXT_PAGE_WIDTH)
		width = TXT_PAGE_WIDTH;
	buf_fill(p->b, ' ', p->style->margin);
	buf_char(p->b, '[');
	buf_add(p->b, anchor);
	buf_char(p->b, ']');
	txt_preformatted(p->b, span_trim(text), 1, width + 1);
}

static int put_footnotes(struct page *p, struct portbook_error *err)
{
	const struct image *image = p->job->image;
	struct image_numbers notes = image_list(image, &p->version->footnotes);
	int code = 0;

	if (notes.count < 2)
		return 0;
	put_heading(p, notes.count < 4 ? SPAN("Footnote") : SPAN("Footnotes"));
	begin_part(p);
	for (size_t i = 0; code == 0 && i + 1 < notes.count; i += 2) {
		put_footnote(p, image_text(image, notes.at[i]),
		    image_text(image, notes.at[i + 1]));
		code = write_drain(p->job, p->b, err);
	}
	return code;
}

static int put_foot(struct page *p, struct portbook_error *err)
{
	int code = put_footnotes(p, err);

	if (code < 0 || p->style->frame == FRAME_NONE)
		return code;
	begin_part(p);
	put_line(p, p->style->margin, SPAN("Licensing Terms"));
	return 0;
}

int write_txt(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct page p = {.job = job, .version = write_version(job), .b = b};
	int code;

	choose_style(&p);
	put_head(&p);
	code = put_records(&p, err);
	if (code == 0)
		code = put_people(&p, err);
	if (code == 0)
		code = put_foot(&p, err);
	return code;
}
