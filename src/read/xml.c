/* SPDX-License-Identifier: ISC */
#include "read/xml.h"

#include "base/error.h"
#include "base/mem.h"
#include "read/xml_half.h"
#include "base/banned.h"

/* What an element means, by its name and the element around it. */
struct meaning {
	const char *name;
	enum element element;
};

static const struct meaning in_registry[] = {
    {"record", ELEMENT_RECORD},
    {"title", ELEMENT_TITLE},
    {"category", ELEMENT_CATEGORY},
    {"updated", ELEMENT_EDITION},
    {"xref", ELEMENT_HEADER_XREF},
    {"expert", ELEMENT_EXPERT},
    {"note", ELEMENT_HEADER_NOTE},
    {"footnote", ELEMENT_FOOTNOTE},
    {"people", ELEMENT_PEOPLE},
    /* Known to the schema, of no use here. */
    {"created", ELEMENT_SKIPPED},
    {"registration_rule", ELEMENT_SKIPPED},
    {"description", ELEMENT_SKIPPED},
    {"hide", ELEMENT_SKIPPED},
    {"range", ELEMENT_SKIPPED},
    {"file", ELEMENT_SKIPPED},
    {"metadata", ELEMENT_SKIPPED},
    {NULL, ELEMENT_SKIPPED},
};

static const struct meaning in_record[] = {
    {"name", ELEMENT_NAME},
    {"protocol", ELEMENT_PROTOCOL},
    {"xref", ELEMENT_XREF},
    {"description", ELEMENT_DESCRIPTION},
    {"number", ELEMENT_NUMBER},
    {"note", ELEMENT_NOTE},
    {"assignee", ELEMENT_ASSIGNEE},
    {"unauthorized", ELEMENT_UNAUTHORIZED},
    {"sc", ELEMENT_SERVICE_CODE},
    {NULL, ELEMENT_SKIPPED},
};

static const struct meaning in_assignee[] = {
    {"xref", ELEMENT_ASSIGNEE_XREF},
    {NULL, ELEMENT_SKIPPED},
};

static const struct meaning in_people[] = {
    {"person", ELEMENT_PERSON},
    {NULL, ELEMENT_SKIPPED},
};

static const struct meaning in_person[] = {
    {"name", ELEMENT_PERSON_NAME},
    {"org", ELEMENT_PERSON_ORG},
    {"uri", ELEMENT_PERSON_URI},
    {"updated", ELEMENT_PERSON_UPDATED},
    {NULL, ELEMENT_SKIPPED},
};

static const struct meaning *const inside[XML_PARENTS] = {
    [ELEMENT_REGISTRY] = in_registry,
    [ELEMENT_RECORD] = in_record,
    [ELEMENT_ASSIGNEE] = in_assignee,
    [ELEMENT_PEOPLE] = in_people,
    [ELEMENT_PERSON] = in_person,
};

/* A loop over names is mispredicted at every other element. */
static unsigned name_slot(const char *name)
{
	return ((unsigned char)name[0] + 5U * (unsigned char)name[1]) %
	       XML_NAMES;
}

static void index_names(struct xml *x)
{
	for (size_t i = 0; i < XML_PARENTS; i++) {
		const struct meaning *m = inside[i];

		for (uint8_t n = 1; m != NULL && m->name != NULL; m++, n++) {
			unsigned at = name_slot(m->name);

			while (x->names[i][at] != 0)
				at = (at + 1) % XML_NAMES;
			x->names[i][at] = n;
		}
	}
}

void xml_piece_begin(struct xml *x, uint64_t off)
{
	x->line += window_lines(x->window, x->piece, off);
	x->piece = off;
}

void xml_stop(struct xml *x, int code)
{
	if (x->code < 0)
		return;
	x->code = code;
	error_locate(x->err, x->name, xml_line(x),
	    window_column(x->window, xml_from(x)));
	XML_StopParser(x->parser, XML_FALSE);
}

void xml_stop_nomem(struct xml *x)
{
	if (x->code == 0)
		xml_stop(x, error_nomem(x->err));
}

static void move_on(struct xml *x, uint64_t off)
{
	struct xml_place *p = &x->told;
	struct span text = window_span(x->window, p->off, off);
	const char *last = memrchr(text.ptr, '\n', text.len);

	p->line += window_lines(x->window, p->off, off);
	if (last != NULL)
		p->line_start = p->off + (uint64_t)(last - text.ptr) + 1;
	p->off = off;
}

/* There may be a finding every few bytes: none of them looks back further. */
static void put_finding(struct xml *x, struct finding *f)
{
	const struct window *w = x->window;
	struct xml_place *p = &x->told;

	if (x->diag == NULL)
		return;
	if (p->off < w->base)
		*p = (struct xml_place){w->base, 0, w->line_start};
	if (p->off <= x->piece) {
		move_on(x, x->piece);
		p->line = x->line;
	}
	move_on(x, xml_from(x));
	f->kind = finding_rule(f->code)->kind;
	f->record = SPAN("");
	f->date = SPAN("");
	f->line = p->line;
	f->column = p->off - p->line_start + 1;
	if (x->depth > 1 && x->stack[1] == ELEMENT_RECORD)
		f->row = x->registry->record_count + 1;
	diag_put(x->diag, f);
}

void xml_finding(struct xml *x, enum finding_code code, struct span what)
{
	struct finding f = {.code = code, .what = what, .message = SPAN("")};

	put_finding(x, &f);
}

void xml_tell(struct xml *x, enum finding_code code, struct span message)
{
	struct finding f = {.code = code, .what = SPAN(""), .message = message};

	put_finding(x, &f);
}

struct span xml_attribute(const char **attributes, const char *name)
{
	for (; attributes[0] != NULL; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return span_str(attributes[1]);
	return SPAN("");
}

uint32_t xml_intern(struct xml *x, struct span text)
{
	uint32_t number;

	if (text.len == 0 || x->code < 0)
		return 0;
	if (registry_text_add(x->registry, text, &number, NULL) < 0) {
		xml_stop_nomem(x);
		return 0;
	}
	return number;
}

void xml_intern_many(struct xml *x, const struct span *texts, size_t count,
    const uint32_t *last, uint32_t *ret)
{
	const struct intern *t = &x->registry->texts;
	struct span fresh[XML_KEPT] = {0};
	uint32_t numbers[XML_KEPT];
	size_t at[XML_KEPT], fresh_count = 0;

	for (size_t i = 0; i < count; i++) {
		if (texts[i].len == 0) {
			ret[i] = 0;
		} else if (span_eq(t->entries[last[i]].text, texts[i])) {
			ret[i] = last[i];
		} else {
			at[fresh_count] = i;
			fresh[fresh_count++] = texts[i];
		}
	}
	if (intern_add_many(&x->registry->texts, fresh, fresh_count, numbers) <
	    0) {
		xml_stop_nomem(x);
		return;
	}
	for (size_t i = 0; i < fresh_count; i++)
		ret[at[i]] = numbers[i];
}

void xml_keep(struct xml *x, unsigned field, struct span text)
{
	const struct window *w = x->window;
	bool in_window = x->one.in_window;
	uint64_t off;

	if (text.len == 0)
		return;
	off = in_window ? w->base + (uint64_t)(text.ptr - w->bytes.ptr)
			: (uint64_t)(text.ptr - x->text.ptr);
	x->kept[field] = (struct xml_kept){off, text.len, in_window};
}

static const char *name_of(enum element element)
{
	for (size_t i = 0; i < XML_PARENTS; i++)
		for (const struct meaning *m = inside[i];
		     m != NULL && m->name != NULL; m++)
			if (m->element == element)
				return m->name;
	return "";
}

bool xml_once(struct xml *x, uint32_t *seen, enum element element)
{
	uint32_t bit = 1U << element;

	if ((*seen & bit) != 0) {
		xml_finding(
		    x, FINDING_READ_REPEATED, span_str(name_of(element)));
		return false;
	}
	*seen |= bit;
	return true;
}

static enum element find(struct xml *x, enum element parent, const char *name)
{
	if (parent >= XML_PARENTS || inside[parent] == NULL)
		return ELEMENT_SKIPPED;
	for (unsigned at = name_slot(name); x->names[parent][at] != 0;
	     at = (at + 1) % XML_NAMES) {
		const struct meaning *m =
		    &inside[parent][x->names[parent][at] - 1];

		if (strcmp(m->name, name) == 0)
			return m->element;
	}
	xml_finding(x, FINDING_READ_ELEMENT, span_str(name));
	return ELEMENT_SKIPPED;
}

static void begin_registry(
    struct xml *x, const char *name, const char **attributes)
{
	if (strcmp(name, "registry") != 0 ||
	    !span_eq(xml_attribute(attributes, "xmlns"), SPAN(XML_NAMESPACE))) {
		xml_stop(x, error_set(x->err, PORTBOOK_EFORMAT, 0,
				"not a registry of IANA: the root must be "
				"<registry xmlns=\"" XML_NAMESPACE "\">"));
		return;
	}
	x->registry->text[REGISTRY_ID] =
	    xml_intern(x, xml_attribute(attributes, "id"));
}

static void begin(struct xml *x, enum element parent, enum element element,
    const char **attributes)
{
	if (parent == ELEMENT_RECORD || parent == ELEMENT_ASSIGNEE)
		xml_record_child(x, element, attributes);
	else if (element == ELEMENT_RECORD)
		xml_record_begin(x, attributes);
	else if (parent == ELEMENT_PERSON)
		xml_person_child(x, element);
	else if (element == ELEMENT_PERSON)
		xml_person_begin(x, attributes);
	else if (element != ELEMENT_PEOPLE)
		xml_header_begin(x, element, attributes);
}

static bool check_tag(struct xml *x)
{
	int count = XML_GetSpecifiedAttributeCount(x->parser) / 2;

	if ((unsigned)count > LIMIT_ATTRIBUTES)
		xml_stop(x, error_set(x->err, PORTBOOK_ELIMIT, 0,
				"an element of more than %u attributes",
				LIMIT_ATTRIBUTES));
	else if ((size_t)XML_GetCurrentByteCount(x->parser) > LIMIT_TEXT_LEN)
		xml_stop(
		    x, error_set(x->err, PORTBOOK_ELIMIT, 0,
			   "a tag of more than %zu bytes", LIMIT_TEXT_LEN));
	return x->code == 0;
}

static void XMLCALL start_element(
    void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = ctx;
	enum element parent, element;

	if (x->code < 0 || !check_tag(x))
		return;
	if (x->depth == LIMIT_DEPTH) {
		xml_stop(
		    x, error_set(x->err, PORTBOOK_ELIMIT, 0,
			   "elements nested more than %u deep", LIMIT_DEPTH));
		return;
	}
	if (x->depth == 0) {
		begin_registry(x, name, attributes);
		x->stack[x->depth++] = ELEMENT_REGISTRY;
		return;
	}
	parent = x->stack[x->depth - 1];
	element = x->into != NULL ? xml_text_element(x, name, attributes)
				  : find(x, parent, name);
	x->stack[x->depth++] = element;
	if (element != ELEMENT_SKIPPED && x->into == NULL)
		begin(x, parent, element, attributes);
}

/* Expat may yet tell of the end of an empty record at which it stopped. */
static bool is_over(const struct xml *x)
{
	return x->half != NULL && x->half->used;
}

static void XMLCALL end_element(void *ctx, const XML_Char *name)
{
	struct xml *x = ctx;
	enum element parent, element;

	(void)name;
	if (x->code < 0 || is_over(x))
		return;
	element = x->stack[x->depth - 1];
	parent = x->depth > 1 ? x->stack[x->depth - 2] : ELEMENT_SKIPPED;
	if (x->into != NULL && x->depth > x->into_depth)
		xml_text_element_end(x, element);
	else if (element == ELEMENT_SKIPPED || element == ELEMENT_PEOPLE ||
		 element == ELEMENT_REGISTRY)
		;
	else if (parent == ELEMENT_RECORD || parent == ELEMENT_ASSIGNEE)
		xml_record_child_end(x, element);
	else if (element == ELEMENT_RECORD)
		xml_record_end(x);
	else if (parent == ELEMENT_PERSON)
		xml_person_child_end(x, element);
	else if (element == ELEMENT_PERSON)
		xml_person_end(x);
	else
		xml_header_end(x, element);
	x->depth--;
}

static void XMLCALL xml_declaration(void *ctx, const XML_Char *version,
    const XML_Char *encoding, int standalone)
{
	struct xml *x = ctx;

	(void)version;
	(void)standalone;
	if (encoding != NULL &&
	    !span_eq_fold(span_str(encoding), SPAN("UTF-8")))
		xml_stop(
		    x, error_set(x->err, PORTBOOK_EFORMAT, 0,
			   "encoded in %.40s: only UTF-8 is read, convert it",
			   encoding));
}

/* A document type could define entities, which could grow without bound. */
static void XMLCALL start_doctype(void *ctx, const XML_Char *name,
    const XML_Char *system, const XML_Char *public, int internal)
{
	struct xml *x = ctx;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	xml_stop(
	    x, error_set(x->err, PORTBOOK_EFORMAT, 0,
		   "a document type declaration (<!DOCTYPE>): registries have "
		   "none, remove it"));
}

/* What the official registry holds in so many bytes, and an eighth more. */
int xml_reserve(struct xml *x, size_t len)
{
	if (len < WINDOW_CHUNK_LEN)
		return 0;
	return registry_reserve(
	    x->registry, len / 236, len / 612, len / 76, len / 4);
}

/*
 * Expat copies what it is given to a buffer of its own, so the window moves
 * there, and it counts lines wherever a part ends that is not the last, which
 * costs a quarter of its time, so all that is read ahead is one part: the
 * whole of most sources.
 */
static int parse_ahead(
    struct xml *x, struct xml_half *half, const struct read_how *how)
{
	struct window *w = x->window;
	uint64_t want = stream_expect(w->stream);
	size_t cap = want > 0 && want < WINDOW_AHEAD_LEN ? (size_t)want
							 : WINDOW_AHEAD_LEN;
	size_t hashed = w->bytes.len;
	char *room;
	int code = 0;

	if (cap < w->bytes.len)
		cap = w->bytes.len;
	cap += WINDOW_CHUNK_LEN;
	room = XML_GetBuffer(x->parser, (int)cap);
	if (room == NULL)
		return error_nomem(x->err);
	window_move(w, room, cap);
	w->stream->hash_held = true;
	if (!w->ended)
		code = window_fill_ahead(w, 0, x->err);
	w->stream->hash_held = false;
	if (code < 0)
		return code;
	if (w->ended)
		xml_half_begin(half, x, how);
	stream_hash(w->stream, span_skip(buf_span(&w->bytes), hashed));
	if (xml_reserve(x, w->bytes.len) < 0)
		return error_nomem(x->err);
	if (XML_ParseBuffer(x->parser, (int)w->bytes.len, w->ended) !=
		XML_STATUS_OK &&
	    !half->used)
		return xml_fault(x);
	return 0;
}

static int parse(
    struct xml *x, struct xml_half *half, const struct read_how *how)
{
	int code = parse_ahead(x, half, how);

	while (code == 0 && !x->window->ended) {
		uint64_t fed = window_end(x->window);
		struct span part;

		code = window_fill_ahead(x->window, x->piece, x->err);
		if (code == PORTBOOK_ELIMIT)
			error_locate(x->err, x->name, x->line,
			    window_column(x->window, x->piece));
		if (code < 0)
			return code;
		part = window_span(x->window, fed, window_end(x->window));
		if (XML_Parse(x->parser, part.ptr, (int)part.len,
			x->window->ended) != XML_STATUS_OK)
			return xml_fault(x);
	}
	return code;
}

/* What stands behind the last record and person, which last has read. */
static int finish(struct xml *x, const struct xml *last)
{
	struct registry *r = x->registry;
	uint64_t end = window_end(last->window);
	int code;

	if ((x->header_seen & 1U << ELEMENT_EDITION) == 0 && x->diag != NULL)
		diag_add(x->diag, FINDING_READ_UPDATED, SPAN(""), 1, 1);
	r->source = REGISTRY_XML;
	code = registry_text_add(
	    r, buf_span(&x->references), &r->text[REGISTRY_REFERENCE], x->err);
	if (code < 0)
		return code;
	return registry_text_add(r, window_span(last->window, last->piece, end),
	    &r->text[REGISTRY_TAIL], x->err);
}

bool xml_set_up(struct xml *x)
{
	static const XML_Memory_Handling_Suite memory = {
	    mem_malloc, mem_realloc, mem_release};

	x->parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
	if (x->parser == NULL)
		return false;
	index_names(x);
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, start_element, end_element);
	XML_SetXmlDeclHandler(x->parser, xml_declaration);
	XML_SetStartDoctypeDeclHandler(x->parser, start_doctype);
	return true;
}

void xml_release(struct xml *x)
{
	window_release(x->window);
	if (x->parser != NULL)
		XML_ParserFree(x->parser);
	buf_release(&x->text);
	buf_release(&x->form);
	buf_release(&x->contact);
	buf_release(&x->reference);
	buf_release(&x->references);
	buf_release(&x->assignee);
	buf_release(&x->uris);
	buf_release(&x->head);
}

int xml_read(struct window *window, const struct read_how *how,
    struct registry *ret, struct diag *diag, struct portbook_error *err)
{
	struct xml_half half = {.used = false};
	struct xml x = {.window = window,
	    .registry = ret,
	    .diag = diag,
	    .err = err,
	    .line = 1,
	    .name = window->stream->name};
	int code;

	if (!xml_set_up(&x)) {
		code = error_nomem(err);
	} else {
		code = parse(&x, &half, how);
		if (code == 0)
			code = finish(&x, half.used ? &half.xml : &x);
	}
	xml_half_end(&half);
	xml_release(&x);
	return code;
}
