/* SPDX-License-Identifier: ISC */
/*
 * RFC 4180, as the registry uses it (CR is taken only before LF):
 *
 *	file  = [BOM] row *row
 *	row   = cell 11*11("," cell) (CRLF / LF / end of file)
 *	cell  = *(any byte but comma, quote, CR, LF)
 *	      / quote *(any byte but quote / quote quote) quote
 */
#include "read/csv.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "read/limits.h"
#include "terms/rich.h"
#include "base/banned.h"

struct csv {
	struct window *window; /* borrowed */
	struct registry *registry;
	struct diag *diag;
	struct portbook_error *err;
	uint64_t at;	     /* offset of the next byte */
	uint64_t row;	     /* offset of the row */
	uint64_t row_line;   /* line the row begins on */
	uint64_t line;	     /* of at */
	uint64_t line_start; /* offset of that line */
	struct buf text;     /* of the row's cells, one behind the other */
	size_t ends[COLUMN_COUNT]; /* of each cell in text */
	unsigned count;		   /* cells so far */
	struct buf xrefs;
	struct buf scratch;
	struct buf canonical; /* to compare with */
	struct span newline;  /* of the heading row */
};

static int fail_at(struct csv *c, uint64_t line, uint64_t column, int code)
{
	error_locate(c->err, c->window->stream->name, line, column);
	return code;
}

static int fail(struct csv *c, int code)
{
	return fail_at(c, c->line, c->at - c->line_start + 1, code);
}

static int bad(struct csv *c, const char *text)
{
	return fail(c, error_set(c->err, PORTBOOK_EFORMAT, 0, "%s", text));
}

/* The next byte, not yet taken: 0 to 255, -1 at the end, else a failure. */
#define END (-1)

static int peek(struct csv *c, int *ret)
{
	int code;

	if (c->at == window_end(c->window)) {
		if (c->window->ended) {
			*ret = END;
			return 0;
		}
		code = window_fill(c->window, c->row, c->err);
		if (code == PORTBOOK_ELIMIT)
			return fail(c, code);
		if (code < 0)
			return code;
		if (c->at == window_end(c->window)) {
			*ret = END;
			return 0;
		}
	}
	*ret = (uint8_t)c->window->bytes.ptr[c->at - c->window->base];
	return 0;
}

/* Takes a byte that may stand in a cell, and keeps it. */
static int take(struct csv *c, int byte)
{
	if (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r')
		return bad(c, "a control character: the file is damaged");
	buf_char(&c->text, (char)byte);
	if (buf_failed(&c->text))
		return error_nomem(c->err);
	c->at++;
	if (byte == '\n') {
		c->line++;
		c->line_start = c->at;
	}
	return 0;
}

static int take_quoted(struct csv *c)
{
	int byte, code = 0;

	c->at++;
	for (;;) {
		code = peek(c, &byte);
		if (code < 0)
			return code;
		if (byte == END)
			return bad(c,
			    "ends within a quoted cell: it was cut short, or "
			    "a quote is missing");
		if (byte == '"') {
			c->at++;
			code = peek(c, &byte);
			if (code < 0 || byte != '"')
				return code;
		}
		code = take(c, byte);
		if (code < 0)
			return code;
	}
}

static int take_bare(struct csv *c)
{
	int byte, code = 0;

	for (;;) {
		code = peek(c, &byte);
		if (code < 0 || byte == END || byte == ',' || byte == '\n' ||
		    byte == '\r')
			return code;
		if (byte == '"')
			return bad(c,
			    "a quote within a cell that does not begin with "
			    "one: quote the cell and double the quote");
		code = take(c, byte);
		if (code < 0)
			return code;
	}
}

/* XML could not hold U+FFFE and U+FFFF either. */
static size_t find_bad_text(struct span s)
{
	size_t end = utf8_check(s);
	size_t fffe = span_find(s, SPAN("\xef\xbf\xbe"));
	size_t ffff = span_find(s, SPAN("\xef\xbf\xbf"));

	if (fffe < end)
		end = fffe;
	return ffff < end ? ffff : end;
}

/* All bytes of the row, so that a place can be told. */
static int check_text(struct csv *c)
{
	struct span row = window_span(c->window, c->row, c->at);
	size_t end = find_bad_text(row), start = 0;
	uint64_t line = c->row_line;

	if (end == row.len)
		return 0;
	for (size_t i = 0; i < end; i++) {
		if (row.ptr[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	return fail_at(c, line, end - start + 1,
	    error_set(c->err, PORTBOOK_EFORMAT, 0,
		"not UTF-8: convert the file, or fetch it again"));
}

static int take_cell(struct csv *c)
{
	size_t start = c->text.len;
	int byte, code = peek(c, &byte);

	if (code < 0)
		return code;
	if (c->count == COLUMN_COUNT)
		return bad(c, "a row of more than 12 cells: quote a cell that "
			      "holds a comma");
	code = byte == '"' ? take_quoted(c) : take_bare(c);
	if (code < 0)
		return code;
	if (c->text.len - start > LIMIT_TEXT_LEN)
		return fail(
		    c, error_set(c->err, PORTBOOK_ELIMIT, 0,
			   "a cell of more than %zu bytes", LIMIT_TEXT_LEN));
	c->ends[c->count++] = c->text.len;
	return 0;
}

/* At the end of a row: LF, CRLF, or the end of the file. */
static int take_line_end(struct csv *c)
{
	int byte, code = peek(c, &byte);

	if (code == 0 && byte == '\r') {
		c->at++;
		code = peek(c, &byte);
		if (code == 0 && byte != '\n') {
			c->at--;
			return bad(c, "a carriage return without line feed");
		}
	}
	if (code < 0 || byte == END)
		return code;
	if (byte != '\n')
		return bad(c, "text behind the end of a quoted cell");
	c->at++;
	c->line++;
	c->line_start = c->at;
	return 0;
}

/* A row from c->at on: 1, or 0 at the end of the file. */
static int take_row(struct csv *c)
{
	int byte, code;

	c->row = c->at;
	c->row_line = c->line;
	c->count = 0;
	buf_clear(&c->text);
	code = peek(c, &byte);
	if (code < 0 || byte == END)
		return code;
	for (;;) {
		code = take_cell(c);
		if (code == 0)
			code = peek(c, &byte);
		if (code < 0)
			return code;
		if (byte != ',')
			break;
		c->at++;
	}
	if (c->count != COLUMN_COUNT &&
	    (byte == '\n' || byte == '\r' || byte == END))
		return fail(
		    c, error_set(c->err, PORTBOOK_EFORMAT, 0,
			   "a row of %u cells: 12 are needed", c->count));
	code = take_line_end(c);
	if (code == 0)
		code = check_text(c);
	return code < 0 ? code : 1;
}

static struct span cell(const struct csv *c, enum column column)
{
	size_t start = column > 0 ? c->ends[column - 1] : 0;

	return span_skip(span_head(buf_span(&c->text), c->ends[column]), start);
}

static int intern(struct csv *c, struct span text, uint32_t *ret)
{
	return registry_text_add(c->registry, text, ret, c->err);
}

/* The type of a reference, by what is printed between its brackets. */
static struct xref reference_of(struct span label, struct buf *lower)
{
	static const struct span schemes[] = {SPAN_INIT("http://"),
	    SPAN_INIT("https://"), SPAN_INIT("mailto:"), SPAN_INIT("ftp://")};

	/* "RFC8765, Section 6.1": the document, and all that is printed. */
	struct span name = span_head(label, span_find(label, SPAN(", ")));
	struct span body = name.len < label.len ? label : SPAN("");
	struct span number = span_skip(name, 3);

	if (span_starts(number, SPAN(" "))) {
		number = span_skip(number, 1);
		body = label;
	}
	if (span_starts(name, SPAN("RFC")) && ascii_all_digits(number)) {
		buf_clear(lower);
		buf_str(lower, "rfc");
		buf_add(lower, number);
		return (struct xref){XREF_RFC, buf_span(lower), SPAN(""), body};
	}
	if (span_starts(name, SPAN("draft-")) ||
	    span_starts(name, SPAN("RFC-")))
		return (struct xref){XREF_DRAFT, name, SPAN(""), body};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (span_starts(label, schemes[i]))
			return (struct xref){
			    XREF_URI, label, SPAN(""), SPAN("")};
	if (ascii_all_digits(label))
		return (struct xref){XREF_NOTE, label, SPAN(""), SPAN("")};
	return (struct xref){XREF_TEXT, SPAN(""), SPAN(""), label};
}

/* "[A][B]" as xrefs; text without brackets is one label. */
static void put_xrefs(struct csv *c, struct span text, bool people)
{
	buf_clear(&c->xrefs);
	if (text.len >= 2 && text.ptr[0] == '[' &&
	    text.ptr[text.len - 1] == ']')
		text = span_skip(span_head(text, text.len - 1), 1);
	while (text.len > 0) {
		size_t end = span_find(text, SPAN("]["));
		struct span label = span_head(text, end);
		struct xref x = {XREF_PERSON, label, SPAN(""), SPAN("")};

		if (!people)
			x = reference_of(label, &c->scratch);
		xref_put(&c->xrefs, &x);
		text = span_skip(text, end + 2);
	}
}

static int intern_xrefs(struct csv *c, enum column column, uint32_t *ret)
{
	put_xrefs(c, cell(c, column), column != COLUMN_REFERENCE);
	if (buf_failed(&c->xrefs) || buf_failed(&c->scratch))
		return error_nomem(c->err);
	return intern(c, buf_span(&c->xrefs), ret);
}

static int take_fields(struct csv *c, struct record *record)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;
		uint32_t *text =
		    &record->text[column_field(column, SPAN("a"), SPAN(""))];
		int code = 0;

		if (column == COLUMN_CONTACT || column == COLUMN_REFERENCE ||
		    (column == COLUMN_ASSIGNEE &&
			!span_eq(cell(c, column), cell(c, COLUMN_CONTACT))))
			code = intern_xrefs(c, column, text);
		else if (column != COLUMN_ASSIGNEE)
			code = intern(c, cell(c, column), text);
		if (code < 0)
			return code;
	}
	return 0;
}

static void take_terms(struct csv *c, struct record *record)
{
	struct span number = span_trim(cell(c, COLUMN_NUMBER));
	struct span protocol = cell(c, COLUMN_PROTOCOL);

	record->has_number = port_range_parse(number, &record->number);
	if (!record->has_number && number.len > 0)
		diag_add(c->diag, FINDING_READ_NUMBER, number, c->row_line, 1);
	record->protocol = (uint8_t)protocol_of(protocol);
	if (record->protocol == PROTOCOL_OTHER)
		diag_add(
		    c->diag, FINDING_READ_PROTOCOL, protocol, c->row_line, 1);
}

/* The text in c->scratch, quoted if it must be. */
static void put_cell(struct csv *c)
{
	struct span text = buf_span(&c->scratch);
	bool quoted = false;

	for (size_t i = 0; i < text.len && !quoted; i++)
		quoted = text.ptr[i] == '"' || text.ptr[i] == ',' ||
			 text.ptr[i] == '\n' || text.ptr[i] == '\r';
	if (!quoted) {
		buf_add(&c->canonical, text);
		return;
	}
	buf_char(&c->canonical, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_char(&c->canonical, '"');
		buf_char(&c->canonical, text.ptr[i]);
	}
	buf_char(&c->canonical, '"');
}

static int take_residue(struct csv *c, struct record *record)
{
	struct span source = window_span(c->window, c->row, c->at);
	struct record_text text;

	registry_record_text(c->registry, record, &text);
	buf_clear(&c->canonical);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (i > 0)
			buf_char(&c->canonical, ',');
		buf_clear(&c->scratch);
		column_text(&c->scratch, &text, (enum column)i);
		put_cell(c);
	}
	buf_add(&c->canonical, c->newline);
	if (buf_failed(&c->scratch) || buf_failed(&c->canonical))
		return error_nomem(c->err);
	if (span_eq(source, buf_span(&c->canonical)))
		return 0;
	return intern(c, source, &record->residue);
}

static int take_record(struct csv *c)
{
	struct record *record;
	int code;

	if (c->registry->record_count >= LIMIT_RECORDS)
		return fail_at(c, c->row_line, 1,
		    error_set(c->err, PORTBOOK_ELIMIT, 0,
			"more than %zu records", LIMIT_RECORDS));
	record = registry_record_new(c->registry);
	if (record == NULL)
		return error_nomem(c->err);
	record->line = c->row_line;
	code = take_fields(c, record);
	if (code < 0)
		return code;
	take_terms(c, record);
	return take_residue(c, record);
}

/* What the eleventh column was called until 2019. */
#define OLD_UNAUTHORIZED SPAN("Known Unauthorized Uses")

static int refuse_heading(struct csv *c)
{
	return fail_at(c, c->row_line, 1,
	    error_set(c->err, PORTBOOK_EFORMAT, 0,
		"neither the registry's XML nor its CSV, which begins "
		"\"Service Name,Port Number,Transport Protocol,...\", nor a "
		"services(5) file, with lines like \"ssh 22/tcp\""));
}

static int take_heading(struct csv *c)
{
	struct span row;
	int code = take_row(c);

	/* Some other kind of file is better called that than badly quoted. */
	if (code == PORTBOOK_EFORMAT || code == 0)
		return refuse_heading(c);
	if (code < 0)
		return code;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct span heading = column_heading((enum column)i);

		if (!span_eq(cell(c, (enum column)i), heading) &&
		    (i != COLUMN_UNAUTHORIZED ||
			!span_eq(cell(c, (enum column)i), OLD_UNAUTHORIZED)))
			return refuse_heading(c);
	}
	row = window_span(c->window, 0, c->at);
	c->newline = span_ends(row, SPAN("\r\n")) ? SPAN("\r\n") : SPAN("\n");
	return intern(c, row, &c->registry->text[REGISTRY_HEAD]);
}

static int take_file(struct csv *c)
{
	int code;

	if (span_starts(buf_span(&c->window->bytes), SPAN("\xef\xbb\xbf"))) {
		c->at = 3;
		c->line_start = 3;
	}
	code = take_heading(c);
	while (code >= 0) {
		code = take_row(c);
		if (code == 0)
			return 0;
		if (code > 0)
			code = take_record(c);
	}
	return code;
}

int csv_read(struct window *window, struct registry *ret, struct diag *diag,
    struct portbook_error *err)
{
	struct csv c = {.window = window,
	    .registry = ret,
	    .diag = diag,
	    .err = err,
	    .line = 1};
	int code;

	ret->source = REGISTRY_CSV;
	code = take_file(&c);
	buf_release(&c.text);
	buf_release(&c.xrefs);
	buf_release(&c.scratch);
	buf_release(&c.canonical);
	return code;
}
