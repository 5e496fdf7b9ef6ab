/* SPDX-License-Identifier: ISC */
#include "terms/services.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "base/banned.h"

#define FORM "a line is NAME PORT/PROTOCOL [ALIAS...] [# COMMENT]"

struct cursor {
	struct span line;
	size_t at;
	struct services_fault *fault;
};

static bool bad(const struct cursor *c, size_t at, const char *why)
{
	*c->fault = (struct services_fault){at + 1, why};
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(struct cursor *c)
{
	while (c->at < c->line.len && is_blank(c->line.ptr[c->at]))
		c->at++;
}

/* What stands up to the next blank, comment or end. */
static struct span take_word(struct cursor *c)
{
	size_t start = c->at;

	while (c->at < c->line.len && !is_blank(c->line.ptr[c->at]) &&
	       c->line.ptr[c->at] != '#')
		c->at++;
	return span_of(c->line.ptr + start, c->at - start);
}

static bool at_end(const struct cursor *c)
{
	return c->at == c->line.len || c->line.ptr[c->at] == '#';
}

/* UTF-8, and of that what XML can hold. */
static size_t find_bad_text(struct span s)
{
	size_t end = utf8_check(s);
	size_t fffe = span_find(s, SPAN("\xef\xbf\xbe"));
	size_t ffff = span_find(s, SPAN("\xef\xbf\xbf"));

	if (fffe < end)
		end = fffe;
	return ffff < end ? ffff : end;
}

static bool check_text(const struct cursor *c)
{
	size_t end = find_bad_text(c->line);

	for (size_t i = 0; i < end; i++) {
		unsigned char byte = (unsigned char)c->line.ptr[i];

		if ((byte < ' ' && byte != '\t') || byte == 0x7f)
			return bad(
			    c, i, "a control character: the file is damaged");
	}
	if (end < c->line.len)
		return bad(c, end, "not UTF-8: convert the file");
	return true;
}

static bool is_protocol(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!ascii_is_letter(c) && !ascii_is_digit(c) && c != '.' &&
		    c != '+' && c != '-' && c != '_')
			return false;
	}
	return s.len > 0 && s.len <= SERVICES_PROTOCOL_MAX &&
	       ascii_is_letter(s.ptr[0]);
}

static bool take_name(struct cursor *c, struct span *ret)
{
	size_t start = c->at;

	*ret = take_word(c);
	if (ret->len > SERVICES_NAME_MAX)
		return bad(c, start, "a name of more than 255 bytes");
	return true;
}

/* PORT/PROTOCOL. */
static bool take_port(struct cursor *c, uint16_t *port, struct span *protocol)
{
	size_t start = c->at;
	struct span word = take_word(c);
	size_t slash = span_find_char(word, 0, '/');
	uint64_t number;

	if (word.len == 0)
		return bad(c, start, "no port: " FORM);
	if (!ascii_u64(span_head(word, slash), UINT16_MAX, &number))
		return bad(c, start,
		    "no port, which is a number from 0 to 65535: " FORM);
	*protocol = span_skip(word, slash + 1);
	if (protocol->len == 0)
		return bad(c, start + slash,
		    "no protocol behind the port: write 80/tcp");
	if (!is_protocol(*protocol))
		return bad(c, start + slash + 1,
		    "no name of one protocol: write 80/tcp, and a line for "
		    "each protocol");
	*port = (uint16_t)number;
	return true;
}

/* Up to the protocol; an empty name if the line has no entry. */
static bool take_head(
    struct cursor *c, struct span *name, uint16_t *port, struct span *protocol)
{
	*name = SPAN("");
	if (!check_text(c))
		return false;
	skip_blanks(c);
	if (at_end(c))
		return true;
	if (!take_name(c, name))
		return false;
	skip_blanks(c);
	return take_port(c, port, protocol);
}

/* "0.484143", the frequencies of nmap's files. */
static bool is_fraction(struct span s)
{
	size_t point = span_find_char(s, 0, '.');

	return ascii_all_digits(span_head(s, point)) &&
	       ascii_all_digits(span_skip(s, point + 1));
}

bool services_next_alias(struct span *rest, struct span *ret)
{
	size_t at = 0, end;

	while (at < rest->len && is_blank(rest->ptr[at]))
		at++;
	for (end = at; end < rest->len && !is_blank(rest->ptr[end]);)
		end++;
	*ret = span_of(rest->ptr + at, end - at);
	*rest = span_skip(*rest, end);
	return ret->len > 0;
}

static bool take_aliases(struct cursor *c, struct span *ret)
{
	size_t start = c->at;
	struct span alias;

	for (skip_blanks(c); !at_end(c); skip_blanks(c)) {
		size_t here = c->at;

		if (!take_name(c, &alias))
			return false;
		if (is_fraction(alias))
			return bad(c, here,
			    "a frequency where aliases stand: nmap-services "
			    "files are taken by --frequencies alone");
	}
	*ret = span_trim(span_of(c->line.ptr + start, c->at - start));
	return true;
}

bool services_line_parse(
    struct span line, struct services_line *ret, struct services_fault *fault)
{
	struct cursor c = {line, 0, fault};
	struct services_line l = {.name = SPAN("")};

	l.protocol = l.aliases = SPAN("");
	if (!take_head(&c, &l.name, &l.port, &l.protocol) ||
	    !take_aliases(&c, &l.aliases))
		return false;
	l.comment = span_trim(span_skip(line, c.at + 1));
	*ret = l;
	return true;
}

bool services_line_is_likely(struct span line)
{
	struct services_fault fault;
	struct cursor c = {line, 0, &fault};
	struct span word;
	size_t slash;

	skip_blanks(&c);
	if (take_word(&c).len == 0)
		return false;
	skip_blanks(&c);
	word = take_word(&c);
	slash = span_find_char(word, 0, '/');
	return ascii_all_digits(span_head(word, slash)) &&
	       slash + 1 < word.len && ascii_is_letter(word.ptr[slash + 1]);
}

/* A decimal that is 0 to 1. */
static bool is_share(struct span s)
{
	size_t point = span_find_char(s, 0, '.');
	struct span fraction = span_skip(s, point + 1);
	uint64_t whole;

	if (!ascii_u64(span_head(s, point), 1, &whole) ||
	    (point < s.len && !ascii_all_digits(fraction)))
		return false;
	for (size_t i = 0; whole == 1 && i < fraction.len; i++)
		if (fraction.ptr[i] != '0')
			return false;
	return true;
}

static bool is_ratio(struct span s)
{
	size_t slash = span_find_char(s, 0, '/');
	uint64_t above, below;

	return ascii_u64(span_head(s, slash), UINT32_MAX, &above) &&
	       ascii_u64(span_skip(s, slash + 1), UINT32_MAX, &below) &&
	       below > 0 && above <= below;
}

bool nmap_line_parse(
    struct span line, struct nmap_line *ret, struct services_fault *fault)
{
	struct cursor c = {line, 0, fault};
	struct nmap_line l = {.name = SPAN("")};
	size_t start;

	l.protocol = l.frequency = SPAN("");
	if (!take_head(&c, &l.name, &l.port, &l.protocol))
		return false;
	skip_blanks(&c);
	start = c.at;
	if (l.name.len > 0)
		l.frequency = take_word(&c);
	if (l.name.len > 0 &&
	    (l.frequency.len > SERVICES_FREQUENCY_MAX ||
		(!is_share(l.frequency) && !is_ratio(l.frequency))))
		return bad(&c, start,
		    "no frequency from 0 to 1 behind the protocol: give an "
		    "nmap-services file");
	*ret = l;
	return true;
}
