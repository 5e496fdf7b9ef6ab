/* SPDX-License-Identifier: ISC */
#include "write/atom.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "terms/date.h"
#include "base/banned.h"

#define TAG_DATE "2026"

/* XML 1.0 section 2.2, and no control character of Latin-1 either. */
static bool may_stand(uint32_t c)
{
	if (c == UTF8_BAD || (c >= 0x7f && c <= 0x9f))
		return false;
	return c >= ' ' ? (c & 0xfffe) != 0xfffe : c == '\n' || c == '\t';
}

/* Text of an element or a quoted attribute. */
static void put_text(struct buf *b, struct span text)
{
	while (text.len > 0) {
		struct span from = text;
		uint32_t c = utf8_next(&text);

		if (c == '<')
			buf_str(b, "&lt;");
		else if (c == '>')
			buf_str(b, "&gt;");
		else if (c == '&')
			buf_str(b, "&amp;");
		else if (c == '"')
			buf_str(b, "&quot;");
		else if (may_stand(c))
			buf_add(b, span_head(from, from.len - text.len));
		else
			utf8_put(b, 0xfffd);
	}
}

static void put_element(struct buf *b, const char *name, struct span text)
{
	buf_char(b, '<');
	buf_str(b, name);
	buf_char(b, '>');
	put_text(b, text);
	buf_str(b, "</");
	buf_str(b, name);
	buf_str(b, ">\n");
}

static void put_link(
    struct buf *b, const char *rel, const char *type, struct span address)
{
	if (address.len == 0)
		return;
	buf_str(b, "<link rel=\"");
	buf_str(b, rel);
	buf_str(b, "\" type=\"");
	buf_str(b, type);
	buf_str(b, "\" href=\"");
	put_text(b, address);
	buf_str(b, "\"/>\n");
}

/* RFC 4151: a DNS name; an address of IPv6 is none. */
static bool is_dns(struct span host)
{
	return host.len > 0 && host.ptr[0] != '[';
}

/*
 * What an identifier has of any text: letters, digits and signs of its own,
 * all else as escapes of its bytes.
 */
static void put_name(struct buf *b, struct span name)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (ascii_is_letter(c) || ascii_is_digit(c) ||
		    (c != '\0' && strchr("-._~/:=", c) != NULL)) {
			buf_char(b, c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, hex[(uint8_t)c >> 4]);
		buf_char(b, hex[(uint8_t)c & 15]);
	}
}

static void put_hex(struct buf *b, uint64_t value, unsigned digits)
{
	static const char hex[] = "0123456789abcdef";

	while (digits-- > 0)
		buf_char(b, hex[value >> 4 * digits & 15]);
}

/* RFC 9562 version 8, "custom": the name's hash. */
static void put_uuid(struct buf *b, struct span name)
{
	uint64_t high = hash_bytes(name.ptr, name.len, 1);
	uint64_t low = hash_bytes(name.ptr, name.len, 2);

	buf_str(b, "urn:uuid:");
	put_hex(b, high >> 32, 8);
	buf_char(b, '-');
	put_hex(b, high >> 16, 4);
	buf_str(b, "-8");
	put_hex(b, high, 3);
	buf_char(b, '-');
	put_hex(b, (low >> 48 & 0x3fff) | 0x8000, 4);
	buf_char(b, '-');
	put_hex(b, low, 12);
}

static void put_id(
    struct buf *b, const struct atom_authority *authority, struct span name)
{
	buf_str(b, "<id>");
	if (is_dns(authority->host)) {
		buf_str(b, "tag:");
		for (size_t i = 0; i < authority->host.len; i++)
			buf_char(b, ascii_lower(authority->host.ptr[i]));
		buf_str(b, "," TAG_DATE ":");
		put_name(b, name);
	} else {
		put_uuid(b, name);
	}
	buf_str(b, "</id>\n");
}

/* RFC 3339, which has neither days without time nor months without day. */
static void put_updated(struct buf *b, struct span date)
{
	buf_str(b, "<updated>");
	if (date_is_valid(date))
		buf_add(b, date);
	else
		buf_str(b, "1970-01-01");
	if (date_is_valid(date) && !date_is_day(date))
		buf_str(b, "-01");
	buf_str(b, "T00:00:00Z</updated>\n");
}

void atom_begin(struct buf *b, const struct atom_authority *authority,
    const struct atom_feed *feed)
{
	buf_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		   "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
	put_id(b, authority, feed->name);
	put_element(b, "title", feed->title);
	put_updated(b, feed->updated);
	buf_str(b, "<author>\n");
	put_element(b, "name", feed->author);
	buf_str(b, "</author>\n<generator>portbook</generator>\n");
	put_link(b, "self", "application/atom+xml", feed->self);
	put_link(b, "alternate", "text/html", feed->page);
}

void atom_entry(struct buf *b, const struct atom_authority *authority,
    const struct atom_entry *entry)
{
	buf_str(b, "<entry>\n");
	put_id(b, authority, entry->name);
	put_element(b, "title", entry->title);
	put_updated(b, entry->updated);
	put_link(b, "alternate", "text/html", entry->page);
	put_element(b, "summary", entry->summary);
	buf_str(b, "</entry>\n");
}

void atom_end(struct buf *b)
{
	buf_str(b, "</feed>\n");
}
