/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a line of both kinds of files.  What is taken must lie within
 * the line and say the same again when it is written out.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "terms/services.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void need(bool good)
{
	if (!good)
		abort();
}

static void check_within(struct span line, struct span part)
{
	need(part.len == 0 || (part.ptr >= line.ptr &&
				  part.ptr + part.len <= line.ptr + line.len));
}

static void check_services(struct span line)
{
	struct services_line l, again;
	struct services_fault fault;
	struct span alias, rest;
	struct buf b;

	if (!services_line_parse(line, &l, &fault)) {
		need(fault.column > 0 && fault.column <= line.len + 1);
		return;
	}
	check_within(line, l.aliases);
	check_within(line, l.comment);
	if (l.name.len == 0)
		return;
	buf_init(&b);
	buf_printf(
	    &b, "%.*s %u/%.*s", SPAN_FMT(l.name), l.port, SPAN_FMT(l.protocol));
	for (rest = l.aliases; services_next_alias(&rest, &alias);) {
		buf_char(&b, '\t');
		buf_add(&b, alias);
	}
	need(services_line_parse(buf_span(&b), &again, &fault));
	need(span_eq(l.name, again.name) && l.port == again.port &&
	     span_eq(l.protocol, again.protocol));
	need(services_line_is_likely(line));
	buf_release(&b);
}

static void check_nmap(struct span line)
{
	struct services_fault fault;
	struct nmap_line l;

	if (!nmap_line_parse(line, &l, &fault)) {
		need(fault.column > 0 && fault.column <= line.len + 1);
		return;
	}
	check_within(line, l.name);
	check_within(line, l.frequency);
	need((l.name.len == 0) == (l.frequency.len == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span line = span_of((const char *)data, len);

	check_services(line);
	check_nmap(line);
	return 0;
}
