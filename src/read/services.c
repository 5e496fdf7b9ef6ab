/* SPDX-License-Identifier: ISC */
/* The grammar of a line is in terms/services.h; CR stands before LF alone. */
#include "read/services.h"

#include "base/error.h"
#include "read/limits.h"
#include "terms/services.h"
#include "base/banned.h"

struct reader {
	struct window *window; /* borrowed */
	struct registry *registry;
	struct diag *diag;
	struct portbook_error *err;
	uint64_t at;   /* offset of the line */
	uint64_t next; /* of the one behind it */
	uint64_t line; /* its number */
	struct buf scratch;
};

static struct span without_cr(struct span line)
{
	return span_ends(line, SPAN("\r")) ? span_head(line, line.len - 1)
					   : line;
}

bool services_is(struct span text)
{
	size_t end = span_find_char(text, 0, '\n');
	struct span line = without_cr(span_head(text, end));

	return span_starts(line, SPAN("#")) || services_line_is_likely(line);
}

static int fail(struct reader *r, size_t column, int code)
{
	error_locate(r->err, r->window->stream->name, r->line, column);
	return code;
}

/* The line at r->at without its end: 1, or 0 at the end of the file. */
static int take_line(struct reader *r, struct span *ret)
{
	struct window *w = r->window;
	size_t seen = 0, end;
	struct span text;
	int code;

	for (;;) {
		text = window_span(w, r->at, window_end(w));
		end = span_find_char(text, seen, '\n');
		if (end > LIMIT_LINE_LEN)
			return fail(r, 1,
			    error_set(r->err, PORTBOOK_ELIMIT, 0,
				"a line of more than %zu bytes",
				LIMIT_LINE_LEN));
		if (end < text.len || w->ended)
			break;
		seen = text.len;
		code = window_fill(w, r->at, r->err);
		if (code < 0)
			return code;
	}
	if (text.len == 0)
		return 0;
	r->next = r->at + end + (end < text.len);
	*ret = without_cr(span_head(text, end));
	return 1;
}

static int intern(struct reader *r, struct span text, uint32_t *ret)
{
	return registry_text_add(r->registry, text, ret, r->err);
}

/* What every record of a line has in common. */
static int take_common(
    struct reader *r, const struct services_line *line, struct record *ret)
{
	struct span protocol = line->protocol;
	int code;

	ret->line = r->line;
	ret->has_number = true;
	ret->number = (struct port_range){line->port, line->port};
	ret->protocol = (uint8_t)protocol_of(protocol);
	if (ret->protocol < PROTOCOL_COUNT)
		protocol = protocol_name((enum protocol)ret->protocol);
	else
		diag_add(r->diag, FINDING_READ_PROTOCOL, protocol, r->line, 1);
	buf_clear(&r->scratch);
	buf_u64(&r->scratch, line->port);
	if (buf_failed(&r->scratch))
		return error_nomem(r->err);
	code = intern(r, buf_span(&r->scratch), &ret->text[FIELD_NUMBER]);
	return code < 0 ? code
			: intern(r, protocol, &ret->text[FIELD_PROTOCOL]);
}

static int add_record(
    struct reader *r, const struct record *common, struct span name)
{
	struct record *record;

	if (r->registry->record_count >= LIMIT_RECORDS)
		return fail(r, 1,
		    error_set(r->err, PORTBOOK_ELIMIT, 0,
			"more than %zu records", LIMIT_RECORDS));
	record = registry_record_new(r->registry);
	if (record == NULL)
		return error_nomem(r->err);
	*record = *common;
	return intern(r, name, &record->text[FIELD_NAME]);
}

/* In the registry's words, by which an alias is known as one everywhere. */
static int put_note(struct reader *r, struct span name, uint32_t *ret)
{
	buf_clear(&r->scratch);
	buf_str(&r->scratch, "This entry is an alias to \"");
	buf_add(&r->scratch, name);
	buf_str(&r->scratch, "\".");
	if (buf_failed(&r->scratch))
		return error_nomem(r->err);
	return intern(r, buf_span(&r->scratch), ret);
}

/* The comment goes with the name alone: a line cannot grow beyond measure. */
static int take_entry(struct reader *r, const struct services_line *line)
{
	struct record record = {.has_number = true}, alias;
	struct span aliases = line->aliases, name;
	int code = take_common(r, line, &record);

	alias = record;
	if (code == 0)
		code =
		    intern(r, line->comment, &record.text[FIELD_DESCRIPTION]);
	if (code == 0)
		code = add_record(r, &record, line->name);
	if (code == 0 && aliases.len > 0)
		code = put_note(r, line->name, &alias.text[FIELD_NOTE]);
	while (code == 0 && services_next_alias(&aliases, &name))
		code = add_record(r, &alias, name);
	return code;
}

static int take_file(struct reader *r)
{
	struct services_fault fault;
	struct services_line line;
	struct span text;
	int code;

	while ((code = take_line(r, &text)) > 0) {
		if (!services_line_parse(text, &line, &fault))
			return fail(r, fault.column,
			    error_set(
				r->err, PORTBOOK_EFORMAT, 0, "%s", fault.why));
		if (line.name.len > 0)
			code = take_entry(r, &line);
		if (code < 0)
			return code;
		r->at = r->next;
		r->line++;
	}
	if (code == 0 && r->registry->record_count == 0)
		return fail(r, 1,
		    error_set(r->err, PORTBOOK_EFORMAT, 0,
			"nothing but comments: no registry"));
	return code;
}

int services_read(struct window *window, struct registry *ret,
    struct diag *diag, struct portbook_error *err)
{
	struct reader r = {.window = window,
	    .registry = ret,
	    .diag = diag,
	    .err = err,
	    .line = 1};
	int code;

	ret->source = REGISTRY_SERVICES;
	buf_init(&r.scratch);
	if (span_starts(buf_span(&window->bytes), SPAN("\xef\xbb\xbf")))
		r.at = 3;
	code = take_file(&r);
	buf_release(&r.scratch);
	return code;
}
