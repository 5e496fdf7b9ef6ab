/* SPDX-License-Identifier: ISC */
/*
 * The official CSV (RFC 4180): a heading row and a row a record, all ended by
 * CRLF.  A cell is quoted where it holds a comma, a quote or a line end, which
 * within a cell is LF alone.
 *
 * A style is an era of the columns (terms/rich.h).  A version that was read
 * from a CSV goes out without style as it came in: its heading row and line
 * ends, and where a row was written otherwise, that row.
 *
 * Nine cells of ten go out as they are, or are the id of one person: those are
 * copied sixteen bytes at a time while they are looked at.
 */
#include "write/format.h"

#include "base/le.h"
#include "terms/rich.h"
#include "base/banned.h"

/*
 * The first date of each era.  Of a change no more is known than an edition
 * before and one behind it: that of B is taken to have come with the new
 * heading of 2019-01-02 (2018-02-12 and 2020-04-07 are known), those of C and D
 * to have come with the first edition known to have them (before: 2020-07-14
 * and 2025-01-23).
 */
static const struct {
	const char *style;
	struct span from;
} eras[] = {
    [RICH_ERA_A] = {"a", SPAN_INIT("")},
    [RICH_ERA_B] = {"b", SPAN_INIT("2019-01-02")},
    [RICH_ERA_C] = {"c", SPAN_INIT("2020-07-31")},
    [RICH_ERA_D] = {"d", SPAN_INIT("2025-04-07")},
};

/* What era A called the eleventh column. */
#define OLD_UNAUTHORIZED SPAN("Known Unauthorized Uses")

struct csv {
	const struct write_job *job; /* borrowed */
	struct buf *b;		     /* borrowed */
	struct buf scratch;	     /* a cell that is not copied */
	enum rich_era era;
	struct span newline;
	const char *texts_end;			/* of the image */
	enum record_field fields[COLUMN_COUNT]; /* all but the assignee's */
	uint32_t form;	   /* text of the last form looked at */
	bool form_assigns; /* it has an assignee */
};

/* Bytes that are copied at once, and that a copy may reach behind its end. */
#define SLACK 16

#define BYTES(c) (0x0101010101010101U * (uint64_t)(c))

/* A bit in each byte of word that is a control character, quote or comma. */
static uint64_t special(uint64_t word)
{
	uint64_t quote = word ^ BYTES('"'), comma = word ^ BYTES(',');

	return (((word - BYTES(' ')) & ~word) | ((quote - BYTES(1)) & ~quote) |
		   ((comma - BYTES(1)) & ~comma)) &
	       BYTES(0x80);
}

/* From SLACK - n on: ones for n bytes, then zeros. */
static const uint8_t masks[2 * SLACK] = {255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255};

/* The word at ptr, with blanks for what the mask leaves out. */
static uint64_t masked(const char *ptr, const uint8_t *mask)
{
	uint64_t ones = le_u64(mask);

	return (le_u64(ptr) & ones) | (BYTES(' ') & ~ones);
}

/*
 * Copies text to out and tells whether none of it is special.  Reads and
 * writes up to SLACK bytes behind text and behind its copy.
 */
static inline bool copy_plain(char *out, struct span text)
{
	const uint8_t *mask;
	const char *at = text.ptr;
	size_t left = text.len;

	for (; left > SLACK; left -= SLACK) {
		if ((special(le_u64(at)) | special(le_u64(at + 8))) != 0)
			return false;
		memcpy(out, at, SLACK);
		at += SLACK;
		out += SLACK;
	}
	memcpy(out, at, SLACK);
	mask = masks + SLACK - left;
	return (special(masked(at, mask)) |
		   special(masked(at + 8, mask + 8))) == 0;
}

/* The id where text is one xref of a person, without anything else. */
static bool is_one_person(struct span text, struct span *ret)
{
	if (text.len < 4 || text.ptr[0] != RICH_XREF ||
	    text.ptr[1] != XREF_PERSON || text.ptr[text.len - 2] != RICH_BODY ||
	    text.ptr[text.len - 1] != RICH_XREF_END)
		return false;
	*ret = span_of(text.ptr + 2, text.len - 4);
	return true;
}

/*
 * Copies a cell to out, where there is room for its text and SLACK, if it goes
 * out as it is; returns where it ends, NULL if it does not.
 */
static char *put_fast(const struct csv *c, char *out, struct span text)
{
	struct span id;

	if ((size_t)(c->texts_end - text.ptr) < text.len + SLACK)
		return NULL;
	if (is_one_person(text, &id)) {
		*out++ = '[';
		if (!copy_plain(out, id))
			return NULL;
		out[id.len] = ']';
		return out + id.len + 1;
	}
	if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ' ||
	    !copy_plain(out, text))
		return NULL;
	return out + text.len;
}

static bool needs_quotes(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '"' || text.ptr[i] == ',' ||
		    text.ptr[i] == '\n' || text.ptr[i] == '\r')
			return true;
	return false;
}

static void put_cell(struct csv *c, struct span rich)
{
	struct span text;

	buf_clear(&c->scratch);
	rich_column_of(&c->scratch, rich, c->era);
	if (buf_failed(&c->scratch))
		c->b->failed = true;
	text = buf_span(&c->scratch);
	if (!needs_quotes(text)) {
		buf_add(c->b, text);
		return;
	}
	buf_char(c->b, '"');
	while (text.len > 0) {
		size_t quote = span_find_char(text, 0, '"');

		buf_add(c->b, span_head(text, quote));
		if (quote < text.len)
			buf_str(c->b, "\"\"");
		text = span_skip(text, quote + 1);
	}
	buf_char(c->b, '"');
}

/* The field of the assignee column: most rows share a few forms. */
static enum record_field assignee_field(
    struct csv *c, const struct image_row *row)
{
	uint32_t form = le32(row->text[FIELD_FORM]);

	if (le32(row->text[FIELD_ASSIGNEE]) != 0)
		return FIELD_ASSIGNEE;
	if (form != c->form) {
		c->form = form;
		c->form_assigns =
		    column_field(COLUMN_ASSIGNEE,
			image_text(c->job->image, row->text[FIELD_FORM]),
			SPAN("")) == FIELD_ASSIGNEE;
	}
	return c->form_assigns ? FIELD_ASSIGNEE : FIELD_CONTACT;
}

/* Room for a row that goes out as it is, or what is left of one. */
static char *row_room(struct csv *c, const struct span *cells, size_t count)
{
	size_t len = c->newline.len + SLACK;

	for (size_t i = 0; i < count; i++)
		len += cells[i].len + 1;
	return buf_room(c->b, len);
}

static void put_row(struct csv *c, const struct image_row *row)
{
	struct span cells[COLUMN_COUNT];
	char *out;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum record_field field = i == COLUMN_ASSIGNEE
					      ? assignee_field(c, row)
					      : c->fields[i];

		cells[i] = le32(row->text[field]) == 0
			       ? SPAN("")
			       : image_text(c->job->image, row->text[field]);
	}
	out = row_room(c, cells, COLUMN_COUNT);
	for (unsigned i = 0; i < COLUMN_COUNT && out != NULL; i++) {
		char *end = out;

		if (i > 0)
			*end++ = ',';
		if (cells[i].len > 0)
			end = put_fast(c, end, cells[i]);
		if (end == NULL) {
			c->b->len = (size_t)(out - c->b->ptr);
			if (i > 0)
				buf_char(c->b, ',');
			put_cell(c, cells[i]);
			end = row_room(c, cells + i, COLUMN_COUNT - i);
		}
		out = end;
	}
	if (out == NULL)
		return;
	c->b->len = (size_t)(out - c->b->ptr);
	buf_add(c->b, c->newline);
}

static void put_heading(struct csv *c)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (i > 0)
			buf_char(c->b, ',');
		if (i == COLUMN_UNAUTHORIZED && c->era == RICH_ERA_A)
			buf_add(c->b, OLD_UNAUTHORIZED);
		else
			buf_add(c->b, column_heading((enum column)i));
	}
	buf_add(c->b, c->newline);
}

static enum rich_era era_of(const struct write_job *job)
{
	struct span date = write_date(job);
	size_t era = 0;

	for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++)
		if (job->style.len > 0
			? span_eq(job->style, span_str(eras[i].style))
			: span_cmp(eras[i].from, date) <= 0)
			era = i;
	return (enum rich_era)era;
}

static int put_rows(struct csv *c, bool as_it_came, struct portbook_error *err)
{
	const struct image *image = c->job->image;
	struct image_walk walk = image_walk_begin(image, c->job->version);
	uint32_t n;
	int code = 0;

	while (code == 0 && (n = image_walk_row(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &image->rows[n];

		if (as_it_came && le32(row->residue) != 0)
			buf_add(c->b, image_text(image, row->residue));
		else
			put_row(c, row);
		code = write_drain(c->job, c->b, err);
	}
	return code;
}

int write_official_csv(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	const struct image *image = job->image;
	const struct image_version *v = write_version(job);
	bool as_it_came =
	    le32(v->source) == IMAGE_SOURCE_CSV && job->style.len == 0;
	struct csv c = {.job = job,
	    .b = b,
	    .era = as_it_came ? RICH_ERA_D : era_of(job),
	    .newline = SPAN("\r\n"),
	    .texts_end = (const char *)image->texts + image->texts_len,
	    .form = IMAGE_NONE};
	int code;

	buf_init(&c.scratch);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		c.fields[i] = column_field((enum column)i, SPAN(""), SPAN(""));
	if (as_it_came) {
		struct span head = image_text(image, v->head);

		buf_add(b, head);
		if (!span_ends(head, c.newline))
			c.newline = SPAN("\n");
	} else {
		put_heading(&c);
	}
	code = put_rows(&c, as_it_came, err);
	buf_release(&c.scratch);
	return code;
}
