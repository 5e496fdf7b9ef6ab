/* SPDX-License-Identifier: ISC */
#include "write/suggest.h"

#include "terms/ephemeral.h"
#include "write/record.h"
#include "base/banned.h"

struct words {
	struct buf *b;
	const struct suggestion *s;
	const struct free_report *report;
	const struct free_reason *reason;
};

void suggest_transports(struct buf *b, unsigned transports)
{
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		unsigned behind = transports >> p >> 1;

		if ((transports >> p & 1) == 0)
			continue;
		buf_add(b, protocol_name((enum protocol)p));
		if (behind != 0)
			buf_str(
			    b, (behind & (behind - 1)) != 0 ? ", " : " and ");
	}
}

static void put_range(struct buf *b, struct port_range range)
{
	buf_u64(b, range.first);
	if (range.first != range.last) {
		buf_char(b, '-');
		buf_u64(b, range.last);
	}
}

static const struct image_row *row_of(const struct words *w)
{
	return image_row(w->s->image, w->reason->row);
}

/* A text of a row, on one line, between quotes. */
static void put_quoted(const struct words *w, enum record_field field)
{
	struct buf text;

	if (row_of(w) == NULL)
		return;
	buf_init(&text);
	record_plain(&text, w->s->image, row_of(w), field);
	buf_char(w->b, '"');
	record_clean(w->b, buf_span(&text), SPAN(" "));
	buf_char(w->b, '"');
	w->b->failed |= buf_failed(&text);
	buf_release(&text);
}

/* The name of an assignment, or its description without one. */
static void put_name(
    struct buf *b, const struct image *image, const struct image_row *row)
{
	struct span name = image_text(image, row->text[FIELD_NAME]);
	struct buf text;

	if (name.len > 0) {
		record_clean(b, name, SPAN(" "));
		return;
	}
	buf_init(&text);
	record_plain(&text, image, row, FIELD_DESCRIPTION);
	record_clean(b, span_head(buf_span(&text), 60), SPAN(" "));
	b->failed |= buf_failed(&text);
	buf_release(&text);
}

/* Whether the registry says the same of two transports. */
static bool is_same(const struct words *w, unsigned a, unsigned b)
{
	const struct free_report *r = w->report;
	const struct image *image = w->s->image;
	const struct image_row *x = image_row(image, r->rows[a]);
	const struct image_row *y = image_row(image, r->rows[b]);

	if (r->states[a] != r->states[b])
		return false;
	if (x == NULL || y == NULL || x == y)
		return x == y;
	return span_eq(image_text(image, x->text[FIELD_NAME]),
		   image_text(image, y->text[FIELD_NAME])) &&
	       le16(x->first) == le16(y->first) &&
	       le16(x->last) == le16(y->last);
}

static void put_state(const struct words *w, unsigned p, unsigned transports)
{
	const struct image_row *row =
	    image_row(w->s->image, w->report->rows[p]);
	enum state state = w->report->states[p];

	if (state == STATE_ASSIGNED && row != NULL) {
		buf_str(w->b, "assigned to ");
		put_name(w->b, w->s->image, row);
	} else if (state == STATE_NOT_LISTED) {
		buf_str(w->b, "not in the registry");
	} else {
		buf_add(w->b, state_name(state));
	}
	buf_str(w->b, " for ");
	suggest_transports(w->b, transports);
	if (row != NULL && le16(row->first) != le16(row->last)) {
		buf_str(w->b, " (");
		put_range(w->b,
		    (struct port_range){le16(row->first), le16(row->last)});
		buf_char(w->b, ')');
	}
}

static void say_registry(const struct words *w)
{
	unsigned left = w->s->ask->transports;
	const char *sep = "";

	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		unsigned same = 0;

		for (unsigned q = p; q < PROTOCOL_COUNT; q++)
			if ((left >> p & 1) != 0 && (left >> q & 1) != 0 &&
			    is_same(w, p, q))
				same |= 1U << q;
		if (same == 0)
			continue;
		buf_str(w->b, sep);
		put_state(w, p, same);
		left &= ~same;
		sep = "; ";
	}
}

static void say_unauthorized(const struct words *w)
{
	if (w->reason->verdict == FREE_GOOD) {
		buf_str(w->b, "no unauthorized use is on record");
		return;
	}
	buf_str(w->b, "an unauthorized use is on record: ");
	put_quoted(w, FIELD_UNAUTHORIZED);
}

static void say_remark(const struct words *w)
{
	if (w->reason->verdict == FREE_GOOD) {
		buf_str(w->b, "the registry has no remark on it");
		return;
	}
	buf_str(w->b, "the registry remarks ");
	put_quoted(w, FIELD_NOTE);
}

static struct span date_of(const struct suggestion *s, uint32_t version)
{
	const struct image_version *v;
	struct span updated;

	if (version >= s->image->version_count)
		return SPAN("");
	v = &s->image->versions[version];
	updated = image_text(s->image, v->updated);
	return updated.len > 0 ? updated : image_text(s->image, v->newest_row);
}

static void say_deassigned(const struct words *w)
{
	const struct image_row *row = row_of(w);

	if (w->reason->unchecked) {
		buf_str(w->b,
		    "not checked whether it was assigned before: no earlier "
		    "version is kept here");
	} else if (w->reason->transports == 0) {
		buf_str(w->b, "it is assigned now");
	} else if (row == NULL) {
		buf_str(w->b, "no assignment of it ended since ");
		record_clean(w->b, date_of(w->s, 0), SPAN(" "));
		buf_str(w->b, ", the first version kept here");
	} else {
		buf_str(w->b, "it was assigned to ");
		put_name(w->b, w->s->image, row);
		buf_str(w->b, " until ");
		record_clean(
		    w->b, date_of(w->s, w->reason->version), SPAN(" "));
		buf_str(w->b, w->reason->verdict == FREE_BAD
				  ? ", and old software may use it still"
				  : ", long enough ago");
	}
}

static void say_system(const struct words *w)
{
	if (w->report->port == 0)
		buf_str(
		    w->b, "nothing can listen on port 0, which stands for any");
	else if (w->reason->verdict == FREE_GOOD)
		buf_str(w->b, "not a system port, 0-1023");
	else
		buf_str(w->b,
		    "a system port, 0-1023, which is for standards and on "
		    "most systems for privileged processes");
}

static void say_dynamic(const struct words *w)
{
	buf_str(w->b, w->reason->verdict == FREE_GOOD
			  ? "not a dynamic port, 49152-65535"
			  : "a dynamic port, 49152-65535: it needs no "
			    "application and is never assigned, but systems "
			    "hand these out for outgoing connections");
}

static void say_linux(const struct words *w)
{
	buf_str(w->b, w->reason->verdict == FREE_GOOD
			  ? "outside 32768-60999, from which Linux takes ports "
			    "for outgoing connections"
			  : "in 32768-60999, from which Linux takes ports for "
			    "outgoing connections");
}

static void say_browsers(const struct words *w)
{
	switch (w->reason->verdict) {
	case FREE_GOOD:
		buf_str(w->b, "browsers connect to it");
		break;
	case FREE_NOTE:
		buf_str(w->b,
		    "browsers refuse to connect to it, but speak tcp and udp "
		    "alone");
		break;
	case FREE_BAD:
		buf_str(w->b, "browsers refuse to connect to it");
		break;
	}
}

static void say_privilege(const struct words *w)
{
	if (w->reason->unchecked) {
		buf_str(
		    w->b, "not checked from which port on anybody may listen");
		return;
	}
	buf_str(w->b, w->reason->verdict == FREE_GOOD
			  ? "any process may listen on it here, as on all from "
			  : "only privileged processes may listen here below ");
	buf_u64(w->b, w->s->ask->host->start);
	if (w->reason->verdict == FREE_GOOD)
		buf_str(w->b, " on");
}

static void say_local(const struct words *w)
{
	const struct free_host *host = w->s->ask->host;

	if (w->reason->unchecked) {
		buf_str(w->b,
		    "not checked from which ports this host takes those of "
		    "outgoing connections");
		return;
	}
	if (port_range_has(host->range, w->report->port))
		buf_str(w->b, "in ");
	else
		buf_str(w->b, "outside ");
	put_range(w->b, host->range);
	buf_str(w->b,
	    ", from which this host takes ports for outgoing connections");
	if (w->reason->verdict == FREE_GOOD &&
	    port_range_has(host->range, w->report->port))
		buf_str(w->b, ", but kept from them by "
			      "net.ipv4.ip_local_reserved_ports");
}

static void say_listening(const struct words *w)
{
	unsigned transports = w->reason->transports;

	if (w->reason->unchecked)
		buf_str(
		    w->b, "not checked whether anything listens on it for ");
	else if (w->reason->verdict == FREE_BAD)
		buf_str(w->b, "something listens on it here for ");
	else
		buf_str(w->b, "nothing listens on it here for ");
	suggest_transports(
	    w->b, transports != 0 ? transports : w->s->ask->transports);
}

static void say_avoided(const struct words *w)
{
	if (w->reason->verdict == FREE_GOOD) {
		buf_str(w->b, "not in the list of ports to avoid");
		return;
	}
	buf_str(w->b, "in the list of ports to avoid, for ");
	suggest_transports(w->b, w->reason->transports);
}

typedef void sayer(const struct words *w);

void suggest_text(struct buf *b, const struct suggestion *s,
    const struct free_report *report, const struct free_reason *reason)
{
	static sayer *const sayers[FREE_CODE_COUNT] = {
	    [FREE_REGISTRY] = say_registry,
	    [FREE_UNAUTHORIZED] = say_unauthorized,
	    [FREE_REMARK] = say_remark,
	    [FREE_DEASSIGNED] = say_deassigned,
	    [FREE_SYSTEM] = say_system,
	    [FREE_DYNAMIC] = say_dynamic,
	    [FREE_LINUX] = say_linux,
	    [FREE_BROWSERS] = say_browsers,
	    [FREE_PRIVILEGE] = say_privilege,
	    [FREE_LOCAL] = say_local,
	    [FREE_LISTENING] = say_listening,
	    [FREE_AVOIDED] = say_avoided,
	};
	struct words w = {b, s, report, reason};

	sayers[reason->code](&w);
}

static enum free_verdict verdict_of(
    const struct free_report *report, enum free_code code)
{
	for (size_t i = 0; i < report->reason_count; i++)
		if (report->reasons[i].code == code)
			return report->reasons[i].verdict;
	return FREE_GOOD;
}

struct span suggest_verdict(const struct suggestion *s)
{
	const struct free_report *report = &s->reports[0];

	if (report->usable)
		return SPAN("usable");
	for (size_t i = 0; i < report->reason_count; i++) {
		enum free_code code = report->reasons[i].code;

		if (report->reasons[i].verdict == FREE_BAD &&
		    code != FREE_DYNAMIC && code != FREE_LINUX &&
		    code != FREE_LOCAL)
			return SPAN("not usable");
	}
	return verdict_of(report, FREE_DYNAMIC) == FREE_GOOD
		   ? SPAN("not usable")
		   : SPAN("not usable as a fixed port");
}

struct span suggest_notice(const struct suggestion *s)
{
	bool judged = s->rejected == NULL;
	bool dynamic =
	    judged ? verdict_of(&s->reports[0], FREE_DYNAMIC) != FREE_GOOD
		   : s->ask->range.first >= ephemeral_rfc().first;

	if (judged && verdict_of(&s->reports[0], FREE_REGISTRY) == FREE_BAD)
		return SPAN(
		    "What is assigned or reserved is not for others: apply to "
		    "IANA for a port of your own (RFC 6335 section 8.1)");
	if (dynamic)
		return SPAN(
		    "A dynamic port needs no application and may be in use at "
		    "any time: apply to IANA where a service is always to be "
		    "found at the same one (RFC 6335 section 8.1)");
	return SPAN(
	    "Unassigned is not permission: apply to IANA for a port (RFC 6335 "
	    "section 8.1), or, where any will do, let the system hand out one "
	    "of 49152-65535, which need no application and may be in use at "
	    "any time");
}

void suggest_shortage(struct buf *b, const struct suggestion *s)
{
	const char *sep = ": ";

	if (s->rejected == NULL || !s->rejected->all)
		return;
	if (s->count == 0) {
		buf_str(b, "no port of ");
	} else {
		buf_str(b, "only ");
		buf_u64(b, s->count);
		buf_str(b, s->count == 1 ? " port of " : " ports of ");
	}
	put_range(b, s->ask->range);
	buf_str(b, s->count > 1 ? " are usable for " : " is usable for ");
	suggest_transports(b, s->ask->transports);
	for (unsigned code = 0; code < FREE_CODE_COUNT; code++) {
		uint32_t count = s->rejected->counts[code];

		if (count == 0)
			continue;
		buf_str(b, sep);
		buf_u64(b, count);
		buf_str(b, count == 1 ? " is " : " are ");
		buf_add(b, free_code_against((enum free_code)code));
		sep = "; ";
	}
}
