/* SPDX-License-Identifier: ISC */
/* The search: folded columns of all rows one after the other. */
#include "imagebuild/build.h"

#include "base/banned.h"

const enum column build_searched[SEARCHED_COUNT] = {
    COLUMN_NAME,
    COLUMN_NUMBER,
    COLUMN_PROTOCOL,
    COLUMN_DESCRIPTION,
    COLUMN_ASSIGNEE,
    COLUMN_CONTACT,
    COLUMN_REFERENCE,
    COLUMN_SERVICE_CODE,
    COLUMN_UNAUTHORIZED,
    COLUMN_NOTE,
};

size_t build_search_len(const struct build *b, size_t row)
{
	size_t len = SEARCHED_COUNT;

	for (size_t i = 0; i < SEARCHED_COUNT; i++)
		len += b->pieces[columns_number(b, row, build_searched[i])].len;
	return len;
}

int search_make(struct build *b)
{
	uint64_t total = 0;
	uint8_t *at;

	for (size_t row = 0; row < b->row_count; row++) {
		size_t len = build_search_len(b, row);

		b->rows[row].search = le32_of((uint32_t)(total / 4));
		b->rows[row].search_len = le32_of((uint32_t)len);
		total += (len + 3) / 4 * 4;
		if (len > UINT32_MAX || total / 4 > UINT32_MAX)
			return error_set(b->err, PORTBOOK_ELIMIT, 0,
			    "more than 16 GB of text cannot be searched");
	}
	at = build_section(b, IMAGE_SEARCH, (size_t)total);
	if (at == NULL)
		return build_nomem(b);
	for (size_t row = 0; row < b->row_count; row++) {
		uint8_t *to = at + (size_t)le32(b->rows[row].search) * 4;

		for (size_t i = 0; i < SEARCHED_COUNT; i++) {
			struct span text =
			    columns_text(b, row, build_searched[i]);

			memcpy(to, text.ptr, text.len);
			to += text.len;
			*to++ = '\0';
		}
		while ((to - at) % 4 != 0)
			*to++ = '\0';
	}
	return 0;
}
