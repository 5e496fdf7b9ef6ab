/* SPDX-License-Identifier: ISC */
#include "lib/own.h"

#include "base/ascii.h"
#include "base/error.h"
#include "search/search.h"
#include "base/banned.h"

int own_version(const struct image *image, const char *as_of, uint32_t *ret,
    struct portbook_error *err)
{
	if (as_of != NULL && as_of[0] == '\0')
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the date is empty: write YYYY-MM-DD, or give NULL");
	return search_version(image, span_str(as_of), ret, err);
}

void own_text_begin(struct own_text *ret, char *buf, size_t size, size_t most)
{
	/* A byte is for the NUL; without any, the first byte is too many. */
	buf_init_cut(&ret->buf, buf, size > 0 ? size - 1 : 0);
	ret->most = most;
}

/* The bytes of whole characters that text begins with. */
static size_t whole_len(const char *text, size_t len)
{
	size_t lead = len, want;

	while (lead > 0 && ((uint8_t)text[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return len;
	lead--;
	want = (uint8_t)text[lead] >= 0xf0   ? 4
	       : (uint8_t)text[lead] >= 0xe0 ? 3
	       : (uint8_t)text[lead] >= 0xc0 ? 2
					     : 1;
	return len - lead < want ? lead : len;
}

size_t own_text_end(struct own_text *text, char *buf, size_t size)
{
	size_t len = text->buf.len;

	if (buf_failed(&text->buf)) {
		len = whole_len(text->buf.ptr, len);
		/* Blanks here may be none of the whole text's. */
		while (len > 0 && ascii_is_space(text->buf.ptr[len - 1]))
			len--;
	}
	if (size > 0)
		buf[len] = '\0';
	if (!buf_failed(&text->buf))
		return len;
	return text->most >= size ? text->most : size;
}

int own_copy(void *ret, size_t ret_len, const void *from, size_t len,
    size_t least, struct portbook_error *err)
{
	if (ret_len < least)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a struct whose member size is not its size");
	memcpy((char *)ret + sizeof(size_t),
	    (const char *)from + sizeof(size_t),
	    (ret_len < len ? ret_len : len) - sizeof(size_t));
	return 0;
}
