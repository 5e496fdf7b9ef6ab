/* SPDX-License-Identifier: ISC */
#include "search/free.h"

#include <errno.h>
#include <sys/random.h>

#include "base/ascii.h"
#include "base/error.h"
#include "image/past.h"
#include "search/free_order.h"
#include "search/rows.h"
#include "search/search.h"
#include "terms/blocked.h"
#include "terms/ephemeral.h"
#include "base/banned.h"

#define ROWS_MAX 64 /* of one port and transport; the first of them counts */

struct judge {
	const struct image *image;
	uint32_t version;
	const struct free_ask *ask;
	struct free_report *report;
};

/* Whether a row speaks for one of these transports. */
static bool speaks(const struct image_row *row, unsigned transports)
{
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if ((transports >> p & 1) != 0 &&
		    image_row_speaks_for(row, (enum protocol)p))
			return true;
	return false;
}

/* A range that somebody named is one that he wants. */
static bool wants(const struct free_ask *ask, struct port_range range)
{
	return ask->has_range && port_range_meets(ask->range, range);
}

static bool is_reserved_here(const struct judge *j)
{
	return j->ask->host != NULL && j->ask->host->has_range &&
	       port_set_has(&j->ask->host->reserved, j->report->port);
}

static void judge_registry(const struct judge *j, struct free_reason *r)
{
	struct free_report *report = j->report;
	uint32_t rows[ROWS_MAX];

	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		struct match m = {.rows = rows, .cap = ROWS_MAX};
		struct query q = {.kind = QUERY_PORT,
		    .protocol = (enum protocol)p,
		    .range = {report->port, report->port}};

		report->states[p] = STATE_NOT_LISTED;
		report->rows[p] = IMAGE_NONE;
		if ((j->ask->transports >> p & 1) == 0)
			continue;
		search_lookup(j->image, &q, j->version, &m);
		report->states[p] = m.states[p];
		if (m.count > 0)
			report->rows[p] = rows[0];
		if (m.states[p] > STATE_UNASSIGNED) {
			r->verdict = FREE_BAD;
			r->transports |= 1U << p;
		}
	}
}

/* The first row of the port that has a text in field; IMAGE_NONE if none. */
static uint32_t row_with(
    const struct judge *j, enum record_field field, bool unassigned)
{
	struct image_port_walk walk;
	uint32_t n;

	image_port_walk_begin(&walk, j->image, j->report->port, j->version);
	while ((n = image_port_walk_next(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &j->image->rows[n];

		if (image_text(j->image, row->text[field]).len > 0 &&
		    (!unassigned || image_row_state(row) == STATE_UNASSIGNED) &&
		    speaks(row, j->ask->transports))
			break;
	}
	return n;
}

static void judge_unauthorized(const struct judge *j, struct free_reason *r)
{
	r->row = row_with(j, FIELD_UNAUTHORIZED, false);
	if (r->row != IMAGE_NONE)
		r->verdict = FREE_BAD;
}

static void judge_remark(const struct judge *j, struct free_reason *r)
{
	r->row = row_with(j, FIELD_NOTE, true);
	if (r->row != IMAGE_NONE)
		r->verdict = FREE_NOTE;
}

/*
 * Takes a row of the past that was an assignment of the port for a transport
 * that has none now, if it stood longer than those before.
 */
static void take_past(
    const struct judge *j, uint32_t n, unsigned vacant, struct free_reason *r)
{
	const struct image_row *row = image_row(j->image, n);
	struct port_range here = {j->report->port, j->report->port};

	if (row == NULL || le32(row->last_version) >= j->version ||
	    image_row_state(row) != STATE_ASSIGNED ||
	    !row_is_within(row, here) || !speaks(row, vacant))
		return;
	if (r->row != IMAGE_NONE && r->version >= le32(row->last_version) + 1)
		return;
	r->row = n;
	r->version = le32(row->last_version) + 1;
}

/* Whether then is at most FREE_RECENT_YEARS before now; true if unknown. */
static bool is_recent(struct span then, struct span now)
{
	uint64_t a, b;

	if (!ascii_u64(span_head(then, 4), 9999, &a) ||
	    !ascii_u64(span_head(now, 4), 9999, &b))
		return true;
	if (b != a + FREE_RECENT_YEARS)
		return b < a + FREE_RECENT_YEARS;
	return span_cmp(span_skip(now, 4), span_skip(then, 4)) <= 0;
}

static void judge_deassigned(const struct judge *j, struct free_reason *r)
{
	const struct image *image = j->image;
	struct image_numbers lists[] = {
	    image_past_by_port(image, j->report->port), image_past_wide(image)};
	unsigned vacant = 0;

	if (j->version == 0) {
		r->verdict = FREE_NOTE;
		r->unchecked = true;
		return;
	}
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if (j->report->states[p] != STATE_ASSIGNED)
			vacant |= j->ask->transports & 1U << p;
	r->transports = vacant;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k].count; i++)
			take_past(j, le32(lists[k].at[i]), vacant, r);
	if (r->row != IMAGE_NONE && is_recent(version_date(image, r->version),
					version_date(image, j->version)))
		r->verdict = FREE_BAD;
}

/* Port 0 stands for "any" where programs ask for a port. */
static void judge_system(const struct judge *j, struct free_reason *r)
{
	static const struct port_range system = {0, PORT_LAST_SYSTEM};

	if (!port_range_has(system, j->report->port))
		return;
	r->verdict = wants(j->ask, system) && j->report->port != 0 ? FREE_NOTE
								   : FREE_BAD;
}

static void judge_dynamic(const struct judge *j, struct free_reason *r)
{
	if (!port_range_has(ephemeral_rfc(), j->report->port))
		return;
	r->verdict = wants(j->ask, ephemeral_rfc()) || is_reserved_here(j)
			 ? FREE_NOTE
			 : FREE_BAD;
}

static void judge_linux(const struct judge *j, struct free_reason *r)
{
	if (port_range_has(ephemeral_linux(), j->report->port))
		r->verdict = is_reserved_here(j) ? FREE_NOTE : FREE_BAD;
}

/* Browsers speak TCP and, for HTTP/3, UDP. */
static void judge_browsers(const struct judge *j, struct free_reason *r)
{
	if (port_is_blocked(j->report->port))
		r->verdict = (j->ask->transports & FREE_TCP_UDP) != 0
				 ? FREE_BAD
				 : FREE_NOTE;
}

static void unchecked(struct free_reason *r)
{
	r->verdict = FREE_NOTE;
	r->unchecked = true;
}

static void judge_privilege(const struct judge *j, struct free_reason *r)
{
	uint16_t start = j->ask->host->start;

	if (!j->ask->host->has_start)
		unchecked(r);
	else if (j->report->port < start)
		r->verdict =
		    wants(j->ask, (struct port_range){0, (uint16_t)(start - 1)})
			? FREE_NOTE
			: FREE_BAD;
}

static void judge_local(const struct judge *j, struct free_reason *r)
{
	const struct free_host *host = j->ask->host;

	if (!host->has_range)
		unchecked(r);
	else if (port_range_has(host->range, j->report->port) &&
		 !is_reserved_here(j))
		r->verdict = FREE_BAD;
}

static void judge_listening(const struct judge *j, struct free_reason *r)
{
	const struct free_host *host = j->ask->host;
	unsigned unknown = 0;

	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		if ((j->ask->transports >> p & 1) == 0)
			continue;
		if (!host->has_open[p])
			unknown |= 1U << p;
		else if (port_set_has(&host->open[p], j->report->port))
			r->transports |= 1U << p;
	}
	if (r->transports != 0) {
		r->verdict = FREE_BAD;
	} else if (unknown != 0) {
		r->transports = unknown;
		unchecked(r);
	}
}

static void judge_avoided(const struct judge *j, struct free_reason *r)
{
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if ((j->ask->transports >> p & 1) != 0 &&
		    port_set_has(&j->ask->avoid[p], j->report->port))
			r->transports |= 1U << p;
	if (r->transports != 0)
		r->verdict = FREE_BAD;
}

enum rule_need { NEED_NOTHING, NEED_HOST, NEED_AVOID };

/* In the order of their answers; quick ones look at no row. */
static const struct {
	enum free_code code;
	enum rule_need need;
	bool quick;
	void (*judge)(const struct judge *j, struct free_reason *r);
} rules[] = {
    {FREE_REGISTRY, NEED_NOTHING, false, judge_registry},
    {FREE_UNAUTHORIZED, NEED_NOTHING, false, judge_unauthorized},
    {FREE_REMARK, NEED_NOTHING, false, judge_remark},
    {FREE_DEASSIGNED, NEED_NOTHING, false, judge_deassigned},
    {FREE_SYSTEM, NEED_NOTHING, true, judge_system},
    {FREE_DYNAMIC, NEED_NOTHING, true, judge_dynamic},
    {FREE_LINUX, NEED_NOTHING, true, judge_linux},
    {FREE_BROWSERS, NEED_NOTHING, true, judge_browsers},
    {FREE_PRIVILEGE, NEED_HOST, true, judge_privilege},
    {FREE_LOCAL, NEED_HOST, true, judge_local},
    {FREE_LISTENING, NEED_HOST, true, judge_listening},
    {FREE_AVOIDED, NEED_AVOID, true, judge_avoided},
};

#define RULE_COUNT (sizeof(rules) / sizeof(rules[0]))

static bool applies(const struct free_ask *ask, enum rule_need need)
{
	return need == NEED_NOTHING ||
	       (need == NEED_HOST && ask->host != NULL) ||
	       (need == NEED_AVOID && ask->avoid != NULL);
}

static struct free_reason judge_by(const struct judge *j, size_t rule)
{
	struct free_reason r = {.code = rules[rule].code, .row = IMAGE_NONE};

	rules[rule].judge(j, &r);
	return r;
}

static void judge(const struct judge *j)
{
	struct free_report *report = j->report;

	report->usable = true;
	report->notes = 0;
	report->reason_count = 0;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		struct free_reason r;

		if (!applies(j->ask, rules[i].need))
			continue;
		r = judge_by(j, i);
		report->reasons[report->reason_count++] = r;
		report->usable = report->usable && r.verdict != FREE_BAD;
		report->notes += r.verdict == FREE_NOTE && !r.unchecked;
	}
}

/* The first rule against a port, quick ones first; FREE_CODE_COUNT if none. */
static enum free_code rule_against(const struct judge *j)
{
	for (unsigned slow = 0; slow < 2; slow++)
		for (size_t i = 0; i < RULE_COUNT; i++)
			if (rules[i].quick != slow &&
			    applies(j->ask, rules[i].need) &&
			    judge_by(j, i).verdict == FREE_BAD)
				return rules[i].code;
	return FREE_CODE_COUNT;
}

void free_judge(const struct image *image, uint32_t version,
    const struct free_ask *ask, uint16_t port, struct free_report *ret)
{
	struct judge j = {image, version, ask, ret};

	ret->port = port;
	judge(&j);
}

size_t free_suggest(const struct image *image, uint32_t version,
    const struct free_ask *ask, struct free_report *ret,
    struct free_rejected *rejected)
{
	struct free_report report;
	struct judge j = {image, version, ask, &report};
	struct free_order order;
	size_t count = 0;
	bool again = true;

	*rejected = (struct free_rejected){0};
	free_order_init(&order, ask);
	/* With near all at once, else those with notes behind the others. */
	for (unsigned noted = 0; again && noted < 2; noted++) {
		again = false;
		free_order_rewind(&order);
		while (free_order_next(&order, &report.port)) {
			enum free_code against;

			if (!port_range_has(ask->range, report.port))
				continue;
			against = rule_against(&j);
			if (against != FREE_CODE_COUNT) {
				rejected->counts[against] += noted == 0;
				continue;
			}
			judge(&j);
			if (!ask->has_near && (report.notes > 0) != noted) {
				again = noted == 0;
				continue;
			}
			ret[count++] = report;
			if (count == ask->count)
				return count;
		}
	}
	rejected->all = true;
	return count;
}

int free_seed_new(char ret[FREE_SEED_LEN + 1], struct portbook_error *err)
{
	/* No l, o, 0 and 1, which readers mix up. */
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	uint8_t bytes[FREE_SEED_LEN];

	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(bytes))
		return error_set(err, PORTBOOK_EIO, errno,
		    "cannot get random numbers; give a seed");
	for (size_t i = 0; i < FREE_SEED_LEN; i++)
		ret[i] = letters[bytes[i] % 32];
	ret[FREE_SEED_LEN] = '\0';
	return 0;
}
