/* SPDX-License-Identifier: ISC */
#include "terms/free.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/banned.h"

static const struct {
	struct span name, source, against;
} rules[FREE_CODE_COUNT] = {
    [FREE_REGISTRY] = {SPAN_INIT("REGISTRY"), SPAN_INIT("RFC 6335 section 6"),
	SPAN_INIT("assigned or reserved")},
    [FREE_UNAUTHORIZED] = {SPAN_INIT("UNAUTHORIZED"),
	SPAN_INIT("the registry, Unauthorized Use Reported"),
	SPAN_INIT("in use without authorization")},
    [FREE_REMARK] = {SPAN_INIT("REMARK"),
	SPAN_INIT("the registry, Assignment Notes"),
	SPAN_INIT("with a remark in the registry")},
    [FREE_DEASSIGNED] = {SPAN_INIT("DEASSIGNED"),
	SPAN_INIT("the registry's earlier versions; RFC 6335 section 8.3"),
	SPAN_INIT("assigned until not long ago")},
    [FREE_SYSTEM] = {SPAN_INIT("SYSTEM"), SPAN_INIT("RFC 6335 section 6"),
	SPAN_INIT("system ports, 0-1023")},
    [FREE_DYNAMIC] = {SPAN_INIT("DYNAMIC"), SPAN_INIT("RFC 6335 section 6"),
	SPAN_INIT("dynamic ports, 49152-65535")},
    [FREE_LINUX] = {SPAN_INIT("LINUX"),
	SPAN_INIT("Linux, default of net.ipv4.ip_local_port_range"),
	SPAN_INIT("in Linux's range for outgoing connections, 32768-60999")},
    [FREE_BROWSERS] = {SPAN_INIT("BROWSERS"),
	SPAN_INIT("Fetch Standard, Port blocking"),
	SPAN_INIT("blocked by browsers")},
    [FREE_PRIVILEGE] = {SPAN_INIT("PRIVILEGE"),
	SPAN_INIT("this host, net.ipv4.ip_unprivileged_port_start"),
	SPAN_INIT("for privileged processes of this host")},
    [FREE_LOCAL] = {SPAN_INIT("LOCAL"),
	SPAN_INIT("this host, net.ipv4.ip_local_port_range"),
	SPAN_INIT("in this host's range for outgoing connections")},
    [FREE_LISTENING] = {SPAN_INIT("LISTENING"),
	SPAN_INIT("this host, its open sockets"),
	SPAN_INIT("in use on this host")},
    [FREE_AVOIDED] = {SPAN_INIT("AVOIDED"), SPAN_INIT("the list given"),
	SPAN_INIT("to be avoided")},
};

struct span free_code_name(enum free_code code)
{
	return rules[code].name;
}

struct span free_code_source(enum free_code code)
{
	return rules[code].source;
}

struct span free_code_against(enum free_code code)
{
	return rules[code].against;
}

struct span free_verdict_name(enum free_verdict verdict)
{
	switch (verdict) {
	case FREE_GOOD:
		return SPAN("good");
	case FREE_NOTE:
		return SPAN("note");
	case FREE_BAD:
		break;
	}
	return SPAN("bad");
}

void free_ask_init(struct free_ask *ret)
{
	*ret = (struct free_ask){
	    .transports = FREE_TCP_UDP,
	    .range = {0, PORT_COUNT - 1},
	    .count = FREE_COUNT_DEFAULT,
	    .seed = SPAN(""),
	};
}

static int set_port(struct span name, struct span value, bool *has,
    uint16_t *port, struct portbook_error *err)
{
	uint64_t number;

	if (!ascii_u64(value, PORT_COUNT - 1, &number))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%.*s must be a port, 0 to 65535, not %.*s", SPAN_FMT(name),
		    SPAN_FMT(span_head(value, 40)));
	*has = true;
	*port = (uint16_t)number;
	return 0;
}

static int set_range(
    struct free_ask *ask, struct span value, struct portbook_error *err)
{
	if (!port_range_parse(value, &ask->range))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "range must be A-B, from a lower to a higher port, 0 to "
		    "65535, "
		    "not %.*s",
		    SPAN_FMT(span_head(value, 40)));
	ask->has_range = true;
	return 0;
}

static int set_count(
    struct free_ask *ask, struct span value, struct portbook_error *err)
{
	uint64_t count;

	if (!ascii_u64(value, FREE_COUNT_MAX, &count) || count == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "count must be a whole number from 1 to %d, not %.*s",
		    FREE_COUNT_MAX, SPAN_FMT(span_head(value, 40)));
	ask->count = (size_t)count;
	return 0;
}

static int set_transports(
    struct free_ask *ask, struct span value, struct portbook_error *err)
{
	struct span rest = value;
	unsigned transports = 0;

	do {
		struct span word = span_trim(span_cut(&rest, ','));
		enum protocol protocol;

		if (!protocol_parse(word, &protocol))
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "for must be some of tcp, udp, sctp and dccp, with "
			    "commas between them, not %.*s",
			    SPAN_FMT(span_head(value, 40)));
		transports |= 1U << protocol;
	} while (rest.len > 0);
	ask->transports = transports;
	return 0;
}

static int set_seed(
    struct free_ask *ask, struct span value, struct portbook_error *err)
{
	if (value.len == 0 || value.len > FREE_SEED_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "seed must be a text of 1 to %d bytes", FREE_SEED_MAX);
	ask->seed = value;
	return 0;
}

int free_ask_set(struct free_ask *ask, struct span name, struct span value,
    struct portbook_error *err)
{
	if (span_eq(name, SPAN("near")))
		return set_port(name, value, &ask->has_near, &ask->near, err);
	if (span_eq(name, SPAN("explain")))
		return set_port(
		    name, value, &ask->has_explain, &ask->explain, err);
	if (span_eq(name, SPAN("range")))
		return set_range(ask, value, err);
	if (span_eq(name, SPAN("count")))
		return set_count(ask, value, err);
	if (span_eq(name, SPAN("for")))
		return set_transports(ask, value, err);
	if (span_eq(name, SPAN("seed")))
		return set_seed(ask, value, err);
	return error_set(err, PORTBOOK_EUSAGE, 0, "there is no %.*s here",
	    SPAN_FMT(span_head(name, 40)));
}
