/* SPDX-License-Identifier: ISC */
#include "write/json.h"
#include "write/suggest.h"
#include "base/banned.h"

static void put_reason(struct buf *b, const struct suggestion *s,
    const struct free_report *report, const struct free_reason *reason)
{
	struct buf text;

	buf_init(&text);
	suggest_text(&text, s, report, reason);
	buf_str(b, "{\"code\": ");
	json_text(b, free_code_name(reason->code));
	buf_str(b, ", \"verdict\": ");
	json_text(b, free_verdict_name(reason->verdict));
	buf_str(b, ", \"text\": ");
	json_text(b, buf_span(&text));
	buf_str(b, ", \"source\": ");
	json_text(b, free_code_source(reason->code));
	buf_char(b, '}');
	b->failed |= buf_failed(&text);
	buf_release(&text);
}

static void put_reasons(
    struct buf *b, const struct suggestion *s, const struct free_report *report)
{
	buf_str(b, "\"reasons\": [");
	for (size_t i = 0; i < report->reason_count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		put_reason(b, s, report, &report->reasons[i]);
	}
	buf_char(b, ']');
}

static void put_for(struct buf *b, unsigned transports)
{
	const char *sep = "";

	buf_str(b, ", \"for\": [");
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		if ((transports >> p & 1) == 0)
			continue;
		buf_str(b, sep);
		json_text(b, protocol_name((enum protocol)p));
		sep = ", ";
	}
	buf_char(b, ']');
}

static void put_asked(struct buf *b, const struct free_ask *ask)
{
	buf_str(b, ", \"near\": ");
	if (ask->has_near)
		buf_u64(b, ask->near);
	else
		buf_str(b, "null");
	buf_str(b, ", \"range\": {\"first\": ");
	buf_u64(b, ask->range.first);
	buf_str(b, ", \"last\": ");
	buf_u64(b, ask->range.last);
	buf_str(b, "}, \"seed\": ");
	json_text_or_null(b, ask->seed);
	put_for(b, ask->transports);
}

/* By rule, where all ports were looked at. */
static void put_rejected(struct buf *b, const struct free_rejected *rejected)
{
	const char *sep = "";

	buf_str(b, ", \"rejected\": ");
	if (!rejected->all) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '{');
	for (unsigned code = 0; code < FREE_CODE_COUNT; code++) {
		if (rejected->counts[code] == 0)
			continue;
		buf_str(b, sep);
		json_text(b, free_code_name((enum free_code)code));
		buf_str(b, ": ");
		buf_u64(b, rejected->counts[code]);
		sep = ", ";
	}
	buf_char(b, '}');
}

static void put_port(struct buf *b, const struct suggestion *s, size_t n)
{
	buf_str(b, "{\"port\": ");
	buf_u64(b, s->reports[n].port);
	buf_str(b, ", ");
	put_reasons(b, s, &s->reports[n]);
	buf_char(b, '}');
}

static void put_suggestions(struct buf *b, const struct suggestion *s)
{
	put_asked(b, s->ask);
	buf_str(b, ", \"suggestions\": [");
	for (size_t i = 0; i < s->count; i++) {
		buf_str(b, i > 0 ? ", " : "");
		put_port(b, s, i);
	}
	buf_char(b, ']');
	put_rejected(b, s->rejected);
}

static void put_judged(struct buf *b, const struct suggestion *s)
{
	buf_str(b, ", \"port\": ");
	buf_u64(b, s->reports[0].port);
	put_for(b, s->ask->transports);
	buf_str(b, s->reports[0].usable ? ", \"usable\": true, "
					: ", \"usable\": false, ");
	put_reasons(b, s, &s->reports[0]);
}

void json_suggest(struct buf *b, const struct suggestion *s)
{
	buf_str(b, "{\"registry\": ");
	json_registry(b, s->image, s->version, s->as_of);
	if (s->rejected != NULL)
		put_suggestions(b, s);
	else
		put_judged(b, s);
	buf_str(b, ", \"notice\": ");
	json_text(b, suggest_notice(s));
	buf_str(b, "}\n");
}

void json_suggest_lines(struct buf *b, const struct suggestion *s)
{
	const struct free_report *judged = &s->reports[0];

	if (s->rejected != NULL) {
		for (size_t i = 0; i < s->count; i++) {
			put_port(b, s, i);
			buf_char(b, '\n');
		}
		return;
	}
	for (size_t i = 0; i < judged->reason_count; i++) {
		put_reason(b, s, judged, &judged->reasons[i]);
		buf_char(b, '\n');
	}
}
