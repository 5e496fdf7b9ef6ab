/* SPDX-License-Identifier: ISC */
/*
 *	target    = [ scheme "://" authority ] path [ "?" query ]
 *	path      = 1*( "/" segment )
 *	query     = [ parameter *( "&" parameter ) ]
 *	parameter = name [ "=" value ]
 *
 * RFC 9112 section 3.2, the origin and the absolute form.  An escape is "%"
 * and two hexadecimal digits; "+" is a blank within the query only.  Bytes
 * beyond ASCII are taken as they are; blanks, control characters, "#" and an
 * escaped NUL are refused.
 */
#include "http/target.h"

#include "base/ascii.h"
#include "base/banned.h"

/* Where decoded bytes go; there is always room, as none gets longer. */
struct sink {
	char *ptr;
	size_t len;
};

/* Appends s, decoded; false at a bad escape or one of NUL. */
static bool decode(struct sink *out, struct span s, bool plus, struct span *ret)
{
	char *start = out->ptr + out->len;
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '%') {
			int high, low;

			if (s.len - i < 3)
				return false;
			high = ascii_hex(s.ptr[i + 1]);
			low = ascii_hex(s.ptr[i + 2]);
			if (high < 0 || low < 0 || high + low == 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		start[len++] = c;
	}
	out->len += len;
	*ret = span_of(start, len);
	return true;
}

static bool is_allowed(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((uint8_t)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f ||
		    s.ptr[i] == '#')
			return false;
	return true;
}

/* A server must accept the absolute form, and we have no use for it. */
struct span http_target_origin(struct span s)
{
	static const struct span schemes[] = {
	    SPAN_INIT("http://"),
	    SPAN_INIT("https://"),
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		struct span rest = span_skip(s, schemes[i].len);
		size_t slash;

		if (!span_eq_fold(span_head(s, schemes[i].len), schemes[i]))
			continue;
		slash = span_find_char(rest, 0, '/');
		return slash > 0 ? span_skip(rest, slash) : SPAN("");
	}
	return s;
}

static int read_path(struct http_target *t, struct sink *out)
{
	struct span rest = span_skip(t->path, 1);
	size_t slashes = 0;

	for (size_t i = 0; i < t->path.len; i++)
		slashes += t->path.ptr[i] == '/';
	if (slashes > HTTP_SEGMENTS_MAX)
		return 404;
	for (size_t i = 0; i < slashes; i++)
		if (!decode(out, span_cut(&rest, '/'), false,
			&t->segments[t->segment_count++]))
			return 400;
	return 0;
}

static int read_query(struct http_target *t, struct sink *out)
{
	struct span rest = t->query;

	while (rest.len > 0) {
		struct span value = span_cut(&rest, '&');
		struct span name;
		struct http_param *param;

		if (value.len == 0)
			continue;
		if (t->param_count == HTTP_PARAMS_MAX)
			return 400;
		param = &t->params[t->param_count++];
		name = span_cut(&value, '=');
		if (!decode(out, name, true, &param->name) ||
		    !decode(out, value, true, &param->value))
			return 400;
	}
	return 0;
}

int http_target_parse(struct span raw, struct http_target *ret)
{
	struct sink out = {ret->decoded, 0};
	struct span s;
	int status;

	ret->raw = raw;
	ret->segment_count = 0;
	ret->param_count = 0;
	if (raw.len > HTTP_TARGET_MAX)
		return 414;
	if (!is_allowed(raw))
		return 400;
	s = http_target_origin(raw);
	ret->path = span_cut(&s, '?');
	ret->query = s;
	if (ret->path.len == 0 || ret->path.ptr[0] != '/')
		return 400;
	status = read_path(ret, &out);
	return status != 0 ? status : read_query(ret, &out);
}

bool http_target_param(
    const struct http_target *t, struct span name, struct span *ret)
{
	for (size_t i = 0; i < t->param_count; i++) {
		if (!span_eq(t->params[i].name, name))
			continue;
		*ret = t->params[i].value;
		return true;
	}
	return false;
}
