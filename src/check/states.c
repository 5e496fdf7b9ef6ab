/* SPDX-License-Identifier: ISC */
/*
 * The states of each port on tcp and on udp (RFC 6335 sections 6 and 7.2).
 *
 * A record speaks for its own transport, one without for both.  For each
 * number, each of these three kinds of record and each state, the table below
 * has the first record; a record enters only where no other has, so that
 * filling it takes no longer than it is large.
 */
#include "base/mem.h"
#include "check/rows.h"
#include "base/banned.h"

enum speaker { SPEAKER_TCP, SPEAKER_UDP, SPEAKER_BOTH, SPEAKER_COUNT };

#define LISTED_COUNT (PORT_LAST_USER + 1)
#define STATE_COUNT (STATE_ASSIGNED + 1)

/*
 * A registry that leaves out more numbers than this does not list what is
 * free, which RFC 6335 section 6 allows.
 */
#define GAPS_MAX (LISTED_COUNT / 2)

#define ON_TCP (1U << SPEAKER_TCP)
#define ON_UDP (1U << SPEAKER_UDP)

struct cover {
	uint32_t first[LISTED_COUNT]; /* record, or CHECK_NONE */
	uint32_t
	    next[LISTED_COUNT + 1]; /* a later number without, or near it */
};

struct covers {
	struct cover at[SPEAKER_COUNT][STATE_COUNT];
	/* Numbers below each one that have a record of tcp or udp. */
	uint32_t own[LISTED_COUNT + 1];
	uint8_t gap[LISTED_COUNT]; /* transports without record: ON_TCP... */
};

static void clear(struct cover *cover)
{
	for (uint32_t i = 0; i < LISTED_COUNT; i++) {
		cover->first[i] = CHECK_NONE;
		cover->next[i] = i;
	}
	cover->next[LISTED_COUNT] = LISTED_COUNT;
}

/* The first number from port on that has no record; shortens the way there. */
static uint32_t find_free(struct cover *cover, uint32_t port)
{
	while (cover->next[port] != port) {
		cover->next[port] = cover->next[cover->next[port]];
		port = cover->next[port];
	}
	return port;
}

static void enter(struct cover *cover, struct port_range range, uint32_t row)
{
	uint32_t port = range.first < LISTED_COUNT
			    ? find_free(cover, range.first)
			    : LISTED_COUNT;

	while (port < LISTED_COUNT && port <= range.last) {
		cover->first[port] = row;
		cover->next[port] = port + 1;
		port = find_free(cover, port);
	}
}

static bool speaker_of(const struct record *record, enum speaker *ret)
{
	if (record->protocol == PROTOCOL_TCP)
		*ret = SPEAKER_TCP;
	else if (record->protocol == PROTOCOL_UDP)
		*ret = SPEAKER_UDP;
	else if (record->protocol == PROTOCOL_NONE)
		*ret = SPEAKER_BOTH;
	else
		return false;
	return true;
}

static void fill(const struct check *c, struct covers *covers)
{
	for (size_t s = 0; s < SPEAKER_COUNT; s++)
		for (size_t k = 0; k < STATE_COUNT; k++)
			clear(&covers->at[s][k]);
	for (size_t i = 0; i < c->registry->record_count; i++) {
		const struct record *record = &c->registry->records[i];
		enum speaker speaker;

		if (record->has_number && speaker_of(record, &speaker))
			enter(&covers->at[speaker][c->rows[i].state],
			    record->number, (uint32_t)i);
	}
	covers->own[0] = 0;
	for (size_t port = 0; port < LISTED_COUNT; port++) {
		bool any = false;

		for (size_t s = SPEAKER_TCP; s <= SPEAKER_UDP; s++)
			for (size_t k = 0; k < STATE_COUNT; k++)
				any = any || covers->at[s][k].first[port] !=
						 CHECK_NONE;
		covers->own[port + 1] = covers->own[port] + any;
	}
}

/* What is said of one number on one transport. */
struct said {
	unsigned states;	  /* bits */
	uint32_t by[STATE_COUNT]; /* who says so, or CHECK_NONE */
	uint32_t row;		  /* the one that speaks of fewest numbers */
	uint32_t holder;	  /* a named record of the transport */
	bool held;		  /* by a named record of it or of both */
};

static bool is_narrower(const struct check *c, uint32_t a, uint32_t b)
{
	struct port_range x, y;

	if (b == CHECK_NONE)
		return true;
	x = c->registry->records[a].number;
	y = c->registry->records[b].number;
	return x.last - x.first < y.last - y.first;
}

static struct said look(const struct check *c, const struct covers *covers,
    enum speaker transport, size_t port)
{
	const enum speaker speakers[] = {transport, SPEAKER_BOTH};
	struct said ret = {.row = CHECK_NONE, .holder = CHECK_NONE};

	for (size_t s = 0; s < 2; s++) {
		/* Of records of a width, the one that assigns. */
		for (int k = STATE_ASSIGNED; k >= STATE_UNASSIGNED; k--) {
			uint32_t row = covers->at[speakers[s]][k].first[port];

			if (row == CHECK_NONE)
				continue;
			if ((ret.states & 1U << k) == 0 ||
			    is_narrower(c, row, ret.by[k]))
				ret.by[k] = row;
			ret.states |= 1U << k;
			if (is_narrower(c, row, ret.row))
				ret.row = row;
			if (k != STATE_ASSIGNED || !c->rows[row].named)
				continue;
			ret.held = true;
			if (s == 0)
				ret.holder = row;
		}
	}
	return ret;
}

static const char *name_of(enum speaker transport)
{
	return transport == SPEAKER_TCP ? "tcp" : "udp";
}

static void check_mixed(struct check *c, size_t port, enum speaker transport,
    const struct said *said)
{
	if ((said->states & (said->states - 1)) == 0)
		return;
	buf_printf(&c->message, "%zu/%s is %.*s here", port, name_of(transport),
	    SPAN_FMT(state_name(c->rows[said->row].state)));
	for (int k = STATE_ASSIGNED; k >= STATE_UNASSIGNED; k--) {
		if ((said->states & 1U << k) == 0 || said->by[k] == said->row)
			continue;
		buf_printf(&c->message, ", and %.*s by ",
		    SPAN_FMT(state_name((enum state)k)));
		check_put_row(c, said->by[k]);
		check_overlap(c, said->by[k], said->row);
	}
	check_add(c, FINDING_PORT_MIXED, said->row);
}

static void check_sibling(struct check *c, size_t port, enum speaker other,
    const struct said *here, const struct said *there)
{
	if (here->holder == CHECK_NONE || there->held)
		return;
	if (there->states == 0) {
		buf_printf(&c->message,
		    "%zu/%s has no record, and is Reserved by this one", port,
		    name_of(other));
		check_add(c, FINDING_PORT_SIBLING_MISSING, here->holder);
	} else if ((there->states & 1U << STATE_UNASSIGNED) != 0) {
		buf_printf(&c->message,
		    "%zu/%s is Reserved by this record, and is Unassigned by ",
		    port, name_of(other));
		check_put_row(c, there->by[STATE_UNASSIGNED]);
		check_add(c, FINDING_PORT_SIBLING_UNASSIGNED, here->holder);
	}
}

/* A gap from first to last, on the transports told; row stands behind it. */
static void tell_gap(
    struct check *c, struct port_range gap, unsigned transports, size_t row)
{
	const char *on = transports == ON_TCP	? "tcp"
			 : transports == ON_UDP ? "udp"
						: "tcp and udp";
	unsigned ports = (unsigned)gap.last - gap.first + 1;

	buf_clear(&c->key);
	buf_printf(&c->key, "%u", gap.first);
	if (ports > 1)
		buf_printf(&c->key, "-%u", gap.last);
	buf_printf(&c->message, "no record speaks of %.*s on %s",
	    SPAN_FMT(buf_span(&c->key)), on);
	if (ports > 1)
		buf_printf(&c->message, ": %u ports", ports);
	buf_printf(
	    &c->key, "/%s/-", transports == (ON_TCP | ON_UDP) ? "-" : on);
	check_add_key(c, FINDING_PORT_GAP, buf_span(&c->key), row);
}

/*
 * Told where the record of a gap would stand: at the first one behind it.
 * Records are in order but for what check_order tells.
 */
static void check_gaps(
    struct check *c, const struct covers *covers, unsigned transports)
{
	const struct registry *r = c->registry;
	size_t row = 0, end;

	for (size_t port = 0; port < LISTED_COUNT; port = end) {
		unsigned gap = covers->gap[port] & transports;

		for (end = port + 1; end < LISTED_COUNT &&
				     (covers->gap[end] & transports) == gap;)
			end++;
		while (row < r->record_count && r->records[row].has_number &&
		       r->records[row].number.first < port)
			row++;
		if (gap != 0)
			tell_gap(c,
			    (struct port_range){
				(uint16_t)port, (uint16_t)(end - 1)},
			    gap, row);
	}
}

static void check_sctp(struct check *c, const struct covers *covers)
{
	for (size_t i = 0; i < c->registry->record_count; i++) {
		const struct record *record = &c->registry->records[i];
		struct port_range range = record->number;

		if (record->has_number && c->rows[i].named &&
		    record->protocol == PROTOCOL_SCTP &&
		    range.last < LISTED_COUNT &&
		    covers->own[range.last + 1] == covers->own[range.first])
			check_tell(c, FINDING_PORT_SCTP_ALONE, i,
			    "no record speaks of the number on tcp or udp");
	}
}

int check_states(struct check *c)
{
	struct covers *covers = mem_alloc(1, sizeof(*covers));
	size_t gaps[2] = {0, 0};

	if (covers == NULL)
		return PORTBOOK_ENOMEM;
	fill(c, covers);
	for (size_t port = 0; port < LISTED_COUNT; port++) {
		struct said tcp = look(c, covers, SPEAKER_TCP, port);
		struct said udp = look(c, covers, SPEAKER_UDP, port);

		gaps[SPEAKER_TCP] += tcp.states == 0;
		gaps[SPEAKER_UDP] += udp.states == 0;
		covers->gap[port] = (uint8_t)((tcp.states == 0 ? ON_TCP : 0) |
					      (udp.states == 0 ? ON_UDP : 0));
		check_mixed(c, port, SPEAKER_TCP, &tcp);
		check_mixed(c, port, SPEAKER_UDP, &udp);
		check_sibling(c, port, SPEAKER_UDP, &tcp, &udp);
		check_sibling(c, port, SPEAKER_TCP, &udp, &tcp);
	}
	check_gaps(c, covers,
	    (gaps[SPEAKER_TCP] <= GAPS_MAX ? ON_TCP : 0) |
		(gaps[SPEAKER_UDP] <= GAPS_MAX ? ON_UDP : 0));
	check_sctp(c, covers);
	mem_release(covers);
	return 0;
}
