/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "cli/avoid.h"
#include "cli/command.h"
#include "cli/host.h"
#include "cli/suggest_rows.h"
#include "search/free.h"
#include "write/suggest.h"
#include "base/banned.h"

/* All that is too large for the stack. */
struct suggest {
	struct free_host host;
	struct port_set avoid[PROTOCOL_COUNT];
	struct free_report reports[FREE_COUNT_MAX];
	struct free_rejected rejected;
	struct free_ask ask;
	struct suggestion out;
	char seed[FREE_SEED_LEN + 1];
};

static const char *option(const struct cli *cli, const char *name)
{
	return cli_find_option(cli->argc, cli->argv, name);
}

/* "count must be ..." for what is --count here. */
static int by_option(struct portbook_error *err)
{
	char text[sizeof(err->text)];

	memcpy(text, err->text, sizeof(text));
	return error_set(err, err->code, 0, "--%s", text);
}

static int read_options(
    struct cli *cli, struct suggest *s, struct portbook_error *err)
{
	static const char *const names[] = {
	    "near", "range", "count", "for", "seed", "explain"};
	int code = 0;

	free_ask_init(&s->ask);
	for (size_t i = 0; code == 0 && i < sizeof(names) / sizeof(names[0]);
	     i++) {
		const char *value = option(cli, names[i]);

		if (value != NULL)
			code = free_ask_set(
			    &s->ask, span_str(names[i]), span_str(value), err);
	}
	return code < 0 ? by_option(err) : code;
}

static int read_avoid(
    struct cli *cli, struct suggest *s, struct portbook_error *err)
{
	const char *path = option(cli, "avoid");

	if (path == NULL)
		return 0;
	if (strcmp(path, "-") == 0 && strcmp(cli->path, "-") == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "standard input is the registry here and cannot be the "
		    "ports to avoid too");
	s->ask.avoid = s->avoid;
	return avoid_read(path, s->avoid, err);
}

static int prepare(
    struct cli *cli, struct suggest *s, struct portbook_error *err)
{
	int code = read_options(cli, s, err);

	if (code == 0)
		code = read_avoid(cli, s, err);
	if (code < 0)
		return code;
	if (option(cli, "no-host") == NULL) {
		host_look(&s->host);
		s->ask.host = &s->host;
	}
	if (s->ask.seed.len == 0 && !s->ask.has_explain) {
		code = free_seed_new(s->seed, err);
		s->ask.seed = span_str(s->seed);
	}
	return code;
}

static void find(struct cli *cli, struct suggest *s)
{
	s->out = (struct suggestion){
	    .image = &cli->image,
	    .version = cli->version,
	    .as_of = span_str(cli->as_of),
	    .ask = &s->ask,
	    .reports = s->reports,
	    .count = 1,
	};
	if (s->ask.has_explain) {
		free_judge(&cli->image, cli->version, &s->ask, s->ask.explain,
		    &s->reports[0]);
		return;
	}
	s->out.rejected = &s->rejected;
	s->out.count = free_suggest(
	    &cli->image, cli->version, &s->ask, s->reports, &s->rejected);
}

/* What a rule says of every port alike is told once, and not by its port. */
static bool is_common(const struct suggest *s, size_t reason)
{
	struct buf first, other;
	bool same = true;

	buf_init(&first);
	buf_init(&other);
	suggest_text(
	    &first, &s->out, &s->reports[0], &s->reports[0].reasons[reason]);
	for (size_t i = 1; same && i < s->out.count; i++) {
		buf_clear(&other);
		suggest_text(&other, &s->out, &s->reports[i],
		    &s->reports[i].reasons[reason]);
		same = span_eq(buf_span(&first), buf_span(&other));
	}
	buf_release(&first);
	buf_release(&other);
	return same;
}

static void put_judged(struct cli *cli, const struct suggest *s)
{
	const struct free_report *report = &s->reports[0];
	struct buf text;

	buf_u64(&cli->out, report->port);
	buf_str(&cli->out, ": ");
	buf_add(&cli->out, suggest_verdict(&s->out));
	buf_char(&cli->out, '\n');
	buf_init(&text);
	for (size_t i = 0; i < report->reason_count; i++) {
		const struct free_reason *r = &report->reasons[i];

		buf_clear(&text);
		buf_add(&text, free_verdict_name(r->verdict));
		buf_str(&text, ": ");
		suggest_text(&text, &s->out, report, r);
		buf_str(&text, " (");
		buf_add(&text, free_code_source(r->code));
		buf_char(&text, ')');
		table_field(&cli->out, free_code_name(r->code).ptr,
		    buf_span(&text), &cli->style);
	}
	cli->out.failed |= buf_failed(&text);
	buf_release(&text);
}

/* What is not true of all ports. */
static void put_own(struct buf *b, const struct suggest *s, size_t n)
{
	const struct free_report *report = &s->reports[n];
	const char *sep = "  ";

	for (size_t i = 0; i < report->reason_count; i++) {
		const struct free_reason *r = &report->reasons[i];

		if (r->code != FREE_REGISTRY && is_common(s, i))
			continue;
		buf_str(b, sep);
		suggest_text(b, &s->out, report, r);
		sep = "; ";
	}
}

/* "8642  unassigned for tcp and udp (8635-8664)" */
static void put_ports(struct cli *cli, const struct suggest *s)
{
	for (size_t i = 0; i < s->out.count; i++) {
		buf_u64(&cli->out, s->reports[i].port);
		put_own(&cli->out, s, i);
		buf_char(&cli->out, '\n');
	}
}

static void put(struct cli *cli, const struct suggest *s)
{
	if (cli->format == CLI_JSON)
		json_suggest(&cli->out, &s->out);
	else if (cli->format != CLI_TABLE)
		suggest_put_rows(&cli->out, &s->out, cli->format);
	else if (s->ask.has_explain)
		put_judged(cli, s);
	else
		put_ports(cli, s);
}

/* What is to be noted of all ports alike, and how much was looked at. */
static void tell_common(struct cli *cli, const struct suggest *s)
{
	const struct free_report *first = &s->reports[0];
	struct buf *b = &cli->talk;
	bool any = false;

	for (size_t i = 0; i < first->reason_count; i++) {
		const struct free_reason *r = &first->reasons[i];

		if (r->code == FREE_REGISTRY || r->verdict == FREE_GOOD ||
		    !is_common(s, i))
			continue;
		if (!any)
			buf_str(b, s->out.count == 1 ? "note of it:\n"
						     : "note of each:\n");
		any = true;
		buf_str(b, "  ");
		suggest_text(b, &s->out, first, r);
		buf_char(b, '\n');
	}
	buf_str(b, s->out.count == 1 ? "it passes all " : "each passes all ");
	buf_u64(b, first->reason_count);
	buf_str(b, " rules; add --explain ");
	buf_u64(b, first->port);
	buf_str(b, " to see them\n");
}

static void tell(struct cli *cli, const struct suggest *s)
{
	struct buf *b = &cli->talk;
	size_t start;

	if (!s->ask.has_explain) {
		if (s->out.count > 0 && cli->format == CLI_TABLE)
			tell_common(cli, s);
		start = b->len;
		suggest_shortage(b, &s->out);
		if (b->len > start)
			buf_char(b, '\n');
		buf_str(b, "seed ");
		cli_put_text(b, s->ask.seed);
		buf_str(b, " gives the same again\n");
	}
	buf_add(b, suggest_notice(&s->out));
	buf_char(b, '\n');
	cli_tell_registry(cli);
}

static int run(struct cli *cli, struct suggest *s, struct portbook_error *err)
{
	int code = prepare(cli, s, err);

	if (code < 0)
		return code;
	find(cli, s);
	put(cli, s);
	if (!cli->quiet)
		tell(cli, s);
	if (s->ask.has_explain)
		return s->reports[0].usable ? CLI_FOUND : CLI_NOT_FOUND;
	return s->out.count > 0 ? CLI_FOUND : CLI_NOT_FOUND;
}

int command_suggest(struct cli *cli, struct portbook_error *err)
{
	struct suggest *s = mem_zalloc(1, sizeof(*s));
	int code;

	if (s == NULL)
		return error_nomem(err);
	code = run(cli, s, err);
	mem_release(s);
	return code;
}
