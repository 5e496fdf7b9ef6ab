/* SPDX-License-Identifier: ISC */
#include "terms/state.h"

#include "base/banned.h"

/* Words that begin the descriptions of records without a name. */
static const struct {
	struct span word;
	enum state state;
} words[] = {
    {SPAN_INIT("unassigned"), STATE_UNASSIGNED},
    {SPAN_INIT("(unassigned)"), STATE_UNASSIGNED},
    {SPAN_INIT("reserved"), STATE_RESERVED},
    {SPAN_INIT("iana reserved"), STATE_RESERVED}, /* 49151 until 2024 */
    {SPAN_INIT("de-registered"), STATE_RESERVED},
    {SPAN_INIT("deregistered"), STATE_RESERVED},
    {SPAN_INIT("de-assigned"), STATE_RESERVED},
    {SPAN_INIT("deassigned"), STATE_RESERVED},
    {SPAN_INIT("removed"), STATE_RESERVED},
    {SPAN_INIT("this entry has been removed"), STATE_RESERVED},
    {SPAN_INIT("this entry is being removed"), STATE_RESERVED},
    {SPAN_INIT("deprecated"), STATE_RESERVED},
    {SPAN_INIT("decomissioned"), STATE_RESERVED},
    {SPAN_INIT("decommissioned"), STATE_RESERVED},
    {SPAN_INIT("de-commissioned"), STATE_RESERVED},
    {SPAN_INIT("withdrawn"), STATE_RESERVED},
    {SPAN_INIT("revoked"), STATE_RESERVED},
};

struct span state_name(enum state state)
{
	switch (state) {
	case STATE_ASSIGNED:
		return SPAN("assigned");
	case STATE_RESERVED:
		return SPAN("reserved");
	case STATE_UNASSIGNED:
		return SPAN("unassigned");
	case STATE_NOT_LISTED:
		break;
	}
	return SPAN("not-listed");
}

enum state state_of(struct span name, struct span description)
{
	if (span_trim(name).len > 0)
		return STATE_ASSIGNED;
	description = span_trim(description);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (span_eq_fold(span_head(description, words[i].word.len),
			words[i].word))
			return words[i].state;
	return STATE_ASSIGNED;
}
