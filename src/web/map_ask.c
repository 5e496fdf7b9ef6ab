/* SPDX-License-Identifier: ISC */
#include "web/map_ask.h"

#include "base/error.h"
#include "base/banned.h"

#define ANY SPAN("any")

static int read_protocol(const struct http_target *target, enum protocol *ret,
    struct portbook_error *err)
{
	struct span text;

	*ret = PROTOCOL_TCP;
	if (!http_target_param(target, SPAN("protocol"), &text) ||
	    text.len == 0 || protocol_parse(text, ret))
		return 0;
	*ret = PROTOCOL_NONE;
	if (span_eq_fold(text, ANY))
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "protocol must be tcp, udp, sctp, dccp or any.");
}

int map_ask_parse(const struct http_target *target, const struct image *image,
    struct map_ask *ret, struct portbook_error *err)
{
	int code = read_protocol(target, &ret->protocol, err);

	if (code < 0)
		return code;
	return ask_as_of(target, image, &ret->as_of, err);
}

struct span map_ask_word(enum protocol protocol)
{
	return protocol == PROTOCOL_NONE ? ANY : protocol_name(protocol);
}

struct span map_ask_name(enum protocol protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return SPAN("TCP");
	case PROTOCOL_UDP:
		return SPAN("UDP");
	case PROTOCOL_SCTP:
		return SPAN("SCTP");
	case PROTOCOL_DCCP:
		return SPAN("DCCP");
	case PROTOCOL_NONE:
	case PROTOCOL_OTHER:
		break;
	}
	return SPAN("any transport");
}

/* Without a word for what is shown anyway. */
struct link map_ask_link(const struct map_ask *ask, struct span path)
{
	struct link link = {.path = path, .as_of = ask->as_of.date};

	if (ask->protocol != PROTOCOL_TCP)
		link.protocol = map_ask_word(ask->protocol);
	return link;
}

void map_ask_transports(const struct map_ask *ask, struct span path,
    struct page_transport ret[MAP_TRANSPORTS])
{
	for (unsigned i = 0; i < MAP_TRANSPORTS; i++) {
		enum protocol protocol =
		    i < PROTOCOL_COUNT ? (enum protocol)i : PROTOCOL_NONE;
		struct map_ask other = {ask->as_of, protocol};

		ret[i] = (struct page_transport){
		    .label = map_ask_name(protocol),
		    .link = map_ask_link(&other, path),
		    .current = protocol == ask->protocol,
		};
	}
}

struct span map_path(struct arena *arena, const char *prefix, uint32_t number)
{
	char storage[40];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	buf_str(&b, prefix);
	buf_u64(&b, number);
	return arena_text(arena, buf_span(&b));
}
