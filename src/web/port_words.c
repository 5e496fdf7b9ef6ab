/* SPDX-License-Identifier: ISC */
#include "web/port_words.h"

#include "image/past.h"
#include "base/banned.h"

struct span port_protocol_title(enum protocol protocol)
{
	static const struct span titles[PROTOCOL_COUNT] = {
	    [PROTOCOL_TCP] = SPAN_INIT("TCP"),
	    [PROTOCOL_UDP] = SPAN_INIT("UDP"),
	    [PROTOCOL_SCTP] = SPAN_INIT("SCTP"),
	    [PROTOCOL_DCCP] = SPAN_INIT("DCCP"),
	};

	return protocol < PROTOCOL_COUNT ? titles[protocol] : SPAN("");
}

struct page_meaning port_class_words(enum port_class class)
{
	static const struct page_meaning words[] = {
	    [PORT_SYSTEM] = {SPAN_INIT("System Ports, 0 to 1023"),
		SPAN_INIT(
		    "They are also called well known. One is assigned by "
		    "IETF Review or IESG Approval and in no other way (for "
		    "DCCP by IETF Review alone), to a protocol with a "
		    "stable specification, and only if neither a User Port "
		    "nor a Dynamic Port would do: RFC 6335, sections 6, "
		    "8.1.1 and 8.1.2.")},
	    [PORT_USER] = {SPAN_INIT("User Ports, 1024 to 49151"),
		SPAN_INIT(
		    "They are also called registered. Anybody may apply to "
		    "IANA for one; a designated expert reviews the "
		    "application (Expert Review). Protocols of the IETF get "
		    "theirs by IETF Review or IESG Approval. A service is "
		    "meant to need one port, for the transports that it "
		    "uses: RFC 6335, sections 6, 7.2 and 8.1.2.")},
	    [PORT_DYNAMIC] = {SPAN_INIT("Dynamic Ports, 49152 to 65535"),
		SPAN_INIT(
		    "They are also called private or ephemeral. None is "
		    "ever assigned, by any procedure: RFC 6335, sections 6 "
		    "and 8.1.2.")},
	};

	return words[class];
}

struct port_range port_class_range(enum port_class class)
{
	switch (class) {
	case PORT_SYSTEM:
		return (struct port_range){0, PORT_LAST_SYSTEM};
	case PORT_USER:
		return (struct port_range){
		    PORT_LAST_SYSTEM + 1, PORT_LAST_USER};
	default:
		return (struct port_range){PORT_LAST_USER + 1, PORT_COUNT - 1};
	}
}

/*
 * What a port is called for a transport: its first row in the order of the
 * lookup, whose rows of one port have the preferred first.
 */
static const struct image_row *row_for(const struct thing *t,
    enum protocol protocol, enum state state, const struct match *match)
{
	for (size_t i = 0; i < match->count; i++) {
		const struct image_row *row = &t->image->rows[match->rows[i]];

		if (image_row_state(row) == state &&
		    image_row_speaks_for(row, protocol))
			return row;
	}
	return NULL;
}

/* A group of transports of which the same is to be said. */
struct group {
	enum state state;
	struct span name; /* of an assignment */
	bool quoted;	  /* which has no name, but a description */
	enum protocol protocols[PROTOCOL_COUNT];
	size_t count;
};

static void put_transports(struct buf *b, const struct group *g)
{
	if (g->count == PROTOCOL_COUNT) {
		buf_str(b, g->state == STATE_NOT_LISTED ? "any transport"
							: "every transport");
		return;
	}
	for (size_t i = 0; i < g->count; i++) {
		if (i > 0)
			buf_str(b, i + 1 == g->count ? " and " : ", ");
		buf_add(b, port_protocol_title(g->protocols[i]));
	}
}

static struct group group_of(struct thing *t, enum protocol protocol,
    enum state state, const struct match *match)
{
	const struct image_row *row = row_for(t, protocol, state, match);
	struct group g = {.state = state, .name = SPAN("")};

	if (state != STATE_ASSIGNED || row == NULL)
		return g;
	g.name = thing_name(t, row);
	if (g.name.len == 0) {
		g.name = thing_plain(
		    t, image_text(t->image, row->text[FIELD_DESCRIPTION]));
		g.quoted = true;
	}
	return g;
}

static void put_group(struct buf *b, const struct group *g, bool first)
{
	static const struct span words[][2] = {
	    [STATE_NOT_LISTED] = {SPAN_INIT("not listed"),
		SPAN_INIT("Not listed")},
	    [STATE_UNASSIGNED] = {SPAN_INIT("unassigned"),
		SPAN_INIT("Unassigned")},
	    [STATE_RESERVED] = {SPAN_INIT("reserved"), SPAN_INIT("Reserved")},
	    [STATE_ASSIGNED] = {SPAN_INIT("assigned"), SPAN_INIT("Assigned")},
	};

	buf_str(b, first ? "" : "; ");
	buf_add(b, words[g->state][first]);
	if (g->name.len > 0) {
		buf_str(b, g->quoted ? " to \xe2\x80\x9c" : " to ");
		buf_add(b, g->name);
		buf_str(b, g->quoted ? "\xe2\x80\x9d" : "");
	}
	buf_str(b, " for ");
	put_transports(b, g);
}

struct span port_lead(struct thing *t, uint16_t port, enum protocol only,
    const struct match *match)
{
	struct group groups[PROTOCOL_COUNT];
	size_t count = 0;

	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++) {
		struct group g;
		size_t i = 0;

		if (only != PROTOCOL_NONE && only != p)
			continue;
		g = group_of(t, p, match->states[p], match);
		while (i < count && (groups[i].state != g.state ||
					!span_eq(groups[i].name, g.name)))
			i++;
		if (i == count)
			groups[count++] = g;
		groups[i].protocols[groups[i].count++] = p;
	}
	for (size_t i = 0; i < count; i++)
		put_group(&t->scratch, &groups[i], i == 0);
	if (match->total == 0 && port > PORT_LAST_USER)
		buf_str(&t->scratch, ": a Dynamic Port, never assigned");
	buf_char(&t->scratch, '.');
	return thing_keep(t);
}

static bool has_state(
    const struct match *match, enum protocol only, enum state state)
{
	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++)
		if ((only == PROTOCOL_NONE || only == p) &&
		    match->states[p] == state)
			return true;
	return false;
}

/* "TCP and UDP": those that have a state. */
static void put_having(
    struct buf *b, const struct match *match, enum state state)
{
	struct group g = {.state = state};

	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++)
		if (match->states[p] == state)
			g.protocols[g.count++] = p;
	put_transports(b, &g);
}

static bool is_edge(uint16_t port)
{
	return port == 0 || port == PORT_LAST_SYSTEM ||
	       port == PORT_LAST_SYSTEM + 1 || port == PORT_LAST_USER;
}

static struct span reserved_words(
    struct thing *t, uint16_t port, const struct match *match)
{
	struct buf *b = &t->scratch;

	buf_str(b, "It is not given out in the usual way. ");
	if (is_edge(port)) {
		buf_str(b,
		    "Ports at the edges of the ranges are kept back so that "
		    "the ranges, or the port numbers as such, can be extended "
		    "one day (RFC 6335, section 6).");
	} else if (has_state(match, PROTOCOL_NONE, STATE_ASSIGNED)) {
		buf_str(b, "The same number is assigned for ");
		put_having(b, match, STATE_ASSIGNED);
		buf_str(b,
		    ", and an assignment reserves it for the other transports "
		    "(RFC 6335, section 7.2): whoever has the number may ask "
		    "for it here too, by Expert Review (section 8.1).");
	} else {
		buf_str(b,
		    "It is kept back for a special purpose, or was assigned "
		    "once and has been given back; notes and history below "
		    "tell what is known. To assign it takes Standards Action "
		    "or IESG Approval, with a statement of the reason (RFC "
		    "6335, section 8.1).");
	}
	return thing_keep(t);
}

static struct span not_listed_words(
    struct thing *t, uint16_t port, const struct match *match)
{
	struct buf *b = &t->scratch;

	if (port > PORT_LAST_USER)
		return SPAN(
		    "The registry does not list Dynamic Ports, as none of them "
		    "is ever assigned to anybody. Any program may use this "
		    "one for as long as it needs it, mostly as its own end of "
		    "a connection, and must be ready to find it taken. The "
		    "number does not tell which service it is: a service on "
		    "such a port has to be found in another way, as by "
		    "SRV records or DNS-SD.");
	buf_str(b, "The registry has no record of this port for ");
	put_having(b, match, STATE_NOT_LISTED);
	if (match->states[PROTOCOL_TCP] != STATE_NOT_LISTED &&
	    match->states[PROTOCOL_UDP] != STATE_NOT_LISTED)
		buf_str(b,
		    ". For SCTP and DCCP it lists assignments and little else, "
		    "so nothing is assigned there; it does not say that the "
		    "number is free.");
	else
		buf_str(b,
		    ". Nothing is assigned then. For TCP and UDP the registry "
		    "lists free numbers as such, so this is a gap in it: ask "
		    "IANA before you count on it.");
	return thing_keep(t);
}

static struct span unassigned_words(uint16_t port)
{
	if (port_class_of(port) == PORT_SYSTEM)
		return SPAN(
		    "Nobody has it now. That does not make it free to use: "
		    "traffic may be seen on it, and it can be assigned at any "
		    "time, though System Ports are for protocols of the IETF. "
		    "For a service of your own, look for a User Port, or do "
		    "without a number of your own.");
	return SPAN(
	    "Nobody has it now, and it can be applied for. Until it is "
	    "assigned to you, do not ship anything that relies on it: "
	    "somebody else may get it, others may use it without asking, and "
	    "using a port first gives no claim to it. In your own network "
	    "you may run on it what you like.");
}

size_t port_meanings(struct thing *t, uint16_t port, enum protocol only,
    const struct match *match, struct page_meaning *ret)
{
	size_t count = 0;

	if (has_state(match, only, STATE_ASSIGNED))
		ret[count++] = (struct page_meaning){SPAN("Assigned"),
		    SPAN("IANA has recorded the use above, for the transport "
			 "named. Nobody else is meant to use the number, which "
			 "does not keep anybody from it.")};
	if (has_state(match, only, STATE_RESERVED))
		ret[count++] = (struct page_meaning){
		    SPAN("Reserved"), reserved_words(t, port, match)};
	if (has_state(match, only, STATE_UNASSIGNED))
		ret[count++] = (struct page_meaning){
		    SPAN("Unassigned"), unassigned_words(port)};
	if (has_state(match, only, STATE_NOT_LISTED))
		ret[count++] = (struct page_meaning){
		    SPAN("Not listed"), not_listed_words(t, port, match)};
	return count;
}

bool port_may_be_asked_for(uint16_t port, const struct match *match)
{
	return port_class_of(port) == PORT_USER &&
	       has_state(match, PROTOCOL_NONE, STATE_UNASSIGNED);
}
