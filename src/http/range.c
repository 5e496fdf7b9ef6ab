/* SPDX-License-Identifier: ISC */
#include "http/range.h"

#include "base/ascii.h"
#include "base/banned.h"

/* The last so many bytes. */
static bool parse_tail(struct span text, uint64_t len, struct range *ret)
{
	uint64_t count;

	if (!ascii_u64(text, UINT64_MAX, &count))
		return false;
	ret->count = count < len ? count : len;
	ret->first = len - ret->count;
	return true;
}

bool range_parse(struct span value, uint64_t len, struct range *ret)
{
	struct span unit = span_trim(span_cut(&value, '='));
	struct span text = span_trim(value), low = span_cut(&text, '-');
	uint64_t first, last = UINT64_MAX;

	if (!span_eq_fold(unit, SPAN("bytes")) ||
	    span_find_char(value, 0, '-') >= value.len)
		return false;
	if (low.len == 0)
		return parse_tail(text, len, ret);
	if (!ascii_u64(low, UINT64_MAX, &first) ||
	    (text.len > 0 && !ascii_u64(text, UINT64_MAX, &last)) ||
	    last < first)
		return false;
	ret->first = first;
	ret->count = 0;
	if (first >= len)
		return true;
	if (last > len - 1)
		last = len - 1;
	ret->count = last - first + 1;
	return true;
}

bool range_asked(const struct http_request *request, const char *etag,
    const char *modified, uint64_t len, struct range *ret)
{
	struct span value, wanted;

	if (!http_request_field(request, "Range", &value))
		return false;
	if (http_request_field(request, "If-Range", &wanted) &&
	    !span_eq(wanted, span_str(etag)) &&
	    (modified[0] == '\0' || !span_eq(wanted, span_str(modified))))
		return false;
	return range_parse(value, len, ret);
}

void range_format(struct buf *out, const struct range *range, uint64_t len)
{
	buf_str(out, "bytes ");
	if (range->count > 0) {
		buf_u64(out, range->first);
		buf_char(out, '-');
		buf_u64(out, range->first + range->count - 1);
	} else {
		buf_char(out, '*');
	}
	buf_char(out, '/');
	buf_u64(out, len);
}
