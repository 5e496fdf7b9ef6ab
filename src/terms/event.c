/* SPDX-License-Identifier: ISC */
#include "terms/event.h"

#include "base/banned.h"

static const struct span names[EVENT_KIND_COUNT] = {
    [EVENT_ASSIGNED] = SPAN_INIT("assigned"),
    [EVENT_DEASSIGNED] = SPAN_INIT("deassigned"),
    [EVENT_RENAMED] = SPAN_INIT("renamed"),
    [EVENT_RENUMBERED] = SPAN_INIT("renumbered"),
    [EVENT_TRANSFERRED] = SPAN_INIT("transferred"),
    [EVENT_SPLIT] = SPAN_INIT("split"),
    [EVENT_MERGED] = SPAN_INIT("merged"),
    [EVENT_MODIFIED] = SPAN_INIT("modified"),
    [EVENT_EDITORIAL] = SPAN_INIT("editorial"),
    [EVENT_PERSON] = SPAN_INIT("person"),
};

struct span event_kind_name(enum event_kind kind)
{
	return kind < EVENT_KIND_COUNT ? names[kind] : SPAN("");
}

bool event_kind_parse(struct span name, enum event_kind *ret)
{
	for (enum event_kind kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		if (span_eq(names[kind], name)) {
			*ret = kind;
			return true;
		}
	}
	return false;
}
