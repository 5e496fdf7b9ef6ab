/* SPDX-License-Identifier: ISC */
/* /.well-known/security.txt: whom to tell of a hole (RFC 9116). */
#include <stdio.h>
#include <time.h>

#include "base/ascii.h"
#include "web/routes.h"
#include "base/banned.h"

#define SECURITY_TXT "/.well-known/security.txt"
#define DAY 86400
#define GOOD_DAYS 90

/* A name with a dot in it, and neither an address nor a port. */
static bool is_domain(struct span host)
{
	bool letter = false;

	for (size_t i = 0; i < host.len; i++) {
		if (host.ptr[i] == '[' || host.ptr[i] == ':')
			return false;
		letter = letter || ascii_is_letter(host.ptr[i]);
	}
	return letter && span_find_char(host, 0, '.') < host.len;
}

static void put_contact(struct buf *b, const struct site *site)
{
	if (site->security_contact.len > 0) {
		buf_str(b, "Contact: ");
		buf_add(b, site->security_contact);
	} else if (is_domain(site->base.host)) {
		buf_str(b, "# The mailbox of RFC 2142; --security-contact "
			   "names another.\nContact: mailto:security@");
		buf_add(b, site->base.host);
	} else {
		buf_str(b, "# Who runs this machine; --security-contact "
			   "names another.\nContact: mailto:root@localhost");
	}
	buf_char(b, '\n');
}

/* A day's requests get the same answer. */
static void put_expiry(struct buf *b)
{
	time_t when = (time(NULL) / DAY + GOOD_DAYS) * DAY;
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	buf_printf(b, "Expires: %04d-%02d-%02dT00:00:00Z\n", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday);
}

int handle_security(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	const struct edition *edition = ctx;
	const struct site *site = edition->site;
	struct buf *b = &response->body;

	(void)request;
	response->cache = "public, max-age=3600";
	response->passing = true;
	put_contact(b, site);
	put_expiry(b);
	buf_str(b, "Preferred-Languages: en\n");
	if (site->base.url.len > 0) {
		buf_str(b, "Canonical: ");
		buf_add(b, site->base.url);
		buf_str(b, SECURITY_TXT "\n");
	}
	return 200;
}

bool security_contact_is_good(struct span text)
{
	static const struct span schemes[] = {
	    SPAN_INIT("https://"),
	    SPAN_INIT("mailto:"),
	    SPAN_INIT("tel:"),
	};
	bool known = false;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		known = known || (span_starts(text, schemes[i]) &&
				     text.len > schemes[i].len);
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.ptr[i] <= ' ' || (uint8_t)text.ptr[i] >= 0x7f)
			return false;
	return known;
}
