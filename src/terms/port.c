/* SPDX-License-Identifier: ISC */
#include "terms/port.h"

#include "base/ascii.h"
#include "base/banned.h"

struct span port_class_name(enum port_class class)
{
	switch (class) {
	case PORT_SYSTEM:
		return SPAN("system");
	case PORT_USER:
		return SPAN("user");
	case PORT_DYNAMIC:
		break;
	}
	return SPAN("dynamic");
}

bool port_range_parse(struct span text, struct port_range *ret)
{
	size_t dash = span_find_char(text, 0, '-');
	uint64_t first, last;

	if (!ascii_u64(span_head(text, dash), PORT_COUNT - 1, &first))
		return false;
	last = first;
	if (dash < text.len &&
	    !ascii_u64(span_skip(text, dash + 1), PORT_COUNT - 1, &last))
		return false;
	if (last < first)
		return false;
	*ret = (struct port_range){(uint16_t)first, (uint16_t)last};
	return true;
}
