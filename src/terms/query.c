/* SPDX-License-Identifier: ISC */
#include "terms/query.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/banned.h"

/* "A-B", both of digits alone. */
static bool is_range(struct span text)
{
	size_t dash = span_find_char(text, 0, '-');

	return dash < text.len && ascii_all_digits(span_head(text, dash)) &&
	       ascii_all_digits(span_skip(text, dash + 1));
}

static bool is_number(struct span text)
{
	return ascii_all_digits(text) || is_range(text);
}

/* "_https._tcp", as names are in the DNS (RFC 2782, RFC 6763). */
static bool split_dns(struct span *text, enum protocol *protocol)
{
	size_t dot = span_find(*text, SPAN("._"));

	if (text->len < 2 || text->ptr[0] != '_' || dot >= text->len ||
	    dot < 2 || !protocol_parse(span_skip(*text, dot + 2), protocol))
		return false;
	*text = span_skip(span_head(*text, dot), 1);
	return true;
}

/* A transport before the first or behind the last slash. */
static void split_protocol(struct span *text, enum protocol *protocol)
{
	size_t first = span_find_char(*text, 0, '/'), last = text->len;

	if (split_dns(text, protocol) || first >= text->len)
		return;
	while (text->ptr[last - 1] != '/')
		last--;
	if (last > 1 && protocol_parse(span_skip(*text, last), protocol))
		*text = span_head(*text, last - 1);
	else if (first + 1 < text->len &&
		 protocol_parse(span_head(*text, first), protocol))
		*text = span_skip(*text, first + 1);
}

int query_parse(struct span text, struct query *ret, struct portbook_error *err)
{
	struct query query = {.protocol = PROTOCOL_NONE};

	text = span_trim(text);
	if (text.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "an empty query: give a port, a range or a service name");
	if (text.len > QUERY_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a query of %zu bytes: at most %d are taken", text.len,
		    QUERY_MAX);
	split_protocol(&text, &query.protocol);
	if (!is_number(text)) {
		query.kind = QUERY_NAME;
		query.name = text;
	} else if (port_range_parse(text, &query.range)) {
		query.kind = is_range(text) ? QUERY_RANGE : QUERY_PORT;
	} else if (is_range(text) && text.len < 12) {
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.*s: a range goes from a lower to a higher port, "
		    "0 to 65535",
		    SPAN_FMT(text));
	} else {
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.*s: ports are 0 to 65535",
		    SPAN_FMT(span_head(text, 60)));
	}
	*ret = query;
	return 0;
}
