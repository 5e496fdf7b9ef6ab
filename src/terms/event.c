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

static const struct span says[EVENT_KIND_COUNT] = {
    [EVENT_ASSIGNED] = SPAN_INIT("somebody got a name, a port, or both"),
    [EVENT_DEASSIGNED] = SPAN_INIT("it is nobody's any more"),
    [EVENT_RENAMED] = SPAN_INIT("the port has another name"),
    [EVENT_RENUMBERED] =
	SPAN_INIT("the name has another port, got its first, or lost it"),
    [EVENT_TRANSFERRED] = SPAN_INIT("it went from one assignee to another"),
    [EVENT_SPLIT] = SPAN_INIT("a piece of a range that was not assigned"),
    [EVENT_MERGED] =
	SPAN_INIT("it went into a larger range that is not assigned"),
    [EVENT_MODIFIED] = SPAN_INIT("any other word that matters differs"),
    [EVENT_EDITORIAL] =
	SPAN_INIT("white space, letter case, or upkeep of references"),
    [EVENT_PERSON] = SPAN_INIT("the entry of a person or an organization"),
};

struct span event_kind_says(enum event_kind kind)
{
	return kind < EVENT_KIND_COUNT ? says[kind] : SPAN("");
}

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
