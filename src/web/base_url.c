/* SPDX-License-Identifier: ISC */
/*
 * url = ("http" | "https") "://" host [":" port] *("/" segment)
 * host = 1*(letter | digit | "-" | ".") | "[" 1*(hex | ":" | ".") "]"
 */
#include "web/base_url.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/banned.h"

#define BASE_URL_MAX 1000 /* bytes: links have it once each */

static int refuse_url(struct portbook_error *err, const char *why)
{
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "--base-url: %s; write https://HOST or https://HOST/PATH", why);
}

static bool is_host(struct span host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!ascii_is_letter(host.ptr[i]) &&
		    !ascii_is_digit(host.ptr[i]) && host.ptr[i] != '-' &&
		    host.ptr[i] != '.')
			return false;
	return host.len > 0 && host.len <= 253 && host.ptr[0] != '-' &&
	       host.ptr[0] != '.';
}

static bool is_address(struct span host)
{
	for (size_t i = 1; i + 1 < host.len; i++)
		if (ascii_hex(host.ptr[i]) < 0 && host.ptr[i] != ':' &&
		    host.ptr[i] != '.')
			return false;
	return host.len > 3 && host.len < 48;
}

/* Takes the host off the front of what stands between "//" and the path. */
static bool take_host(struct span *rest, struct span *ret)
{
	size_t end;

	if (span_starts(*rest, SPAN("["))) {
		end = span_find_char(*rest, 0, ']');
		if (end == rest->len)
			return false;
		*ret = span_head(*rest, end + 1);
		*rest = span_skip(*rest, end + 1);
		return is_address(*ret);
	}
	*ret = span_head(*rest, span_find_char(*rest, 0, ':'));
	*rest = span_skip(*rest, ret->len);
	return is_host(*ret);
}

static bool is_port(struct span rest)
{
	uint64_t port;

	return rest.len == 0 ||
	       (rest.ptr[0] == ':' &&
		   ascii_u64(span_skip(rest, 1), 65535, &port) && port > 0);
}

static bool is_path(struct span path)
{
	for (size_t i = 0; i < path.len; i++)
		if ((uint8_t)path.ptr[i] <= ' ' ||
		    (uint8_t)path.ptr[i] >= 0x7f ||
		    strchr("\"<>\\^`{|}", path.ptr[i]) != NULL)
			return false;
	return true;
}

int base_url_parse(
    struct span text, struct base_url *ret, struct portbook_error *err)
{
	struct span rest = text, authority, host;

	if (span_starts(text, SPAN("https://")))
		rest = span_skip(text, 8);
	else if (span_starts(text, SPAN("http://")))
		rest = span_skip(text, 7);
	else
		return refuse_url(
		    err, "it must begin with https:// or http://");
	if (text.len > BASE_URL_MAX)
		return refuse_url(err, "it is too long");
	if (span_find_char(text, 0, '?') < text.len ||
	    span_find_char(text, 0, '#') < text.len)
		return refuse_url(err, "it has no query and no fragment");
	authority = span_head(rest, span_find_char(rest, 0, '/'));
	rest = span_skip(rest, authority.len);
	if (span_find_char(authority, 0, '@') < authority.len)
		return refuse_url(err, "it names no user");
	if (!take_host(&authority, &host) || !is_port(authority))
		return refuse_url(err, "it has no host, or none that can be");
	if (!is_path(rest))
		return refuse_url(err, "it has characters that no URL has");
	while (span_ends(text, SPAN("/")))
		text.len--;
	*ret = (struct base_url){text, host};
	return 0;
}
