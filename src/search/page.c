/* SPDX-License-Identifier: ISC */
/* Pages of results, and what a row is called. */
#include "search/search.h"

#include "base/ckd.h"
#include "terms/rich.h"
#include "base/banned.h"

struct search_page search_page_of(uint64_t page, bool official)
{
	struct search_page ret = {.first = 0, .count = SEARCH_PAGE_ROWS};

	if (page <= 1)
		return ret;
	if (ckd_mul(&ret.first, page - 1, (uint64_t)SEARCH_PAGE_ROWS))
		ret.first = SIZE_MAX;
	if (official) {
		ret.first--;
		ret.count++;
	}
	return ret;
}

uint64_t search_page_count(uint64_t total)
{
	return total / SEARCH_PAGE_ROWS + (total % SEARCH_PAGE_ROWS != 0);
}

bool search_row_class(const struct image_row *row, enum port_class *ret)
{
	if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
		return false;
	*ret = port_class_of(le16(row->first));
	return true;
}

static void key_part(const struct image *image, const struct image_row *row,
    enum record_field field, struct buf *b)
{
	size_t start = b->len;

	rich_column(b, image_text(image, row->text[field]));
	if (b->len == start)
		buf_char(b, '-');
}

void search_row_key(const struct image *image, const struct image_row *row,
    struct buf *ret)
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
