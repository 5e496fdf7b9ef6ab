/* SPDX-License-Identifier: ISC */
/*
 * What the columns show, folded.  That depends on the text alone (but for the
 * assignee's column, which may show another field), so that each of the
 * timeline's texts is worked out once.
 */
#include "imagebuild/build.h"

#include "base/ascii.h"
#include "base/le.h"
#include "base/unicode.h"
#include "image/namehash.h"
#include "terms/rich.h"
#include "base/banned.h"

/* Neither marks nor line ends nor bytes beyond ASCII nor blanks at an end. */
static bool is_plain(struct span text)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t odd = 0;
	size_t i = 0;

	for (; i + 8 <= text.len; i += 8) {
		uint64_t bytes = le_u64(text.ptr + i);

		/* Exact where no byte is beyond ASCII, which odd tells too. */
		odd |= bytes | ((bytes - each * ' ') & ~bytes);
	}
	for (; i < text.len; i++)
		odd |= (uint8_t)text.ptr[i] < ' ' ? 0x80 : (uint8_t)text.ptr[i];
	return (odd & each * 0x80) == 0 && text.len > 0 && text.ptr[0] != ' ' &&
	       text.ptr[text.len - 1] != ' ';
}

static void lower(char *to, struct span text)
{
	size_t i = 0;

	for (; i + 8 <= text.len; i += 8) {
		struct le64 bytes =
		    le64_of(namehash_lower(le_u64(text.ptr + i)));

		memcpy(to + i, &bytes, sizeof(bytes));
	}
	for (; i < text.len; i++)
		to[i] = ascii_lower(text.ptr[i]);
}

/* NUL ends a column in the image and must not stand within. */
static void drop_nuls(struct buf *b, size_t off)
{
	for (size_t i = off; i < b->len; i++)
		if (b->ptr[i] == '\0')
			b->ptr[i] = ' ';
}

static int make_piece(struct build *b, uint32_t number, struct buf *scratch)
{
	struct span text = timeline_text(b->t, number);
	size_t off = b->pieces_bytes.len;

	if (is_plain(text)) {
		char *room = buf_room(&b->pieces_bytes, text.len);

		if (room == NULL)
			return build_nomem(b);
		lower(room, text);
		b->pieces_bytes.len += text.len;
	} else {
		buf_clear(scratch);
		rich_column(scratch, text);
		unicode_fold_text(&b->pieces_bytes, buf_span(scratch));
		if (buf_failed(scratch) || buf_failed(&b->pieces_bytes))
			return build_nomem(b);
		drop_nuls(&b->pieces_bytes, off);
	}
	if (b->pieces_bytes.len >= PIECE_UNKNOWN)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "more than 4 GB of text do not fit into an image");
	b->pieces[number] = (struct piece){
	    (uint32_t)off, (uint32_t)(b->pieces_bytes.len - off)};
	return 0;
}

static void make_assignees(struct build *b)
{
	for (size_t row = 0; row < b->row_count; row++) {
		const uint32_t *text = build_row(b, row)->record.text;

		b->assignees[row] = text[FIELD_ASSIGNEE];
		if (text[FIELD_ASSIGNEE] == 0)
			b->assignees[row] = text[column_field(COLUMN_ASSIGNEE,
			    timeline_text(b->t, text[FIELD_FORM]), SPAN(""))];
	}
}

/* Name and description tell the state of a row; the rest is for indexes. */
static bool is_needed(const struct build *b, enum column column)
{
	return !b->options->rows_only || column == COLUMN_NAME ||
	       column == COLUMN_DESCRIPTION;
}

int columns_make(struct build *b)
{
	struct buf scratch;
	int code = 0;

	b->pieces = mem_alloc(b->t->texts.count, sizeof(*b->pieces));
	b->assignees = mem_alloc(b->row_count, sizeof(*b->assignees));
	if (b->pieces == NULL || b->assignees == NULL)
		return build_nomem(b);
	memset(b->pieces, 0xff, b->t->texts.count * sizeof(*b->pieces));
	for (enum column c = 0; c < COLUMN_COUNT; c++)
		b->fields[c] = column_field(c, SPAN(""), SPAN("one"));
	if (is_needed(b, COLUMN_ASSIGNEE))
		make_assignees(b);
	buf_init(&scratch);
	for (size_t row = 0; code == 0 && row < b->row_count; row++)
		for (enum column c = 0; code == 0 && c < COLUMN_COUNT; c++) {
			uint32_t number;

			if (!is_needed(b, c))
				continue;
			number = columns_number(b, row, c);
			if (b->pieces[number].off == PIECE_UNKNOWN)
				code = make_piece(b, number, &scratch);
		}
	buf_release(&scratch);
	return code;
}
