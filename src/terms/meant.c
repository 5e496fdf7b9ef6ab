/* SPDX-License-Identifier: ISC */
#include "terms/meant.h"

#include "base/ascii.h"
#include "terms/port.h"
#include "base/banned.h"

static bool set_ports(struct query *q, struct span first, struct span last)
{
	uint64_t a, b;

	if (!ascii_u64(first, PORT_COUNT - 1, &a) ||
	    !ascii_u64(last, PORT_COUNT - 1, &b) || a > b)
		return false;
	q->kind = a < b ? QUERY_RANGE : QUERY_PORT;
	q->range = (struct port_range){(uint16_t)a, (uint16_t)b};
	return true;
}

static bool set_name(struct query *q, struct span name)
{
	q->kind = QUERY_NAME;
	q->name = name;
	return true;
}

/* "8000..8010", "8000:8010"; without an end it is that of all ports. */
static bool is_range(struct span text, struct query *q)
{
	static const struct span seps[] = {
	    SPAN_INIT(".."),
	    SPAN_INIT("\xe2\x80\x93"), /* an en dash */
	    SPAN_INIT("-"),
	    SPAN_INIT(":"),
	};

	for (size_t i = 0; i < sizeof(seps) / sizeof(seps[0]); i++) {
		size_t at = span_find(text, seps[i]);
		struct span first = span_trim(span_head(text, at));
		struct span last;

		if (at == text.len)
			continue;
		last = span_trim(span_skip(text, at + seps[i].len));
		if (last.len == 0 && !span_eq(seps[i], SPAN(":")))
			last = SPAN("65535");
		if (set_ports(q, first, last))
			return true;
	}
	return false;
}

static bool joins(char c)
{
	return c == ':' || c == '-' || c == '/' || c == '_' || c == ',' ||
	       ascii_is_space(c);
}

/* "443tcp", "443:tcp", "tcp443", "tcp-443". */
static bool is_port_with_transport(struct span text, struct query *q)
{
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		struct span name = protocol_name((enum protocol)p), rest;

		if (text.len <= name.len)
			continue;
		if (span_eq_fold(span_head(text, name.len), name)) {
			rest = span_skip(text, name.len);
			if (joins(rest.ptr[0]))
				rest = span_trim(span_skip(rest, 1));
		} else if (span_eq_fold(
			       span_skip(text, text.len - name.len), name)) {
			rest = span_head(text, text.len - name.len);
			if (joins(rest.ptr[rest.len - 1]))
				rest = span_trim(span_head(rest, rest.len - 1));
		} else {
			continue;
		}
		q->protocol = (enum protocol)p;
		return set_ports(q, rest, rest);
	}
	return false;
}

/* ":443", "443," */
static bool is_port_with_marks(struct span text, struct query *q)
{
	/* Two colons begin an address. */
	if (text.len > 0 && memchr(":#(", text.ptr[0], 3) != NULL)
		text = span_skip(text, 1);
	while (
	    text.len > 0 && memchr(",.;:)/", text.ptr[text.len - 1], 6) != NULL)
		text.len--;
	return set_ports(q, text, text);
}

/* What stands behind the colon of "host:443"; false if there is none. */
static bool find_colon(struct span text, struct span *host, struct span *port)
{
	size_t bracket = span_find_char(text, 0, ']');
	size_t start = bracket < text.len ? bracket : 0;
	size_t colon = span_find_char(text, start, ':');

	if (colon == 0 || colon == text.len ||
	    span_find_char(text, colon + 1, ':') < text.len)
		return false;
	*host = span_head(text, colon);
	*port = span_skip(text, colon + 1);
	return true;
}

/* "https://host:8443/path" and "https://host". */
static bool is_url(struct span text, struct query *q)
{
	size_t scheme = span_find(text, SPAN("://"));
	struct span rest = span_skip(text, scheme + 3), host, port;

	if (scheme == 0 || scheme == text.len)
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if (memchr("/?#", rest.ptr[i], 3) != NULL)
			rest.len = i;
	if (find_colon(rest, &host, &port) && set_ports(q, port, port))
		return true;
	return set_name(q, span_head(text, scheme));
}

/* "10.0.0.1:80", "[::1]:443", "https:tcp". */
static bool is_pair(struct span text, struct query *q)
{
	struct span host, port;

	if (!find_colon(text, &host, &port))
		return false;
	if (protocol_parse(port, &q->protocol))
		return set_name(q, host);
	return !ascii_all_digits(host) && set_ports(q, port, port);
}

/* Takes "/tcp" off the end. */
static void split_transport(struct span *text, enum protocol *ret)
{
	size_t last = text->len;

	while (last > 0 && text->ptr[last - 1] != '/')
		last--;
	if (last > 0 && protocol_parse(span_skip(*text, last), ret))
		*text = span_head(*text, last - 1);
}

bool query_meant(struct span text, struct query *ret)
{
	struct query q = {.protocol = PROTOCOL_NONE}, taken;

	text = span_trim(text);
	if (text.len > QUERY_MAX ||
	    (query_parse(text, &taken, NULL) == 0 && taken.kind != QUERY_NAME))
		return false;
	if (is_url(text, &q) || is_port_with_transport(text, &q)) {
		*ret = q;
		return true;
	}
	q.protocol = PROTOCOL_NONE;
	split_transport(&text, &q.protocol);
	if (!is_range(text, &q) && !is_port_with_marks(text, &q) &&
	    !is_pair(text, &q))
		return false;
	*ret = q;
	return true;
}
