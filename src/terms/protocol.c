/* SPDX-License-Identifier: ISC */
#include "terms/protocol.h"

#include "base/banned.h"

static const struct span names[PROTOCOL_COUNT] = {
    [PROTOCOL_TCP] = SPAN_INIT("tcp"),
    [PROTOCOL_UDP] = SPAN_INIT("udp"),
    [PROTOCOL_SCTP] = SPAN_INIT("sctp"),
    [PROTOCOL_DCCP] = SPAN_INIT("dccp"),
};

struct span protocol_name(enum protocol protocol)
{
	return protocol < PROTOCOL_COUNT ? names[protocol] : SPAN("");
}

bool protocol_parse(struct span text, enum protocol *ret)
{
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++) {
		if (span_eq_fold(text, names[i])) {
			*ret = (enum protocol)i;
			return true;
		}
	}
	return false;
}

enum protocol protocol_of(struct span text)
{
	enum protocol protocol = PROTOCOL_OTHER;

	text = span_trim(text);
	if (text.len == 0)
		return PROTOCOL_NONE;
	protocol_parse(text, &protocol);
	return protocol;
}
