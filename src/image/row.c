/* SPDX-License-Identifier: ISC */
#include "image/row.h"

#include "terms/rich.h"
#include "base/banned.h"

static void key_part(const struct image *image, const struct image_row *row,
    enum record_field field, struct buf *b)
{
	size_t start = b->len;

	rich_column(b, image_text(image, row->text[field]));
	if (b->len == start)
		buf_char(b, '-');
}

void image_row_key(
    const struct image *image, const struct image_row *row, struct buf *ret)
{
	key_part(image, row, FIELD_NUMBER, ret);
	buf_char(ret, '/');
	key_part(image, row, FIELD_PROTOCOL, ret);
	buf_char(ret, '/');
	key_part(image, row, FIELD_NAME, ret);
	if (le32(row->ordinal) > 1) {
		buf_char(ret, '~');
		buf_u64(ret, le32(row->ordinal));
	}
}
