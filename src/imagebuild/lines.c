/* SPDX-License-Identifier: ISC */
/*
 * Lines of services(5), so that the NSS module has nothing to work out: first
 * what each port is called, then, as that says which aliases lead elsewhere,
 * the lines.
 */
#include "imagebuild/lines.h"

#include "base/banned.h"

static uint64_t bit_of(uint32_t port, unsigned protocol)
{
	return UINT64_C(1) << (port * PROTOCOL_COUNT + protocol) %
				  IMAGE_LINE_BLOCK;
}

static struct image_line_block *block_of(const struct lines *l, uint32_t port)
{
	return &l->blocks[port * PROTOCOL_COUNT / IMAGE_LINE_BLOCK];
}

/* Notes which ports have a line, and what they are called. */
static void call_ports(const struct build *b, struct lines *l)
{
	struct line_rows rows;

	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		struct image_line_block *block = block_of(l, port);

		for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
			if (!line_rows_get(b, l, port, (enum protocol)p, &rows))
				continue;
			block->bits =
			    le64_of(le64(block->bits) | bit_of(port, p));
			line_names_call(b, &l->use, rows.at[rows.best].name,
			    port, (enum protocol)p);
		}
	}
}

static bool has_word(const struct line_words *w, struct span name)
{
	for (size_t i = 0; i < w->count; i++)
		if (span_eq(w->at[i], name))
			return true;
	return false;
}

static void add_alias(const struct build *b, const struct lines *l,
    const struct line_rows *rows, struct span name, struct line_words *w)
{
	if (w->count == LINE_ROWS_MAX || has_word(w, name))
		return;
	/* A name that another port is called by leads there. */
	if (l->official && !span_eq_fold(name, w->at[0]) &&
	    line_names_elsewhere(b, &l->use, name, rows->port, rows->protocol))
		return;
	w->at[w->count++] = name;
}

/*
 * Whether an everyday name that leads to a row is an alias of a port: if that
 * is called by a row of the same first port, and for the row's own transport.
 */
static bool is_everyday_of(
    const struct build *b, uint32_t row, const struct line_rows *r)
{
	uint32_t best = r->at[r->best].row;

	for (size_t i = 0; i < r->count; i++)
		if (r->at[i].row == row)
			return b->rows[row].protocol == r->protocol &&
			       le16(b->rows[row].first) ==
				   le16(b->rows[best].first);
	return false;
}

static struct span text_at(const struct build *b, struct le32 text)
{
	const char *at = b->texts.ptr + (size_t)le32(text) * 4;

	return span_of(at + 4, le_u32(at));
}

static void add_everyday(const struct build *b, const struct lines *l,
    const struct line_rows *rows, struct line_words *w)
{
	const struct image_curated *lines = build_section_at(b, IMAGE_CURATED);
	bool any = false;

	for (size_t i = 0; i < rows->count; i++)
		any = any || l->everyday[rows->at[i].row] != 0;
	for (size_t i = 0; any && i < b->sections[IMAGE_CURATED].count; i++)
		if (le32(lines[i].kind) == IMAGE_CURATED_NAME &&
		    is_everyday_of(b, le32(lines[i].row), rows))
			add_alias(b, l, rows, text_at(b, lines[i].name), w);
}

/* Appends the words, or finds them with the line before; false: no memory. */
static bool put_text(
    struct lines *l, const struct line_words *w, uint32_t *text)
{
	size_t start = l->texts.len, len = 0, old = *text;
	uint8_t head[IMAGE_LINE_HEAD];

	for (size_t i = 0; i < w->count; i++)
		len += w->at[i].len + 1;
	head[0] = (uint8_t)len;
	head[1] = (uint8_t)(len >> 8);
	head[2] = (uint8_t)(w->count - 1);
	head[3] = (uint8_t)w->at[0].len;
	buf_add(&l->texts, span_of((const char *)head, sizeof(head)));
	for (size_t i = 0; i < w->count; i++) {
		buf_add(&l->texts, w->at[i]);
		buf_char(&l->texts, '\0');
	}
	if (buf_failed(&l->texts))
		return false;
	len += sizeof(head);
	if (start - old == len &&
	    memcmp(l->texts.ptr + old, l->texts.ptr + start, len) == 0)
		l->texts.len = start;
	else
		*text = (uint32_t)start;
	return true;
}

/* text: of the line before, then of this one. */
static int put_line(struct build *b, struct lines *l,
    const struct line_rows *rows, uint32_t *text)
{
	struct line_words w = {.count = 1, .at = {rows->at[rows->best].name}};
	struct le32 at;

	for (size_t i = 0; i < rows->count; i++)
		add_alias(b, l, rows, rows->at[i].name, &w);
	add_everyday(b, l, rows, &w);
	if (!put_text(l, &w, text))
		return build_nomem(b);
	at = le32_of(*text);
	buf_add(&l->lines, span_of((const char *)&at, sizeof(at)));
	for (size_t i = 0; i < w.count; i++)
		line_names_lead(
		    b, &l->use, w.at[i], rows->port, rows->protocol, *text);
	return buf_failed(&l->lines) ? build_nomem(b) : 0;
}

static int put_lines(struct build *b, struct lines *l)
{
	struct line_rows rows;
	uint32_t text = 0;
	int code = 0;

	for (uint32_t port = 0; code == 0 && port < PORT_COUNT; port++) {
		struct image_line_block *block = block_of(l, port);

		if (port * PROTOCOL_COUNT % IMAGE_LINE_BLOCK == 0)
			block->first = le32_of(
			    (uint32_t)(l->lines.len / sizeof(struct le32)));
		for (unsigned p = 0; code == 0 && p < PROTOCOL_COUNT; p++)
			if ((le64(block->bits) & bit_of(port, p)) != 0 &&
			    line_rows_get(b, l, port, (enum protocol)p, &rows))
				code = put_line(b, l, &rows, &text);
	}
	return code;
}

static int put_section(
    struct build *b, enum image_section_id id, const void *from, size_t count)
{
	void *section = build_section(b, id, count);

	if (section == NULL)
		return build_nomem(b);
	if (count > 0)
		memcpy(section, from, count * section_kinds[id].item_len);
	return 0;
}

static int put_sections(struct build *b, const struct lines *l)
{
	int code = put_section(
	    b, IMAGE_LINE_BLOCKS, l->blocks, IMAGE_LINE_BLOCK_COUNT);

	if (code == 0)
		code = put_section(b, IMAGE_LINES, l->lines.ptr,
		    l->lines.len / sizeof(struct le32));
	if (code == 0)
		code = put_section(
		    b, IMAGE_LINE_TEXTS, l->texts.ptr, l->texts.len);
	return code == 0 ? line_names_end(b, &l->use) : code;
}

static int lines_begin(struct build *b, struct lines *l)
{
	int code = line_rows_begin(b, l);

	if (code == 0)
		code = line_names_begin(b, &l->use);
	if (code < 0)
		return code;
	l->blocks = mem_zalloc(IMAGE_LINE_BLOCK_COUNT, sizeof(*l->blocks));
	return l->blocks != NULL ? 0 : build_nomem(b);
}

int lines_make(struct build *b)
{
	struct lines l = {0};
	int code;

	buf_init(&l.lines);
	buf_init(&l.texts);
	code = lines_begin(b, &l);
	if (code == 0) {
		call_ports(b, &l);
		code = put_lines(b, &l);
	}
	if (code == 0)
		code = put_sections(b, &l);
	mem_release(l.names);
	mem_release(l.everyday);
	mem_release(l.use.uses);
	mem_release(l.blocks);
	buf_release(&l.lines);
	buf_release(&l.texts);
	return code;
}
