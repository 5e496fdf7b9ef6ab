/* SPDX-License-Identifier: ISC */
#include "cli/avoid.h"

#include "base/ascii.h"
#include "base/error.h"
#include "cli/lines.h"
#include "terms/services.h"
#include "base/banned.h"

#define BYTE_ORDER_MARK SPAN("\xef\xbb\xbf")

static void add(
    struct port_set *sets, struct port_range range, enum protocol protocol)
{
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if (protocol == PROTOCOL_NONE || protocol == p)
			port_set_add(&sets[p], range);
}

/* "8080", "8000-8010/tcp" */
static bool parse_item(
    struct span item, struct port_range *range, enum protocol *protocol)
{
	size_t slash = span_find_char(item, 0, '/');

	*protocol = PROTOCOL_NONE;
	return port_range_parse(span_head(item, slash), range) &&
	       (slash == item.len ||
		   protocol_parse(span_skip(item, slash + 1), protocol));
}

static bool parts(char c)
{
	return c == ',' || ascii_is_space(c);
}

/* Takes the next item off *rest; empty behind the last one. */
static struct span next_item(struct span *rest)
{
	struct span item;
	size_t len = 0;

	while (rest->len > 0 && parts(rest->ptr[0]))
		*rest = span_skip(*rest, 1);
	while (len < rest->len && !parts(rest->ptr[len]))
		len++;
	item = span_head(*rest, len);
	*rest = span_skip(*rest, len);
	return item;
}

/* Adds the items of a text; returns the place of what is none, or SIZE_MAX. */
static size_t add_items(struct span text, struct port_set *sets)
{
	struct span rest = text, item;

	while ((item = next_item(&rest)).len > 0) {
		struct port_range range;
		enum protocol protocol;

		if (!parse_item(item, &range, &protocol))
			return (size_t)(item.ptr - text.ptr);
		if (sets != NULL)
			add(sets, range, protocol);
	}
	return SIZE_MAX;
}

/* Transports without ports in the registry ("ddp") are passed over. */
static void add_service(const struct services_line *line, struct port_set *sets)
{
	struct port_range range = {line->port, line->port};
	enum protocol protocol;

	if (line->name.len > 0 && protocol_parse(line->protocol, &protocol))
		add(sets, range, protocol);
}

bool avoid_line(
    struct span line, struct port_set *sets, size_t *column, const char **why)
{
	struct span text = span_head(line, span_find_char(line, 0, '#'));
	size_t at = add_items(text, NULL);
	struct services_line service;
	struct services_fault fault;

	if (at == SIZE_MAX) {
		(void)add_items(text, sets);
		return true;
	}
	if (services_line_parse(line, &service, &fault)) {
		add_service(&service, sets);
		return true;
	}
	/* Digits were meant to be a port, anything else a service. */
	*column = at + 1;
	*why = "a port or range is 0 to 65535, as 8080 or 8000-8010/tcp";
	if (!ascii_is_digit(text.ptr[at])) {
		*column = fault.column;
		*why = fault.why;
	}
	return false;
}

int avoid_read(
    const char *path, struct port_set *sets, struct portbook_error *err)
{
	struct lines lines;
	struct span line;
	size_t column;
	const char *why;
	int code = lines_open(path, &lines, err);

	if (code < 0)
		return code;
	while ((code = lines_next(&lines, &line, err)) > 0) {
		if (span_ends(line, SPAN("\r")))
			line.len--;
		if (lines.line == 1 && span_starts(line, BYTE_ORDER_MARK))
			line = span_skip(line, BYTE_ORDER_MARK.len);
		if (avoid_line(line, sets, &column, &why))
			continue;
		code = error_set(err, PORTBOOK_EUSAGE, 0, "%s", why);
		error_locate(err, lines.path, lines.line, column);
		break;
	}
	lines_close(&lines);
	return code;
}
