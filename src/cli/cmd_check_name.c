/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "cli/command.h"
#include "search/name.h"
#include "write/json.h"
#include "write/json_finding.h"
#include "base/banned.h"

static void put_key(struct cli *cli, uint32_t row, struct buf *b)
{
	image_row_key(&cli->image, &cli->image.rows[row], b);
	if (buf_failed(b))
		cli->out.failed = true;
}

static void put_json_finding(struct cli *cli, const struct name_finding *f)
{
	const struct finding_rule *rule = finding_rule(f->code);
	struct buf key;

	buf_init(&key);
	if (f->row != IMAGE_NONE)
		put_key(cli, f->row, &key);
	/* A new name is held against the rules of today. */
	json_finding(
	    &cli->out, &(struct json_finding){.code = span_str(rule->name),
			   .kind = finding_kind_name(rule->new_kind),
			   .record = buf_span(&key),
			   .message = span_str(rule->text),
			   .source = span_str(rule->source)});
	buf_release(&key);
}

static void put_json(
    struct cli *cli, struct span name, const struct name_report *r)
{
	struct buf *b = &cli->out;

	cli_put_json_head(cli);
	buf_str(b, ", \"name\": ");
	json_text(b, name);
	buf_str(b, r->valid ? ", \"valid\": true" : ", \"valid\": false");
	buf_str(b, r->taken ? ", \"free\": false" : ", \"free\": true");
	buf_str(b, ", \"findings\": [");
	for (size_t i = 0; i < r->finding_count; i++) {
		if (i > 0)
			buf_str(b, ", ");
		put_json_finding(cli, &r->findings[i]);
	}
	buf_str(b, "], \"nearest\": [");
	for (size_t i = 0; i < r->nearest_count; i++) {
		if (i > 0)
			buf_str(b, ", ");
		json_text(b, span_of(r->nearest[i].text, r->nearest[i].len));
	}
	buf_str(b, "]}\n");
}

/* "the rule (its source)", and below it the record that it speaks of. */
static void put_finding(struct cli *cli, const struct name_finding *f)
{
	const struct finding_rule *rule = finding_rule(f->code);
	struct buf text;

	buf_init(&text);
	buf_printf(&text, "%s (%s)", rule->text, rule->source);
	if (f->row != IMAGE_NONE) {
		buf_char(&text, '\n');
		put_key(cli, f->row, &text);
	}
	table_field(&cli->out, rule->name, buf_span(&text), &cli->style);
	buf_release(&text);
}

static void put_text(
    struct cli *cli, struct span name, const struct name_report *r)
{
	struct buf nearest;

	cli_put_text(&cli->out, name.len > 0 ? name : SPAN("\"\""));
	buf_str(&cli->out, name_is_usable(r) ? ": may be registered\n"
					     : ": may not be registered\n");
	for (size_t i = 0; i < r->finding_count; i++)
		put_finding(cli, &r->findings[i]);
	buf_init(&nearest);
	for (size_t i = 0; i < r->nearest_count; i++)
		buf_printf(
		    &nearest, "%s%s", i > 0 ? ", " : "", r->nearest[i].text);
	if (buf_failed(&nearest))
		cli->out.failed = true;
	if (nearest.len > 0)
		table_field(
		    &cli->out, "nearest", buf_span(&nearest), &cli->style);
	buf_release(&nearest);
}

int command_check_name(struct cli *cli, struct portbook_error *err)
{
	struct span name = span_str(cli->words[0]);
	struct name_report report;
	int code = cli_only_json(cli, err);

	if (code < 0)
		return code;
	search_name(&cli->image, name, cli->version, &report);
	if (cli->format == CLI_JSON)
		put_json(cli, name, &report);
	else
		put_text(cli, name, &report);
	if (!cli->quiet)
		cli_tell_registry(cli);
	return name_is_usable(&report) ? CLI_FOUND : CLI_NOT_FOUND;
}
